// SPDX-License-Identifier: Apache-2.0
// An example of a route as its mapping file has it (MAPPING.md, Examples are tests): a request,
// what the backend gets and answers, and what the client is told.

internal import DragomanDocument

/// What would vary from one run to the next, held still.
package struct GivenValues: Sendable, Equatable {
    /// What `now()` gives, as RFC 3339 spells it; nil: the clock.
    package var now: String?
    /// What `uuid()` gives; nil: a new one each time.
    package var uuid: String?

    package init(now: String? = nil, uuid: String? = nil) {
        self.now = now
        self.uuid = uuid
    }

    /// With the moment and a new UUID where nothing is given: what is evaluated twice stays the
    /// same.
    package var fixed: GivenValues {
        var evaluator = CELEvaluator(context: nil)
        var fixed = self
        if now == nil, case .timestamp(let time)? = try? CELMappingFunctions.now(&evaluator, []) {
            fixed.now = CELTime.text(timestamp: time)
        }
        if uuid == nil, case .string(let text)? = try? CELMappingFunctions.uuid(&evaluator, []) {
            fixed.uuid = text
        }
        return fixed
    }
}

package struct RouteExample: Sendable {
    /// What the backend answers to one call.
    package struct Reply: Sendable {
        /// Nil of a route without steps.
        package var step: String?
        /// Of a step with `each`, where the example has a list; nil: all items.
        package var item: Int?
        package var node: YAMLNode?
        package var bytes: [UInt8]?
        /// HTTP's; of gRPC its code; nil: success, or what the message says (a SOAP fault).
        package var status: Int?
        package var headers: [(name: String, value: String)] = []
    }

    /// What the backend of one call must get.
    package struct Message: Sendable {
        package var step: String?
        /// Of a step with `each`, where the example has a list; nil: all items.
        package var item: Int?
        package var node: YAMLNode
        package var bytes: [UInt8]
    }

    /// What the client must be answered; what is not written is not looked at.
    package struct Answer: Sendable {
        package var node: YAMLNode
        package var status: Int?
        package var headers: [(key: YAMLNode, value: String)] = []
        package var body: [UInt8]?
        package var bodyNode: YAMLNode?
    }

    /// As written, else its place among the route's: `example 2`.
    package var name: String
    /// The whole example.
    package var node: YAMLNode
    package var given = GivenValues()
    /// A JSON object.
    package var claims: [UInt8]?
    /// Path and query.
    package var target: String
    package var headers: [(name: String, value: String)] = []
    package var body: [UInt8]?
    package var sends: [Message] = []
    package var receives: [Reply] = []
    package var responds: Answer?
}

extension RoutePlan {
    /// The examples of the route, in the file's order.
    package var examples: [RouteExample] {
        guard let items = texts.node?["examples"]?.items else { return [] }
        return items.enumerated().map { index, node in
            let reader = ExampleReader(node: node, steps: texts.node?["steps"])
            return reader.read(
                fallbackName: "example \(index + 1)", template: template, hosts: hosts,
                conditions: conditions)
        }
    }
}

/// Reads one example; its shape has been checked.
private struct ExampleReader {
    let node: YAMLNode
    /// The route's; nil where it has none.
    let steps: YAMLNode?

    func read(
        fallbackName: String, template: PathTemplate, hosts: [String],
        conditions: [RouteHeaderCondition]
    ) -> RouteExample {
        let request = node["request"]
        var example = RouteExample(
            name: node["name"]?.text ?? fallbackName, node: node,
            target: request?["path"]?.text ?? template.text)
        example.given = GivenValues(
            now: node["given"]?["now"]?.text, uuid: node["given"]?["uuid"]?.text)
        example.claims = node["given"]?["claims"].map(Self.json)
        example.headers = Self.fields(request?["headers"])
        let names = Set(example.headers.map { $0.name.lowercased() })
        // The request of a route's example meets the route's own conditions.
        if let host = hosts.first, !names.contains("host") {
            example.headers.append(("host", Self.concrete(host)))
        }
        for condition in conditions where !names.contains(condition.name) {
            example.headers.append((condition.name, condition.value))
        }
        example.body = request?["body"].map(Self.body)
        let isMultipart = example.headers.contains {
            $0.name.lowercased() == "content-type" && $0.value.lowercased().hasPrefix("multipart/")
        }
        if isMultipart { example.body = example.body.map(Self.withNetworkLines) }
        example.sends = byStep(node["sends"]).map { step, item, node in
            RouteExample.Message(step: step, item: item, node: node, bytes: Self.message(node))
        }
        example.receives = replies()
        example.responds = node["responds"].map(Self.answer)
        return example
    }

