// SPDX-License-Identifier: Apache-2.0
// SOAP contracts as mappings use them: operations with the JSON Schemas of their messages, and the
// routes that a contract has of its own.

internal import DragomanDocument
internal import DragomanSchema
internal import DragomanXML

/// One port of a WSDL, under one naming.
final class SOAPBackend {
    let contract: ServiceContract
    /// Requests go out as MTOM.
    let isMTOM: Bool
    /// Requests bear WS-Addressing's headers.
    let usesAddressing: Bool
    private let library: ContractLibrary
    private var operations: [String: SOAPOperation] = [:]
    fileprivate let requestSchemas: SchemaGroup
    fileprivate let replySchemas: SchemaGroup
    /// What `fault` is in rules for errors.
    private(set) lazy var faultShape = makeFaultShape()

    init(
        contract: ServiceContract, backend: MappingBackend.SOAP, library: ContractLibrary
    ) {
        self.contract = contract
        isMTOM = backend.isMTOM ?? contract.wantsMTOM
        usesAddressing = backend.usesAddressing ?? contract.wantsAddressing
        self.library = library
        requestSchemas = SchemaGroup(library.library, names: contract.operations.map(\.name)) {
            contract.appendRequestSchemas(to: $0)
        }
        replySchemas = SchemaGroup(
            library.library, names: contract.operations.filter { !$0.isOneWay }.map(\.name)
        ) {
            contract.appendReplySchemas(to: $0)
        }
    }

    var names: [String] { contract.operations.map(\.name) }

    func operation(named name: String) -> OperationContract? {
        guard let plan = contract.operation(named: name) else { return nil }
        let operation = operations[name] ?? SOAPOperation(plan, self)
        operations[name] = operation
        return OperationContract(
            name: plan.name, target: .soap(operation), isOneWay: plan.isOneWay,
            bodySchema: operation.bodySchema,
            replySchema: plan.isOneWay ? nil : operation.replySchema,
            request: { operation.request },
            reply: { plan.isOneWay ? nil : operation.reply })
    }

    func shape(_ name: String, _ build: (Document) -> Void) -> SchemaShape? {
        library.shape(name: name, build)
    }
}

/// An operation, its schemas made when they are first asked for.
final class SOAPOperation {
    let plan: OperationPlan
    unowned let backend: SOAPBackend
    let bodySchema: LazySchema
    let replySchema: LazySchema
    private(set) lazy var request = SOAPOperation.shape(
        bodySchema, "the request of \(plan.name)")
    private(set) lazy var reply = SOAPOperation.shape(replySchema, "the reply of \(plan.name)")

    init(_ plan: OperationPlan, _ backend: SOAPBackend) {
        self.plan = plan
        self.backend = backend
        bodySchema = backend.requestSchemas.lazy(plan.name)
        replySchema = backend.replySchemas.lazy(plan.name)
    }

    private static func shape(_ schema: LazySchema, _ name: String) -> SchemaShape? {
        guard let program = schema.program else { return nil }
        return SchemaShape(view: program.view, source: schema.source, name: name)
    }

    /// What `soap_header` may be: an object of the declared parts, and blocks that no contract
    /// declares. No member is required: a part of which nothing is set is not sent.
    private(set) lazy var headerShape = backend.shape("the SOAP header of \(plan.name)") {
        document in
        document.beginObject()
        document.key("type")
        document.append(string: "object")
        document.key("properties")
        document.beginObject()
        for part in plan.headers {
            document.key(part.name)
            appendPart(part, to: document)
        }
        document.key("@any")
        document.beginObject()
        document.key("type")
        document.append(string: "array")
        document.key("items")
        document.beginObject()
        document.key("type")
        document.append(string: "string")
        document.key("contentMediaType")
        document.append(string: "application/xml")
        document.endObject()
        document.endObject()
        document.endObject()
        document.key("additionalProperties")
        document.append(false)
        document.endObject()
    }

    /// Of each part of the header, the members that it must have if it is sent. Known once
    /// `headerShape` is.
    private(set) var headerRequirements: [String: Set<String>] = [:]

