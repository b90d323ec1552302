// SPDX-License-Identifier: Apache-2.0
// What the request parser refuses, with which status, and what it makes of what it accepts.

import DragomanHTTP
import Testing

@Suite("RequestParser")
struct RequestParserTests {
    struct Bad: Sendable, CustomStringConvertible {
        var raw: String
        var kind: ParseError.Kind
        var status: Int
        var description: String { raw.debugDescription }

        init(_ raw: String, _ kind: ParseError.Kind, _ status: Int = 400) {
            self.raw = raw
            self.kind = kind
            self.status = status
        }
    }

    static func head(_ fields: String) -> String {
        "GET / HTTP/1.1\r\nHost: a\r\n\(fields)\r\n\r\n"
    }

    static let badLines: [Bad] = [
        Bad("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", .version, 505),
        Bad("PRI * HTTP/1.1\r\n\r\nSM\r\n\r\n", .target),
        Bad("GET / HTTP/2.0\r\n\r\n", .version, 505),
        Bad("GET / HTTP/1.2\r\nHost: a\r\n\r\n", .version, 505),
        Bad("GET / HTTP/0.9\r\n\r\n", .version, 505),
        Bad("GET / http/1.1\r\n\r\n", .requestLine),
        Bad("GET / HTTP/1.1 \r\n\r\n", .requestLine),
        Bad("GET / HTTP/1.1\nHost: a\n\n", .lineEnd),
        Bad("GET / HTTP/1.1\rHost: a\r\n\r\n", .lineEnd),
        Bad("GET  / HTTP/1.1\r\n\r\n", .requestLine),
        Bad(" GET / HTTP/1.1\r\n\r\n", .method),
        Bad("\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", .requestLine),
        Bad("\r\n\r\n\r\n\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", .leadingLines),
        Bad("\u{16}\u{03}\u{01}\u{02}\u{00}", .method),
        Bad(String(repeating: "A", count: 33) + " / HTTP/1.1\r\n\r\n", .method),
        Bad("GET /\u{7F} HTTP/1.1\r\n\r\n", .target),
        Bad("GET /\u{01} HTTP/1.1\r\n\r\n", .requestLine),
        Bad("GET /\u{80} HTTP/1.1\r\n\r\n", .target),
        Bad("GET /a#b HTTP/1.1\r\n\r\n", .target),
        Bad("GET * HTTP/1.1\r\nHost: a\r\n\r\n", .target),
        Bad("OPTIONS ** HTTP/1.1\r\nHost: a\r\n\r\n", .target),
        Bad("GET a/b HTTP/1.1\r\nHost: a\r\n\r\n", .target),
        Bad("GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n", .target),
        Bad("GET http:///x HTTP/1.1\r\nHost: a\r\n\r\n", .target),
        Bad("GET http://e\\@a/x HTTP/1.1\r\nHost: a\r\n\r\n", .target),
        Bad("CONNECT /x HTTP/1.1\r\nHost: a\r\n\r\n", .target),
        Bad("CONNECT a HTTP/1.1\r\nHost: a\r\n\r\n", .target),
        Bad("GET /a/../b HTTP/1.1\r\nHost: a\r\n\r\n", .path),
        Bad("GET /a/%2E%2e HTTP/1.1\r\nHost: a\r\n\r\n", .path),
        Bad("GET /./b HTTP/1.1\r\nHost: a\r\n\r\n", .path),
        Bad("GET /a/..%2fb HTTP/1.1\r\nHost: a\r\n\r\n", .path),
        Bad("GET /a%00 HTTP/1.1\r\nHost: a\r\n\r\n", .path),
        Bad("GET /a%4 HTTP/1.1\r\nHost: a\r\n\r\n", .path),
        Bad("GET /a%zz HTTP/1.1\r\nHost: a\r\n\r\n", .path),
        Bad(
            "GET /" + String(repeating: "a", count: 8192) + " HTTP/1.1\r\n\r\n", .targetTooLong,
            414),
    ]