    private typealias Part = (step: String?, item: Int?, node: YAMLNode)

    /// The whole of a route of one call; by step of the others, and by item of `each`.
    private func byStep(_ node: YAMLNode?) -> [Part] {
        guard let node else { return [] }
        guard let steps, let pairs = node.pairs else { return [(nil, nil, node)] }
        return pairs.flatMap { pair -> [Part] in
            guard steps[pair.name]?["each"] != nil, let items = pair.value.items else {
                return [(pair.name, nil, pair.value)]
            }
            return items.enumerated().map { (pair.name, $0.offset, $0.element) }
        }
    }

    private func replies() -> [RouteExample.Reply] {
        var replies: [RouteExample.Reply] = []
        func change(_ part: Part, _ body: (inout RouteExample.Reply) -> Void) {
            let known = replies.firstIndex { $0.step == part.step && $0.item == part.item }
            let index = known ?? replies.count
            if known == nil {
                replies.append(RouteExample.Reply(step: part.step, item: part.item))
            }
            body(&replies[index])
        }
        for part in byStep(node["receives"]) {
            change(part) {
                $0.node = part.node
                $0.bytes = Self.message(part.node)
            }
        }
        for part in byStep(node["receives_status"]) {
            change(part) { $0.status = part.node.text.flatMap { Int($0) } }
        }
        for part in byStep(node["receives_headers"]) {
            change(part) { $0.headers = Self.fields(part.node) }
        }
        return replies
    }

    private static func answer(_ node: YAMLNode) -> RouteExample.Answer {
        var answer = RouteExample.Answer(node: node)
        answer.status = node["status"]?.text.flatMap { Int($0) }
        for pair in node["headers"]?.pairs ?? [] {
            for value in pair.value.items ?? [pair.value] {
                answer.headers.append((pair.key, value.text ?? ""))
            }
        }
        answer.bodyNode = node["body"]
        answer.body = node["body"].map(body)
        return answer
    }

    private static func fields(_ node: YAMLNode?) -> [(name: String, value: String)] {
        (node?.pairs ?? []).flatMap { pair in
            (pair.value.items ?? [pair.value]).map { (pair.name, $0.text ?? "") }
        }
    }

    /// `*.example.com` as one of the hosts that it stands for.
    private static func concrete(_ host: String) -> String {
        host.hasPrefix("*") ? "any" + host.dropFirst() : host
    }

    /// A block is the body's own text; all else is a JSON value.
    private static func body(_ node: YAMLNode) -> [UInt8] {
        switch node.style {
        case .literal, .folded: Array((node.text ?? "").utf8)
        default: json(node)
        }
    }

    /// The lines of a block end with LF, those of a multipart body with CRLF.
    private static func withNetworkLines(_ bytes: [UInt8]) -> [UInt8] {
        var lines: [UInt8] = []
        for (index, byte) in bytes.enumerated() {
            if byte == 0x0A, index == 0 || bytes[index - 1] != 0x0D { lines.append(0x0D) }
            lines.append(byte)
        }
        return lines
    }

    /// A text is the message as it is; all else is JSON.
    private static func message(_ node: YAMLNode) -> [UInt8] {
        node.text.map { Array($0.utf8) } ?? json(node)
    }

    private static func json(_ node: YAMLNode) -> [UInt8] {
        let document = YAMLDocument.make(node)
        return withExtendedLifetime(document) { Array((document.root?.json ?? "null").utf8) }
    }
}