    /// A part by its contract, with what any block may have beside it.
    private func appendPart(_ part: PartPlan, to document: Document) {
        let shape = backend.shape("the header part \(part.name)") {
            plan.appendSchema(ofHeader: part, to: $0)
        }
        document.beginObject()
        defer { document.endObject() }
        guard let shape, let reference = shape.reference else { return }
        guard shape.types == .object, shape.isClosed else {
            document.key("$ref")
            return document.append(string: reference)
        }
        headerRequirements[part.name] = shape.required
        document.key("type")
        document.append(string: "object")
        document.key("properties")
        document.beginObject()
        for name in shape.memberNames {
            guard case .known(let member) = shape.member(name) else { continue }
            document.key(name)
            document.beginObject()
            if let reference = member.reference {
                document.key("$ref")
                document.append(string: reference)
            }
            document.endObject()
        }
        for name in ["@mustUnderstand", "@role"] {
            document.key(name)
            document.append(true)
        }
        document.endObject()
        document.key("additionalProperties")
        document.append(false)
    }

    func call(
        upstream: Int, settings: UpstreamSettings, header: TemplateProgram?,
        headers: [NamedTemplate], arena: PlanArena
    ) -> SOAPCall {
        // A URL's path replaces the contract's; without one, that stays (PRODUCT.md, Protocols).
        let path = settings.path ?? SOAPOperation.path(of: backend.contract.address) ?? "/"
        return SOAPCall(
            upstream: upstream, operation: plan, path: arena.text(path), header: header,
            headers: headers, contract: backend.contract, isMTOM: backend.isMTOM,
            address: backend.usesAddressing ? arena.text(settings.address(path)) : nil)
    }

    /// Path and query of an address; nil where there is none.
    static func path(of address: String?) -> String? {
        guard let address, let start = address.firstRange(of: "://") else { return nil }
        let rest = address[start.upperBound...].prefix { $0 != "#" }
        guard let slash = rest.firstIndex(where: { $0 == "/" || $0 == "?" }) else { return nil }
        return rest[slash] == "?" ? "/" + rest[slash...] : String(rest[slash...])
    }
}

extension ContractLibrary {
    /// The contract of a mapping; nil where it can not be used, which has been reported.
    func soap(_ backend: MappingBackend.SOAP, _ mapping: MappingFile, _ file: MappingSource)
        -> SOAPBackend?
    {
        guard let path = backend.contract.path else { return nil }
        let naming = ContractLibrary.naming(mapping)
        let key = ContractLibrary.key(path, backend, mapping)
        if let known = soap[key] { return known }
        let problems = ContractProblems()
        let contractFiles = DragomanXML.ContractFiles(
            start: path, folders: ContractFolders(root: files.root), problems: problems)
        var contract: ServiceContract?
        let source = contractFiles.first()
        if let source,
            let loaded = WSDLContract.load(
                source, resolver: contractFiles.resolve, problems: problems)
        {
            guard check(backend, loaded, file) else {
                soap[key] = .some(nil)
                return nil
            }
            contract = select(backend, loaded).map { endpoint, version in
                ServiceContract.make(
                    loaded, endpoint, version: version, naming: naming,
                    namespaces: mapping.namespaces.map { ($0.prefix.text, $0.uri) })
            }
        }
        report(problems, backend.contract, file)
        if let contract, !problems.hasErrors {
            NamingDiagnostics.report(contract.namingProblems, mapping, file)
        }
        let made =
            problems.hasErrors
            ? nil
            : contract.map {
                SOAPBackend(contract: $0, backend: backend, library: self)
            }
        soap[key] = .some(made)
        if made == nil, !problems.hasErrors {
            file.report(
                .error, "contract", backend.contract.text.node,
                "there is nothing to call in this contract")
        }
        return made
    }

