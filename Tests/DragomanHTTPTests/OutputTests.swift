// SPDX-License-Identifier: Apache-2.0
// The exact octets of heads and chunks.

import DragomanDocument
import DragomanHTTP
import Testing

@Suite("HTTP/1.1 output")
struct OutputTests {
    @Test("writes heads")
    func heads() {
        let output = OutputBuffer(capacity: 1)
        for status in [200, 404, 431, 299] { output.appendStatusLine(status) }
        var fields = HeaderFields()
        fields.append("Content-Type" as String, "a/b")
        fields.append("x" as String, "")
        output.appendFields(fields)
        output.appendField("content-length", 0)
        output.appendField("server", "s" as StaticString)
        output.appendField("a", "é" as String)
        output.appendEndOfFields()
        output.appendRequestLine(method: "GET", target: "/a?b")
        #expect(
            output.string == "HTTP/1.1 200 OK\r\nHTTP/1.1 404 Not Found\r\n"
                + "HTTP/1.1 431 Request Header Fields Too Large\r\nHTTP/1.1 299 \r\n"
                + "content-type: a/b\r\nx: \r\ncontent-length: 0\r\nserver: s\r\na: é\r\n\r\n"
                + "GET /a?b HTTP/1.1\r\n")
    }

    @Test("writes chunks that the parser reads back", arguments: [1, 9, 15, 16, 255, 256, 70_000])
    func chunks(_ size: Int) throws {
        let output = OutputBuffer()
        let data = [UInt8](repeating: 0x61, count: size)
        withOctets(data) { output.appendChunk($0) }
        withOctets([]) { output.appendChunk($0) }
        var trailers = HeaderFields()
        trailers.append("t", "u" as StaticString)
        output.appendLastChunk(trailers: trailers)
        #expect(output.string.hasPrefix(String(size, radix: 16) + "\r\na"))
        let head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        let outcome = parse(octets(head) + Array(output.bytes), pieceSize: 1 << 20)
        #expect(outcome.error == nil && outcome.requests[0].isComplete)
        #expect(outcome.requests[0].body.utf8.count == size)
        #expect(outcome.requests[0].trailers == [ParsedField("t", "u")])
    }

    @Test("has a phrase for every registered status and none for others")
    func phrases() {
        #expect(StatusText.phrase(502).description == "Bad Gateway")
        #expect(StatusText.phrase(418).utf8CodeUnitCount == 0)
        #expect(StatusText.phrase(600).utf8CodeUnitCount == 0)
    }
}
