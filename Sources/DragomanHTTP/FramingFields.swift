// SPDX-License-Identifier: Apache-2.0
// The fields that decide where a message ends and whether its connection stays (RFC 9112
// sections 6 and 9): gathered while lines are read, judged once the head is whole. What two
// readers could understand differently is refused.

struct FramingFields {
    enum Verdict: Equatable {
        case keep
        /// A field that some readers would take for a framing field: left out.
        case leaveOut
        case invalid(ParseError.Kind)
    }

    /// Index of the Host field among the fields, or -1.
    private(set) var hostIndex = -1
    private(set) var contentLength: Int?
    private(set) var hasTransferEncoding = false
    private(set) var hasClose = false
    private(set) var hasKeepAlive = false
    private(set) var hasUpgrade = false
    private(set) var expectsContinue = false
    private var isChunked = false
    private var hasUnknownCoding = false
    private var hasContentType = false
    private let isRequest: Bool

    init(isRequest: Bool) { self.isRequest = isRequest }

    /// Takes notice of one field, which would stand at `index`.
    @inline(__always)
    mutating func note(
        _ base: UnsafePointer<UInt8>, _ record: HeaderFields.Record, index: Int
    ) -> Verdict {
        let count = Int(record.nameCount)
        // Lengths of the names below; most fields are none of them.
        if count > 17 || (1 &<< count) & Self.lengths == 0 { return .keep }
        return noteNamed(base, record, index: index)
    }

    private static let lengths =
        1 << 4 | 1 << 6 | 1 << 7 | 1 << 10 | 1 << 12 | 1 << 14 | 1 << 17

    private mutating func noteNamed(
        _ base: UnsafePointer<UInt8>, _ record: HeaderFields.Record, index: Int
    ) -> Verdict {
        let name = UnsafeRawBufferPointer(
            start: base + Int(record.nameStart), count: Int(record.nameCount))
        let value = UnsafeRawBufferPointer(
            start: base + Int(record.valueStart), count: Int(record.valueCount))
        switch name.count {
        case 4 where isRequest && name.equals("host"):
            if hostIndex >= 0 { return .invalid(.hostRepeated) }
            hostIndex = index
        case 6 where isRequest && name.equals("expect"):
            if value.equalsIgnoringCase("100-continue") { expectsContinue = true }
        case 7 where name.equals("upgrade"):
            hasUpgrade = true
        case 10 where name.equals("connection"):
            noteConnection(value)
        case 12 where isRequest && name.equals("content-type"):
            if hasContentType { return .invalid(.contentTypeRepeated) }
            hasContentType = true
        case 14 where name.equals("content-length"):
            return noteContentLength(value)
        case 17 where name.equals("transfer-encoding"):
            return noteTransferEncoding(value)
        case 14 where name.equals("content_length"), 17 where name.equals("transfer_encoding"):
            return .leaveOut
        default: break
        }
        return .keep
    }

    private mutating func noteConnection(_ value: UnsafeRawBufferPointer) {
        _ = value.firstListMember { member in
            if member.equalsIgnoringCase("close") { hasClose = true }
            if member.equalsIgnoringCase("keep-alive") { hasKeepAlive = true }
            return false
        }
    }

    /// One run of digits in one field: no sign, no list, no repetition.
    private mutating func noteContentLength(_ value: UnsafeRawBufferPointer) -> Verdict {
        if contentLength != nil { return .invalid(.contentLengthRepeated) }
        if value.isEmpty { return .invalid(.contentLength) }
        var length = 0
        var isTooLarge = false
        for byte in value {
            guard Octet.isDigit(byte) else { return .invalid(.contentLength) }
            if length > Int.max / 16 { isTooLarge = true }
            if !isTooLarge { length = length &* 10 &+ Int(byte &- Octet.zero) }
        }
        if isTooLarge { return .invalid(.bodyTooLarge) }
        contentLength = length
        return .keep
    }

    /// `chunked` once and last. `identity` before it is the no-op it was in RFC 2616.
    private mutating func noteTransferEncoding(_ value: UnsafeRawBufferPointer) -> Verdict {
        hasTransferEncoding = true
        var start = 0
        while start <= value.count {
            var end = start
            while end < value.count, value[end] != Octet.comma { end += 1 }
            let coding = UnsafeRawBufferPointer(rebasing: value[start..<end]).withoutOuterSpace
            if coding.isEmpty || isChunked { return .invalid(.transferEncoding) }
            if coding.equalsIgnoringCase("chunked") {
                isChunked = true
            } else if !coding.equalsIgnoringCase("identity") {
                hasUnknownCoding = true
            }
            start = end + 1
        }
        return .keep
    }

    /// What Content-Length and Transfer-Encoding say together; `.none` where neither is there.
    func framing(isHTTP10: Bool) throws(ParseError) -> BodyFraming {
        guard hasTransferEncoding else { return contentLength.map { .length($0) } ?? .none }
        if contentLength != nil { throw ParseError(.lengthAndTransferEncoding) }
        if isHTTP10 || !isChunked { throw ParseError(.transferEncoding) }
        if hasUnknownCoding { throw ParseError(.transferEncodingUnknown) }
        return .chunked
    }

    /// Whether the connection may carry another message after this one.
    func isKeptAlive(isHTTP10: Bool) -> Bool { !hasClose && (!isHTTP10 || hasKeepAlive) }
}
