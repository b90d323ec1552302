// SPDX-License-Identifier: Apache-2.0
// A multipart body (RFC 2046, 5.1) cut into its parts while it comes, however its bytes are cut.
//
//     --BOUNDARY CRLF  fields CRLF CRLF  content  CRLF --BOUNDARY CRLF … CRLF --BOUNDARY--
//
// Strict where readers differ, because what one takes for content another takes for a part: lines
// end with CRLF, fields are not folded, and the closing delimiter must come.

/// Why a body is no multipart body.
package struct MultipartError: Error, Equatable {
    package var detail: String
    /// Bytes before the place in the body.
    package var offset: Int
}

/// Reads one body. Content is never held: it is where it came, or a piece of the delimiter that
/// turned out to be none.
package struct MultipartReader {
    package enum Event: Equatable {
        /// A part begins; its fields are in `fields`.
        case part
        /// Content, in the piece that was given.
        case content(Range<Int>)
        /// Content that looked like a delimiter until now: these bytes of `delimiter`.
        case held(Range<Int>)
        case partEnd
    }

    private enum Stage {
        case preamble, afterDelimiter, closing, padding, lineFeed, fields, fieldsLineFeed, content
        case epilogue
    }

    /// Bytes that the fields of one part may have together.
    package static let fieldBytesMax = 8 * 1024
    private static let fieldsMax = 32

    /// CRLF, two hyphens and the boundary.
    package let delimiter: [UInt8]
    /// Of the part that has begun, names in lower case.
    package private(set) var fields: [(name: String, value: String)] = []
    /// Parts that have begun.
    package private(set) var partCount = 0

    private var stage = Stage.preamble
    /// Bytes of the delimiter that have come; the body's beginning stands for a line's end.
    private var matched = 2
    /// Of these, how many were only thought of.
    private var imagined = 2
    private var line: [UInt8] = []
    private var fieldBytes = 0
    /// Bytes of the pieces before this one.
    private var before = 0

    /// - Parameter boundary: as Content-Type says it.
    /// - Throws: where it is none (RFC 2046, 5.1.1).
    package init(boundary: String) throws(MultipartError) {
        let bytes = Array(boundary.utf8)
        let isFine =
            (1...70).contains(bytes.count) && bytes.last != Octet.space
            && bytes.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
                default: "'()+_,-./:=? ".utf8.contains(byte)
                }
            }
        guard isFine else {
            throw MultipartError(
                detail: bytes.isEmpty
                    ? "Content-Type names no boundary"
                    : "the boundary in Content-Type is not 1 to 70 characters that it may have",
                offset: 0)
        }
        delimiter = [Octet.carriageReturn, Octet.lineFeed, Octet.hyphen, Octet.hyphen] + bytes
    }

    /// The next event of `piece`, from `index` on, which is moved; nil where more is needed.
    package mutating func next(
        _ piece: UnsafeRawBufferPointer, from index: inout Int
    ) throws(MultipartError) -> Event? {
        while index < piece.count {
            switch stage {
            case .preamble, .content:
                if let event = match(piece, &index) { return event }
            case .epilogue: index = piece.count
            case .fields, .fieldsLineFeed:
                if try takeField(piece[index], at: index) {
                    index += 1
                    return .part
                }
                index += 1
            default:
                try takeAfterDelimiter(piece[index], at: index)
                index += 1
            }
        }
        before += piece.count
        index = 0
        return nil
    }

    /// All has come.
    package func finish() throws(MultipartError) {
        guard stage != .epilogue else { return }
        let what =
            partCount == 0 && (stage == .preamble)
            ? "the boundary that Content-Type names is not in the body"
            : "the body ends without the closing boundary"
        throw MultipartError(detail: what, offset: before)
    }

    // MARK: Content

    private mutating func match(_ piece: UnsafeRawBufferPointer, _ index: inout Int) -> Event? {
        let isContent = if case .content = stage { true } else { false }
        if matched == 0 {
            guard let base = piece.baseAddress?.assumingMemoryBound(to: UInt8.self) else {
                return nil
            }
            let start = index
            let found = OctetScan.first(Octet.carriageReturn, base, start, piece.count)
            let end = found ?? piece.count
            matched = found == nil ? 0 : 1
            imagined = 0
            index = found == nil ? end : end + 1
            return isContent && end > start ? .content(start..<end) : nil
        }
        guard piece[index] == delimiter[matched] else {
            // The delimiter has one CR, its first byte: no other place can begin it anew.
            let held = imagined..<max(imagined, matched)
            matched = 0
            imagined = 0
            return isContent && !held.isEmpty ? .held(held) : nil
        }
        matched += 1
        index += 1
        guard matched == delimiter.count else { return nil }
        matched = 0
        imagined = 0
        stage = .afterDelimiter
        return isContent ? .partEnd : nil
    }

    // MARK: Delimiters

    private mutating func takeAfterDelimiter(
        _ byte: UInt8, at index: Int
    ) throws(MultipartError) {
        switch (stage, byte) {
        case (.afterDelimiter, Octet.hyphen): stage = .closing
        case (.closing, Octet.hyphen): stage = .epilogue
        case (.afterDelimiter, Octet.space), (.afterDelimiter, Octet.tab),
            (.padding, Octet.space), (.padding, Octet.tab):
            stage = .padding
        case (.afterDelimiter, Octet.carriageReturn), (.padding, Octet.carriageReturn):
            stage = .lineFeed
        case (.lineFeed, Octet.lineFeed):
            stage = .fields
            line.removeAll(keepingCapacity: true)
            fields.removeAll(keepingCapacity: true)
            fieldBytes = 0
        default:
            throw MultipartError(
                detail: "the boundary's line does not end with CRLF", offset: before + index)
        }
    }

    // MARK: Fields

    /// - Returns: whether that was the last byte of the part's fields.
    private mutating func takeField(_ byte: UInt8, at index: Int) throws(MultipartError) -> Bool {
        let offset = before + index
        func failure(_ detail: String) -> MultipartError {
            MultipartError(detail: detail, offset: offset)
        }
        fieldBytes += 1
        if fieldBytes > Self.fieldBytesMax {
            throw failure("a part has more than \(Self.fieldBytesMax) bytes of header fields")
        }
        if stage == .fieldsLineFeed {
            guard byte == Octet.lineFeed else {
                throw failure("a CR without LF in a part's fields")
            }
            stage = .fields
            return try endLine(at: offset)
        }
        switch byte {
        case Octet.carriageReturn: stage = .fieldsLineFeed
        case Octet.lineFeed: throw failure("a line of a part's fields ends with LF, not CRLF")
        case 0..<Octet.tab, 0x0B..<Octet.space, Octet.delete:
            throw failure("a part's fields hold a control character")
        default: line.append(byte)
        }
        return false
    }

    private mutating func endLine(at offset: Int) throws(MultipartError) -> Bool {
        func failure(_ detail: String) -> MultipartError {
            MultipartError(detail: detail, offset: offset)
        }
        if line.isEmpty {
            stage = .content
            // A part without content ends with the delimiter at once.
            matched = 2
            imagined = 2
            partCount += 1
            return true
        }
        defer { line.removeAll(keepingCapacity: true) }
        guard fields.count < Self.fieldsMax else {
            throw failure("a part has more than \(Self.fieldsMax) header fields")
        }
        guard let colon = line.firstIndex(of: Octet.colon), colon > 0,
            line[..<colon].allSatisfy({ tokenTable[Int($0)] != 0 })
        else {
            throw failure(
                Octet.isSpaceOrTab(line[0])
                    ? "a part's field is folded over two lines"
                    : "a line of a part's fields is no header field")
        }
        let value = line[(colon + 1)...].drop(while: Octet.isSpaceOrTab)
        let end = value.lastIndex { !Octet.isSpaceOrTab($0) }.map { $0 + 1 } ?? value.startIndex
        guard let text = String(validating: value[value.startIndex..<end], as: UTF8.self) else {
            throw failure("a part's field is not UTF-8")
        }
        fields.append((String(decoding: line[..<colon], as: UTF8.self).lowercased(), text))
        return false
    }
}
