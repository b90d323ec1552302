// SPDX-License-Identifier: Apache-2.0
// Reads JSON text into a Document, in one pass: RFC 8259 to the letter, UTF-8 checked, names of
// one object all different (after their escapes), depth and number of members bounded.

extension Document {
    /// Reads all bytes given by `append(source:)` as one JSON value.
    ///
    /// On an error the Document holds no value, and its source is as it was.
    package func readJSON(_ limits: DocumentLimits = .none) throws(JSONSyntaxError) {
        tapeCount = 0
        open = Entry.noParent
        guard sourceCount <= Entry.offsetMax / 2 - 8 else {
            throw JSONSyntaxError(
                reason: .syntax, offset: 0, line: 1, column: 1,
                detail: "a document of more than 2 GiB can not be read")
        }
        var reader = JSONReader(self, limits)
        do throws(JSONReader.Failure) {
            defer { reader.release() }
            try reader.readDocument()
        } catch {
            tapeCount = 0
            textCount = sourceCount
            throw reader.located(error)
        }
    }

    /// A Document of one JSON text.
    package static func reading(
        _ bytes: UnsafeRawBufferPointer, _ limits: DocumentLimits = .none
    ) throws(JSONSyntaxError) -> Document {
        let document = Document(tapeCapacity: bytes.count / 8 + 16, textCapacity: bytes.count + 64)
        document.append(source: bytes)
        try document.readJSON(limits)
        return document
    }

    /// A Document of one JSON text.
    package static func reading(
        _ json: String, _ limits: DocumentLimits = .none
    ) throws(JSONSyntaxError) -> Document {
        let document = Document(textCapacity: json.utf8.count + 64)
        var json = json
        json.withUTF8 { document.append(source: UnsafeRawBufferPointer($0)) }
        try document.readJSON(limits)
        return document
    }
}

/// The state of one reading. The byte at `end` is a NUL that the reader put there, which is no
/// part of any token: scans stop at it without asking where the end is.
struct JSONReader {
    struct Failure: Error {
        let offset: Int
        let detail: String
        var reason = JSONSyntaxError.Reason.syntax
    }

    let document: Document
    let limits: DocumentLimits
    let end: Int
    var source: UnsafePointer<UInt8>
    var position = 0
    /// Index of the open container's entry, -1 for none; its own parent is in that entry.
    var container = -1
    var depth = 0
    var members = 0
    /// For each open container, which name hashes it has seen: one bit of 64 each.
    var names: UnsafeMutablePointer<UInt64>
    var namesCapacity = 32

    init(_ document: Document, _ limits: DocumentLimits) {
        self.document = document
        self.limits = limits
        end = document.sourceCount
        document.textCount = end
        document.reserveText(8)
        for index in 0..<8 { document.text[end + index] = 0 }
        document.textCount = end + 8
        source = UnsafePointer(document.text)
        names = .allocate(capacity: namesCapacity)
    }

    /// Gives back what the reading needed beside the Document.
    func release() {
        names.deallocate()
        document.nameTable.removeAll()
    }

    mutating func readDocument() throws(Failure) {
        if source[0] == 0xEF && source[1] == 0xBB && source[2] == 0xBF {
            throw Failure(offset: 0, detail: "a byte order mark is not part of JSON")
        }
        skipSpace()
        if position == end {
            throw Failure(offset: position, detail: "the document is empty")
        }
        try readValues()
        skipSpace()
        if position != end {
            throw Failure(
                offset: position, detail: "\(describe(position)) stands after the end of the value")
        }
    }

    @inline(__always)
    mutating func skipSpace() {
        while true {
            let byte = source[position]
            if byte > 0x20 { return }
            if byte != 0x20 && byte != 0x0A && byte != 0x0D && byte != 0x09 { return }
            position &+= 1
        }
    }

