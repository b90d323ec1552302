// SPDX-License-Identifier: Apache-2.0
// From a QName in a schema's text to the component that it means; what is not there is a problem
// with a place and a suggestion, and stands in as anyType so that the rest is still looked at.

extension SchemaSet {
    /// The built-in types by name, lists included.
    func makeBuiltInTypes() {
        let nowhere = ContractPlace(file: "XMLSchema.xsd", line: 0, column: 0)
        for builtIn in BuiltInType.allCases {
            builtInTypes[builtIn.rawValue] = SimpleType(
                name: XMLName(XMLNamespace.schema, builtIn.rawValue), place: nowhere,
                builtIn: builtIn, isBuiltIn: true)
        }
        for builtIn in BuiltInType.allCases {
            guard let base = builtIn.base else { continue }
            builtInTypes[builtIn.rawValue]?.base = builtInTypes[base.rawValue]
        }
        for (list, item) in [("NMTOKENS", "NMTOKEN"), ("IDREFS", "IDREF"), ("ENTITIES", "ENTITY")] {
            let type = SimpleType(
                name: XMLName(XMLNamespace.schema, list), place: nowhere, isBuiltIn: true)
            if let item = builtInTypes[item] { type.variety = .list(item) }
            type.base = builtInTypes["anySimpleType"]
            type.facets.minLength = 1
            builtInTypes[list] = type
        }
    }

    func simple(_ builtIn: BuiltInType) -> SimpleType {
        builtInTypes[builtIn.rawValue]
            ?? SimpleType(
                name: nil, place: anyType.place, builtIn: builtIn, isBuiltIn: true)
    }

    /// Names of the drafts of XSD (1999, 2000) for what 2001 renamed.
    private static let draftNames = [
        "timeInstant": "dateTime", "uriReference": "anyURI", "CDATA": "normalizedString",
        "ur-type": "anyType", "recurringDay": "gDay", "month": "gYearMonth", "year": "gYear",
        "timeDuration": "duration", "anyAtomicType": "anySimpleType",
    ]

    func builtInType(_ name: XMLName) -> TypeDefinition? {
        if SchemaSet.isSchemaNamespace(name.namespace) {
            if name.local == "anyType" { return .complex(anyType) }
            if let type = builtInTypes[name.local] { return .simple(type) }
            guard let local = SchemaSet.draftNames[name.local] else { return nil }
            return local == "anyType"
                ? .complex(anyType) : builtInTypes[local].map { .simple($0) }
        }
        if SchemaSet.isSOAPEncoding(name.namespace) {
            return builtInTypes[name.local].map { .simple($0) }
        }
        return nil
    }

    static func isSOAPEncoding(_ namespace: String) -> Bool {
        namespace == XMLNamespace.soapEncoding || namespace == XMLNamespace.soap12Encoding
    }

    /// The name that a QName of a schema's text means, or nil and a problem.
    func resolve(_ qname: String, at element: XMLElement, in context: SchemaContext) -> XMLName? {
        if let name = meaning(of: qname, at: element, in: context) { return name }
        problems.error(
            context.place(element), code: "reference", "the prefix of \"\(qname)\" is not declared")
        return nil
    }

    /// As `resolve`, where the caller says what is wrong.
    private func meaning(
        of qname: String, at element: XMLElement, in context: SchemaContext
    ) -> XMLName? {
        guard var name = element.resolve(qname) else { return nil }
        if name.namespace.isEmpty, context.document.isChameleon {
            name.namespace = context.document.targetNamespace
        }
        return name
    }

    /// The entry that `name` means in `context`: within a redefinition its own name means what is
    /// redefined.
    func entry(
        _ name: XMLName, in table: [XMLName: GlobalEntry], of context: SchemaContext
    ) -> GlobalEntry? {
        if let own = context.entry, own.name == name, let original = own.original,
            original.element.name == own.element.name
        {
            return original
        }
        return table[name]
    }