    static let badFields: [Bad] = [
        Bad("GET / HTTP/1.1\r\n\r\n", .hostMissing),
        Bad("GET http://a/ HTTP/1.1\r\n\r\n", .hostMissing),
        Bad(head("Host: a"), .hostRepeated),
        Bad("GET / HTTP/1.1\r\nHost:\r\n\r\n", .hostInvalid),
        Bad("GET / HTTP/1.1\r\nHost: a b\r\n\r\n", .hostInvalid),
        Bad("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", .hostInvalid),
        Bad("GET / HTTP/1.1\r\nHost: u@a\r\n\r\n", .hostInvalid),
        Bad("GET / HTTP/1.1\r\nHost: a:x\r\n\r\n", .hostInvalid),
        Bad("GET / HTTP/1.1\r\nHost: a:65536\r\n\r\n", .hostInvalid),
        Bad("GET / HTTP/1.1\r\nHost: [::1\r\n\r\n", .hostInvalid),
        Bad("GET / HTTP/1.1\r\nHost: a%20b\r\n\r\n", .hostInvalid),
        Bad("GET / HTTP/1.1\r\nHost: \u{FF}\r\n\r\n", .hostInvalid),
        Bad("GET / HTTP/1.1\r\n Host: a\r\n\r\n", .fieldFolding),
        Bad(head("A: b\r\n c"), .fieldFolding),
        Bad(head("A : b"), .spaceBeforeColon),
        Bad(head(": b"), .fieldName),
        Bad(head("A"), .fieldName),
        Bad(head("A(b): c"), .fieldName),
        Bad(head("A\u{E9}: c"), .fieldName),
        Bad(head("A: b\u{00}c"), .fieldValue),
        Bad(head("A: b\u{7F}c"), .fieldValue),
        Bad(head("A: b\u{1B}c"), .fieldValue),
        Bad(head("A: b\nC: d"), .lineEnd),
        Bad(head("A: b\rC: d"), .lineEnd),
        Bad("GET / HTTP/1.1\r\nHost: a\r\n\rx", .lineEnd),
        Bad("GET / HTTP/1.1\r\nHost: a\r\n\n", .lineEnd),
        Bad(head("Content-Length: "), .contentLength),
        Bad(head("Content-Length: +1"), .contentLength),
        Bad(head("Content-Length: -1"), .contentLength),
        Bad(head("Content-Length: 1 1"), .contentLength),
        Bad(head("Content-Length: 1,1"), .contentLength),
        Bad(head("Content-Length: 0x1"), .contentLength),
        Bad(head("Content-Length: 1\r\nContent-Length: 1"), .contentLengthRepeated),
        Bad(head("Content-Length: 99999999999999999999"), .bodyTooLarge, 413),
        Bad(head("Content-Type: a/b\r\nContent-Type: a/b"), .contentTypeRepeated),
        Bad(head("Content-Length: 1\r\nTransfer-Encoding: chunked"), .lengthAndTransferEncoding),
        Bad(head("Transfer-Encoding: identity"), .transferEncoding),
        Bad(head("Transfer-Encoding: gzip"), .transferEncoding),
        Bad(head("Transfer-Encoding: chunked, gzip"), .transferEncoding),
        Bad(head("Transfer-Encoding: chunked, chunked"), .transferEncoding),
        Bad(head("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked"), .transferEncoding),
        Bad(head("Transfer-Encoding: chunked,"), .transferEncoding),
        Bad(head("Transfer-Encoding:"), .transferEncoding),
        Bad(head("Transfer-Encoding: xchunked"), .transferEncoding),
        Bad(head("Transfer-Encoding: \u{0B}chunked"), .fieldValue),
        Bad(head("Transfer-Encoding: gzip, chunked"), .transferEncodingUnknown, 501),
        Bad("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", .transferEncoding),
        Bad(head("A: " + String(repeating: "b", count: 32 << 10)), .headersTooLarge, 431),
        Bad(head("a: " + String(repeating: " ", count: 32 << 10)), .headersTooLarge, 431),
        Bad(
            head(Array(repeating: "a: b", count: 100).joined(separator: "\r\n")),
            .tooManyHeaders, 431),
    ]

