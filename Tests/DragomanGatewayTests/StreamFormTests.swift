// SPDX-License-Identifier: Apache-2.0
// What a request says of a stream: the form of the answer, and how long it may take.
// Which form of a stream a client asks for.

import DragomanHTTP
import NIOCore
import Testing

@testable import DragomanGateway

@Suite("StreamForm")
struct StreamFormTests {
    @Test(
        "Accept chooses by weight, then by how specific it is, then by order",
        arguments: [
            ("*/*", .array), ("application/json", .array), ("application/x-ndjson", .lines),
            ("text/event-stream", .events), ("text/*", .events), ("text/html", nil),
            ("application/json;q=0.5,application/x-ndjson;q=0.51", .lines),
            ("application/x-ndjson, application/json", .lines),
            ("application/*, text/event-stream", .events),
            ("text/event-stream;q=0.999, */*", .array), ("application/json;q=0, */*", .lines),
            ("APPLICATION/X-NDJSON;q=1.000", .lines), ("*/*;q=0", nil),
        ] as [(String, StreamForm?)])
    func chosen(_ value: String, _ form: StreamForm?) {
        var fields = HeaderFields()
        fields.append("accept", value)
        #expect(StreamForm.chosen(by: fields) == form)
    }

    @Test("no Accept is the array")
    func absent() {
        #expect(StreamForm.chosen(by: HeaderFields()) == .array)
    }

    @Test(
        "grpc-timeout is digits and a unit",
        arguments: [
            ("1S", 1_000_000_000), ("20m", 20_000_000), ("5u", 5000), ("7n", 7),
            ("99999999H", 3_600_000_000_000 * 1_000_000), ("2M", 120_000_000_000), ("S", nil),
            ("1", nil), ("1s", nil), ("-1S", nil), ("123456789S", nil), ("", nil),
        ] as [(String, Int64?)])
    func timeouts(_ text: String, _ nanoseconds: Int64?) {
        let read = Array(text.utf8).withUnsafeBytes { GRPCTimeoutText.read($0) }
        #expect(read?.nanoseconds == nanoseconds)
    }
}