    /// A type that a schema refers to; where there is none, one that stands in and a problem.
    func typeReference(
        _ qname: String, at element: XMLElement, in context: SchemaContext
    ) -> TypeDefinition {
        guard let name = meaning(of: qname, at: element, in: context) else {
            let local = qname.split(separator: ":").last.map(String.init) ?? qname
            return standIn(
                "the prefix of \"\(qname)\" is not declared", local, context.place(element))
        }
        if let builtIn = builtInType(name) { return builtIn }
        if entry(name, in: types, of: context) == nil {
            provide(name.namespace)
        }
        guard let entry = entry(name, in: types, of: context) else {
            if reportMissingFile(of: name.namespace) { return .complex(anyType) }
            return standIn(
                "the type \"\(name)\" is not declared", name.local, context.place(element))
        }
        return typeComponent(entry)
    }

    /// Contracts are messy, and other tools read them: what takes the place of a type that is not
    /// there is the only one of its local name, else anyType.
    private func standIn(
        _ problem: String, _ local: String, _ place: ContractPlace
    ) -> TypeDefinition {
        let alike = types.values.filter { $0.name.local == local }
        if let entry = only(alike), !entry.isOpen {
            warn(problem, reading: entry, place)
            return typeComponent(entry)
        }
        if alike.isEmpty, let type = builtInTypes[local] {
            problems.warning(
                place, code: "reference", "\(problem); XML Schema's \(local) is read")
            return .simple(type)
        }
        let nearest = Suggestion.nearest(to: local, among: Array(types.keys))
        problems.warning(
            place, code: "reference",
            "\(problem); it is read as anyType"
                + (nearest.map { "; did you mean \"\($0)\"?" } ?? ""))
        return .complex(anyType)
    }

    /// The entry of that local name, where there is but one.
    func onlyEntry(_ local: String, in table: [XMLName: GlobalEntry]) -> GlobalEntry? {
        only(table.values.filter { $0.name.local == local })
    }

    private func only(_ entries: [GlobalEntry]) -> GlobalEntry? {
        entries.count == 1 ? entries[0] : nil
    }

    /// Says that `entry` takes the place of what is not there.
    func warn(_ problem: String, reading entry: GlobalEntry, _ place: ContractPlace) {
        problems.warning(
            place, code: "reference",
            "\(problem); \"\(entry.name)\" is read, the only one so called")
    }

    /// As `typeReference`, where only a simple type will do.
    func simpleReference(
        _ qname: String, at element: XMLElement, in context: SchemaContext
    ) -> SimpleType {
        switch typeReference(qname, at: element, in: context) {
        case .simple(let type): return type
        case .complex(let type):
            if type !== anyType {
                problems.error(
                    context.place(element), code: "reference",
                    "\"\(qname)\" is a complex type where a simple one is due")
            }
            return simple(.anySimpleType)
        }
    }

    /// `severity`: a warning where the rest of the contract can be used all the same.
    func missing(
        _ what: String, _ name: XMLName, _ known: [XMLName], _ place: ContractPlace,
        severity: ContractProblem.Severity = .error
    ) {
        var message = "the \(what) \"\(name)\" is not declared"
        if let nearest = Suggestion.nearest(to: name.local, among: known) {
            message += "; did you mean \"\(nearest)\"?"
        }
        problems.add(
            ContractProblem(
                severity, code: "reference", file: place.file, line: place.line,
                column: place.column, message))
    }
}

/// What a name that is not there was probably meant to be.
enum Suggestion {
    static func nearest(to local: String, among names: [XMLName]) -> XMLName? {
        let wanted = Array(local.lowercased().utf8)
        guard wanted.count < 200 else { return nil }
        var best: (distance: Int, name: XMLName)?
        let sorted = names.sorted { $0.description < $1.description }
        for name in sorted where abs(name.local.utf8.count - wanted.count) <= 3 {
            let distance = distance(wanted, Array(name.local.lowercased().utf8))
            if distance <= max(1, wanted.count / 4), distance < best?.distance ?? Int.max {
                best = (distance, name)
            }
        }
        return best?.name
    }

    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var row = Array(0...right.count)
        for (i, a) in left.enumerated() {
            var previous = row[0]
            row[0] = i + 1
            for (j, b) in right.enumerated() {
                let above = row[j + 1]
                row[j + 1] = min(above + 1, row[j] + 1, previous + (a == b ? 0 : 1))
                previous = above
            }
        }
        return row[right.count]
    }
}
