// SPDX-License-Identifier: Apache-2.0
// Every annotated method of real APIs: imported, routed, and a generated message sent as its rule
// spreads it over path, query and body comes out as the same message.

import DragomanDocument
import DragomanMapping
import DragomanProtobuf
import DragomanXML
import Foundation
import Testing

@Suite("Rules there and back", .enabled(if: Suites.arePresent, "no suites or no protoc here"))
struct RuleRoundTripTests {
    @Test("googleapis")
    func googleapis() throws {
        let root = Suites.path("googleapis")
        let names = FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String }
        try run([root], names?.filter { $0.hasSuffix(".proto") }.sorted() ?? [], methods: 136)
    }

    @Test("etcd")
    func etcd() throws {
        try run(
            [
                Suites.path("transcoding/etcd"), Suites.path("googleapis"),
                Suites.path("transcoding/grpc-gateway"),
            ], ["etcd/api/etcdserverpb/rpc.proto"], methods: 41)
    }

    private func run(_ includes: [String], _ files: [String], methods count: Int) throws {
        let set = try Protoc.set(includes, files)
        let contract = try ProtobufContract.load(set)
        var options = ProtobufImportOptions()
        options.services = Set(contract.services.map(\.fullName))
        let imported = ProtobufImport.make(contract, set: set, options: options)
        // One load for all, so that the contract is compiled once; a host for each service, because
        // two APIs may have the same paths.
        let upstreams = imported.upstreams.map { "  \($0.name): { url: '\($0.url)' }" }
        var files = [
            "gateway.yaml": Array(("upstreams:\n" + upstreams.joined(separator: "\n")).utf8)
        ]
        var hosts: [String] = []
        for file in imported.files {
            if file.path.hasPrefix("mappings/") {
                let host = "s\(hosts.count).test"
                hosts.append(host)
                files[file.path] = file.bytes + Array("\nhosts: [\(host)]\n".utf8)
            } else if file.path.hasSuffix(".binpb") {
                files[file.path] = file.bytes
            }
        }
        let plan = try #require(GatewayLoader.load(files: files).plan)
        let hostsByOperation = Dictionary(
            plan.routes.map { ($0.operation, $0.hosts.first ?? "") },
            uniquingKeysWith: { a, _ in a })
        var done: Set<String> = []
        for method in contract.services.flatMap(\.methods) where !method.bindings.isEmpty {
            guard let host = hostsByOperation[method.operation] else { continue }
            for (index, binding) in method.bindings.enumerated() {
                let seed = UInt64(method.input * 31 + index)
                try check(method, binding, contract, plan, host, seed: seed)
            }
            done.insert(method.operation)
        }
        #expect(done.count == count)
    }

    private func check(
        _ method: MethodDescriptor, _ binding: HTTPBinding, _ contract: ProtobufContract,
        _ plan: GatewayPlan, _ host: String, seed: UInt64
    ) throws {
        let message = contract.plan(at: method.input)
        for round in 0..<3 {
            var messages = RandomMessages(contract, seed: seed + UInt64(round) * 7919)
            var wire = messages.message(method.input)
            var request = RuleRequest(contract: contract, method: method, binding: binding)
            let template = try PathTemplate(binding.template)
            for variable in template.variables {
                wire += try message.wire(request.set(variable, template, round))
            }
            let expected = try message.json(wire)
            let document = try Document.reading(expected)
            let root = try #require(document.root)
            try request.spread(root)
            let place: Comment = "\(method.operation), \(request.path(template))"
            let sent = try request.send(plan, template, host)
            #expect(sent.operation == method.operation, place)
            let translated = try message.json(message.wire(sent.message))
            #expect(translated == expected, place)
            #expect(try message.json(message.wire(translated)) == expected, place)
        }
    }
}

/// A message on its way to become a request by one binding.
private struct RuleRequest {
    let contract: ProtobufContract
    let method: MethodDescriptor
    let binding: HTTPBinding
    private var values: [String: String] = [:]
    private var query: [(String, String)] = []
    private var body: String?

    init(contract: ProtobufContract, method: MethodDescriptor, binding: HTTPBinding) {
        self.contract = contract
        self.method = method
        self.binding = binding
    }

    private static func encoded(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? text
    }

    // MARK: Path

    /// Chooses a variable's value. - Returns: the message that has it and nothing else, as JSON.
    mutating func set(
        _ variable: PathTemplate.Variable, _ template: PathTemplate, _ round: Int
    ) -> String {
        let parts = template.segments[variable.segments].map { segment in
            switch segment {
            case .literal(let bytes): String(decoding: bytes, as: UTF8.self)
            case .single: variable.isMultiple ? "v\(round)" : "v \u{E9}/\(round)"
            case .rest: round == 0 ? "one" : "one/two"
            }
        }
        let field = contract.fields(along: variable.name, of: method.input)?.last
        var value = parts.joined(separator: "/")
        var json = "\"\(value)\""
        switch field?.type {
        case .string, nil: break
        case .enumeration(let index):
            value = contract.enums[index].values.last?.name ?? ""
            json = "\"\(value)\""
        default:
            value = "\(round + 1)"
            json = value
        }
        values[variable.name] = value
        return variable.fieldPath.reversed().reduce(json) { "{\"\($1)\":\($0)}" }
    }

