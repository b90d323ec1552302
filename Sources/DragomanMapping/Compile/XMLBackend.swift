// SPDX-License-Identifier: Apache-2.0
// XML backends without an envelope as mappings use them: operations with the JSON Schemas of
// their messages, by an XSD, by a WSDL's HTTP binding, or in the generic form of no contract.

internal import DragomanDocument
internal import DragomanSchema
internal import DragomanXML

/// What a mapping's `xml` names, under one naming.
final class XMLBackend {
    /// Nil: bodies are `@xml`.
    let contract: XMLServiceContract?
    private let backend: MappingBackend.XML
    private let library: ContractLibrary
    private var operations: [String: XMLOperation] = [:]

    init(
        contract: XMLServiceContract?, backend: MappingBackend.XML, library: ContractLibrary
    ) {
        self.contract = contract
        self.backend = backend
        self.library = library
    }

    var names: [String] { contract?.operations.map(\.name) ?? [] }

    /// A route of it may leave out `call`: there is one thing to call.
    var needsNoCall: Bool { contract == nil || !sendsEntity }

    /// The method that the mapping names carries a document.
    private var sendsEntity: Bool {
        guard let method = backend.method else { return true }
        return !["GET", "HEAD", "DELETE", "OPTIONS", "TRACE"].contains(method)
    }

    /// By the name that `call` uses; without a contract every name is one.
    func operation(named name: String) -> OperationContract? {
        if let known = operations[name] { return contract(known, name) }
        let made: XMLOperation
        if let contract {
            guard let plan = contract.operation(named: name) else {
                return needsNoCall ? bare(name) : nil
            }
            made = XMLOperation(plan, contract, library, sendsEntity: sendsEntity)
        } else {
            return bare(name)
        }
        operations[name] = made
        return self.contract(made, name)
    }

    /// A call whose request no contract describes.
    func bare(_ name: String) -> OperationContract {
        let known = operations[name]
        let made = known ?? XMLOperation(contract, library, sendsEntity: sendsEntity)
        operations[name] = made
        return contract(made, name)
    }

    private func contract(_ operation: XMLOperation, _ name: String) -> OperationContract {
        let method = backend.method ?? operation.plan?.method ?? "POST"
        return OperationContract(
            name: operation.plan?.name ?? name, target: .xml(operation),
            isOneWay: operation.plan?.isOneWay ?? false,
            isIdempotent: ["GET", "HEAD", "PUT", "DELETE"].contains(method),
            bodySchema: operation.bodySchema, replySchema: operation.replySchema,
            request: { operation.request }, reply: { operation.reply })
    }

    /// The upstream's path, then the mapping's own, else the contract's.
    func path(_ settings: UpstreamSettings) -> String {
        var path = settings.prefix
        if let own = backend.path { return path + (own.hasPrefix("/") ? own : "/" + own) }
        if settings.path == nil, let address = SOAPOperation.path(of: contract?.address) {
            path = address
        } else if let whole = settings.path {
            path = whole
        }
        let isBound = contract?.isBound ?? false
        if isBound, path.hasSuffix("/") { path.removeLast() }
        return path.isEmpty && !isBound ? "/" : path
    }

    func call(
        _ operation: XMLOperation, upstream: Int, settings: UpstreamSettings,
        headers: [NamedTemplate], arena: PlanArena
    ) -> XMLCall {
        var path = path(settings)
        if path.isEmpty, operation.plan?.location.hasPrefix("/") != true { path = "/" }
        return XMLCall(
            upstream: upstream, operation: sendsEntity ? operation.plan : nil,
            method: arena.text(backend.method ?? operation.plan?.method ?? "POST"),
            path: arena.text(path), sendsEntity: sendsEntity, headers: headers,
            contract: contract)
    }

    /// The routes of a mapping that writes none.
    func derivedRoutes(_ mapping: MappingFile, at node: YAMLNode) -> [MappingRoute] {
        guard let contract else { return [] }
        return MappingRoute.derived(
            DerivedRoute.routes(of: contract), of: mapping, at: node)
    }
}

/// An operation, its schemas made when they are first asked for.
final class XMLOperation {
    /// Nil: no contract says what is sent.
    let plan: XMLOperationPlan?
    let bodySchema: LazySchema?
    let replySchema: LazySchema?
    private(set) lazy var request = XMLOperation.shape(bodySchema, "the request")
    private(set) lazy var reply = XMLOperation.shape(replySchema, "the reply")

