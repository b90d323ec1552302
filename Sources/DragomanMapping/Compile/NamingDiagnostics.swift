// SPDX-License-Identifier: Apache-2.0
// What is wrong with `naming`, `types` and `json` of a mapping: names that the contract does not
// have, members that can not be left out, and options that are another backend's.

internal import DragomanDocument
internal import DragomanXML

enum NamingDiagnostics {
    /// Keeps what `types` does, for messages about names that it changed.
    static func noteTypes(_ mapping: MappingFile, _ file: MappingSource) {
        for type in mapping.types {
            for (member, name) in type.rename { file.renamed[member.text] = name }
            file.unwraps += type.unwrap
            for member in type.omit {
                file.omitted[member.text] = member
                guard let other = type.rename.first(where: { $0.member.text == member.text })
                else { continue }
                file.report(
                    .warning, "misplaced-key", member.node,
                    "`\(member.text)` is left out, so that its new name says nothing",
                    expected: "either `rename` or `omit`",
                    related: [file.related(other.member.node, "it is renamed here")])
            }
        }
    }

    /// Types, members and wrappers that the contract does not have.
    static func report(
        _ problems: [NamingProblem], _ mapping: MappingFile, _ file: MappingSource
    ) {
        for problem in problems {
            guard let type = mapping.types.first(where: { $0.name.text == problem.type }) else {
                continue
            }
            let nearest = problem.member ?? problem.type
            if !problem.isHarmless {
                file.uncertainNames = file.uncertainNames.union(names(mapping))
            }
            file.report(
                problem.isHarmless ? .warning : .error,
                problem.member == nil ? "unknown-type" : "unknown-member",
                node(problem, type), problem.message,
                expected: NameList.oneOf(problem.known),
                suggestion: NearestName.find(nearest, in: problem.known))
        }
    }

    private static func node(_ problem: NamingProblem, _ type: TypeOptions) -> YAMLNode {
        guard let member = problem.member else { return type.name.node }
        let found: LocatedText?
        switch problem.option {
        case .rename: found = type.rename.first { $0.member.text == member }?.member
        case .omit: found = type.omit.first { $0.text == member }
        case .unwrap: found = type.unwrap.first { $0.text == member }
        case .textual: found = type.textual.first { $0.member.text == member }?.member
        case nil: found = nil
        }
        return (found ?? type.name).node
    }

    /// Members of a message that a route sends and that nothing may leave out.
    static func checkOmissions(
        _ operation: OperationPlan, _ mapping: MappingFile, _ file: MappingSource
    ) {
        guard mapping.types.contains(where: { !$0.omit.isEmpty }) else { return }
        for (type, member) in operation.plans.omittedRequired(in: operation.request.element) {
            let options = mapping.types.first { $0.name.text == type }
            guard let written = options?.omit.first(where: { $0.text == member }) else { continue }
            file.report(
                .error, "missing-member", written.node,
                "`\(type)` can not do without `\(member)`: the request of `\(operation.name)` has it",
                expected: "a member that the contract lets be absent")
        }
    }

    private static func expected(_ key: String) -> String {
        switch key {
        case "json", "annotated", "types": "a backend with a contract"
        case "naming": "a soap or xml backend; of gRPC `json: { names: json|proto }` says it"
        default: "a soap or xml backend"
        }
    }

    /// Names that the file was to give, where it was itself refused for how it gives them.
    static func uncertain(_ mapping: MappingFile) -> UncertainNames {
        let root = mapping.root
        let pairs = root.pairs ?? []
        func isMisspelt(_ key: String) -> Bool {
            root[key] == nil && MappingShapes.mapping.isMisspelt(key, in: pairs)
        }
        func isRefused(_ node: YAMLNode?, _ accepts: (String) -> Bool) -> Bool {
            node.map { $0.text.map { !accepts($0) } ?? true } ?? false
        }
        if ["naming", "types", "json"].contains(where: isMisspelt)
            || isRefused(root["naming"], { MappingFile.Naming(rawValue: $0) != nil })
            || isRefused(root["json"]?["names"], { JSONOptions.NameForm(rawValue: $0) != nil })
        {
            return .all
        }
        let options = ["rename", "omit", "unwrap", "as"]
        let isTypeRefused = (root["types"]?.pairs ?? []).contains { type in
            type.value.pairs?.contains { !options.contains($0.name) } ?? true
        }
        return isTypeRefused ? .all : .none
    }

    /// Old and new names of all that `types` says.
    private static func names(_ mapping: MappingFile) -> UncertainNames {
        .some(
            mapping.types.reduce(into: []) { names, type in
                for (member, name) in type.rename { names.formUnion([member.text, name.text]) }
                names.formUnion((type.omit + type.unwrap).map(\.text))
            })
    }

    /// Options that say something of another kind of contract.
    static func checkOptions(_ mapping: MappingFile, _ file: MappingSource) {
        let grpc = ["enums", "names", "defaults"]
        var wrongJSON: [String] = []
        var wrongKeys: [String] = []
        let kind: String
        switch mapping.backend.kind {
        case .soap, .xml:
            kind = "an XML"
            wrongJSON = grpc
        case .grpc:
            kind = "a gRPC"
            wrongJSON = ["decimal"]
            wrongKeys = ["naming", "namespaces"]
        case .http:
            kind = "an http"
            wrongKeys = ["naming", "types", "namespaces", "json", "annotated"]
        }
        if case .xml(let xml) = mapping.backend.kind, xml.contract == nil,
            let pair = mapping.root.pair("types")
        {
            file.report(
                .error, "misplaced-key", pair.key,
                "`types` says nothing of an xml backend without a contract",
                expected: expected("types"))
        }
        for name in wrongKeys {
            guard let pair = mapping.root.pair(name) else { continue }
            file.report(
                .error, "misplaced-key", pair.key, "`\(name)` says nothing of \(kind) backend",
                expected: expected(name))
        }
        for name in wrongJSON {
            guard let pair = mapping.root["json"]?.pair(name) else { continue }
            let others = kind == "a gRPC" ? "a soap or xml backend" : "a grpc backend"
            file.report(
                .error, "misplaced-key", pair.key, "`json.\(name)` says nothing of \(kind) backend",
                expected: others)
        }
    }
}
