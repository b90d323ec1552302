// SPDX-License-Identifier: Apache-2.0
// What real SOAP servers do to their answers: statuses, labels, charsets and codings that do not
// match, parts without their parameters, bytes around the message.

import Foundation
import Testing

/// One answer of the server, as it stands in the test.
struct WildReply: Sendable, CustomTestStringConvertible {
    let name: String
    var status = 200
    var type: String? = "text/xml"
    var body: [UInt8]
    var fields: [String] = []
    let expectedStatus: Int
    let expected: String

    var testDescription: String { name }

    static func envelope(
        _ body: String, _ namespace: String = "http://schemas.xmlsoap.org/soap/envelope/"
    ) -> String {
        "<s:Envelope xmlns:s=\"\(namespace)\"><s:Body>\(body)</s:Body></s:Envelope>"
    }

    static let found = envelope(
        "<FindResponse xmlns=\"urn:test:library\"><Title>é</Title><Copies>3</Copies></FindResponse>"
    )
    static let fault = envelope(
        "<s:Fault><faultcode>s:Client</faultcode><faultstring>no</faultstring></s:Fault>")
    static let soap12 = "http://www.w3.org/2003/05/soap-envelope"

    /// Text in ISO-8859-1, or in UTF-16 without a mark.
    static func latin(_ text: String) -> [UInt8] { text.unicodeScalars.map { UInt8($0.value) } }
    static func wide(_ text: String) -> [UInt8] {
        text.utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
    }
    static func declared(_ encoding: String) -> String {
        "<?xml version=\"1.0\" encoding=\"\(encoding)\"?>" + found
    }

