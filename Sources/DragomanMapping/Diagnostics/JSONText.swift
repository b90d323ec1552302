// SPDX-License-Identifier: Apache-2.0
// JSON values that are written once and small: diagnostics, SARIF, the schemas of our own files.
// Members keep their order. Never on the request's way; that has the Document.

package indirect enum JSONText: Sendable {
    case null
    case boolean(Bool)
    case integer(Int)
    /// The digits as they shall stand.
    case number(String)
    case string(String)
    case array([JSONText])
    case object([(name: String, value: JSONText)])

    /// On one line, or indented by two spaces.
    package func text(indented: Bool = false) -> String {
        var output = ""
        write(to: &output, indentation: indented ? 0 : nil)
        return output
    }

    private func write(to output: inout String, indentation: Int?) {
        switch self {
        case .null: output += "null"
        case .boolean(let value): output += value ? "true" : "false"
        case .integer(let value): output += String(value)
        case .number(let digits): output += digits
        case .string(let value): Self.quote(value, to: &output)
        case .array(let items):
            Self.write(items, "[", "]", to: &output, indentation) { item, output, inner in
                item.write(to: &output, indentation: inner)
            }
        case .object(let members):
            Self.write(members, "{", "}", to: &output, indentation) { member, output, inner in
                Self.quote(member.name, to: &output)
                output += inner == nil ? ":" : ": "
                member.value.write(to: &output, indentation: inner)
            }
        }
    }

    private static func write<Item>(
        _ items: [Item], _ open: String, _ close: String, to output: inout String,
        _ indentation: Int?, _ body: (Item, inout String, Int?) -> Void
    ) {
        output += open
        let inner = indentation.map { $0 + 2 }
        for (index, item) in items.enumerated() {
            if index > 0 { output += "," }
            if let inner { output += "\n" + String(repeating: " ", count: inner) }
            body(item, &output, inner)
        }
        if let indentation, !items.isEmpty {
            output += "\n" + String(repeating: " ", count: indentation)
        }
        output += close
    }

    private static func quote(_ value: String, to output: inout String) {
        let hex = Array("0123456789abcdef")
        output += "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": output += "\\\""
            case "\\": output += "\\\\"
            case "\n": output += "\\n"
            case "\r": output += "\\r"
            case "\t": output += "\\t"
            case _ where scalar.value < 0x20:
                output += "\\u00"
                output.append(hex[Int(scalar.value >> 4)])
                output.append(hex[Int(scalar.value & 15)])
            default: output.unicodeScalars.append(scalar)
            }
        }
        output += "\""
    }
}
