// SPDX-License-Identifier: Apache-2.0
// JSON Schemas (2020-12) of JSON forms, from the same plans that writers and readers follow, so
// that what a schema allows is what can be translated (XML-FORM.md).

package import DragomanDocument

/// Derives JSON Schemas of elements' JSON forms.
package enum JSONSchemaWriter {
    /// Says which values of the `enum` beside it are second spellings of others.
    package static let aliases = "x-aliases"

    package enum Form: Sendable {
        /// Of what clients send: no unknown members, and each name in one spelling, which is that
        /// of replies.
        case request
        /// What requests are held against: as `request`, with each spelling of a name that is read.
        /// `x-aliases` and `x-alias-of` tell those that nobody needs to be told of.
        case accepted
        /// Of what backends answer: `@any` is allowed everywhere.
        case reply
    }

    /// Appends a schema document with `$defs`, one for each type of the contract that the element
    /// reaches.
    package static func append(
        _ element: ElementPlan, of plans: PlanSet, form: Form, to document: Document
    ) {
        let builder = JSONSchemaBuilder(plans, form, document)
        document.beginObject()
        builder.pair("$schema", "https://json-schema.org/draft/2020-12/schema")
        builder.pair("title", plans.name(of: element).local)
        builder.elementBody(element.index)
        builder.definitions()
        document.endObject()
    }

    /// Appends an object schema whose members are several elements by name (parts of a message).
    package static func append(
        members: [(name: String, element: ElementPlan, isRequired: Bool)], of plans: PlanSet,
        form: Form, to document: Document
    ) {
        let builder = JSONSchemaBuilder(plans, form, document)
        document.beginObject()
        builder.pair("$schema", "https://json-schema.org/draft/2020-12/schema")
        builder.pair("type", "object")
        if !members.isEmpty {
            document.key("properties")
            document.beginObject()
            for member in members {
                document.key(member.name)
                document.beginObject()
                builder.elementBody(member.element.index)
                document.endObject()
            }
            document.endObject()
        }
        builder.required(members.filter(\.isRequired).map(\.name))
        if form != .reply { builder.pair("additionalProperties", false) }
        builder.definitions()
        document.endObject()
    }

    /// Appends one schema document for many messages, which share its `$defs`: each message's
    /// schema is the member of that name in `properties`. Without an element it is any object.
    package static func append(
        messages: [(name: String, element: ElementPlan?)], of plans: PlanSet, form: Form,
        to document: Document
    ) {
        let builder = JSONSchemaBuilder(plans, form, document)
        document.beginObject()
        builder.pair("$schema", "https://json-schema.org/draft/2020-12/schema")
        builder.object("properties") {
            for message in messages {
                builder.object(message.name) {
                    guard let element = message.element else {
                        return builder.pair("type", "object")
                    }
                    builder.pair("title", plans.name(of: element).local)
                    builder.elementBody(element.index)
                }
            }
        }
        builder.definitions()
        document.endObject()
    }

    /// The schema document as indented JSON text.
    package static func text(
        _ element: ElementPlan, of plans: PlanSet, form: Form
    ) -> String {
        let document = Document()
        append(element, of: plans, form: form, to: document)
        return (document.root?.indentedJSON ?? "{}") + "\n"
    }
}

/// Builds one schema document. For load time; one use.
final class JSONSchemaBuilder {
    /// What a `$defs` entry is of.
    enum Definition: Hashable {
        case type(Int32)
        /// A type's object that also says `@element`, by one of its names.
        case substitute(type: Int32, names: [String])
        case wildcard(Int32)
        /// What a nil element of a type is where a derived type is named.
        case null(Int32)
    }

    let plans: PlanSet
    let form: JSONSchemaWriter.Form
    let document: Document
    let simple: SimpleReader
    private var names: [Definition: String] = [:]
    private var taken: Set<String> = []
    private var waiting: [Definition] = []
    /// Anonymous types that are being written inline: coming back to one needs a name.
    var open: Set<Int32> = []
    /// Names by which `@type` may call a type, by type index.
    let typeNames: [Int32: [String]]
    /// Types that are met more than once, or meet themselves.
    private let shared: Set<Int32>

    init(_ plans: PlanSet, _ form: JSONSchemaWriter.Form, _ document: Document) {
        self.plans = plans
        self.form = form
        self.document = document
        simple = SimpleReader(plans: plans)
        var typeNames: [Int32: [String]] = [:]
        for index in 0..<plans.derived.count {
            let other = plans.derived[Int32(index)]
            for name in JSONSchemaBuilder.spellings(other, plans, form)
            where !(typeNames[other.target] ?? []).contains(name) {
                typeNames[other.target, default: []].append(name)
            }
        }
        self.typeNames = typeNames
        var uses: [Int32: Int] = [:]
        for index in 0..<plans.elements.count {
            uses[plans.elements[Int32(index)].type, default: 0] += 1
        }
        shared = Set(uses.filter { $0.value > 1 }.map(\.key))
    }

    // MARK: Pieces

    func pair(_ key: String, _ value: String) {
        document.key(key)
        document.append(string: value)
    }

    func pair(_ key: String, _ value: Bool) {
        document.key(key)
        document.append(value)
    }

    func pair(_ key: String, _ value: Int) {
        document.key(key)
        document.append(Int64(value))
    }

    func required(_ names: [String]) {
        guard !names.isEmpty else { return }
        strings("required", names)
    }

