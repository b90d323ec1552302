// SPDX-License-Identifier: Apache-2.0
// A file's text without its secrets, column for column: diagnostics quote lines, and a password may
// stand on one of them.

extension SourceText {
    /// The text with asterisks for a scalar.
    func concealing(_ node: YAMLNode) -> SourceText {
        guard let start = offset(of: node.position), let line = lineRange(node.position.line)
        else { return self }
        var concealed = bytes
        switch node.style {
        case .literal, .folded:
            // The text is what stands below, deeper than the key.
            let indent = bytes[line].prefix { $0 == 0x20 }.count
            var next = node.position.line + 1
            while let range = lineRange(next) {
                let own = bytes[range].prefix { $0 == 0x20 }.count
                guard own == range.count || own > indent else { break }
                Self.conceal(&concealed, range.lowerBound + own..<range.upperBound)
                next += 1
            }
        default:
            let end = offset(
                of: SourcePosition(
                    line: node.position.line, column: node.position.column + max(1, node.width)))
            Self.conceal(&concealed, start..<(end ?? line.upperBound))
        }
        return SourceText(path: path, bytes: concealed)
    }

    /// The text with asterisks behind `name:` for each of the names, to the end of the line.
    func concealing(valuesOf names: [String]) -> SourceText {
        var concealed = bytes
        for name in names {
            let key = Array((name + ":").utf8)
            var index = 0
            while index + key.count <= bytes.count {
                guard bytes[index...].starts(with: key) else {
                    index += 1
                    continue
                }
                let start = index + key.count
                let end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
                Self.conceal(&concealed, start..<end)
                index = end
            }
        }
        return SourceText(path: path, bytes: concealed)
    }

    /// One asterisk for each scalar; spaces stay, and so do line ends.
    private static func conceal(_ bytes: inout [UInt8], _ range: Range<Int>) {
        var kept: [UInt8] = []
        for byte in bytes[range] where byte & 0xC0 != 0x80 {
            kept.append(byte <= 0x20 ? byte : 0x2A)
        }
        bytes.replaceSubrange(range, with: kept)
    }
}
