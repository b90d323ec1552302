// SPDX-License-Identifier: Apache-2.0
// Documents into tables: include, import and redefine, in chains and circles, chameleons, and the
// few namespaces that are built in.

extension SchemaSet {
    /// Adds an `xs:schema` element that stands in `file` (inline in a WSDL).
    package func add(schema element: XMLElement, file: String) {
        let key = LoadedKey(
            document: "\(file)#\(element.line):\(element.column)", namespace: "")
        guard loaded.insert(key).inserted else { return }
        load(element, file: file, into: nil, isBuiltIn: false)
    }

    /// Adds a schema document and what it includes and imports.
    package func add(document source: ContractSource) {
        add(source, into: nil)
    }

    /// `namespace`: of the including schema; nil for an import.
    /// `imported`: the namespace that an import names.
    private func add(
        _ source: ContractSource, into namespace: String?, imported: String? = nil
    ) {
        let key = LoadedKey(document: source.name, namespace: namespace ?? "")
        guard loaded.insert(key).inserted else { return }
        do throws(ContractProblem) {
            let root = try XMLTreeReader.read(source.bytes, file: source.name)
            load(root, file: source.name, into: namespace, isBuiltIn: false)
        } catch {
            let isDoctype = error.code == XMLTreeReader.doctypeCode
            guard isDoctype, let imported, StandInSchemas.has(imported) else {
                return problems.add(error)
            }
            problems.add(
                ContractProblem(
                    .warning, code: error.code, file: error.file, line: error.line,
                    column: error.column,
                    "the file has a DOCTYPE and is not read: a table of Dragoman's own stands for "
                        + "the namespace \"\(imported)\"; take the DOCTYPE out to have the file "
                        + "itself read"))
        }
    }

    /// A file of the contract's own of a namespace that is built in: its declarations hold, and
    /// the table's where it has none. A file that can not be read, the table stands for.
    private func addOwn(of namespace: String, _ location: String, in document: SchemaDocument) {
        guard let source = resolver(location, document.file),
            let root = try? XMLTreeReader.read(source.bytes, file: source.name),
            root.name.local == "schema", SchemaSet.isSchemaNamespace(root.name.namespace),
            root.token("targetNamespace") == namespace,
            loaded.insert(LoadedKey(document: source.name, namespace: "")).inserted
        else { return }
        load(root, file: source.name, into: nil, isBuiltIn: false)
    }

    /// Makes a namespace known into which a reference leads and of which no document is read.
    func provide(_ namespace: String) {
        if !BuiltInSchemas.provide(namespace, to: self) { provideStandIn(namespace) }
    }

    /// The same for the namespaces that are built in only where the contract has no file of them.
    func provideStandIn(_ namespace: String) {
        guard StandInSchemas.has(namespace) else { return }
        if documents.contains(where: { $0.targetNamespace == namespace }) { return }
        StandInSchemas.load(namespace, to: self)
    }

    func load(_ root: XMLElement, file: String, into namespace: String?, isBuiltIn: Bool) {
        let place = ContractPlace(file: file, root)
        guard root.name.local == "schema", SchemaSet.isSchemaNamespace(root.name.namespace)
        else {
            // A WSDL imported where a schema is due: its inline schemas are meant.
            if root.name.namespace == XMLNamespace.wsdl {
                for types in root.elements(XMLNamespace.wsdl, "types") {
                    for schema in types.elements(XMLNamespace.schema, "schema") {
                        add(schema: schema, file: file)
                    }
                }
                return
            }
            return problems.error(
                place, "expected a schema (xs:schema), found <\(root.name.local)>")
        }
        let own = root.token("targetNamespace") ?? ""
        var target = own
        var isChameleon = false
        if let namespace, own.isEmpty, !namespace.isEmpty {
            target = namespace
            isChameleon = true
        } else if let namespace, own != namespace {
            problems.error(
                place,
                "an included schema must have the namespace \"\(namespace)\", not \"\(own)\"")
        }
        let document = SchemaDocument(
            root: root, file: file, targetNamespace: target, isChameleon: isChameleon,
            isBuiltIn: isBuiltIn)
        documents.append(document)
        for child in root.elements where SchemaSet.isSchemaNamespace(child.name.namespace) {
            declare(child, in: document)
        }
    }

    /// XSD of 2001, and the drafts that old WSDLs still name.
    static func isSchemaNamespace(_ namespace: String) -> Bool {
        namespace == XMLNamespace.schema
            || namespace == "http://www.w3.org/2000/10/XMLSchema"
            || namespace == "http://www.w3.org/1999/XMLSchema"
    }

