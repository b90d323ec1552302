// SPDX-License-Identifier: Apache-2.0
// Whose pages may open a WebSocket: the same host and port, and those that are named.

import Testing

@testable import DragomanGateway

@Suite("WebSocketOrigin")
struct WebSocketOriginTests {
    private func mayOpen(
        _ place: String, _ origins: [String], _ allowed: [String]? = nil
    ) -> Bool {
        let mark = place.lastIndex { $0 == ":" }.flatMap {
            Int(place[$0...].dropFirst()) == nil ? nil : $0
        }
        return WebSocketOrigin.mayOpen(
            origins, host: String(place[..<(mark ?? place.endIndex)]),
            port: mark.flatMap { Int(place[$0...].dropFirst()) }, allowed: allowed)
    }

    @Test(
        "the same host and port",
        arguments: [
            ("a.test:8080", "http://a.test:8080"), ("a.test", "https://a.TEST"),
            ("a.test", "http://a.test"), ("a.test:443", "https://a.test"),
            ("a.test", "https://a.test:443"), ("[::1]:80", "http://[::1]"),
        ])
    func same(host: String, origin: String) {
        #expect(mayOpen(host, [origin]))
    }

    @Test(
        "others may not",
        arguments: [
            ("a.test:8080", "http://a.test"), ("a.test", "http://b.test"),
            ("a.test", "http://a.test.b.test"), ("a.test", "null"), ("a.test", "file://"),
            ("a.test", "http://b@a.test"), ("a.test", "http://"), ("a.test", ""),
            ("a.test", "ftp://a.test"),
        ])
    func others(host: String, origin: String) {
        #expect(!mayOpen(host, [origin]))
        #expect(!mayOpen(host, [origin], ["https://c.test"]))
        #expect(mayOpen(host, [origin], ["*"]))
    }

    @Test("two lines are none that may")
    func several() {
        #expect(!mayOpen("a.test", ["http://a.test", "http://b.test"]))
    }

    @Test("no Origin, and named ones")
    func named() {
        #expect(mayOpen("a.test", []))
        #expect(mayOpen("a.test", ["https://B.test"], ["https://c.test", "https://b.test"]))
        #expect(!mayOpen("a.test", ["http://b.test"], ["https://b.test"]))
    }
}