    @Test("refuses with the right status", arguments: badLines + badFields)
    func refuses(_ bad: Bad) {
        let outcomes = parseAllWays(octets(bad.raw))
        #expect(outcomes[1] == outcomes[0])
        #expect(outcomes[2] == outcomes[0])
        #expect(outcomes[0].error == bad.kind)
        #expect(outcomes[0].requests.isEmpty)
        #expect(ParseError(bad.kind).status == bad.status)
        #expect(!ParseError(bad.kind).detail.isEmpty)
    }

    static let badBodies: [Bad] = [
        Bad("\r\n", .chunkSize), Bad("g\r\n", .chunkSize), Bad(" 1\r\n", .chunkSize),
        Bad("1 \r\nx", .chunkSize), Bad("-1\r\n", .chunkSize), Bad("0x1\r\n", .chunkSize),
        Bad("1_0\r\n", .chunkSize), Bad("1\nx", .chunkSize), Bad("1\rx", .lineEnd),
        Bad("ffffffffffffffff\r\n", .chunkSize), Bad("00000000000000001\r\nx", .chunkSize),
        Bad("1\r\nxy", .chunkEnd), Bad("1\r\nx\n", .chunkEnd), Bad("1\r\nx\r0", .chunkEnd),
        Bad("1;\r\nx", .chunkExtension), Bad("1;a\nx", .chunkExtension),
        Bad("1;a=\"\r\n\"\r\nx", .chunkExtension), Bad("1;=\r\n", .chunkExtension),
        Bad("1;a\u{00}\r\n", .chunkExtension),
        Bad("1;" + String(repeating: "a", count: 5000), .chunkExtension),
        Bad("0\r\nContent-Length: 1\r\n\r\n", .trailer), Bad("0\r\nHost: b\r\n\r\n", .trailer),
        Bad("0\r\nTransfer-Encoding: chunked\r\n\r\n", .trailer),
        Bad("0\r\n a: b\r\n\r\n", .fieldFolding), Bad("0\r\na: b\n\r\n", .lineEnd),
        Bad("0\r\na: " + String(repeating: "b", count: 40_000), .headersTooLarge, 431),
        Bad("0\r\n" + String(repeating: "a: b\r\n", count: 101), .tooManyHeaders, 431),
    ]

    @Test("refuses malformed chunks", arguments: badBodies)
    func chunks(_ bad: Bad) {
        let head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        let outcomes = parseAllWays(octets(head + bad.raw))
        #expect(outcomes[0].error == bad.kind)
        #expect(outcomes[1].error == bad.kind)
        #expect(outcomes[2].error == bad.kind)
        #expect(outcomes[0].requests.map(\.isComplete) == [false])
    }

    @Test("reads pipelined requests with bodies, and knows when one is broken off")
    func pipelined() {
        let raw =
            "POST /a?b=c HTTP/1.1\r\nHost: X.Example:80\r\nContent-Length: 3\r\n\r\nabc"
            + "\r\nPUT /d HTTP/1.1\r\nhost: y.\r\nTransfer-Encoding: Chunked\r\n\r\n"
            + "3;n=v ; q=\"\\\"\r\n".replacing("\r\n", with: "\"\r\n")
            + "abc\r\nA\r\n0123456789\r\n000\r\nX-Sum: 1\r\n\r\n"
            + "GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\nDELETE /x HTTP/1.1\r\nHo"
        let outcomes = parseAllWays(octets(raw))
        #expect(outcomes[1] == outcomes[0])
        #expect(outcomes[2] == outcomes[0])
        let outcome = outcomes[0]
        #expect(outcome.error == nil)
        #expect(outcome.isBrokenOff)
        #expect(outcome.requests.map(\.body) == ["abc", "abc0123456789", ""])
        #expect(outcome.requests.map(\.host) == ["x.example", "y", ""])
        #expect(outcome.requests.map(\.keepAlive) == [true, true, true])
        #expect(outcome.requests.map(\.framing) == [.length(3), .chunked, .none])
        #expect(outcome.requests[1].trailers == [ParsedField("x-sum", "1")])
    }