    private func declare(_ child: XMLElement, in document: SchemaDocument) {
        switch child.name.local {
        case "include", "redefine": include(child, in: document)
        case "import": importSchema(child, in: document)
        case "annotation", "notation": break
        case "defaultOpenContent", "override":
            problems.error(
                document.place(child), code: "unsupported",
                "xs:\(child.name.local) is XSD 1.1, which is not read")
        default: enter(child, in: document, redefines: false)
        }
    }

    private func enter(_ child: XMLElement, in document: SchemaDocument, redefines: Bool) {
        guard let local = child.token("name"), XMLCharacters.isNCName(local) else {
            return problems.error(
                document.place(child), "xs:\(child.name.local) needs a name here")
        }
        let name = XMLName(document.targetNamespace, local)
        let entry = GlobalEntry(element: child, document: document, name: name)
        switch child.name.local {
        case "simpleType", "complexType":
            if types[name] == nil { globalTypes.append(name) }
            put(entry, into: &types, redefines: redefines)
        case "element":
            if elements[name] == nil { globalElements.append(name) }
            put(entry, into: &elements, redefines: redefines)
        case "attribute": put(entry, into: &attributes, redefines: redefines)
        case "group": put(entry, into: &groups, redefines: redefines)
        case "attributeGroup": put(entry, into: &attributeGroups, redefines: redefines)
        default:
            problems.error(
                document.place(child), "xs:\(child.name.local) has no place in a schema")
        }
    }

    private func put(
        _ entry: GlobalEntry, into table: inout [XMLName: GlobalEntry], redefines: Bool
    ) {
        guard let first = table[entry.name] else {
            if redefines {
                problems.error(
                    entry.place, code: "reference",
                    "\"\(entry.name.local)\" is redefined but nothing of that name is declared")
            }
            table[entry.name] = entry
            return
        }
        if redefines {
            entry.original = first
            table[entry.name] = entry
        } else if entry.document.isBuiltIn {
            return
        } else if first.document.isBuiltIn {
            if BuiltInSchemas.givesWay(entry.name.namespace) { table[entry.name] = entry }
        } else if first.element.name != entry.element.name || !first.hasSameText(as: entry) {
            let first = first.place
            problems.warning(
                entry.place, code: "name",
                "\"\(entry.name)\" is declared again; the first, at \(first.file):"
                    + "\(first.line), holds")
        }
    }

    private func include(_ child: XMLElement, in document: SchemaDocument) {
        guard let location = child.token("schemaLocation"), !location.isEmpty else {
            return problems.error(
                document.place(child), "xs:\(child.name.local) needs a schemaLocation")
        }
        if let source = resolver(location, document.file) {
            add(source, into: document.targetNamespace)
        } else {
            problems.error(
                document.place(child), code: "import",
                "the schema \"\(location)\" was not found, and nothing is fetched")
        }
        guard child.name.local == "redefine" else { return }
        for component in child.elements where component.name.local != "annotation" {
            redefinitions.append((component, document))
        }
    }

    /// Redefinitions wait until everything is there that they may redefine; those of a document
    /// that is itself redefined come first.
    func enterRedefinitions() {
        let waiting = redefinitions
        redefinitions = []
        for (component, document) in waiting {
            enter(component, in: document, redefines: true)
        }
    }

    private func importSchema(_ child: XMLElement, in document: SchemaDocument) {
        let namespace = child.token("namespace") ?? ""
        let isBuiltIn = BuiltInSchemas.provide(namespace, to: self)
        if isBuiltIn, !BuiltInSchemas.isTable(namespace) { return }
        guard let location = child.token("schemaLocation"), !location.isEmpty else { return }
        if isBuiltIn { return addOwn(of: namespace, location, in: document) }
        if let source = resolver(location, document.file) {
            return add(source, into: nil, imported: namespace)
        }
        if StandInSchemas.has(namespace) { return }
        missingImports.append(
            MissingImport(
                namespace: namespace, location: location, place: document.place(child)))
    }
}

extension GlobalEntry {
    /// Whether two declarations of one name say the same, word for word.
    func hasSameText(as other: GlobalEntry) -> Bool {
        GlobalEntry.isSame(element, other.element)
    }

    private static func isSame(_ left: XMLElement, _ right: XMLElement) -> Bool {
        guard left.name == right.name, left.attributes == right.attributes else { return false }
        let a = left.elements
        let b = right.elements
        return a.count == b.count && zip(a, b).allSatisfy { isSame($0, $1) }
    }
}
