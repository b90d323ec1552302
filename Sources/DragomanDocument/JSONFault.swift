// SPDX-License-Identifier: Apache-2.0
// Why a reading stopped: two words while it is under way, a sentence with its place afterwards.

/// Small enough to be thrown in registers; `Document.located` makes an error of it.
struct JSONFault: Error {
    enum Code: UInt8 {
        case byteOrderMark, empty, trailing
        case value, name, colon, memberEnd, itemEnd
        case control, encoding, escape, unicodeEscape, surrogate
        case leadingZero, minus, fraction, exponent
        case twice
        case depth, members, names, text
    }

    let code: Code
    /// Bytes before the place; of `twice`, the index of the name's entry on the tape.
    let offset: Int

    @inline(__always)
    init(_ code: Code, _ offset: Int) {
        self.code = code
        self.offset = offset
    }

    var reason: JSONSyntaxError.Reason {
        switch code {
        case .depth: .depth
        case .members: .members
        case .names: .names
        case .text: .text
        default: .syntax
        }
    }
}

extension Document {
    /// The error that a fault of the reading under way stands for.
    func located(_ fault: JSONFault, _ limits: DocumentLimits) -> JSONSyntaxError {
        let offset = fault.code == .twice ? nameOffset(fault.offset) : fault.offset
        var line = 1
        var lineStart = 0
        for index in 0..<min(offset, sourceCount) where text[index] == 0x0A {
            line += 1
            lineStart = index + 1
        }
        return JSONSyntaxError(
            reason: fault.reason, offset: offset, line: line, column: offset - lineStart + 1,
            detail: detail(fault, limits))
    }

    /// Where the name stands in the source whose entry is at `index`.
    private func nameOffset(_ index: Int) -> Int {
        let entry = tape[index]
        if entry & Entry.flag != 0 { return Entry.offset(entry) - 1 }
        // Its escapes were resolved elsewhere.
        tapeCount = index + 1
        return sourceOffset(of: DocumentPlace(Node(tape, text, index))) ?? 0
    }

    private func detail(_ fault: JSONFault, _ limits: DocumentLimits) -> String {
        let what = describe(fault.offset)
        switch fault.code {
        case .byteOrderMark: return "a byte order mark is not part of JSON"
        case .empty: return "the document is empty"
        case .trailing: return "\(what) stands after the end of the value"
        case .value: return due(fault, "a value is due")
        case .name:
            return fault.offset >= sourceCount
                ? "the document ends inside an object" : "\(what) where a member's name is due"
        case .colon: return due(fault, "':' is due")
        case .memberEnd: return due(fault, "',' or '}' is due")
        case .itemEnd: return due(fault, "',' or ']' is due")
        case .control:
            return fault.offset >= sourceCount
                ? "the document ends inside a string"
                : "\(what) stands in a string without being escaped"
        case .encoding: return "the text is not well-formed UTF-8 here"
        case .escape:
            return fault.offset + 1 >= sourceCount
                ? "the document ends inside a string"
                : "a backslash before \(describe(fault.offset + 1))"
        case .unicodeEscape: return "\\u without four hexadecimal digits"
        case .surrogate: return "half of a surrogate pair stands alone"
        case .leadingZero: return "a number with a leading zero"
        case .minus: return "a minus sign without a digit behind it"
        case .fraction: return "a number without a digit after its point"
        case .exponent: return "a number without a digit in its exponent"
        case .twice:
            let name = Node(tape, text, fault.offset).string
            return "the name \(JSONText.quoted(name)) stands twice"
        case .depth:
            return "more than \(limits.depthMax) objects and arrays inside one another"
        case .members: return "more than \(limits.membersMax) members and items together"
        case .names:
            return "more than \(JSONCursor.namesMax(limits)) members or items in one container"
        case .text: return "a text of more than \(JSONCursor.textMax(limits)) bytes"
        }
    }

    private func due(_ fault: JSONFault, _ what: String) -> String {
        fault.offset >= sourceCount
            ? "the document ends where \(what)" : "\(describe(fault.offset)) where \(what)"
    }

    /// What stands at `index`, for a message.
    private func describe(_ index: Int) -> String {
        if index >= sourceCount { return "the end of the document" }
        let byte = text[index]
        if byte > 0x20 && byte < 0x7F {
            return "'\(Character(Unicode.Scalar(byte)))'"
        }
        if byte >= 0x80 {
            let length = TextScan.sequenceLength(text + index)
            if length > 0 {
                let bytes = UnsafeRawBufferPointer(start: text + index, count: length)
                return "'\(String(decoding: bytes, as: UTF8.self))'"
            }
        }
        let digits = String(byte, radix: 16, uppercase: true)
        return "byte 0x\(digits.utf8.count < 2 ? "0" : "")\(digits)"
    }
}
