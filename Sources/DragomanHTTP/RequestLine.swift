// SPDX-License-Identifier: Apache-2.0
// The first line of a request (RFC 9112 section 3): `method SP target SP HTTP/1.1 CRLF`, one
// space each. Read from its start whenever octets arrive; its length is bounded by the target's.

struct RequestLine {
    enum Step: Equatable {
        case complete
        case incomplete
        case invalid(ParseError.Kind)
    }

    static let methodBytesMax = 32

    private(set) var methodEnd = 0
    private(set) var targetEnd = 0
    private(set) var version = HTTPVersion.http11
    /// The octet after the line.
    private(set) var next = 0

    var targetStart: Int { methodEnd &+ 1 }

    mutating func read(
        _ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int, targetBytesMax: Int
    ) -> Step {
        let table = tokenTable
        var index = start
        let methodBound = min(end, start &+ Self.methodBytesMax &+ 1)
        while index < methodBound, table[Int(base[index])] != 0 { index &+= 1 }
        if index &- start > Self.methodBytesMax { return .invalid(.method) }
        if index == end { return .incomplete }
        if base[index] != Octet.space || index == start {
            let isLineEnd = base[index] == Octet.carriageReturn || base[index] == Octet.lineFeed
            return .invalid(isLineEnd ? .requestLine : .method)
        }
        methodEnd = index

        index = OctetScan.firstOutsideTarget(base, index &+ 1, end)
        if index &- targetStart > targetBytesMax { return .invalid(.targetTooLong) }
        if index == end { return .incomplete }
        if base[index] != Octet.space || index == targetStart {
            let isOther = base[index] > Octet.carriageReturn && index != targetStart
            return .invalid(isOther ? .target : .requestLine)
        }
        targetEnd = index
        return readVersion(base, index &+ 1, end)
    }

    private mutating func readVersion(
        _ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int
    ) -> Step {
        let pattern: StaticString = "HTTP/1.1\r\n"
        let expected = pattern.utf8Start
        let count = min(end &- start, 10)
        var isOtherVersion = false
        for offset in 0..<count where base[start &+ offset] != expected[offset] {
            let byte = base[start &+ offset]
            switch offset {
            case 5 where Octet.isDigit(byte), 7 where Octet.isDigit(byte): isOtherVersion = true
            case 8 where byte == Octet.lineFeed, 9: return .invalid(.lineEnd)
            default: return .invalid(.requestLine)
            }
        }
        if count < 10 { return .incomplete }
        next = start &+ 10
        version = .http11
        if isOtherVersion {
            guard base[start &+ 5] == 0x31, base[start &+ 7] == Octet.zero else {
                return .invalid(.version)
            }
            version = .http10
        }
        return .complete
    }
}