    private static func fine(
        _ name: String, _ type: String?, _ body: [UInt8]
    ) -> WildReply {
        WildReply(
            name: name, type: type, body: body, expectedStatus: 200,
            expected: #"{"Title":"é","Copies":3}"#)
    }

    private static func bad(
        _ name: String, _ status: Int, _ type: String?, _ body: String, _ expected: String,
        fields: [String] = []
    ) -> WildReply {
        WildReply(
            name: name, status: status, type: type, body: Array(body.utf8), fields: fields,
            expectedStatus: 502, expected: expected)
    }

    static let all: [WildReply] =
        labels + charsets + statuses + [
            fine("white space before", "text/xml", Array("\r\n ".utf8) + Array(found.utf8)),
            fine("white space behind", "text/xml", Array(found.utf8) + Array("\r\n<!--c-->".utf8)),
            bad("text behind", 200, "text/xml", found + "OK", "not well-formed"),
            bad(
                "white space before the declaration", 200, "text/xml", "\n" + declared("utf-8"),
                "XML declaration allowed only at the start"),
            bad(
                "gzip that is none", 200, "text/xml", found, "not what its Content-Encoding says",
                fields: ["Content-Encoding: gzip"]),
            bad("a DOCTYPE", 200, "text/xml", "<!DOCTYPE a><a/>", "DOCTYPE"),
            fine(
                "parts without type and start", "multipart/related; boundary=b",
                Array("--b\r\nContent-Type: text/xml\r\n\r\n\(found)\r\n--b--".utf8)),
            fine(
                "parts without fields", "multipart/related; boundary=b",
                Array("--b\r\n\r\n\(found)\r\n--b--".utf8)),
            bad("parts without a boundary", 200, "multipart/related", found, "names no boundary"),
        ]

    private static let labels = [
        fine("no Content-Type", nil, Array(found.utf8)),
        fine("bytes", "application/octet-stream", Array(found.utf8)),
        fine("an Envelope as a web page", "text/html; charset=utf-8", Array(found.utf8)),
        fine(
            "SOAP 1.2 for 1.1", "application/soap+xml",
            Array(
                envelope(
                    "<FindResponse xmlns=\"urn:test:library\"><Title>é</Title><Copies>3</Copies></FindResponse>",
                    soap12
                ).utf8)),
        bad(
            "a web page", 200, "text/html", "<html><body>Oops<br></body></html>",
            "an HTML page (HTTP status 200)"),
        bad("a web page in XML", 200, "text/html", "<html/>", "an HTML page (HTTP status 200)"),
        bad("JSON", 200, "application/json", "{}", "with JSON"),
        bad("no Envelope", 200, "text/xml", "<a/>", "root element is a"),
    ]

    private static let charsets = [
        fine("by Content-Type", "text/xml; charset=ISO-8859-1", latin(found)),
        fine("by declaration", "text/xml", latin(declared("iso-8859-1"))),
        fine(
            "Content-Type over declaration", "text/xml; charset=iso-8859-1",
            latin(declared("utf-8"))),
        fine(
            "UTF-8 over declaration", "text/xml; charset=utf-8", Array(declared("iso-8859-1").utf8)),
        fine(
            "UTF-8 declared as UTF-16", "text/xml; charset=\"UTF-8\"",
            Array(declared("utf-16").utf8)),
        fine("UTF-16", "text/xml", [0xFF, 0xFE] + wide(declared("utf-16"))),
        fine("UTF-16 without a mark", "text/xml; charset=utf-16le", wide(found)),
        fine(
            "a mark", "text/xml; charset=utf-8", [0xEF, 0xBB, 0xBF] + Array(declared("utf-8").utf8)),
        bad("a charset that is none", 200, "text/xml; charset=klingon", found, "klingon"),
        bad("UTF-16 that is none", 200, "text/xml", declared("utf-16"), "UTF-16"),
    ]

    private static let statuses = [
        WildReply(
            name: "a fault with 200", body: Array(fault.utf8), expectedStatus: 400,
            expected: #""detail":"no""#),
        WildReply(
            name: "a fault with 400", status: 400, body: Array(fault.utf8), expectedStatus: 400,
            expected: #""detail":"no""#),
        WildReply(
            name: "a fault as a web page", status: 500, type: "text/html", body: Array(fault.utf8),
            expectedStatus: 400, expected: #""detail":"no""#),
        WildReply(
            name: "nothing with 202", status: 202, type: nil, body: [], expectedStatus: 200,
            expected: "{}"),
        bad("nothing with 200", 200, "text/xml", "", "an empty message"),
        bad("nothing with 500", 500, nil, "", "HTTP status 500 and no message"),
        bad("an answer with 500", 500, "text/xml", found, "HTTP status 500 and no SOAP fault"),
        bad("a web page with 500", 500, "text/html", "<html>", "an HTML page (HTTP status 500)"),
        bad(
            "VersionMismatch", 500, "application/soap+xml",
            envelope(
                "<s:Fault><s:Code><s:Value>s:VersionMismatch</s:Value></s:Code><s:Reason>"
                    + "<s:Text xml:lang=\"en\">old</s:Text></s:Reason></s:Fault>", soap12),
            #""fault":{"code":"VersionMismatch","reason":"old"}"#),
        bad(
            "elsewhere", 302, "text/html", "", "a redirection to http://x/",
            fields: ["Location: http://x/"]),
    ]
}

@Suite("Replies in the wild", .serialized)
struct WildReplyTests {
    @Test("each is read as what it is, or refused with the reason")
    func replies() throws {
        let server = try RawServer { connection in
            var head = ""
            while !head.contains("</Find>"), !head.contains(":Find>") {
                let bytes = connection.receive()
                if bytes.isEmpty { return }
                head += String(decoding: bytes, as: UTF8.self)
            }
            let path = head.split(separator: " ").dropFirst().first.map(String.init) ?? ""
            guard let index = Int(path.drop { $0 == "/" }) else { return }
            let reply = WildReply.all[index]
            var answer = "HTTP/1.1 \(reply.status) X\r\nConnection: close\r\n"
            if let type = reply.type { answer += "Content-Type: \(type)\r\n" }
            for field in reply.fields { answer += field + "\r\n" }
            answer += "Content-Length: \(reply.body.count)\r\n\r\n"
            connection.send(Array(answer.utf8) + reply.body)
        }
        var files: [String: String] = [:]
        var upstreams: [String] = []
        for index in WildReply.all.indices {
            upstreams.append("u\(index): { url: 'http://127.0.0.1:\(server.port)/\(index)' }")
            files["mappings/m\(index).yaml"] = """
                service: s\(index)
                backend: { soap: { contract: library.wsdl, port: Library11 }, upstream: u\(index) }
                routes: { GET /r\(index): { call: Find, request: { Title: a } } }
                """
        }
        let gateway = try TestGateway(
            upstreams: "{ \(upstreams.joined(separator: ", ")) }", files: files,
            copies: ["schemas/library.wsdl": Project.support + "/library.wsdl"])
        for (index, reply) in WildReply.all.enumerated() {
            let answer = try gateway.ask("GET", "/r\(index)")
            #expect(answer.status == reply.expectedStatus, "\(reply.name): \(answer.text)")
            #expect(answer.text.contains(reply.expected), "\(reply.name): \(answer.text)")
        }
    }

    @Test("an answer that breaks off while it goes out is in the log")
    func brokenStream() throws {
        let server = try RawServer { connection in
            _ = connection.receive()
            let head =
                "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 9000000\r\n\r\n"
            let work = "<Work><Title>\(String(repeating: "x", count: 1000))</Title></Work>"
            connection.send(
                head
                    + "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body>"
                    + "<StoreResponse xmlns=\"urn:test:library\">"
                    + String(repeating: work, count: 300))
        }
        let gateway = try TestGateway(
            upstreams: "{ library: { url: 'http://127.0.0.1:\(server.port)/' } }",
            settings: "limits: { buffer: 64KiB }",
            files: [
                "mappings/library.yaml": """
                service: library
                backend: { soap: { contract: library.wsdl, port: Library11 } }
                routes: { POST /works: { call: Store } }
                """
            ],
            copies: ["schemas/library.wsdl": Project.support + "/library.wsdl"])
        _ = try? gateway.ask("POST", "/works", body: #"{"Work":[{"Title":"a","Lent":null}]}"#)
        let line = try gateway.process.line(onError: true) { $0.contains("backend-broken") }
        #expect(line.contains("POST /works"))
        #expect(line.contains("library"))
    }
}
