// SPDX-License-Identifier: Apache-2.0
// What a backend's answers are read as, in pieces of any size, and what is no answer.

import DragomanHTTP
import Testing

@Suite("ResponseParser")
struct ResponseParserTests {
    struct Answer: Equatable {
        var status = 0
        var fields: [ParsedField] = []
        var body = ""
        var trailers: [ParsedField] = []
        var framing = BodyFraming.none
        var keepAlive = false
        var informational = 0
        var isComplete = false
        var left = 0
        var error: ParseError.Kind?
    }

    static func read(_ raw: String, _ pieceSize: Int, isHead: Bool) -> Answer {
        var answer = Answer()
        var parser = ResponseParser()
        parser.start(isHeadRequest: isHead)
        var rest = octets(raw)
        do {
            while !rest.isEmpty, !answer.isComplete {
                let piece = Array(rest.prefix(pieceSize))
                let used = try feed(piece, &parser, &answer)
                rest.removeFirst(used)
            }
            answer.left = rest.count
            if !answer.isComplete {
                try parser.inputEnded()
                answer.isComplete = parser.isComplete
            }
        } catch {
            answer.error = (error as? ParseError)?.kind
        }
        return answer
    }

    static func feed(
        _ piece: [UInt8], _ parser: inout ResponseParser, _ answer: inout Answer
    ) throws -> Int {
        if answer.status == 0 {
            let step = try withOctets(piece) { try parser.nextHead($0) }
            if step.event == .informational { answer.informational += 1 }
            if step.event == .complete {
                answer.status = parser.head.status
                answer.fields = ParsedField.all(parser.head.fields)
                answer.framing = parser.head.framing
                answer.keepAlive = parser.head.keepAlive
                answer.isComplete = parser.isComplete
            }
            return step.consumed
        }
        let step = try withOctets(piece) { try parser.nextBody($0) }
        answer.body += latin1(piece[step.payload])
        answer.isComplete = step.isComplete
        if step.isComplete { answer.trailers = ParsedField.all(parser.trailers) }
        return step.consumed
    }

    static func read(_ raw: String, isHead: Bool = false) -> Answer {
        let lump = read(raw, max(raw.unicodeScalars.count, 1), isHead: isHead)
        #expect(read(raw, 1, isHead: isHead) == lump)
        #expect(read(raw, 7, isHead: isHead) == lump)
        return lump
    }

    @Test("reads bodies by length, by chunks and until the close")
    func bodies() {
        let length = Self.read("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nA: b\r\n\r\nabcHTTP/1.1 ")
        #expect(length.status == 200 && length.body == "abc" && length.keepAlive)
        #expect(length.isComplete && length.left == 9)
        #expect(length.fields.last == ParsedField("a", "b"))
        let chunks = Self.read(
            "HTTP/1.1 500\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nT: u\r\n\r\n")
        #expect(chunks.status == 500 && chunks.body == "abc" && chunks.isComplete)
        #expect(chunks.trailers == [ParsedField("t", "u")])
        let close = Self.read("HTTP/1.1 200 \r\n\r\nabc")
        #expect(close.body == "abc" && close.framing == .untilClose && !close.keepAlive)
        #expect(close.isComplete && close.error == nil)
    }

    @Test("knows answers without a body", arguments: [204, 304])
    func bodiless(_ status: Int) {
        let answer = Self.read("HTTP/1.1 \(status) x\r\nContent-Length: 9\r\n\r\nHTTP")
        #expect(answer.isComplete && answer.left == 4 && answer.keepAlive)
        let head = Self.read("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", isHead: true)
        #expect(head.isComplete && head.fields == [ParsedField("content-length", "9")])
        #expect(Self.read("HTTP/1.1 200 OK\r\n\r\n", isHead: true).keepAlive)
    }

    @Test("skips interim answers, up to a bound")
    func informational() {
        let early = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 100\r\n\r\n"
        let answer = Self.read(early + "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        #expect(answer.informational == 2 && answer.status == 200 && answer.isComplete)
        #expect(answer.fields == [ParsedField("content-length", "0")])
        #expect(Self.read(String(repeating: "HTTP/1.1 100\r\n\r\n", count: 17)).error != nil)
        #expect(Self.read("HTTP/1.1 101 x\r\n\r\n").error == .unexpectedUpgrade)
    }

    @Test("knows whether the connection stays")
    func keepAlive() {
        let end = "Content-Length: 0\r\n\r\n"
        #expect(Self.read("HTTP/1.1 200 OK\r\n" + end).keepAlive)
        #expect(!Self.read("HTTP/1.1 200 OK\r\nConnection: Close\r\n" + end).keepAlive)
        #expect(!Self.read("HTTP/1.0 200 OK\r\n" + end).keepAlive)
        #expect(Self.read("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n" + end).keepAlive)
    }

    static let bad: [(String, ParseError.Kind)] = [
        ("", .truncated), ("HTTP/1.1 200 OK\r\nA: b\r\n", .truncated),
        ("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab", .truncated),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", .truncated),
        ("SSH-2.0-x\r\n", .statusLine), ("HTTP/2.0 200 OK\r\n\r\n", .statusLine),
        ("HTTP/1.1 20 OK\r\n\r\n", .statusLine), ("HTTP/1.1 2000\r\n\r\n", .statusLine),
        ("HTTP/1.1  200 OK\r\n\r\n", .statusLine), ("HTTP/1.1 099 OK\r\n\r\n", .statusLine),
        ("HTTP/1.1 200 O\u{00}K\r\n\r\n", .statusLine), ("HTTP/1.1 200 OK\n\n", .lineEnd),
        ("HTTP/1.1 200\n\n", .lineEnd), ("HTTP/1.1 200 \rx", .lineEnd),
        ("HTTP/1.1 200 " + String(repeating: "a", count: 2000), .statusLine),
        ("HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n", .fieldFolding),
        ("HTTP/1.1 200 OK\r\nA : b\r\n\r\n", .spaceBeforeColon),
        (
            "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx",
            .contentLengthRepeated
        ),
        (
            "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
            .lengthAndTransferEncoding
        ),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", .transferEncodingUnknown),
        ("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", .transferEncoding),
        ("HTTP/1.1 200 OK\r\nA: " + String(repeating: "a", count: 40_000), .headersTooLarge),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx", .chunkSize),
    ]

    @Test("refuses what is no answer", arguments: bad)
    func refuses(_ raw: String, _ kind: ParseError.Kind) {
        let answer = Self.read(raw)
        #expect(answer.error == kind)
        #expect(!answer.isComplete)
    }

    @Test("is used again for the next request")
    func again() throws {
        var parser = ResponseParser()
        #expect(!parser.hasStarted)
        for status in 200..<203 {
            parser.start(isHeadRequest: false)
            #expect(!parser.hasStarted)
            let raw = octets("HTTP/1.1 \(status) x\r\nContent-Length: 0\r\n\r\n")
            let step = try withOctets(raw) { try parser.nextHead($0) }
            #expect(step.event == .complete && parser.isComplete && parser.hasStarted)
            #expect(parser.head.status == status && parser.head.fields.count == 1)
        }
    }
}