    func path(_ template: PathTemplate) -> String {
        var segments: [String] = []
        var index = 0
        while index < template.segments.count {
            if let variable = template.variables.first(where: { $0.segments.lowerBound == index }) {
                let value = values[variable.name] ?? ""
                segments.append(
                    variable.isMultiple
                        ? value.split(separator: "/").map { RuleRequest.encoded(String($0)) }
                            .joined(separator: "/")
                        : RuleRequest.encoded(value))
                index = variable.segments.upperBound
                continue
            }
            switch template.segments[index] {
            case .literal(let bytes): segments.append(String(decoding: bytes, as: UTF8.self))
            case .single, .rest: segments.append("any")
            }
            index += 1
        }
        let verb = template.verb.map { ":" + String(decoding: $0, as: UTF8.self) } ?? ""
        return "/" + segments.joined(separator: "/") + verb
    }

    // MARK: Query and body

    /// What the path does not say goes where the rule has it go.
    mutating func spread(_ root: Node) throws {
        let set = Set(values.keys)
        switch binding.body {
        case .whole: body = text(root, method.input, "", without: set)
        case .none: addQuery(root, method.input, "", without: set)
        case .field(let name):
            let field = contract.messages[method.input].field(named: name)
            if let field, let value = root.member(named: field.jsonName) {
                guard case .message(let type) = field.type, !field.isRepeated else {
                    body = value.json
                    return
                }
                body = text(value, type, name + ".", without: set)
            }
            addQuery(root, method.input, "", without: set.union([name]))
        }
    }

    /// The object's JSON without what the path says.
    private func text(
        _ node: Node, _ type: Int, _ prefix: String, without set: Set<String>
    ) -> String {
        let members = node.members.compactMap { member -> String? in
            let field = contract.messages[type].field(named: member.name.string)
            let name = prefix + (field?.name ?? "")
            if set.contains(name) { return nil }
            guard set.contains(where: { $0.hasPrefix(name + ".") }), let field,
                case .message(let inner) = field.type
            else { return "\(member.name.json):\(member.value.json)" }
            let rest = text(member.value, inner, name + ".", without: set)
            return rest == "{}" ? nil : "\(member.name.json):\(rest)"
        }
        return "{" + members.joined(separator: ",") + "}"
    }

    private mutating func addQuery(
        _ node: Node, _ type: Int, _ prefix: String, without set: Set<String>
    ) {
        for member in node.members {
            guard let field = contract.messages[type].field(named: member.name.string) else {
                continue
            }
            let name = prefix + field.name
            if set.contains(name) { continue }
            let value = member.value
            switch field.type {
            case .message(let inner)
            where !field.isRepeated && value.isObject && value.count > 0
                && contract.messages[inner].wellKnown == .none:
                addQuery(value, inner, name + ".", without: set)
            default:
                let items = field.cardinality == .repeated ? Array(value.items) : [value]
                for item in items { query.append((name, item.isString ? item.string : item.json)) }
            }
        }
    }

    // MARK: The gateway's way

    func send(
        _ plan: GatewayPlan, _ template: PathTemplate, _ host: String
    ) throws -> (operation: String, message: String) {
        let path = path(template)
        let (match, captures) = plan.table.match(binding.method, path, host: host)
        guard case .found(let index) = match else { return ("\(match)", "{}") }
        let route = plan.routes[index]
        let context = TranslationContext()
        let (sent, message) = (Document(), Document())
        context.begin(route)
        Array(path.utf8).withUnsafeBytes { route.parameters.path(captures, of: $0, context) }
        let text = query.map { "\(RuleRequest.encoded($0.0))=\(RuleRequest.encoded($0.1))" }
            .joined(separator: "&")
        if !text.isEmpty {
            Array(text.utf8).withUnsafeBytes { route.parameters.query($0, context) }
        }
        if let body {
            Array(body.utf8).withUnsafeBytes { sent.append(source: $0) }
            try sent.readJSON()
        }
        _ = route.parameters.isEmpty || route.parameters.finish(context)
        if case .json(let plan) = route.body { _ = plan.take(sent, context) }
        let node = try? route.request.message(context, into: message)
        #expect(context.violations.isEmpty, "\(path) \(text) \(body ?? ""): \(context.violations)")
        return (route.operation, node?.json ?? "{}")
    }
}
