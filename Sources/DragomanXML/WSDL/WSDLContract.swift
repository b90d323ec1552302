// SPDX-License-Identifier: Apache-2.0
// A WSDL 1.1 with all that it imports, loaded: the model, the schemas, the problems.

/// A loaded contract: a WSDL's model and the set of its schemas.
package final class WSDLContract {
    package let model: WSDLModel
    /// Resolved; empty for a contract without types.
    package let schemas: SchemaSet
    package let problems: ContractProblems
    /// Name of the contract's own file.
    package let file: String
    /// The file is an XML Schema, not a WSDL: there are no operations, only elements.
    package let isSchema: Bool

    private init(
        model: WSDLModel, schemas: SchemaSet, problems: ContractProblems, file: String,
        isSchema: Bool
    ) {
        self.model = model
        self.schemas = schemas
        self.problems = problems
        self.file = file
        self.isSchema = isSchema
    }

    /// Reads a WSDL (or an XSD) and what it imports. Problems are collected in `problems`; nil
    /// only where the file itself is no contract at all.
    package static func load(
        _ source: ContractSource, resolver: @escaping ContractResolver,
        problems: ContractProblems
    ) -> WSDLContract? {
        guard let root = tree(of: source, problems) else { return nil }
        if let refusal = WSDLReader.refusal(of: root) {
            problems.error(
                ContractPlace(file: source.name, root), code: "contract", refusal)
            return nil
        }
        let schemas = SchemaSet(resolver: resolver, problems: problems)
        if root.name.namespace == WSDLNames.schema {
            schemas.add(document: source)
            schemas.resolve()
            return WSDLContract(
                model: WSDLModel(), schemas: schemas, problems: problems, file: source.name,
                isSchema: true)
        }
        var loader = Loader(reader: WSDLReader(problems: problems), resolver: resolver)
        loader.load(root, file: source.name)
        for schema in loader.reader.schemas {
            schemas.add(schema: schema.element, file: schema.file)
        }
        for document in loader.schemaDocuments { schemas.add(document: document) }
        for part in loader.reader.model.messages.flatMap(\.parts) {
            if let name = part.element ?? part.type { schemas.provideStandIn(name.namespace) }
        }
        schemas.resolve()
        return WSDLContract(
            model: loader.reader.model, schemas: schemas, problems: problems,
            file: source.name, isSchema: false)
    }

    static func tree(of source: ContractSource, _ problems: ContractProblems) -> XMLElement? {
        do {
            return try XMLTreeReader.read(source.bytes, file: source.name)
        } catch {
            problems.add(error)
            return nil
        }
    }

    /// Follows imports, each file once.
    private struct Loader {
        var reader: WSDLReader
        let resolver: ContractResolver
        var schemaDocuments: [ContractSource] = []
        var loaded: Set<String> = []

        mutating func load(_ root: XMLElement, file: String) {
            loaded.insert(file)
            reader.read(definitions: root, file: file, isFirst: true)
            var waiting = reader.takeImports()
            while !waiting.isEmpty {
                let next = waiting.removeFirst()
                guard let source = resolver(next.location, next.place.file) else {
                    reader.problems.error(
                        next.place, code: "import",
                        "\(next.location) is not found: it is looked for beside this file, and "
                            + "in the folders given with -I; nothing is fetched")
                    continue
                }
                guard loaded.insert(source.name).inserted else { continue }
                guard let root = WSDLContract.tree(of: source, reader.problems) else { continue }
                if let refusal = WSDLReader.refusal(of: root) {
                    reader.problems.error(
                        ContractPlace(file: source.name, root), code: "contract", refusal)
                } else if root.name.namespace == WSDLNames.schema {
                    schemaDocuments.append(source)
                } else {
                    reader.read(definitions: root, file: source.name, isFirst: false)
                    waiting += reader.takeImports()
                }
            }
        }
    }
}

extension WSDLContract {
    /// By its exact name, else by its local name where only one has it: contracts in the wild
    /// forget prefixes.
    func message(_ name: XMLName) -> WSDLMessage? {
        pick(model.messages, name, \.name)
    }

    func portType(_ name: XMLName) -> WSDLPortType? { pick(model.portTypes, name, \.name) }
    func binding(_ name: XMLName) -> WSDLBinding? { pick(model.bindings, name, \.name) }

    private func pick<Item>(
        _ items: [Item], _ name: XMLName, _ key: KeyPath<Item, XMLName>
    ) -> Item? {
        if let exact = items.first(where: { $0[keyPath: key] == name }) { return exact }
        let alike = items.filter { $0[keyPath: key].local == name.local }
        return alike.count == 1 ? alike[0] : nil
    }
}
