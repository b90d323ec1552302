// SPDX-License-Identifier: Apache-2.0
// The contract of an `xml` backend: messages are global elements of an XSD (or of the types of a
// WSDL), without an envelope.

package import DragomanDocument

/// The global elements of a contract, compiled; immutable.
package final class XMLServiceContract: Sendable {
    package let plans: PlanSet
    /// In document order, abstract ones left out. `name` is the local name where it is unique,
    /// else `prefix:Name`.
    package let elements: [PartPlan]
    /// Of the port, where the contract is a WSDL that has a usable one.
    package let address: String?
    private let pool: ConstantPool

    private init(plans: PlanSet, elements: [PartPlan], address: String?, pool: ConstantPool) {
        self.plans = plans
        self.elements = elements
        self.address = address
        self.pool = pool
    }

    /// By the name that `call` uses; `{uri}Name` is always read.
    package func element(named name: String) -> PartPlan? {
        elements.first { $0.name == name }
            ?? elements.first { plans.name(of: $0.element).description == name }
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
        return make(
            contract, address: endpoint?.usableAddress, naming: naming, namespaces: namespaces)
    }

    private static func make(
        _ contract: WSDLContract, address: String?, naming: NamingOptions,
        namespaces: [(prefix: String, uri: String)]
    ) -> XMLServiceContract {
        let schemas = contract.schemas
        let compiler = PlanCompiler(schemas: schemas, naming: naming, namespaces: namespaces)
        let place = ContractPlace(file: contract.file, line: 1, column: 1)
        let names = schemas.globalElements.filter {
            !(schemas.element($0)?.isAbstract ?? true)
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
        return XMLServiceContract(
            plans: plans, elements: elements, address: address, pool: pool)
    }

    /// The JSON Schema (2020-12) of an element's JSON form.
    package func appendSchema(
        of part: PartPlan, form: JSONSchemaWriter.Form, to document: Document
    ) {
        JSONSchemaWriter.append(part.element, of: plans, form: form, to: document)
    }

    package static let contentType = "application/xml; charset=utf-8"
}

/// Writes XML messages, one after the other. Belongs to one event loop.
package final class XMLRequestWriter {
    private var writer: PlanWriter?
    private lazy var fragments = FragmentReader()

    package init() {}

    /// Appends a whole document whose root is `part`'s element.
    package func write(
        _ part: PartPlan, of contract: XMLServiceContract, body: Node, to output: OutputBuffer
    ) throws(TranslationError) {
        output.append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")
        let writer = self.writer ?? PlanWriter(plans: contract.plans)
        self.writer = writer
        writer.begin(contract.plans, to: output)
        try writer.write(part.element, body)
        writer.end()
    }

    /// Appends a document without a contract: `{"@xml": "<root/>"}`.
    package func write(body: Node, to output: OutputBuffer) throws(TranslationError) {
        guard body.isObject, body.count == 1, let text = body.member("@xml"), text.isString
        else {
            throw TranslationError(
                .value, "Without a contract, the body is {\"@xml\": \"<root/>\"}.", at: body)
        }
        output.append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")
        _ = try fragments.copy(text, to: output)
    }
}
