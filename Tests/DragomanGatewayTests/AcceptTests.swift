// SPDX-License-Identifier: Apache-2.0
// Media types: what a body may be, and what an answer may be.

import DragomanGateway
import DragomanHTTP
import Testing

@Suite("Accept")
struct AcceptTests {
    @Test(
        "the most specific range decides",
        arguments: [
            ("*/*", true), ("application/json", true), ("application/*", true),
            ("text/html", false),
            ("text/html, */*;q=0.1", true), ("application/json;q=0, */*", false),
            ("*/*;q=0", false), ("application/json;q=0.000", false), ("APPLICATION/JSON", true),
            ("text/html,application/xml;q=0.9", false),
            ("application/*;q=0, application/json", true),
        ])
    func ranges(_ value: String, _ isAdmitted: Bool) {
        var fields = HeaderFields()
        fields.append("accept", value)
        #expect(Accept.admits("application", "json", fields) == isAdmitted)
    }

    @Test("no Accept takes everything; several lines are one list")
    func lines() {
        var fields = HeaderFields()
        #expect(Accept.admits("application", "json", fields))
        fields.append("accept", "text/html" as StaticString)
        #expect(!Accept.admits("application", "json", fields))
        fields.append("accept", "application/json" as StaticString)
        #expect(Accept.admits("application", "json", fields))
    }

    @Test(
        "JSON is application/json or +json, in UTF-8",
        arguments: [
            ("application/json", true), ("application/json; charset=utf-8", true),
            ("Application/JSON ;charset=\"UTF-8\"", true), ("application/problem+json", true),
            ("application/json; charset=latin1", false), ("text/json", false), ("", false),
            ("application/jsonx", false), ("+json", false),
        ])
    func json(_ value: String, _ isJSON: Bool) {
        var value = value
        #expect(value.withUTF8 { MediaType.isJSON(UnsafeRawBufferPointer($0)) } == isJSON)
    }
}

@Suite("Problem")
struct ProblemTests {
    @Test("every kind has a slug and a title of its own")
    func kinds() {
        let all = ProblemKind.all
        #expect(Set(all.map(\.slug)).count == all.count)
        #expect(Set(all.map(\.title)).count == all.count)
        #expect(all.allSatisfy { $0.status >= 400 && $0.status < 600 })
    }
}
