// SPDX-License-Identifier: Apache-2.0
// Reads one mapping file into its model. Everything that is wrong is reported; what can still be
// understood comes back, so that the compiler finds the rest in the same run.

package struct MappingReader {
    let file: String
    let files: ContractFiles
    let collector: DiagnosticCollector

    /// Nil where there is no service or no backend to speak of.
    package static func read(
        _ source: SourceText, files: ContractFiles, into collector: DiagnosticCollector
    ) -> MappingFile? {
        guard let root = YAMLReader.read(source, into: collector) else { return nil }
        if root.isNull {
            collector.error(
                "missing-key", source.path, root, "the file is empty",
                expected: "a mapping with the keys `service` and `backend`")
            return nil
        }
        let checker = ShapeChecker(file: source.path, collector: collector, externals: nil)
        let node = checker.check(root, .object(MappingShapes.mapping), name: source.path)
        let reader = MappingReader(file: source.path, files: files, collector: collector)
        return reader.mapping(node)
    }

    private func mapping(_ node: YAMLNode) -> MappingFile? {
        guard let service = node["service"], service.text != nil,
            let backendNode = node["backend"], let backend = backend(backendNode)
        else { return nil }
        var mapping = MappingFile(
            path: file, service: LocatedText(service), backend: backend,
            upstream: located(backendNode["upstream"]), root: node)
        let checked = CheckedNode(node: node)
        mapping.hosts = (checked["hosts"].texts ?? []).map { $0.lowercased() }
        let base = checked["base"].text ?? ""
        mapping.base = ScalarKind.basePath.accepts(base) ? base : ""
        mapping.policy = PolicyReader.read(node, file, collector)
        mapping.naming = checked["naming"].text.flatMap(MappingFile.Naming.init) ?? .asIs
        mapping.types = (node["types"]?.pairs ?? []).map(typeOptions)
        mapping.json = jsonOptions(checked["json"])
        mapping.namespaces = (node["namespaces"]?.pairs ?? []).map {
            (LocatedText($0.key), $0.value.text ?? "")
        }
        mapping.tables = (node["tables"]?.pairs ?? []).map(table)
        mapping.errors = node["errors"]
        mapping.unknownParameters = unknownParameters(node["unknown_parameters"])
        mapping.keepsAnnotated = checked["annotated"].text == "keep"
        mapping.routes = node["routes"].map { routes in
            (routes.pairs ?? []).compactMap { route($0, base: mapping.base) }
        }
        checkHosts(node["hosts"])
        return mapping
    }

    private func checkHosts(_ node: YAMLNode?) {
        guard let items = node?.items else { return }
        if items.isEmpty, let node {
            collector.error(
                "wrong-value", file, node, "`hosts` is an empty list, so nothing would match",
                expected: "at least one host, or no `hosts` at all")
        }
        var seen: Set<String> = []
        for item in items {
            if let text = item.text?.lowercased(), !seen.insert(text).inserted {
                collector.error(
                    "duplicate-host", file, item, "the host `\(text)` is in the list twice")
            }
        }
    }

    func located(_ node: YAMLNode?) -> LocatedText? {
        node.flatMap { $0.text == nil ? nil : LocatedText($0) }
    }

    private func contract(_ node: YAMLNode?) -> ContractReference? {
        guard let node, node.text?.isEmpty == false else { return nil }
        return files.reference(node, file, collector)
    }

    private func backend(_ node: YAMLNode) -> MappingBackend? {
        let kind: MappingBackend.Kind
        if let soap = node["soap"] {
            guard let contract = contract(soap["contract"]) else { return nil }
            kind = .soap(
                MappingBackend.SOAP(
                    contract: contract, service: located(soap["service"]),
                    port: located(soap["port"]), version: located(soap["version"]),
                    isMTOM: CheckedNode(node: node)["soap"]["mtom"].boolean,
                    usesAddressing: CheckedNode(node: node)["soap"]["addressing"].boolean))
        } else if let xml = node["xml"] {
            kind = .xml(
                MappingBackend.XML(
                    contract: contract(xml["contract"]), port: located(xml["port"]),
                    method: xml["method"]?.text, path: xml["path"]?.text))
        } else if let grpc = node["grpc"] {
            guard let contract = contract(grpc["contract"]) else { return nil }
            checkProto(contract)
            kind = .grpc(
                MappingBackend.GRPC(
                    contract: contract, service: located(grpc["service"]),
                    rules: self.contract(grpc["rules"])))
        } else if let http = node["http"] {
            kind = .http(path: located(http["path"]))
        } else {
            return nil
        }
        return MappingBackend(kind: kind, node: node)
    }

    /// The contract of gRPC is a descriptor set; who names its source is told the way.
    private func checkProto(_ contract: ContractReference) {
        guard contract.text.text.hasSuffix(".proto"), contract.path != nil else { return }
        collector.error(
            "proto-contract", file, contract.text.node,
            "a .proto file is not a contract yet: protoc must make a descriptor set of it",
            expected: "a descriptor set (.binpb)",
            suggestion: "dragoman import schemas/\(contract.text.text) --into DIR")
    }

    private func typeOptions(_ pair: YAMLNode.Pair) -> TypeOptions {
        let node = pair.value
        var options = TypeOptions(name: LocatedText(pair.key))
        options.rename = (node["rename"]?.pairs ?? []).map {
            (LocatedText($0.key), LocatedText($0.value))
        }
        options.omit = (node["omit"]?.items ?? []).map(LocatedText.init)
        options.unwrap = (node["unwrap"]?.items ?? []).map(LocatedText.init)
        options.textual = (node["as"]?.pairs ?? []).map {
            (LocatedText($0.key), LocatedText($0.value))
        }
        return options
    }

    private func jsonOptions(_ node: CheckedNode) -> JSONOptions {
        var options = JSONOptions()
        options.int64 = node["int64"].text.flatMap(JSONOptions.NumberForm.init)
        options.decimal = node["decimal"].text.flatMap(JSONOptions.NumberForm.init)
        options.enums = node["enums"].text.flatMap(JSONOptions.EnumForm.init)
        options.names = node["names"].text.flatMap(JSONOptions.NameForm.init)
        options.defaults = node["defaults"].text.flatMap(JSONOptions.Presence.init)
        options.arrays = node["arrays"].text.flatMap(JSONOptions.Presence.init)
        options.unknown = node["unknown"].text.flatMap(JSONOptions.Unknown.init)
        return options
    }

    private func table(_ pair: YAMLNode.Pair) -> (name: LocatedText, table: MappingTable) {
        let name = LocatedText(pair.key)
        if pair.value.text != nil {
            return (name, .file(files.reference(pair.value, file, collector)))
        }
        return (name, .inline((pair.value.pairs ?? []).map { ($0.name, $0.value) }))
    }

    func schema(_ node: YAMLNode?) -> SchemaReference? {
        guard let node else { return nil }
        if node.text != nil, node.value != .boolean(true), node.value != .boolean(false) {
            return .file(files.reference(node, file, collector))
        }
        return .inline(node)
    }
}