    private func select(
        _ backend: MappingBackend.SOAP, _ contract: WSDLContract
    ) -> (WSDLEndpoint, SOAPVersion?)? {
        let version = backend.version.flatMap { SOAPVersion(rawValue: $0.text) }
        let selection = SOAPSelection(
            service: backend.service?.text, port: backend.port?.text, version: version)
        return contract.endpoint(selection).map { ($0, version) }
    }

    /// Whether the service and the port that the mapping names are there.
    private func check(
        _ backend: MappingBackend.SOAP, _ contract: WSDLContract, _ file: MappingSource
    ) -> Bool {
        var endpoints = contract.endpoints()
        if let service = backend.service {
            endpoints = endpoints.filter { $0.isOfService(service.text) }
            let names = contract.endpoints().map(\.service)
            if endpoints.isEmpty, !known(service, "service", names, file) { return false }
        }
        guard let port = backend.port else { return true }
        let bindings = endpoints.map(\.binding.name.local)
        return known(port, "port", endpoints.compactMap(\.port) + bindings, file)
    }

    func known(
        _ name: LocatedText, _ kind: String, _ names: [String], _ file: MappingSource
    ) -> Bool {
        if names.contains(name.text) { return true }
        var seen: Set<String> = []
        let different = names.filter { seen.insert($0).inserted }
        file.report(
            .error, "unknown-\(kind)", name.node, "the contract has no \(kind) `\(name.text)`",
            expected: different.isEmpty ? nil : "one of " + different.joined(separator: ", "),
            suggestion: NearestName.find(name.text, in: different))
        return false
    }

    func report(
        _ problems: ContractProblems, _ contract: ContractReference, _ file: MappingSource
    ) {
        let root = FileAccess.resolved(files.root).map { $0 + "/" } ?? ""
        // What a schema declares that is not there is missed everywhere.
        let lacksFile = problems.all.contains { $0.severity == .error && $0.code == "import" }
        for problem in problems.all where !lacksFile || problem.code != "reference" {
            let severity: Diagnostic.Severity = problem.severity == .error ? .error : .warning
            let isInside = problem.file.hasPrefix(root)
            guard isInside, problem.line > 0 else {
                file.report(severity, "contract", contract.text.node, problem.message)
                continue
            }
            collector.report(
                Diagnostic(
                    severity, code: "contract",
                    file: "schemas/" + problem.file.dropFirst(root.count),
                    position: SourcePosition(
                        line: problem.line, column: max(1, problem.column)),
                    message: problem.message,
                    related: [file.related(contract.text.node, "the contract is named here")]))
        }
    }

    static func naming(_ mapping: MappingFile) -> NamingOptions {
        var options = NamingOptions()
        options.camelCase = mapping.naming == .camelCase
        for type in mapping.types {
            var own = NamingOptions.TypeOptions()
            for (member, name) in type.rename { own.rename[member.text] = name.text }
            own.omit = Set(type.omit.map(\.text))
            own.unwrap = Set(type.unwrap.map(\.text))
            for (member, form) in type.textual {
                own.numbers[member.text] = form.text == "number" ? .number : .string
            }
            options.types[type.name.text] = own
        }
        if mapping.json.int64 == .string { options.int64 = .string }
        if mapping.json.decimal == .string { options.decimal = .string }
        options.printsEmptyArrays = mapping.json.arrays == .print
        return options
    }

    /// Mappings that say the same of one contract share what is compiled of it.
    private static func key(
        _ path: String, _ backend: MappingBackend.SOAP, _ mapping: MappingFile
    ) -> String {
        var key = path
        let mtom =
            "\(String(describing: backend.isMTOM)) \(String(describing: backend.usesAddressing))"
        for part in [backend.service?.text, backend.port?.text, backend.version?.text, mtom] {
            key += "\n" + (part ?? "")
        }
        for (prefix, uri) in mapping.namespaces { key += "\n\(prefix.text)=\(uri)" }
        if mapping.naming != .asIs || !mapping.types.isEmpty || mapping.json != JSONOptions() {
            // Rare, and not worth comparing: such a mapping has its own.
            key += "\n" + mapping.path
        }
        return key
    }
}
