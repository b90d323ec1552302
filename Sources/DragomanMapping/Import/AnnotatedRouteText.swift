// SPDX-License-Identifier: Apache-2.0
// A google.api.http binding as the route that a mapping would write for it: what import leaves in
// comments, to be taken out of them where it is to be changed.

internal import DragomanProtobuf

enum AnnotatedRouteText {
    /// `GET /v1/orders/{id}: { call: GetOrder, idempotent: true }`; nil where a route of a mapping
    /// can not say the same in a line.
    static func line(
        _ method: MethodDescriptor, _ binding: HTTPBinding, _ contract: ProtobufContract
    ) -> String? {
        guard let template = try? PathTemplate(binding.template), binding.method != "*" else {
            return nil
        }
        let takesBody = !["GET", "HEAD", "DELETE"].contains(binding.method)
        var parts = ["call: \(method.name)"]
        switch binding.body {
        case .none where takesBody, .whole where !takesBody: return nil
        case .none, .whole: break
        case .field(let name):
            let fields = contract.messages[method.input].fields
            guard takesBody, !contract.isHTTPBody(field: name, of: method.input),
                // What else the message has would come from the query.
                let request = request(template.variables.map(\.name), body: name)
            else { return nil }
            let set = template.variables.map { $0.name.prefix { $0 != "." } } + [name[...]]
            let rest = fields.filter { !set.contains($0.name[...]) }
            guard rest.allSatisfy({ isText($0, contract) }) else { return nil }
            let query = rest.map { "\($0.jsonName): \"${query.\($0.jsonName)}\"" }
            parts.append("request: { \((request + query).joined(separator: ", ")) }")
        }
        if let name = binding.responseBody {
            let field = contract.messages[method.output].field(named: name)
            parts.append("response: \"${reply.\(field?.jsonName ?? name)}\"")
        }
        if !method.bindings.isEmpty, method.idempotency == .unknown,
            ["GET", "HEAD", "PUT", "DELETE"].contains(binding.method)
        {
            parts.append("idempotent: true")
        }
        return "\(binding.method) \(binding.template): { \(parts.joined(separator: ", ")) }"
    }

    /// One parameter of the query, or several of its name, can be it.
    private static func isText(_ field: FieldDescriptor, _ contract: ProtobufContract) -> Bool {
        guard field.cardinality != .map, case .message(let index) = field.type else {
            return field.cardinality != .map
        }
        switch contract.messages[index].wellKnown {
        case .timestamp, .duration, .fieldMask, .wrapper: return true
        default: return false
        }
    }

    /// The members that path and body give; nil where the path sets one deep inside another.
    private static func request(_ variables: [String], body: String) -> [String]? {
        var inside: [String] = []
        var members: [String] = []
        for variable in variables {
            let steps = variable.split(separator: ".").map(String.init)
            let value = "\(steps[steps.count - 1]): \"${path.\(variable)}\""
            switch (steps.count, steps[0] == body) {
            case (1, false): members.append(value)
            case (2, true): inside.append(value)
            default: return nil
            }
        }
        guard !inside.isEmpty else { return members + ["\(body): \"${body}\""] }
        let whole = ["\"${*}\": \"${body}\""] + inside
        return members + ["\(body): { \(whole.joined(separator: ", ")) }"]
    }
}
