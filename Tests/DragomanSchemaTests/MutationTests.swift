// SPDX-License-Identifier: Apache-2.0
// Schemas and documents bent at random, the same way in every run: nothing crashes, and the
// instructions and the explainer never disagree.
import Testing

@testable import DragomanDocument
@testable import DragomanSchema

@Suite("Mutations", .enabled(if: Suites.isHere, "the suites are not here"))
struct MutationTests {
    /// A value that can be bent.
    indirect enum Value {
        case scalar(String)
        case array([Value])
        case object([(String, Value)])

        init(_ node: Node) {
            switch node.kind {
            case .array: self = .array(node.items.map(Value.init))
            case .object:
                self = .object(node.members.map { ($0.name.string, Value($0.value)) })
            default: self = .scalar(node.json)
            }
        }

        var json: String {
            switch self {
            case .scalar(let text): text
            case .array(let items): "[" + items.map(\.json).joined(separator: ",") + "]"
            case .object(let members):
                "{"
                    + members.map { JSONText.quoted($0.0) + ":" + $0.1.json }
                    .joined(separator: ",") + "}"
            }
        }

        func bent(_ generator: inout Seeded, _ pool: [Value]) -> Value {
            if Int.random(in: 0..<6, using: &generator) == 0 {
                return pool.randomElement(using: &generator) ?? self
            }
            switch self {
            case .scalar: return self
            case .array(var items):
                guard let index = items.indices.randomElement(using: &generator) else {
                    return self
                }
                items[index] = items[index].bent(&generator, pool)
                return .array(items)
            case .object(var members):
                guard let index = members.indices.randomElement(using: &generator) else {
                    return self
                }
                switch Int.random(in: 0..<8, using: &generator) {
                case 0: members.remove(at: index)
                default: members[index].1 = members[index].1.bent(&generator, pool)
                }
                return .object(members)
            }
        }

        func collect(into pool: inout [Value]) {
            pool.append(self)
            switch self {
            case .scalar: break
            case .array(let items): for item in items { item.collect(into: &pool) }
            case .object(let members): for member in members { member.1.collect(into: &pool) }
            }
        }
    }

    @Test("agree with themselves", arguments: ["draft2020-12", "draft7"])
    func agree(_ draft: String) {
        var schemas: [Value] = []
        var pool: [Value] = []
        for file in Suites.files("json-schema/tests/" + draft) {
            guard let document = Suites.read(file), let groups = document.root else { continue }
            for group in groups.items {
                group.member("schema").map { schemas.append(Value($0)) }
                for test in group.member("tests").map({ Array($0.items) }) ?? [] {
                    test.member("data").map { Value($0).collect(into: &pool) }
                }
            }
        }
        for schema in schemas { schema.collect(into: &pool) }
        var generator = Seeded(2026)
        let context = EvaluationContext()
        var options = SchemaOptions()
        options.dialectDefault = draft == "draft7" ? .draft7 : .draft202012
        var judged = 0
        for _ in 0..<1500 {
            guard let schema = schemas.randomElement(using: &generator) else { continue }
            let text = schema.bent(&generator, pool).json
            guard
                let program = try? SchemaCompiler(options: options, resolver: Suites.remote)
                    .compile(document: json(text), baseURI: "test:schema")
            else { continue }
            for _ in 0..<8 {
                guard let value = pool.randomElement(using: &generator) else { continue }
                let document = json(value.bent(&generator, pool).json)
                guard let root = document.root else { continue }
                judged += 1
                let isValid = program.verdict(root, context) == .valid
                let report = program.violations(of: root, context)
                #expect(report.violations.isEmpty == isValid, "\(text) on \(root.json)")
            }
        }
        #expect(judged > 1000)
    }
}