    init(
        _ plan: XMLOperationPlan, _ contract: XMLServiceContract, _ library: ContractLibrary,
        sendsEntity: Bool
    ) {
        self.plan = plan
        bodySchema =
            sendsEntity || !XMLOperation.isDocument(plan)
            ? library.library.lazy {
                contract.appendRequestSchema(of: plan, form: .accepted, to: $0)
            }
            : library.library.lazy { XMLOperation.appendNothing(to: $0) }
        let isKnown =
            switch plan.reply {
            case .anyElement: contract.elements.count == 1
            default: true
            }
        replySchema =
            isKnown && !plan.isOneWay
            ? library.library.lazy { contract.appendReplySchema(of: plan, to: $0) } : nil
    }

    /// `contract`: of the reply; nil for the generic form both ways.
    init(_ contract: XMLServiceContract?, _ library: ContractLibrary, sendsEntity: Bool) {
        plan = nil
        bodySchema =
            sendsEntity
            ? library.library.lazy { XMLOperation.appendGeneric(to: $0, isRequest: true) }
            : library.library.lazy { XMLOperation.appendNothing(to: $0) }
        replySchema =
            contract == nil
            ? library.library.lazy { XMLOperation.appendGeneric(to: $0, isRequest: false) } : nil
    }

    private static func isDocument(_ plan: XMLOperationPlan) -> Bool {
        if case .document = plan.request { true } else { false }
    }

    private static func shape(_ schema: LazySchema?, _ name: String) -> SchemaShape? {
        guard let schema, let program = schema.program else { return nil }
        return SchemaShape(view: program.view, source: schema.source, name: name)
    }

    /// `{"@xml": "<root/>"}`; a reply may be empty.
    private static func appendGeneric(to document: Document, isRequest: Bool) {
        document.beginObject()
        document.key("type")
        document.append(string: "object")
        document.key("properties")
        document.beginObject()
        document.key("@xml")
        document.beginObject()
        document.key("type")
        document.append(string: "string")
        document.key("contentMediaType")
        document.append(string: "application/xml")
        document.key("description")
        document.append(string: "One element, as XML")
        document.endObject()
        document.endObject()
        if isRequest {
            document.key("required")
            document.beginArray()
            document.append(string: "@xml")
            document.endArray()
        }
        close(document)
    }

    private static func appendNothing(to document: Document) {
        document.beginObject()
        document.key("type")
        document.append(string: "object")
        close(document)
    }

    private static func close(_ document: Document) {
        document.key("additionalProperties")
        document.append(false)
        document.endObject()
    }
}

extension ContractLibrary {
    /// The contract of an `xml` backend; nil where it can not be used, which has been reported.
    func xml(_ backend: MappingBackend.XML, _ mapping: MappingFile, _ file: MappingSource)
        -> XMLBackend?
    {
        guard let reference = backend.contract else {
            if let port = backend.port {
                file.report(
                    .error, "misplaced-key", port.node,
                    "a `port` needs the contract that has it", expected: "`contract`: a WSDL")
                return nil
            }
            return XMLBackend(contract: nil, backend: backend, library: self)
        }
        guard let path = reference.path else { return nil }
        let problems = ContractProblems()
        let contractFiles = DragomanXML.ContractFiles(
            start: path, folders: ContractFolders(root: files.root), problems: problems)
        var contract: XMLServiceContract?
        if let source = contractFiles.first(),
            let loaded = WSDLContract.load(
                source, resolver: contractFiles.resolve, problems: problems)
        {
            let endpoints = loaded.endpoints().filter(\.isHTTPBinding)
            let names = endpoints.compactMap(\.port) + endpoints.map(\.binding.name.local)
            if let port = backend.port, !known(port, "port", names, file) { return nil }
            let endpoint =
                backend.port.map { port in
                    endpoints.first {
                        $0.port == port.text || $0.binding.name.local == port.text
                    }
                } ?? endpoints.first
            contract = XMLServiceContract.make(
                loaded, endpoint, naming: ContractLibrary.naming(mapping),
                namespaces: mapping.namespaces.map { ($0.prefix.text, $0.uri) })
        }
        report(problems, reference, file)
        guard !problems.hasErrors, let contract else { return nil }
        NamingDiagnostics.report(contract.namingProblems, mapping, file)
        if contract.operations.isEmpty {
            let reasons = contract.omitted.map { "\($0.name): \($0.reason)" }
            file.report(
                .error, "contract", reference.text.node,
                "there is nothing to call in this contract"
                    + (reasons.isEmpty ? "" : "; " + reasons.prefix(5).joined(separator: "; ")))
            return nil
        }
        return XMLBackend(contract: contract, backend: backend, library: self)
    }
}
