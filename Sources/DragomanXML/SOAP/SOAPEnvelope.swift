// SPDX-License-Identifier: Apache-2.0
// Replies that people write down, in examples and for `explain`: an Envelope, or just what its
// Body holds.

package enum SOAPEnvelope {
    /// The bytes as they are where their root element is an Envelope; else in one of `version`.
    package static func completed(_ bytes: [UInt8], version: SOAPVersion) -> [UInt8] {
        let start = contentStart(bytes)
        if rootName(bytes, start) == "Envelope" { return bytes }
        let open =
            "<soap:Envelope xmlns:soap=\"\(version.envelope)\"><soap:Body>"
        return Array(open.utf8) + bytes[start...]
            + Array("</soap:Body></soap:Envelope>".utf8)
    }

    /// Behind a byte order mark and the XML declaration.
    private static func contentStart(_ bytes: [UInt8]) -> Int {
        var start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        let declaration = Array("<?xml".utf8)
        var index = start
        while index < bytes.count, XMLCharacters.isSpace(bytes[index]) { index += 1 }
        guard bytes[index...].starts(with: declaration), index + 5 < bytes.count,
            XMLCharacters.isSpace(bytes[index + 5])
        else { return start }
        while index + 1 < bytes.count {
            if bytes[index] == 0x3F, bytes[index + 1] == 0x3E {
                start = index + 2
                break
            }
            index += 1
        }
        return start
    }

    /// The local name of the first element, comments and instructions skipped.
    private static func rootName(_ bytes: [UInt8], _ start: Int) -> String {
        var index = start
        while let open = bytes[index...].firstIndex(of: 0x3C), open + 1 < bytes.count {
            switch bytes[open + 1] {
            case 0x21, 0x3F:
                let isComment = bytes[open...].starts(with: Array("<!--".utf8))
                guard let end = end(of: isComment ? "-->" : ">", in: bytes, from: open) else {
                    return ""
                }
                index = end
            default:
                let name = bytes[(open + 1)...].prefix {
                    !XMLCharacters.isSpace($0) && $0 != 0x2F && $0 != 0x3E
                }
                let local = name.split(separator: 0x3A).last ?? []
                return String(decoding: local, as: UTF8.self)
            }
        }
        return ""
    }

    private static func end(of mark: String, in bytes: [UInt8], from start: Int) -> Int? {
        let mark = Array(mark.utf8)
        var index = start
        while index + mark.count <= bytes.count {
            if bytes[index..<(index + mark.count)].elementsEqual(mark) {
                return index + mark.count
            }
            index += 1
        }
        return nil
    }
}
