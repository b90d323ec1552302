// SPDX-License-Identifier: Apache-2.0
// What mappings do, as folders: Fixtures/NAME holds a gateway directory and `expected.txt`, in
// which requests stand beside what becomes of them. A folder with mistakes expects diagnostics.
//
//     > POST /v1/orders?dry=true          a request, its headers below it, then its body
//     > x-tenant: acme
//     > {"id": "1"}
//     < message {"order":{"id":"1"}}      what is made of it
//     = {"id":"1"}                        a reply
//     < 201 {"id":"1"}                    the answer
//
// With DRAGOMAN_RECORD=1 the files are written anew from what happens.

import DragomanDocument
import DragomanMapping
import DragomanProtobuf
import Foundation
import Testing

@Suite("Fixtures")
struct FixtureTests {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Fixtures")

    static var names: [String] {
        let found = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
        return (found ?? []).filter { !$0.hasPrefix(".") && $0 != "contracts" }.sorted()
    }

    /// A gateway in front of the fixtures' Orders service. `mapping`: what follows its backend.
    static func orders(_ mapping: String) -> [String: [UInt8]] {
        var files = files(folder.appendingPathComponent("contracts"), into: "schemas/")
        files["gateway.yaml"] = Array("upstreams: { orders: { url: \"http://127.0.0.1:1\" } }".utf8)
        files["mappings/orders.yaml"] = Array(
            """
            service: orders
            backend: { grpc: { contract: shop.binpb, service: shop.v1.Orders } }
            \(mapping)
            """.utf8)
        return files
    }

    /// The files below a folder; every fixture has those of `contracts` among its schemas.
    static func files(_ folder: URL, into prefix: String) -> [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        for case let name as String in FileManager.default.enumerator(atPath: folder.path)
            ?? .init()
        {
            if let data = FileManager.default.contents(
                atPath: folder.appendingPathComponent(name).path)
            {
                files[prefix + name] = Array(data)
            }
        }
        return files
    }

    @Test("does what its folder expects", arguments: names)
    func fixture(name: String) throws {
        let folder = FixtureTests.folder.appendingPathComponent(name)
        let file = folder.appendingPathComponent("expected.txt")
        var files = FixtureTests.files(folder, into: "")
        files.merge(
            FixtureTests.files(
                FixtureTests.folder.appendingPathComponent("contracts"), into: "schemas/")
        ) { own, _ in own }
        let load = GatewayLoader.load(files: files)
        let expected = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
        var actual = FixtureText.diagnostics(load)
        if let plan = load.plan {
            actual += FixtureRun(plan: plan).text(expected)
        }
        if ProcessInfo.processInfo.environment["DRAGOMAN_RECORD"] == "1" {
            try actual.write(to: file, atomically: true, encoding: .utf8)
            return
        }
        #expect(actual == expected)
    }
}

enum FixtureText {
    static func diagnostics(_ load: GatewayLoad) -> String {
        load.diagnostics.map { diagnostic in
            var text = "! \(diagnostic.severity.rawValue) \(diagnostic.code) \(diagnostic.file):"
            text += "\(diagnostic.line):\(diagnostic.column) \(diagnostic.message)\n"
            if let expected = diagnostic.expected { text += "!   expected: \(expected)\n" }
            if let suggestion = diagnostic.suggestion {
                text += "!   suggestion: \(suggestion)\n"
            }
            for related in diagnostic.related {
                text += "!   see \(related.file):\(related.position.line):"
                text += "\(related.position.column) \(related.message)\n"
            }
            return text
        }.joined()
    }
}

/// Runs the requests of an `expected.txt`.
final class FixtureRun {
    private let plan: GatewayPlan
    private let context = TranslationContext()
    private let body = Document()
    private let message = Document()
    private let reply = Document()
    private let answer = Document()
    private var output = ""

    init(plan: GatewayPlan) { self.plan = plan }

