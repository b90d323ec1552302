// SPDX-License-Identifier: Apache-2.0
// Cuts a request's body into the messages of a client stream while it is still arriving: the items
// of one JSON array, or the lines of NDJSON. Knows where in the whole body each of them stands.

internal import DragomanDocument

/// Finds the ends of elements; that each is JSON is for `Document.readJSON` to say.
struct ElementSplitter {
    enum Framing {
        case array, lines
        /// The first character tells.
        case either
    }

    /// What the bytes can not be.
    struct Failure: Error {
        enum Reason {
            case syntax
            /// It is JSON, but no array.
            case noArray
            /// One element has more than `bytesMax`.
            case tooLarge
        }

        let reason: Reason
        let place: Place
        let detail: String
    }

    /// In the whole body: offset in bytes from 0, line and column from 1, column in bytes.
    struct Place {
        var offset = 0
        var line = 1
        var column = 1
    }

    private enum State {
        case start, first, next, inside, after, done
        /// Lines: outside an element, and inside.
        case line, insideLine
    }

    private let framing: Framing
    private let bytesMax: Int
    private var state = State.start
    private var offset = 0
    private var line = 1
    /// Offset of the first byte of the current line.
    private var lineStart = 0
    private var depth = 0
    private var isString = false
    private var isEscaped = false
    /// The element is a number or a literal: the next other character ends it.
    private var isBare = false
    /// Where the current element begins.
    private(set) var elementPlace = Place()
    /// Elements completed so far.
    private(set) var count = 0

    init(_ framing: Framing, bytesMax: Int) {
        self.framing = framing
        self.bytesMax = bytesMax
    }

    private var place: Place {
        Place(offset: offset, line: line, column: offset - lineStart + 1)
    }

    /// Goes on in `piece` from `index`, which moves to the first byte not looked at, and adds what
    /// belongs to an element to the source of `document`.
    ///
    /// - Returns: whether an element is complete; false where the piece is used up.
    mutating func next(
        _ piece: UnsafeRawBufferPointer, from index: inout Int, into document: Document
    ) throws(Failure) -> Bool {
        while index < piece.count {
            switch state {
            case .inside, .insideLine:
                if try inside(piece, from: &index, into: document) { return true }
            default: try outside(piece[index], &index)
            }
        }
        return false
    }

    /// One byte between elements.
    private mutating func outside(_ byte: UInt8, _ index: inout Int) throws(Failure) {
        if byte == 0x20 || byte == 0x0D || byte == 0x09 || byte == 0x0A {
            return step(over: byte, &index)
        }
        switch state {
        case .start: try begin(byte, &index)
        case .first where byte == 0x5D:
            state = .done
            step(over: byte, &index)
        case .first, .next, .line: beginElement(byte)
        case .after where byte == 0x2C:
            state = .next
            step(over: byte, &index)
        case .after where byte == 0x5D:
            state = .done
            step(over: byte, &index)
        case .after: throw failure("\(Self.text(byte)) where ',' or ']' is due")
        default: throw failure("\(Self.text(byte)) stands after the end of the array")
        }
    }

    private mutating func begin(_ byte: UInt8, _ index: inout Int) throws(Failure) {
        let isArray =
            switch framing {
            case .array: true
            case .lines: false
            case .either: byte == 0x5B
            }
        guard isArray else {
            state = .line
            return
        }
        guard byte == 0x5B else {
            let isJSON = "{\"-0123456789tfn".utf8.contains(byte)
            throw Failure(
                reason: isJSON ? .noArray : .syntax, place: place,
                detail: "\(Self.text(byte)) where '[' is due")
        }
        state = .first
        step(over: byte, &index)
    }

    private mutating func step(over byte: UInt8, _ index: inout Int) {
        index += 1
        offset += 1
        if byte == 0x0A {
            line += 1
            lineStart = offset
        }
    }

    private mutating func beginElement(_ byte: UInt8) {
        elementPlace = place
        depth = 0
        isString = false
        isEscaped = false
        isBare = byte != 0x22 && byte != 0x7B && byte != 0x5B
        state = state == .line ? .insideLine : .inside
    }

    /// - Returns: whether the element is complete.
    private mutating func inside(
        _ piece: UnsafeRawBufferPointer, from index: inout Int, into document: Document
    ) throws(Failure) -> Bool {
        let start = index
        let isComplete = state == .insideLine ? endOfLine(piece, &index) : end(piece, &index)
        offset += index - start
        let bytes = UnsafeRawBufferPointer(rebasing: piece[start..<index])
        guard document.sourceCount + bytes.count <= bytesMax else {
            throw Failure(reason: .tooLarge, place: elementPlace, detail: "")
        }
        document.append(source: bytes)
        if isComplete {
            count += 1
            state = state == .insideLine ? .line : .after
        }
        return isComplete
    }

    private mutating func endOfLine(
        _ piece: UnsafeRawBufferPointer, _ index: inout Int
    ) -> Bool {
        while index < piece.count {
            if piece[index] == 0x0A { return true }
            index &+= 1
        }
        return false
    }

    /// Moves behind the last byte of the element, or to the end of the piece.
    private mutating func end(_ piece: UnsafeRawBufferPointer, _ index: inout Int) -> Bool {
        let base = offset - index
        while index < piece.count {
            let byte = piece[index]
            index &+= 1
            if isString {
                if isEscaped {
                    isEscaped = false
                } else if byte == 0x5C {
                    isEscaped = true
                } else if byte == 0x22 {
                    isString = false
                    if depth == 0, !isBare { return true }
                }
                continue
            }
            switch byte {
            case 0x22: isString = true
            case 0x7B, 0x5B: depth &+= 1
            case 0x7D where depth > 0:
                depth &-= 1
                if depth == 0 { return true }
            case 0x5D where depth > 0:
                depth &-= 1
                if depth == 0 { return true }
            case 0x2C where depth == 0, 0x5D where depth == 0, 0x20 where depth == 0,
                0x09 where depth == 0, 0x0D where depth == 0, 0x0A where depth == 0:
                index &-= 1
                return true
            case 0x0A:
                line &+= 1
                lineStart = base + index
            default: break
            }
        }
        return false
    }

    /// The body is over.
    ///
    /// - Returns: whether that completes an element.
    mutating func finish() throws(Failure) -> Bool {
        switch state {
        case .done, .line: return false
        case .insideLine:
            count += 1
            state = .done
            return true
        case .start:
            // No body at all is a stream without messages; blanks alone are no array.
            if offset == 0 || framing == .lines { return false }
            throw failure("the document is empty")
        case .first: throw failure("the document ends where a value or ']' is due")
        case .next: throw failure("the document ends where a value is due")
        case .inside: throw failure("the document ends inside an item of the array")
        case .after: throw failure("the document ends where ',' or ']' is due")
        }
    }

    private func failure(_ detail: String) -> Failure {
        Failure(reason: .syntax, place: place, detail: detail)
    }

    private static func text(_ byte: UInt8) -> String {
        byte > 0x20 && byte < 0x7F
            ? "'\(Character(UnicodeScalar(byte)))'"
            : "the byte 0x\(String(byte, radix: 16, uppercase: true))"
    }
}
