// SPDX-License-Identifier: Apache-2.0
// Schemas that are compiled while requests are served, by whichever event loop asks first.

import DragomanDocument
import DragomanMapping
import Foundation
import Testing

@Suite("LazySchema")
struct LazySchemaTests {
    private func plan() throws -> GatewayPlan {
        let folder = FixtureTests.folder
        var files = FixtureTests.files(
            folder.appendingPathComponent("grpc-annotated"), into: "")
        files.merge(
            FixtureTests.files(folder.appendingPathComponent("contracts"), into: "schemas/")
        ) { own, _ in own }
        return try #require(GatewayLoader.load(files: files).plan)
    }

    @Test("is made once, however many ask at the same time")
    func once() async throws {
        let plan = try plan()
        for route in plan.routes {
            guard case .json(let body) = route.body, let schema = body.accepts else { continue }
            let programs = await withTaskGroup(of: ObjectIdentifier?.self) { group in
                for _ in 0..<8 { group.addTask { schema.program.map { ObjectIdentifier($0) } } }
                return await group.reduce(into: Set()) { $0.insert($1) }
            }
            #expect(programs.count == 1)
            #expect(!programs.contains(nil))
            #expect(schema.source?.node != nil)
        }
    }

    @Test("judges from several threads at once")
    func judges() async throws {
        let plan = try plan()
        let route = try #require(
            plan.routes.first { $0.operation == "shop.v1.Orders/DeleteOrder" })
        let verdicts = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<16 {
                group.addTask {
                    let context = TranslationContext()
                    context.begin(route)
                    let body = Document()
                    let text = number % 2 == 0 ? #"{"id": "1"}"# : #"{"id": 1}"#
                    Array(text.utf8).withUnsafeBytes { body.append(source: $0) }
                    guard (try? body.readJSON()) != nil, case .json(let plan) = route.body else {
                        return false
                    }
                    return plan.take(body, context) == (number % 2 == 0)
                }
            }
            return await group.reduce(true) { $0 && $1 }
        }
        #expect(verdicts)
    }
}
