// SPDX-License-Identifier: Apache-2.0
// Calls made again, bodies with a coding, half-closed clients, connections beyond the limit:
// through the release binary.

import Foundation
import Testing

/// A backend of HTTP/1.1 that answers by the number of the request, from 1.
private final class Moody: Sendable {
    let server: RawServer
    let gateway: TestGateway
    private let counter: Counter

    final class Counter: @unchecked Sendable {
        // Sendable: the lock guards the count.
        private let lock = NSLock()
        private var count = 0

        func next() -> Int {
            lock.withLock {
                count += 1
                return count
            }
        }
        var value: Int { lock.withLock { count } }
    }

    var requests: Int { counter.value }

    init(
        settings: String = "", routes: String,
        _ answer: @escaping @Sendable (Int) -> String?
    ) throws {
        let counter = Counter()
        self.counter = counter
        server = try RawServer { connection in
            while !connection.receive().isEmpty {
                guard let text = answer(counter.next()) else { return }
                connection.send(text)
            }
        }
        gateway = try TestGateway(
            upstreams: "{ moody: { url: 'http://127.0.0.1:\(server.port)', protocol: http1 } }",
            settings: settings,
            files: [
                "mappings/moody.yaml":
                    "service: moody\nbackend: { http: {} }\nroutes:\n" + routes
            ])
    }

    static func answer(_ status: Int, _ body: String) -> String {
        "HTTP/1.1 \(status) X\r\nContent-Type: application/json\r\n"
            + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }
}

@Suite("Retries and hard clients, end to end", .serialized)
struct RetryTests {
    private static let routes = """
          GET /a: { retry: { attempts: 3, when: [connect, reset, 503] } }
          POST /a: { retry: { attempts: 3, when: [connect, reset, 503] } }
          GET /timed: { retry: { attempts: 2, when: [timeout] }, timeout: 2s }
          GET /none: {}
        """

    @Test("an idempotent call is made again, by status and after a break")
    func repeated() throws {
        let moody = try Moody(routes: Self.routes) { number in
            switch number {
            case 1: Moody.answer(503, "{}")
            case 2: nil
            default: Moody.answer(200, #"{"n":\#(number)}"#)
            }
        }
        let answer = try moody.gateway.ask("GET", "/a")
        #expect(answer.status == 200 && answer.text == #"{"n":3}"#)
    }

    @Test("one that is not idempotent is not, and attempts end")
    func notRepeated() throws {
        let moody = try Moody(routes: Self.routes) { _ in Moody.answer(503, "{}") }
        #expect(try moody.gateway.ask("POST", "/a", body: "{}").status == 503)
        #expect(moody.requests == 1)
        #expect(try moody.gateway.ask("GET", "/none").status == 503)
        #expect(moody.requests == 2)
        #expect(try moody.gateway.ask("GET", "/a").status == 503)
        #expect(moody.requests == 5)
    }

    @Test("a time-out is repeated where `when` says so")
    func timeouts() throws {
        let moody = try Moody(routes: Self.routes) { number in
            if number == 1 { Thread.sleep(forTimeInterval: 30) }
            return Moody.answer(200, "{}")
        }
        #expect(try moody.gateway.ask("GET", "/timed").status == 200)
    }

    @Test("the budget bounds what a dead backend gets")
    func budget() throws {
        let moody = try Moody(routes: Self.routes) { _ in Moody.answer(503, "{}") }
        let start = Date()
        for _ in 0..<60 { _ = try moody.gateway.ask("GET", "/a") }
        // Three to begin with and in each ten seconds, and a fifth of the calls.
        let free = 3 + 3 * Int(Date().timeIntervalSince(start) / 10 + 1)
        #expect(moody.requests > 65 && moody.requests <= 60 + 12 + free, "\(moody.requests)")
    }

    @Test("a gzip body is taken where `decompress` is on, and a bomb is not")
    func decompress() throws {
        let moody = try Moody(
            settings: "limits: { body: 1MiB }",
            routes: """
                  POST /in: { decompress: true, accepts: { type: object } }
                  POST /out: { accepts: { type: object } }
                """
        ) { _ in Moody.answer(200, "{}") }
        func send(_ path: String, _ kind: String) throws -> (Int, String) {
            let script = """
                import gzip, http.client, sys, zlib, json
                data = {"plain": gzip.compress(b'{"a": 1}'), "deflate": zlib.compress(b'{"a": 1}'),
                    "bad": gzip.compress(b'{"a": }'), "cut": gzip.compress(b'{"a": 1}')[:-6],
                    "none": b'{"a": 1}',
                    "bomb": gzip.compress(b'{"a":"' + b"x" * 900_000 + b'"}'),
                    "large": gzip.compress(json.dumps({"a": [str(n * 7919 % 99991) for n in
                        range(200000)]}).encode())}["\(kind)"]
                client = http.client.HTTPConnection("127.0.0.1", \(moody.gateway.port))
                client.request("POST", "\(path)", data, {"Content-Type": "application/json",
                    "Content-Encoding": "deflate" if "\(kind)" == "deflate" else "gzip"})
                answer = client.getresponse()
                print(answer.status, answer.read().decode())
                """
            let result = try RunningProcess.run(Project.python, ["-c", script])
            let parts = result.output.split(separator: " ", maxSplits: 1)
            return (Int(parts.first ?? "") ?? 0, parts.count > 1 ? String(parts[1]) : "")
        }
        #expect(try send("/in", "plain").0 == 200)
        #expect(try send("/in", "deflate").0 == 200)
        #expect(try send("/in", "bad").1.contains("malformed-json"))
        #expect(try send("/in", "cut").0 == 400)
        #expect(try send("/in", "none").0 == 400)
        #expect(try send("/in", "bomb").1.contains(#""limit":{"name":"decompress""#))
        #expect(try send("/in", "large").1.contains(#""limit":{"name":"body""#))
        #expect(try send("/out", "plain").0 == 415)
    }

    @Test("a client that ends its sending side gets what comes soon")
    func halfClosed() throws {
        let moody = try Moody(routes: Self.routes) { _ in
            Thread.sleep(forTimeInterval: 0.05)
            return Moody.answer(200, #"{"late":true}"#)
        }
        let client = try RawClient(port: moody.gateway.port)
        try client.send(
            "GET /none HTTP/1.1\r\nHost: a\r\n\r\nGET /no-such HTTP/1.1\r\nHost: a\r\n\r\n")
        client.finish()
        #expect(try client.response().text == #"{"late":true}"#)
        #expect(try client.response().status == 404)
        #expect(try client.isClosed())
        let other = try RawClient(port: moody.gateway.port)
        try other.send("GET /no-such HTTP/1.1\r\nHost: a\r\n\r\n")
        other.finish()
        #expect(try other.response().status == 404)
    }

    @Test("beyond limits.connections there is a 503, and the others go on")
    func connections() throws {
        let moody = try Moody(settings: "limits: { connections: 2 }", routes: Self.routes) { _ in
            Moody.answer(200, "{}")
        }
        let first = try RawClient(port: moody.gateway.port)
        let second = try RawClient(port: moody.gateway.port)
        for client in [first, second] {
            try client.send("GET /none HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try client.response().status == 200)
        }
        let third = try RawClient(port: moody.gateway.port)
        try third.send("GET /none HTTP/1.1\r\nHost: a\r\n\r\n")
        let refused = try third.response()
        #expect(refused.status == 503)
        #expect((refused.json["limit"] as? [String: Any])?["name"] as? String == "connections")
        _ = try moody.gateway.process.line(onError: true) { $0.contains("connections refused") }
        try first.send("GET /none HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try first.response().status == 200)
    }
}