    @Test("takes targets apart")
    func targets() throws {
        func head(_ raw: String) throws -> RequestHead {
            var parser = RequestParser()
            let step = try withOctets(octets(raw + "\r\n\r\n")) { try parser.nextHead($0) }
            #expect(step.isComplete)
            return parser.head
        }
        let origin = try head("GET /a%20b?c=d?e HTTP/1.1\r\nHost: [::1]:8080")
        #expect(origin.path == "/a%20b" && origin.query == "c=d?e" && origin.hasQuery)
        #expect(origin.host == "[::1]" && origin.port == 8080)
        let absolute = try head("GET HTTP://u:p@B.example:81?x=y HTTP/1.1\r\nHost: a\r\nX: y")
        #expect(absolute.path == "/" && absolute.query == "x=y" && absolute.host == "b.example")
        #expect(absolute.withOrigin { latin1($0) } == "/?x=y")
        #expect(absolute.fields.first("host") == "b.example:81")
        #expect(absolute.fields.first("X" as String) == "y")
        let bare = try head("GET http://b HTTP/1.0")
        #expect(bare.path == "/" && !bare.hasQuery && bare.host == "b")
        let asterisk = try head("OPTIONS * HTTP/1.1\r\nHost: a")
        #expect(asterisk.targetForm == .asterisk && asterisk.path == "*")
        let authority = try head("CONNECT a:443 HTTP/1.1\r\nHost: a:443")
        #expect(authority.targetForm == .authority && authority.method == .connect)
        let dots = try head("GET /a/.../..b/%2e%2ec?/../ HTTP/1.1\r\nHost: a")
        #expect(dots.path == "/a/.../..b/%2e%2ec")
    }

    @Test("understands Connection, Expect and Upgrade")
    func connection() throws {
        func head(_ fields: String) throws -> RequestHead {
            var parser = RequestParser()
            let raw = "POST / HTTP/1.1\r\nHost: a\r\n\(fields)\r\n\r\n"
            _ = try withOctets(octets(raw)) { try parser.nextHead($0) }
            return parser.head
        }
        #expect(try head("Connection: a, CLOSE ,b").keepAlive == false)
        #expect(try head("Connection: a\r\nConnection: close").keepAlive == false)
        #expect(try head("Connection: closed").keepAlive)
        #expect(try head("Expect: 100-Continue\r\nContent-Length: 1").expectsContinue)
        #expect(try head("Expect: 100-continue\r\nContent-Length: 0").expectsContinue == false)
        #expect(try head("Expect: 100-continue").expectsContinue == false)
        #expect(try head("Upgrade: websocket\r\nConnection: upgrade").hasUpgrade)
        let left = try head("Content_Length: 1\r\nTransfer_Encoding: chunked\r\nA_b: c")
        #expect(ParsedField.all(left.fields).map(\.name) == ["host", "a_b"])
        #expect(left.framing == .none)
    }

    @Test("fails again after a failure, and keeps a copy of a head intact")
    func reuse() throws {
        var parser = RequestParser()
        let one = octets("GET /one HTTP/1.1\r\nHost: a\r\nA: b\r\n\r\n")
        _ = try withOctets(one) { try parser.nextHead($0) }
        let kept = parser.head
        _ = try withOctets([]) { try parser.nextBody($0) }
        parser.startNext()
        _ = try withOctets(octets("PUT /two HTTP/1.1\r\nHost: b\r\n\r\n")) {
            try parser.nextHead($0)
        }
        #expect(kept.path == "/one" && kept.fields.first("a") == "b" && kept.method == .get)
        #expect(parser.head.path == "/two" && parser.head.methodText == "PUT")
        parser.startNext()
        #expect(parser.isBetweenRequests)
        #expect(throws: ParseError(.method)) { try withOctets([0]) { try parser.nextHead($0) } }
        #expect(throws: ParseError(.method)) { try withOctets(one) { try parser.nextHead($0) } }
    }
}
