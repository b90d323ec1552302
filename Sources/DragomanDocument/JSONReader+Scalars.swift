// SPDX-License-Identifier: Apache-2.0
// The texts of JSON: strings with their escapes, numbers by their grammar, and the check that
// an object's names are all different.

extension JSONReader {
    /// A string that starts at `position`; one entry, its text in the source where it has no
    /// escapes and else behind it.
    @inline(__always)
    mutating func readString() throws(Failure) {
        let start = position &+ 1
        let stop = try scan(from: start)
        guard source[stop] == 0x22 else { return try readEscaped(start: start, at: stop) }
        guard stop &- start <= Entry.lengthMax else { throw tooLong(start) }
        position = stop &+ 1
        document.push(
            Entry.make(.string, length: stop &- start, offset: start) | Entry.flag)
    }

    func tooLong(_ start: Int) -> Failure {
        Failure(offset: start, detail: "a text of more than 128 MiB can not be read")
    }

    /// The next quotation mark or backslash; UTF-8 is checked on the way there.
    @inline(__always)
    func scan(from start: Int) throws(Failure) -> Int {
        var index = start
        while true {
            let word = TextScan.load(source, index)
            let hits = TextScan.escapes(word) | (word & TextScan.highs)
            if hits == 0 {
                index &+= 8
                continue
            }
            index &+= hits.trailingZeroBitCount &>> 3
            let byte = source[index]
            if byte == 0x22 || byte == 0x5C { return index }
            if byte < 0x20 { throw control(index) }
            if byte < 0x80 {
                index &+= 1
                continue
            }
            let length = TextScan.sequenceLength(source + index)
            if length == 0 {
                throw Failure(offset: index, detail: "the text is not well-formed UTF-8 here")
            }
            index &+= length
        }
    }

    @inline(never)
    private func control(_ index: Int) -> Failure {
        index >= end
            ? Failure(offset: end, detail: "the document ends inside a string")
            : Failure(
                offset: index,
                detail: "\(describe(index)) stands in a string without being escaped")
    }

    @inline(never)
    private mutating func readEscaped(start: Int, at first: Int) throws(Failure) {
        // No text grows by losing its escapes, so that one reservation serves all that follow.
        if document.textCapacity &- document.textCount < end &- start {
            document.growText(end &- start)
            source = UnsafePointer(document.text)
        }
        let place = document.textCount
        var run = start
        var index = first
        while true {
            copy(run, index)
            if source[index] == 0x22 { break }
            try readEscape(&index)
            run = index
            index = try scan(from: index)
        }
        guard document.textCount &- place <= Entry.lengthMax else { throw tooLong(start) }
        position = index &+ 1
        document.push(
            Entry.make(.string, length: document.textCount &- place, offset: place))
    }

    private func copy(_ from: Int, _ to: Int) {
        UnsafeMutableRawPointer(document.text + document.textCount)
            .copyMemory(from: source + from, byteCount: to &- from)
        document.textCount &+= to &- from
    }

    private func put(_ byte: UInt8) {
        document.text[document.textCount] = byte
        document.textCount &+= 1
    }

    private mutating func readEscape(_ index: inout Int) throws(Failure) {
        let at = index
        index &+= 2
        switch source[at &+ 1] {
        case 0x22: put(0x22)
        case 0x5C: put(0x5C)
        case 0x2F: put(0x2F)
        case 0x62: put(0x08)
        case 0x66: put(0x0C)
        case 0x6E: put(0x0A)
        case 0x72: put(0x0D)
        case 0x74: put(0x09)
        case 0x75: try readUnicodeEscape(&index, at)
        default:
            throw at + 1 >= end
                ? Failure(offset: end, detail: "the document ends inside a string")
                : Failure(offset: at, detail: "a backslash before \(describe(at + 1))")
        }
    }

    private mutating func readUnicodeEscape(_ index: inout Int, _ at: Int) throws(Failure) {
        guard var scalar = hexadecimal(index) else {
            throw Failure(offset: at, detail: "\\u without four hexadecimal digits")
        }
        index &+= 4
        if scalar >= 0xD800 && scalar < 0xDC00, source[index] == 0x5C, source[index &+ 1] == 0x75,
            let low = hexadecimal(index &+ 2), low >= 0xDC00 && low < 0xE000
        {
            scalar = 0x10000 &+ (scalar &- 0xD800) &<< 10 &+ (low &- 0xDC00)
            index &+= 6
        }
        guard scalar < 0xD800 || scalar > 0xDFFF else {
            throw Failure(offset: at, detail: "half of a surrogate pair stands alone")
        }
        if scalar < 0x80 {
            put(UInt8(scalar))
        } else if scalar < 0x800 {
            put(UInt8(0xC0 | scalar &>> 6))
            put(UInt8(0x80 | scalar & 0x3F))
        } else if scalar < 0x10000 {
            put(UInt8(0xE0 | scalar &>> 12))
            put(UInt8(0x80 | (scalar &>> 6) & 0x3F))
            put(UInt8(0x80 | scalar & 0x3F))
        } else {
            put(UInt8(0xF0 | scalar &>> 18))
            put(UInt8(0x80 | (scalar &>> 12) & 0x3F))
            put(UInt8(0x80 | (scalar &>> 6) & 0x3F))
            put(UInt8(0x80 | scalar & 0x3F))
        }
    }