    func strings(_ key: String, _ values: [String]) {
        document.key(key)
        document.beginArray()
        for value in values { document.append(string: value) }
        document.endArray()
    }

    func object(_ key: String, _ body: () -> Void) {
        document.key(key)
        document.beginObject()
        body()
        document.endObject()
    }

    func item(_ body: () -> Void) {
        document.beginObject()
        body()
        document.endObject()
    }

    func array(_ key: String, _ body: () -> Void) {
        document.key(key)
        document.beginArray()
        body()
        document.endArray()
    }

    // MARK: Names

    /// How a message may call a type or an element: as replies call it, and `{uri}Name`.
    func spellings(_ alternative: Alternative) -> [String] {
        JSONSchemaBuilder.spellings(alternative, plans, form)
    }

    private static func spellings(
        _ alternative: Alternative, _ plans: PlanSet, _ form: JSONSchemaWriter.Form
    ) -> [String] {
        let name = alternative.json.string
        guard form == .accepted else { return [name] }
        let expanded = plans.name(plans.names[alternative.name]).description
        return expanded == name ? [name] : [name, expanded]
    }

    /// Each alternative as replies call it, and after them all in their other spelling.
    func spellings(_ alternatives: [Alternative]) -> [String] {
        let all = alternatives.map(spellings)
        return all.compactMap(\.first) + all.flatMap { $0.dropFirst() }
    }

    /// `const`, or `enum` where there is more than one value.
    func one(of values: [String]) {
        if values.count == 1 { pair("const", values[0]) } else { enumeration(values) }
    }

    /// `enum` of names.
    func enumeration(_ names: [String]) {
        strings("enum", names)
        let aliases = names.filter { $0.hasPrefix("{") }
        if !aliases.isEmpty { strings(JSONSchemaWriter.aliases, aliases) }
    }

    // MARK: Definitions

    /// Whether the type has an entry of its own in `$defs`.
    func isDefined(_ type: Int32) -> Bool {
        let plan = plans.types[type]
        if plan.kind == .any { return !plan.isSimpleOnly }
        if plans.descriptions.typeNames[Int(type)] != nil { return true }
        return plan.kind != .simple && (shared.contains(type) || open.contains(type))
    }

    /// `$ref` to the definition, which is written if it was not.
    func reference(_ definition: Definition) {
        let name = name(of: definition)
        pair("$ref", "#/$defs/" + JSONSchemaBuilder.fragment(name))
    }

    /// `$ref` to a member that a definition describes.
    func reference(_ definition: Definition, member: String) {
        let pointer = "/properties/" + JSONPointer.escape(member)
        let name = JSONSchemaBuilder.fragment(name(of: definition))
        pair("$ref", "#/$defs/" + name + JSONSchemaBuilder.fragment(path: pointer))
    }

    private func name(of definition: Definition) -> String {
        if let name = names[definition] { return name }
        let wanted: String
        switch definition {
        case .type(let type):
            wanted =
                plans.types[type].kind == .any
                ? "anyType"
                : plans.descriptions.typeNames[Int(type)]
                    ?? plans.descriptions.typePaths[type] ?? "anonymous"
        case .substitute(_, let names): wanted = "\(names.first ?? "").element"
        case .wildcard(let index): wanted = wildcardName(index)
        case .null(let type):
            wanted = (plans.descriptions.typeNames[Int(type)] ?? baseName(type)) + ".nil"
        }
        var name = wanted
        var number = 2
        while !taken.insert(name).inserted {
            name = "\(wanted)-\(number)"
            number += 1
        }
        names[definition] = name
        waiting.append(definition)
        return name
    }

    /// Of a type without a name: that of the first that derives from it, so that it is the same in
    /// every schema of the contract.
    private func baseName(_ type: Int32) -> String {
        let plan = plans.types[type]
        guard plan.derivedCount > 0 else { return "anonymous" }
        return plans.derived[plan.firstDerived].json.string + ".base"
    }

    /// `any`, `any-2`, … in the contract's order, so that each has one name in every schema of it.
    private func wildcardName(_ index: Int32) -> String {
        let before = (0..<index).count { plans.wildcards[$0].candidateCount > 0 }
        return before == 0 ? "any" : "any-\(before + 1)"
    }

    /// `$defs` with everything that was referred to.
    func definitions() {
        guard !waiting.isEmpty else { return }
        document.key("$defs")
        document.beginObject()
        var next = 0
        while next < waiting.count {
            let definition = waiting[next]
            next += 1
            document.key(names[definition] ?? "")
            item { write(definition) }
        }
        document.endObject()
    }

    private func write(_ definition: Definition) {
        switch definition {
        case .type(let type): typeBody(type)
        case .substitute(let type, let names):
            substituteTypeBody(type, names)
        case .wildcard(let index): candidatesBody(index)
        case .null(let index): derivedNilBody(index)
        }
    }

    /// A JSON Pointer in a URI's fragment.
    static func fragment(_ name: String) -> String { fragment(path: JSONPointer.escape(name)) }

    private static func fragment(path: String) -> String {
        var text = ""
        for byte in path.utf8 {
            let isPlain =
                Lexical.isDigit(byte) || (byte | 0x20) &- 0x61 <= 25
                || "-._~:@!$&'()*+,;=/?".utf8.contains(byte)
            if isPlain {
                text.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                let hex = String(byte, radix: 16, uppercase: true)
                text += "%" + (hex.utf8.count == 1 ? "0" : "") + hex
            }
        }
        return text
    }
}
