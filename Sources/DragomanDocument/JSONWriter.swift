// SPDX-License-Identifier: Apache-2.0
// Writes a value as JSON text: no space that is not asked for, no escape that is not needed,
// numbers digit for digit, always well-formed UTF-8.

package enum JSONWriter {
    /// Appends `node` as JSON. Its nesting was bounded when it was read or built.
    package static func write(_ node: Node, to output: OutputBuffer) {
        var emitter = JSONEmitter(output)
        emitter.value(node.tape, node.text, node.index)
        emitter.finish()
    }

    /// Appends `bytes`, well-formed UTF-8, as a JSON string.
    package static func writeString(_ bytes: UnsafeRawBufferPointer, to output: OutputBuffer) {
        output.append(0x22)
        if let base = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self) {
            var index = 0
            while true {
                let stop = TextScan.firstEscape(base, from: index, count: bytes.count)
                output.append(base + index, count: stop &- index)
                if stop == bytes.count { break }
                writeEscape(base[stop], to: output)
                index = stop &+ 1
            }
        }
        output.append(0x22)
    }

    private static func writeEscape(_ byte: UInt8, to output: OutputBuffer) {
        switch byte {
        case 0x22: output.append("\\\"")
        case 0x5C: output.append("\\\\")
        case 0x08: output.append("\\b")
        case 0x0C: output.append("\\f")
        case 0x0A: output.append("\\n")
        case 0x0D: output.append("\\r")
        case 0x09: output.append("\\t")
        default:
            output.append("\\u00")
            output.append(0x30 + byte >> 4)
            output.append((byte & 15) + (byte & 15 > 9 ? 0x57 : 0x30))
        }
    }

    /// Appends `node` as JSON over several lines, two spaces a level, for people.
    package static func writeIndented(
        _ node: Node, to output: OutputBuffer, level: Int = 0
    ) {
        guard node.kind == .array || node.kind == .object, node.count > 0 else {
            return write(node, to: output)
        }
        let isObject = node.kind == .object
        output.append(isObject ? 0x7B : 0x5B)
        var isFirst = true
        func separate() {
            if !isFirst { output.append(0x2C) }
            isFirst = false
            newLine(level + 1, to: output)
        }
        var items = node.items
        while let item = items.next() {
            separate()
            writeIndented(item, to: output, level: level + 1)
        }
        var members = node.members
        while let member = members.next() {
            separate()
            write(member.name, to: output)
            output.append(": ")
            writeIndented(member.value, to: output, level: level + 1)
        }
        newLine(level, to: output)
        output.append(isObject ? 0x7D : 0x5D)
    }

    private static func newLine(_ level: Int, to output: OutputBuffer) {
        output.append(0x0A)
        for _ in 0..<level { output.append("  ") }
    }
}

/// JSON as Strings, for messages and files; not for the request's path.
package enum JSONText {
    package static func quoted(_ string: String) -> String {
        let output = OutputBuffer(capacity: string.utf8.count + 8)
        var string = string
        string.withUTF8 { JSONWriter.writeString(UnsafeRawBufferPointer($0), to: output) }
        return output.string
    }
}

extension Node {
    /// This value as JSON text on one line; makes a String, so not for the request's path.
    package var json: String {
        let output = OutputBuffer()
        JSONWriter.write(self, to: output)
        return output.string
    }

    /// This value as JSON text over several lines.
    package var indentedJSON: String {
        let output = OutputBuffer()
        JSONWriter.writeIndented(self, to: output)
        return output.string
    }
}