    private func hexadecimal(_ index: Int) -> UInt32? {
        var value: UInt32 = 0
        for offset in 0..<4 {
            let byte = source[index &+ offset]
            switch byte {
            case 0x30...0x39: value = value &<< 4 | UInt32(byte &- 0x30)
            case 0x41...0x46: value = value &<< 4 | UInt32(byte &- 0x37)
            case 0x61...0x66: value = value &<< 4 | UInt32(byte &- 0x57)
            default: return nil
            }
        }
        return value
    }

    // MARK: Numbers

    @inline(__always)
    mutating func readNumber() throws(Failure) {
        let start = position
        var index = start
        if source[index] == 0x2D { index &+= 1 }
        if source[index] == 0x30 {
            index &+= 1
            if isDigit(index) {
                throw Failure(offset: start, detail: "a number with a leading zero")
            }
        } else {
            guard isDigit(index) else {
                throw Failure(offset: start, detail: "a minus sign without a digit behind it")
            }
            repeat { index &+= 1 } while isDigit(index)
        }
        var kind = Kind.integer
        if source[index] == 0x2E {
            kind = .decimal
            index &+= 1
            guard isDigit(index) else {
                throw Failure(offset: start, detail: "a number without a digit after its point")
            }
            repeat { index &+= 1 } while isDigit(index)
        }
        if source[index] | 0x20 == 0x65 {
            kind = .decimal
            index &+= 1
            if source[index] == 0x2B || source[index] == 0x2D { index &+= 1 }
            guard isDigit(index) else {
                throw Failure(offset: start, detail: "a number without a digit in its exponent")
            }
            repeat { index &+= 1 } while isDigit(index)
        }
        guard index &- start <= Entry.lengthMax else { throw tooLong(start) }
        document.push(Entry.make(kind, length: index &- start, offset: start))
        position = index
    }

    @inline(__always)
    private func isDigit(_ index: Int) -> Bool { source[index] &- 0x30 <= 9 }

    // MARK: Names

    /// Refuses the name at `index` on the tape if the open object has it already.
    ///
    /// Each object remembers its names' hashes in 64 bits; only where a bit is there already are
    /// names compared one by one, and in a large object by a table, so that the cost stays linear.
    @inline(__always)
    mutating func checkUnique(_ index: Int, at offset: Int) throws(Failure) {
        let name = Node(UnsafePointer(document.tape), UnsafePointer(document.text), index)
        let bit: UInt64 = 1 &<< min(NameHash.hash(name.bytes), 62)
        let seen = names[depth &- 1]
        if seen & bit == 0 {
            names[depth &- 1] = seen | bit
            return
        }
        try compareNames(name, at: offset)
    }

    @inline(never)
    private mutating func compareNames(_ name: Node, at offset: Int) throws(Failure) {
        let object = container
        let count = Entry.length(document.tape[object])
        let isTwice: Bool
        if count <= NameTable.smallestObject {
            isTwice = isAmongNames(name)
        } else {
            // The top bit belongs to no name: it says that the table has this object's names.
            isTwice = document.nameTable.insert(
                name, of: object, isContinued: names[depth &- 1] == UInt64.max)
            names[depth &- 1] = UInt64.max
        }
        if isTwice {
            throw Failure(
                offset: offset, detail: "the name \(JSONText.quoted(name.string)) stands twice")
        }
    }

    private func isAmongNames(_ name: Node) -> Bool {
        let tape = UnsafePointer(document.tape)
        var index = container &+ 1
        while index < name.index {
            if Node(tape, name.text, index).textEquals(name.bytes) { return true }
            index = Entry.next(tape, index &+ 1)
        }
        return false
    }

    // MARK: Places

    /// What stands at `index`, for a message.
    func describe(_ index: Int) -> String {
        if index >= end { return "the end of the document" }
        let byte = source[index]
        if byte > 0x20 && byte < 0x7F {
            return "'\(Character(Unicode.Scalar(byte)))'"
        }
        if byte >= 0x80 {
            let length = TextScan.sequenceLength(source + index)
            if length > 0 {
                let bytes = UnsafeRawBufferPointer(start: source + index, count: length)
                return "'\(String(decoding: bytes, as: UTF8.self))'"
            }
        }
        let digits = String(byte, radix: 16, uppercase: true)
        return "byte 0x\(digits.utf8.count < 2 ? "0" : "")\(digits)"
    }

    func located(_ failure: Failure) -> JSONSyntaxError {
        var line = 1
        var lineStart = 0
        for index in 0..<failure.offset where source[index] == 0x0A {
            line += 1
            lineStart = index + 1
        }
        return JSONSyntaxError(
            reason: failure.reason, offset: failure.offset, line: line,
            column: failure.offset - lineStart + 1, detail: failure.detail)
    }
}
