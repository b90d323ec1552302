// SPDX-License-Identifier: Apache-2.0
// google.api.Service YAML: HTTP rules that stand beside a contract instead of in it, and win over
// its annotations.
//
//     http:
//       rules:
//         - selector: shop.v1.Orders.GetOrder
//           get: /v1/orders/{id}
//           additional_bindings:
//             - get: /v1/o/{id}

internal import DragomanDocument
internal import DragomanProtobuf

/// The rules of one file.
struct HTTPRules {
    /// Where one stands.
    struct Place {
        let node: YAMLNode
        let file: MappingSource
    }

    private var bindings: [String: [HTTPBinding]] = [:]
    private var places: [String: [Place]] = [:]

    /// No rules where there is no file; what is wrong with one is reported.
    init(
        _ reference: ContractReference?, _ contract: ProtobufContract,
        _ collector: DiagnosticCollector, _ file: MappingSource
    ) {
        guard let reference, let path = reference.path else { return }
        let name = "schemas/\(reference.text.text)"
        switch FileAccess.read(path) {
        case .failure(let error):
            file.report(
                .error, "missing-file", reference.text.node,
                "the file `\(reference.text.text)` cannot be read: \(error.message)")
        case .success(let bytes):
            let source = SourceText(path: name, bytes: bytes)
            guard let root = YAMLReader.read(source, into: collector) else { return }
            let rules = MappingSource(source: source, collector: collector)
            for rule in root["http"]?["rules"]?.items ?? [] { read(rule, contract, rules) }
        }
    }

    /// The bindings of a method; nil where no rule is about it.
    func bindings(of method: MethodDescriptor) -> [HTTPBinding]? { bindings[method.fullName] }

    /// Where a binding of a method stands; nil where it is not of these rules.
    func place(of method: MethodDescriptor, _ binding: HTTPBinding) -> Place? {
        guard let index = bindings[method.fullName]?.firstIndex(of: binding) else { return nil }
        return places[method.fullName]?[index]
    }

    private mutating func read(
        _ rule: YAMLNode, _ contract: ProtobufContract, _ file: MappingSource
    ) {
        guard let selector = rule["selector"], let name = selector.text else {
            return file.report(
                .error, "missing-key", rule, "the rule has no `selector`",
                expected: "package.Service.Method")
        }
        let methods = contract.services.flatMap(\.methods).map(\.fullName)
        let isPattern = name.hasSuffix("*")
        let selected = methods.filter {
            isPattern ? $0.hasPrefix(name.dropLast()) : $0 == name
        }
        // A service configuration may speak of more services than one contract has.
        let service = name.split(separator: ".").dropLast().joined(separator: ".")
        if selected.isEmpty, contract.services.contains(where: { $0.fullName == service }) {
            return file.report(
                .error, "unknown-operation", selector, "the contract has no method `\(name)`",
                suggestion: NearestName.find(name, in: methods))
        }
        var found: [(binding: HTTPBinding, node: YAMLNode)] = []
        append(rule, file, &found, nesting: 0)
        for method in selected {
            bindings[method] = found.map(\.binding)
            places[method] = found.map { Place(node: $0.node, file: file) }
        }
    }

    private func append(
        _ rule: YAMLNode, _ file: MappingSource,
        _ found: inout [(binding: HTTPBinding, node: YAMLNode)], nesting: Int
    ) {
        guard nesting < 8 else { return }
        var method: String?
        var template: String?
        for name in ["get", "put", "post", "delete", "patch"] {
            guard let text = rule[name]?.text else { continue }
            (method, template) = (name.uppercased(), text)
        }
        if let custom = rule["custom"] {
            (method, template) = (custom["kind"]?.text, custom["path"]?.text)
        }
        if let method, let template {
            let binding = HTTPBinding(
                method: method, template: template,
                body: HTTPBindingBody(rule: rule["body"]?.text ?? ""),
                responseBody: rule["response_body"]?.text)
            found.append((binding, rule))
        } else if nesting > 0 || rule["additional_bindings"] == nil {
            file.report(
                .error, "missing-key", rule, "the rule has no method and path",
                expected: "`get`, `put`, `post`, `delete`, `patch` or `custom`")
        }
        for additional in rule["additional_bindings"]?.items ?? [] {
            append(additional, file, &found, nesting: nesting + 1)
        }
    }
}