    /// Reads one value with everything in it, without recursion.
    private mutating func readValues() throws(Failure) {
        while true {
            // One value is due at `position`.
            switch source[position] {
            case 0x7B:
                try enter(.object)
                if source[position] != 0x7D {
                    try readName()
                    continue
                }
                position &+= 1
                leave()
            case 0x5B:
                try enter(.array)
                if source[position] != 0x5D {
                    try countMember()
                    continue
                }
                position &+= 1
                leave()
            case 0x22: try readString()
            case 0x2D, 0x30...0x39: try readNumber()
            default: try readLiteral()
            }
            // A value has ended: close containers until another value is due.
            while true {
                if container < 0 { return }
                skipSpace()
                let byte = source[position]
                let isObject = Entry.kind(document.tape[container]) == .object
                if byte == 0x2C {
                    position &+= 1
                    skipSpace()
                    if isObject {
                        try readName()
                    } else {
                        try countMember()
                    }
                    break
                }
                guard byte == (isObject ? 0x7D : 0x5D) else { throw notSeparated(isObject) }
                position &+= 1
                leave()
            }
        }
    }

    private func notSeparated(_ isObject: Bool) -> Failure {
        let expected = isObject ? "',' or '}'" : "',' or ']'"
        return position == end
            ? Failure(offset: position, detail: "the document ends where \(expected) is due")
            : Failure(offset: position, detail: "\(describe(position)) where \(expected) is due")
    }

    @inline(__always)
    private mutating func enter(_ kind: Kind) throws(Failure) {
        guard depth < limits.depthMax else {
            throw Failure(
                offset: position,
                detail: "more than \(limits.depthMax) objects and arrays inside one another",
                reason: .depth)
        }
        let parent = container < 0 ? Int(Entry.noParent) : container
        container = document.tapeCount
        document.push(Entry.make(kind, length: 0, offset: parent))
        if depth == namesCapacity { growNames() }
        names[depth] = 0
        depth &+= 1
        position &+= 1
        skipSpace()
    }

    private mutating func growNames() {
        let larger = UnsafeMutablePointer<UInt64>.allocate(capacity: namesCapacity * 2)
        for index in 0..<namesCapacity { larger[index] = names[index] }
        names.deallocate()
        names = larger
        namesCapacity *= 2
    }

    @inline(__always)
    private mutating func leave() {
        let entry = document.tape[container]
        document.tape[container] =
            (entry & ~0xFFFF_FFFF) | UInt64(truncatingIfNeeded: document.tapeCount)
        let parent = entry & 0xFFFF_FFFF
        container = parent == Entry.noParent ? -1 : Int(parent)
        depth &-= 1
    }

    @inline(__always)
    private mutating func countMember() throws(Failure) {
        members &+= 1
        if members > limits.membersMax {
            throw Failure(
                offset: position,
                detail: "more than \(limits.membersMax) members and items together",
                reason: .members)
        }
        document.tape[container] &+= 1 &<< 32
    }

    /// A member's name and the colon behind it.
    @inline(__always)
    private mutating func readName() throws(Failure) {
        guard source[position] == 0x22 else {
            throw position == end
                ? Failure(offset: position, detail: "the document ends inside an object")
                : Failure(
                    offset: position, detail: "\(describe(position)) where a member's name is due")
        }
        let start = position
        let index = document.tapeCount
        try readString()
        try checkUnique(index, at: start)
        try countMember()
        skipSpace()
        guard source[position] == 0x3A else {
            throw position == end
                ? Failure(offset: position, detail: "the document ends where ':' is due")
                : Failure(offset: position, detail: "\(describe(position)) where ':' is due")
        }
        position &+= 1
        skipSpace()
    }

    private mutating func readLiteral() throws(Failure) {
        switch source[position] {
        case 0x74 where matches("true"):
            document.push(Entry.make(.true))
            position &+= 4
        case 0x66 where matches("false"):
            document.push(Entry.make(.false))
            position &+= 5
        case 0x6E where matches("null"):
            document.push(Entry.make(.null))
            position &+= 4
        default:
            throw position == end
                ? Failure(offset: position, detail: "the document ends where a value is due")
                : Failure(offset: position, detail: "\(describe(position)) where a value is due")
        }
    }

    private func matches(_ literal: StaticString) -> Bool {
        // The padding behind the source makes these bytes readable in any case.
        Bytes.equal(source + position, literal.utf8Start, literal.utf8CodeUnitCount)
    }
}
