// SPDX-License-Identifier: Apache-2.0
// What a description says of a query that makes a message by itself.

import DragomanDocument
import DragomanMapping
import Foundation
import Testing

@Suite("OpenAPI query fields")
struct QueryFieldTests {
    @Test("fields by dots, maps by brackets, each once")
    func fields() throws {
        let files = FixtureTests.orders(
            """
            types: { Order: { rename: { number: serial } } }
            routes:
              GET /orders/{id}:
                call: ReplaceOrder
                metadata: { x-trace: "${query.trace} ${query.customer}" }
            """)
        let plan = try #require(GatewayLoader.load(files: files).plan)
        let description = try Document.reading(plan.openAPI)
        try withExtendedLifetime(description) {
            let operation = description.root?.member(named: "paths")?
                .member(named: "/orders/{id}")?.member(named: "get")
            let parameters = try #require(operation?.member(named: "parameters"))
            let names = parameters.items.map { $0.member(named: "name")?.string ?? "" }
            #expect(Set(names).count == names.count)
            #expect(names.first == "id")
            #expect(Set(names).isSuperset(of: ["trace", "customer", "serial", "labels", "note"]))
            let labels = try #require(
                parameters.items.first { $0.member(named: "name")?.string == "labels" })
            #expect(labels.member(named: "style")?.string == "deepObject")
            #expect(labels.member(named: "explode")?.bool == true)
        }
    }
}
