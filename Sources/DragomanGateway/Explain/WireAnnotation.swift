// SPDX-License-Identifier: Apache-2.0
// A protobuf message as annotated hexadecimal: the bytes of each field, and what they say. Reads
// any bytes; what breaks the wire format is shown as it is.

internal import DragomanProtobuf

enum WireAnnotation {
    /// Messages inside one another that are taken apart.
    private static let depthMax = 20
    /// Lines; a longer message ends in how many bytes are left out.
    private static let linesMax = 200
    /// Of one field, bytes shown.
    private static let bytesMax = 24

    /// `message`: its place in the contract.
    static func text(_ bytes: [UInt8], of message: Int, in contract: ProtobufContract) -> String {
        var writer = Writer(contract: contract)
        writer.message(bytes[...], message, depth: 0)
        return writer.lines.joined(separator: "\n")
    }

    private struct Writer {
        let contract: ProtobufContract
        var lines: [String] = []

        mutating func message(_ bytes: ArraySlice<UInt8>, _ message: Int?, depth: Int) {
            var rest = bytes
            while !rest.isEmpty {
                guard lines.count < linesMax else {
                    return line(depth, [], "… \(rest.count) more bytes")
                }
                let start = rest.startIndex
                guard let tag = Self.varint(&rest), tag >> 3 > 0,
                    let part = Self.part(UInt8(tag & 7), &rest)
                else { return line(depth, bytes[start...], "no field") }
                let field = message.flatMap { message in
                    contract.messages[message].fields.first { $0.number == Int(tag >> 3) }
                }
                let name = field?.name ?? "\(tag >> 3) (unknown)"
                let head = bytes[start..<part.start]
                switch part.value {
                case .varint(let value):
                    line(depth, bytes[start..<part.end], "\(name): \(text(value, field))")
                case .fixed(let value, let width):
                    line(
                        depth, bytes[start..<part.end],
                        "\(name): \(Self.text(value, width, field))")
                case .bytes(let content):
                    bytesField(head, content, name, field, depth)
                case .group: line(depth, bytes[start..<part.end], "\(name): group")
                }
            }
        }

        private mutating func bytesField(
            _ head: ArraySlice<UInt8>, _ content: ArraySlice<UInt8>, _ name: String,
            _ field: FieldDescriptor?, _ depth: Int
        ) {
            switch field?.type {
            case .message(let inner) where depth < depthMax:
                line(depth, head, "\(name): \(contract.messages[inner].fullName)")
                message(content, inner, depth: depth + 1)
            case .string:
                let text = String(decoding: content.prefix(60), as: UTF8.self)
                line(depth, head + content, "\(name): \"\(printable(text))\"")
            case .bytes, nil: line(depth, head + content, "\(name): \(content.count) bytes")
            default: line(depth, head + content, "\(name): packed, \(content.count) bytes")
            }
        }

        private func printable(_ text: String) -> String {
            String(
                String.UnicodeScalarView(
                    text.unicodeScalars.map { $0.value < 0x20 ? "\u{FFFD}" : $0 }))
        }

        private mutating func line(
            _ depth: Int, _ bytes: some Collection<UInt8>, _ text: String
        ) {
            let digits = bytes.prefix(bytesMax).map { byte in
                (byte < 16 ? "0" : "") + String(byte, radix: 16)
            }
            var hexadecimal = digits.joined(separator: " ")
            if bytes.count > bytesMax { hexadecimal += " …" }
            let space = String(repeating: " ", count: max(2, 34 - hexadecimal.count))
            let indent = String(repeating: "  ", count: depth)
            lines.append(indent + hexadecimal + space + text)
        }

        // MARK: Values

        private func text(_ value: UInt64, _ field: FieldDescriptor?) -> String {
            switch field?.type {
            case .bool: return value == 0 ? "false" : "true"
            case .int32, .int64: return String(Int64(bitPattern: value))
            case .sint32, .sint64:
                return String(Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1))
            case .enumeration(let index):
                let number = Int32(truncatingIfNeeded: Int64(bitPattern: value))
                return contract.enums[index].values.first { $0.number == number }?.name
                    ?? String(number)
            default: return String(value)
            }
        }

        private static func text(_ value: UInt64, _ width: Int, _ field: FieldDescriptor?) -> String
        {
            switch field?.type {
            case .double: String(Double(bitPattern: value))
            case .float: String(Float(bitPattern: UInt32(truncatingIfNeeded: value)))
            case .sfixed32: String(Int32(truncatingIfNeeded: Int64(bitPattern: value)))
            case .sfixed64: String(Int64(bitPattern: value))
            default: String(value)
            }
        }

        // MARK: The wire format

        private enum Value {
            case varint(UInt64)
            case fixed(UInt64, width: Int)
            case bytes(ArraySlice<UInt8>)
            case group
        }

        /// A field's value behind its tag; `start`: where a content of its own begins.
        private static func part(
            _ type: UInt8, _ rest: inout ArraySlice<UInt8>
        ) -> (value: Value, start: Int, end: Int)? {
            let start = rest.startIndex
            switch type {
            case 0: return varint(&rest).map { (.varint($0), start, rest.startIndex) }
            case 1, 5:
                let width = type == 1 ? 8 : 4
                guard rest.count >= width else { return nil }
                var value: UInt64 = 0
                for (index, byte) in rest.prefix(width).enumerated() {
                    value |= UInt64(byte) << (8 * UInt64(index))
                }
                rest = rest.dropFirst(width)
                return (.fixed(value, width: width), start, rest.startIndex)
            case 2:
                guard let count = varint(&rest), count <= UInt64(rest.count) else { return nil }
                let content = rest.prefix(Int(count))
                let begin = rest.startIndex
                rest = rest.dropFirst(Int(count))
                return (.bytes(content), begin, rest.startIndex)
            case 3, 4: return (.group, start, start)
            default: return nil
            }
        }

        private static func varint(_ rest: inout ArraySlice<UInt8>) -> UInt64? {
            var value: UInt64 = 0
            for shift in stride(from: UInt64(0), to: 70, by: 7) {
                guard let byte = rest.popFirst() else { return nil }
                value |= UInt64(byte & 0x7F) << shift
                if byte & 0x80 == 0 { return value }
            }
            return nil
        }
    }
}
