// SPDX-License-Identifier: Apache-2.0
// The contract of an `xml` backend: messages are global elements of an XSD (or of the types of a
// WSDL), or the operations of a WSDL port with an HTTP binding, without an envelope.

package import DragomanDocument

/// The elements and operations of a contract, compiled; immutable.
package final class XMLServiceContract: Sendable {
    package let plans: PlanSet
    /// In document order, abstract ones left out. `name` is the local name where it is unique,
    /// else `prefix:Name`.
    package let elements: [PartPlan]
    /// Of the HTTP binding, in WSDL order; else one for each element.
    package let operations: [XMLOperationPlan]
    /// Operations of the port that can not be called, and why.
    package let omitted: [OmittedOperation]
    /// What the mapping's `types` says that the contract does not have.
    package let namingProblems: [NamingProblem]
    /// The port with an HTTP binding, where the contract is a WSDL that has one.
    package let endpoint: WSDLEndpoint?
    private let byName: [String: Int]
    private let pool: ConstantPool

    /// Of the port, where the contract is a WSDL that has a usable one.
    package var address: String? { endpoint?.usableAddress }
    /// Operations are those of an HTTP binding.
    package var isBound: Bool { endpoint != nil }

    private init(
        plans: PlanSet, elements: [PartPlan], bound: [XMLOperationPlan],
        omitted: [OmittedOperation], namingProblems: [NamingProblem],
        endpoint: WSDLEndpoint?, pool: ConstantPool
    ) {
        self.plans = plans
        self.elements = elements
        self.omitted = omitted
        self.namingProblems = namingProblems
        self.endpoint = endpoint
        self.pool = pool
        operations =
            endpoint != nil
            ? bound : elements.map { XMLServiceContract.operation(of: $0, plans) }
        var byName: [String: Int] = [:]
        for (index, operation) in operations.enumerated() {
            byName[operation.name] = byName[operation.name] ?? index
        }
        self.byName = byName
    }

    private static func operation(of part: PartPlan, _ plans: PlanSet) -> XMLOperationPlan {
        XMLOperationPlan(
            name: part.name,
            documentation: plans.descriptions.elementDocumentation[part.element.index],
            method: "POST", location: "", request: .document(part.element), reply: .anyElement,
            isOneWay: false)
    }

    /// By the name that `call` uses; `{uri}Name` is always read.
    package func element(named name: String) -> PartPlan? {
        elements.first { $0.name == name }
            ?? elements.first { plans.name(of: $0.element).description == name }
    }

    /// By the name that `call` uses: an operation of the HTTP binding, or a global element.
    package func operation(named name: String) -> XMLOperationPlan? {
        if let index = byName[name] { return operations[index] }
        return element(named: name).map { XMLServiceContract.operation(of: $0, plans) }
    }

    /// Reads an XSD or a WSDL. Problems are collected in `problems`; nil where the file is no
    /// contract at all.
    package static func load(
        _ source: ContractSource, port: String? = nil,
        naming: NamingOptions = NamingOptions(),
        namespaces: [(prefix: String, uri: String)] = [],
        resolver: @escaping ContractResolver, problems: ContractProblems
    ) -> XMLServiceContract? {
        guard
            let contract = WSDLContract.load(source, resolver: resolver, problems: problems)
        else { return nil }
        let endpoints = contract.endpoints().filter(\.isHTTPBinding)
        let endpoint = port.map { name in endpoints.first { $0.port == name } } ?? endpoints.first
        if let port, endpoint == nil {
            problems.error(
                ContractPlace(file: source.name, line: 1, column: 1), code: "contract",
                "there is no port \(port) with an HTTP binding")
        }
        return make(contract, endpoint, naming: naming, namespaces: namespaces)
    }

    /// Compiles a loaded contract, of a WSDL one port.
    /// `endpoint`: with an HTTP binding; nil for the contract's global elements.
    package static func make(
        _ contract: WSDLContract, _ endpoint: WSDLEndpoint?,
        naming: NamingOptions = NamingOptions(),
        namespaces: [(prefix: String, uri: String)] = []
    ) -> XMLServiceContract {
        let schemas = contract.schemas
        let compiler = PlanCompiler(schemas: schemas, naming: naming, namespaces: namespaces)
        let place = ContractPlace(file: contract.file, line: 1, column: 1)
        let names = schemas.globalElements.filter { name in
            guard let declaration = schemas.element(name) else { return false }
            return !declaration.isAbstract && !BuiltInSchemas.isBuiltIn(declaration.place)
        }
        var bound: [XMLOperationPlan] = []
        var omitted: [OmittedOperation] = []
        if let endpoint {
            let drafter = HTTPBindingDrafter(
                contract: contract, endpoint: endpoint, compiler: compiler)
            bound = contract.drafts(of: endpoint, omitted: &omitted, drafter.draft)
        }
        var handles: [(name: XMLName, element: ElementPlan)] = []
        for name in names {
            if let element = compiler.element(name, at: place) { handles.append((name, element)) }
        }
        let plans = compiler.finish()
        var counts: [String: Int] = [:]
        for handle in handles { counts[handle.name.local, default: 0] += 1 }
        let pool = ConstantPool()
        let elements = handles.map { handle in
            let local = handle.name.local
            let prefix = plans.prefix(of: handle.name.namespace) ?? ""
            let name = counts[local] == 1 || prefix.isEmpty ? local : "\(prefix):\(local)"
            return PartPlan(name: name, key: pool.text(name), element: handle.element)
        }
        let flat = bound.filter { operation in
            guard let reason = unflat(operation, plans) else { return true }
            omitted.append(
                OmittedOperation(name: operation.name, reason: reason, place: place))
            return false
        }
        return XMLServiceContract(
            plans: plans, elements: elements, bound: flat, omitted: omitted,
            namingProblems: compiler.namingProblems, endpoint: endpoint, pool: pool)
    }

    /// Why the parts of an operation can not be text; nil where they can.
    private static func unflat(_ operation: XMLOperationPlan, _ plans: PlanSet) -> String? {
        switch operation.request {
        case .document: return nil
        case .query(let element), .replacement(let element), .form(let element):
            let others = FlatForm(element, of: plans).others
            guard let first = others.first else { return nil }
            return "its part \(first) is no text, and could not stand in an URL or a form"
        }
    }

    /// The JSON Schema (2020-12) of an element's JSON form.
    package func appendSchema(
        of part: PartPlan, form: JSONSchemaWriter.Form, to document: Document
    ) {
        JSONSchemaWriter.append(part.element, of: plans, form: form, to: document)
    }

    /// The JSON Schema (2020-12) of a request. `form`: `request`, or `accepted`.
    package func appendRequestSchema(
        of operation: XMLOperationPlan, form: JSONSchemaWriter.Form, to document: Document
    ) {
        JSONSchemaWriter.append(operation.request.element, of: plans, form: form, to: document)
    }

    /// The JSON Schema (2020-12) of a reply; nothing where any element may come back.
    package func appendReplySchema(of operation: XMLOperationPlan, to document: Document) {
        switch replyElement(of: operation) {
        case .some(.some(let element)):
            JSONSchemaWriter.append(element, of: plans, form: .reply, to: document)
        case .some(.none):
            document.beginObject()
            document.key("type")
            document.append(string: "object")
            document.endObject()
        case .none: return
        }
    }

    /// What the reply's schema is of: nil within, of an object of which nothing is said; nil as a
    /// whole, of nothing.
    func replyElement(of operation: XMLOperationPlan) -> ElementPlan?? {
        switch operation.reply {
        case .element(let element), .content(let element): return .some(element)
        case .anyElement:
            return elements.count == 1 ? elements.first.map { .some($0.element) } : nil
        case .nothing: return .some(nil)
        }
    }

    package static let contentType: StaticString = "application/xml; charset=utf-8"
}
