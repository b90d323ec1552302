// SPDX-License-Identifier: Apache-2.0
// A response's status and fields, as the parser has checked them, and the line they start with.

/// One response's head. Taking a copy of it costs no octets.
package struct ResponseHead: Sendable {
    /// 100 to 999.
    package internal(set) var status = 0
    package internal(set) var version = HTTPVersion.http11
    /// How the body ends, after what the request's method and the status say.
    package internal(set) var framing = BodyFraming.none
    /// The connection may carry another request once the body is complete.
    package internal(set) var keepAlive = false
    package var fields = HeaderFields()

    package init() {}

    mutating func reset() {
        fields.removeAll(keepingCapacity: fields.bytes.capacity <= 16 << 10)
        status = 0
        framing = .none
        keepAlive = false
    }
}

/// The first line of a response (RFC 9112 section 4). The reason phrase is read over, and it and
/// the space before it may be missing. Read from its start whenever octets arrive.
struct StatusLine {
    static let bytesMax = 1024

    private(set) var status = 0
    private(set) var version = HTTPVersion.http11
    /// The octet after the line.
    private(set) var next = 0

    mutating func read(
        _ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int
    ) -> RequestLine.Step {
        let pattern: StaticString = "HTTP/1.1 "
        let expected = pattern.utf8Start
        for offset in 0..<min(9, end &- start) where base[start &+ offset] != expected[offset] {
            guard offset == 7, base[start &+ 7] == Octet.zero else {
                return .invalid(.statusLine)
            }
        }
        for offset in 9..<max(9, min(12, end &- start)) {
            let isPossible =
                Octet.isDigit(base[start &+ offset])
                && (offset > 9 || base[start &+ offset] != Octet.zero)
            guard isPossible else { return .invalid(.statusLine) }
        }
        if end &- start <= 12 { return .incomplete }
        let after = base[start &+ 12]
        guard after == Octet.space || after == Octet.carriageReturn else {
            return .invalid(after == Octet.lineFeed ? .lineEnd : .statusLine)
        }
        let lineEnd = OctetScan.firstControl(base, start &+ 12, end)
        if lineEnd &- start > Self.bytesMax { return .invalid(.statusLine) }
        if lineEnd == end { return .incomplete }
        if base[lineEnd] != Octet.carriageReturn {
            return .invalid(base[lineEnd] == Octet.lineFeed ? .lineEnd : .statusLine)
        }
        if lineEnd &+ 1 == end { return .incomplete }
        if base[lineEnd &+ 1] != Octet.lineFeed { return .invalid(.lineEnd) }
        status = 0
        for offset in 9..<12 { status = status &* 10 &+ Int(base[start &+ offset] &- Octet.zero) }
        version = base[start &+ 7] == Octet.zero ? .http10 : .http11
        next = lineEnd &+ 2
        return .complete
    }
}