    /// The file anew: requests and replies as they stand, outcomes as they come.
    func text(_ source: String) -> String {
        var request: [String] = []
        for line in source.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
            if line.hasPrefix("!") || line.hasPrefix("< ") { continue }
            if !request.isEmpty, !line.hasPrefix("> ") || line.contains(" /") && isStart(line) {
                run(request)
                request = []
            }
            if line.hasPrefix("> ") { request.append(String(line.dropFirst(2))) }
            output += line + "\n"
            if line.hasPrefix("= ") { respond(String(line.dropFirst(2))) }
            if line.hasPrefix("= error ") { continue }
        }
        if !request.isEmpty { run(request) }
        return output
    }

    private func isStart(_ line: Substring) -> Bool {
        let method = line.dropFirst(2).prefix { $0 != " " }
        return !method.isEmpty && method.allSatisfy(\.isUppercase)
    }

    private func run(_ lines: [String]) {
        guard let first = lines.first else { return }
        var headers: [(String, String)] = []
        var text = ""
        for line in lines.dropFirst() {
            let name = line.prefix { $0 != ":" }
            if text.isEmpty, name.count < line.count, !line.hasPrefix("{"), !line.hasPrefix("\"") {
                headers.append(
                    (
                        String(name),
                        line.dropFirst(name.count + 1).trimmingCharacters(in: .whitespaces)
                    ))
            } else {
                text += line
            }
        }
        let parts = first.split(separator: " ")
        let target = parts[1].split(separator: "?", maxSplits: 1)
        let path = String(target[0])
        let host = headers.first { $0.0 == "host" }?.1 ?? ""
        var named: [String: String] = [:]
        for (name, value) in headers { named[name] = value }
        let (match, captures) = plan.table.match(
            String(parts[0]), path, host: host, headers: named)
        guard case .found(let index) = match else {
            output += "< \(match)\n"
            return
        }
        let route = plan.routes[index]
        context.begin(route)
        Array(path.utf8).withUnsafeBytes { route.parameters.path(captures, of: $0, context) }
        if target.count > 1 {
            Array(target[1].utf8).withUnsafeBytes { route.parameters.query($0, context) }
        }
        for (name, value) in headers {
            Array(name.utf8).withUnsafeBytes { name in
                Array(value.utf8).withUnsafeBytes { route.parameters.header(name, $0, context) }
            }
        }
        translate(route, text, String(parts[1]))
    }

    private func translate(_ route: RoutePlan, _ text: String, _ target: String) {
        body.removeAll()
        message.removeAll()
        do {
            if !text.isEmpty {
                Array(text.utf8).withUnsafeBytes { body.append(source: $0) }
                try body.readJSON()
            }
        } catch {
            output += "< \(error)\n"
            return
        }
        let parametersFit = route.parameters.finish(context)
        var bodyFits = true
        switch route.body {
        case .json(let plan): bodyFits = plan.take(body, context)
        case .refused where !text.isEmpty: output += "< no body is taken\n"
        default: break
        }
        guard parametersFit, bodyFits else { return violations() }
        guard let call = route.call else { return }
        if case .streaming = route.kind {
            output += "< streams\n"
            return
        }
        do throws(TranslationError) {
            let node = try route.request.message(context, into: message)
            switch call {
            case .grpc(let call):
                output += "< grpc \(call.path.string)\n"
                try fields(call.metadata)
            case .soap(let call):
                output += "< soap \(call.path.string) \(route.operation)\n"
                if let header = call.header {
                    let document = Document()
                    if let node = try header.message(context, into: document) {
                        output += "< soap_header \(node.json)\n"
                    }
                }
                try fields(call.headers)
            case .http(let call): try http(call, target, route)
            case .xml(let call):
                output += "< xml \(call.method.string) \(route.operation)\n"
                try fields(call.headers)
            }
            if let node { output += "< message \(node.json)\n" }
            if case .grpc(let call) = call, let node {
                try call.request.write(node, to: OutputBuffer(), call.options)
            }
        } catch {
            for violation in context.violations(for: error, body: body) {
                context.report(violation)
            }
            violations()
        }
    }

    private func http(
        _ call: HTTPCall, _ target: String, _ route: RoutePlan
    ) throws(TranslationError) {
        let buffer = OutputBuffer()
        let bytes = Array(target.utf8)
        let result = bytes.withUnsafeBytes { bytes -> Result<Bool, TranslationError> in
            do throws(TranslationError) {
                return .success(try call.writeTarget(received: bytes, context, to: buffer))
            } catch {
                return .failure(error)
            }
        }
        let isWhole = try result.get()
        output += "< http \(call.method?.string ?? route.method) "
        output += isWhole ? buffer.string : "(absent)"
        let passes = if case .passedThrough = route.body { true } else { false }
        output += passes ? " as it is\n" : "\n"
        try fields(call.headers)
    }

    private func fields(_ templates: [NamedTemplate]) throws(TranslationError) {
        for template in templates {
            let buffer = OutputBuffer()
            guard try template.value.write(context, to: buffer) else { continue }
            output += "< \(template.name.string): \(buffer.string)\n"
        }
        self.current = templates
    }
    private var current: [NamedTemplate] = []

    private func violations() {
        for violation in context.violations {
            let place =
                switch violation.place {
                case .pointer(let pointer): "\"\(pointer)\""
                case .parameter(let name): name
                }
            output += "< violation \(place) \(violation.keyword): \(violation.detail)\n"
        }
        if context.violationsOmitted > 0 { output += "< omitted \(context.violationsOmitted)\n" }
    }

    /// `= {…}` is a reply; `= fault {…}`, `= grpc {…}` and `= status 404` are errors.
    private func respond(_ text: String) {
        guard let route = context.route else { return }
        reply.removeAll()
        answer.removeAll()
        let word = text.prefix { $0.isLetter }
        let json =
            word.isEmpty || word == "true" || word == "null"
            ? text : String(text.dropFirst(word.count + 1))
        Array(json.utf8).withUnsafeBytes { reply.append(source: $0) }
        guard (try? reply.readJSON()) != nil else {
            output += "< the reply is no JSON\n"
            return
        }
        do throws(TranslationError) {
            switch word {
            case "fault", "grpc", "status":
                let slot: RootSlot = word == "fault" ? .fault : word == "grpc" ? .grpc : .status
                context.set(slot, reply.root)
                try ruled(route)
            default:
                context.set(.reply, reply.root)
                let node = try route.response.answer(context, into: answer)
                let status = try route.response.answerStatus(context)
                output += "< \(status) \(node?.json ?? "")\n"
                try fields(route.response.headers)
            }
        } catch {
            output += "< 500 \(error.detail)\n"
        }
    }

    private func ruled(_ route: RoutePlan) throws(TranslationError) {
        guard let rule = route.errors.first(where: { $0.matches(context) }) else {
            output += "< no rule\n"
            return
        }
        let status = try rule.answerStatus(context)
        output += "< problem \(status.map(String.init) ?? "default")"
        for (name, text) in [("type", rule.type), ("title", rule.title), ("detail", rule.detail)] {
            let buffer = OutputBuffer()
            if let text, try text.write(context, to: buffer) {
                output += " \(name)=\(JSONText.quoted(buffer.string))"
            }
        }
        if let members = rule.members, let node = try members.message(context, into: answer) {
            output += " \(node.json)"
        }
        output += "\n"
    }
}
