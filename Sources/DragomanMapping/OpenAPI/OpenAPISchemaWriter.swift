// SPDX-License-Identifier: Apache-2.0
// One schema, copied into another document: references rewritten, keywords of older drafts and of
// OpenAPI 3.0 in the words of 2020-12.

internal import DragomanDocument
internal import DragomanProtobuf
internal import DragomanXML

struct OpenAPISchemaWriter {
    /// Whose words the schema is in.
    enum Vocabulary: Equatable {
        /// JSON Schema's; 8 for all that came after draft 7.
        case draft(Int)
        /// OpenAPI 3.0's own, which is near draft 5.
        case openAPI30
    }

    let vocabulary: Vocabulary
    let output: Document
    /// The text of a reference where the copy stands; nil leaves it out.
    let rewrite: (String) -> String?
    /// Appends what stands in place of a schema that is only a reference; nil where it stays one.
    var inline: (Node) -> (() -> Void)? = { _ in nil }
    /// The types that the schema's value may have, in place of those that it writes; nil keeps
    /// them.
    var types: [String]?
    /// What is said besides at the schema's head, in place of what it says there by that name.
    var addition: Addition?

    struct Addition {
        let name: String
        let append: (Document) -> Void
    }

    /// Deeper than any schema that people write; what is below may be anything.
    private static let depthMax = 400

    /// Values are data, whatever they look like.
    private static let data: Set = [
        "const", "default", "enum", "example", "examples", "required", "type", "dependentRequired",
    ]
    private static let maps: Set = [
        "properties", "patternProperties", "dependentSchemas",
    ]
    private static let lists: Set = ["allOf", "anyOf", "oneOf", "prefixItems"]
    /// What says nothing here: definitions become components, the dialect is OpenAPI's.
    private static let omitted: Set = [
        "$schema", "$id", "$defs", "definitions", "$comment", "x-expects", "x-facet",
        JSONSchemaWriter.aliases,
    ]

    private var isOld: Bool {
        switch vocabulary {
        case .draft(let number): number <= 7
        case .openAPI30: true
        }
    }

    /// A second name of a member, which is read as well, and which nobody needs to be told of.
    static func isAlias(_ node: Node) -> Bool {
        node.isObject && node.member(named: MessageSchemaWriter.alias) != nil
    }

    func schema(_ node: Node, depth: Int = 0) {
        guard node.isObject else { return bare(node, depth) }
        guard depth < Self.depthMax else { return output.append(true) }
        if let append = inline(node) { return append() }
        if vocabulary == .openAPI30, node.member(named: "nullable")?.kind == .true,
            node.member(named: "type") == nil
        {
            return nullable(node, depth)
        }
        output.object {
            // Up to draft 7 nothing beside a reference counts.
            if isOld, let reference = node.member(named: "$ref"), reference.isString {
                return self.reference(reference.string)
            }
            for member in node.members {
                if depth == 0, types != nil, member.name.textEquals("type") { continue }
                if depth == 0, addition?.name == member.name.string { continue }
                keyword(member.name.string, member.value, of: node, depth)
            }
            if depth == 0, let types {
                output.member("type", array: { for type in types { output.append(string: type) } })
            }
            if depth == 0 { appendAddition() }
        }
    }

    private func appendAddition() {
        guard let addition else { return }
        output.key(addition.name)
        addition.append(output)
    }

    /// true and false; true with something said of it is an object.
    private func bare(_ node: Node, _ depth: Int) {
        guard depth == 0, addition != nil, node.kind == .true else {
            return output.append(copy: node)
        }
        output.object { appendAddition() }
    }

    /// `nullable` beside a combination: the combination, or null.
    private func nullable(_ node: Node, _ depth: Int) {
        output.object {
            output.member(
                "anyOf",
                array: {
                    output.object {
                        for member in node.members where !member.name.textEquals("nullable") {
                            keyword(member.name.string, member.value, of: node, depth)
                        }
                    }
                    output.object { output.member("type", "null") }
                })
        }
    }

    private func keyword(_ name: String, _ value: Node, of node: Node, _ depth: Int) {
        if Self.omitted.contains(name) { return }
        switch name {
        case "$ref" where value.isString: return reference(value.string)
        case "id" where vocabulary == .draft(4) && value.isString: return
        case "exclusiveMinimum", "exclusiveMaximum":
            if value.kind == .true || value.kind == .false { return }
        case "minimum", "maximum":
            let exclusive = name == "minimum" ? "exclusiveMinimum" : "exclusiveMaximum"
            if node.member(named: exclusive)?.kind == .true {
                output.key(exclusive)
                return output.append(copy: value)
            }
        case "items" where value.isArray:
            output.key("prefixItems")
            return list(value, depth)
        case "additionalItems":
            guard node.member(named: "items")?.isArray == true else { return }
            output.key("items")
            return schema(value, depth: depth + 1)
        case "dependencies" where value.isObject: return dependencies(value, depth)
        case "enum" where node.member(named: JSONSchemaWriter.aliases) != nil:
            return withoutAliases(value, node.member(named: JSONSchemaWriter.aliases))
        case "pattern" where value.isString:
            if let pattern = PortablePattern.make(value.string) { output.member(name, pattern) }
            return
        default:
            if vocabulary == .openAPI30, openAPI30(name, value, of: node) { return }
        }
        output.key(name)
        if Self.data.contains(name) {
            output.append(copy: value)
        } else if Self.maps.contains(name), value.isObject {
            output.object {
                for member in value.members where !Self.isAlias(member.value) {
                    output.key(member.name.bytes)
                    schema(member.value, depth: depth + 1)
                }
            }
        } else if Self.lists.contains(name), value.isArray {
            list(value, depth)
        } else {
            schema(value, depth: depth + 1)
        }
    }

    /// An `enum` of names, each in one spelling.
    private func withoutAliases(_ value: Node, _ aliases: Node?) {
        let aliases = Set(aliases?.items.map(\.string) ?? [])
        output.member(
            "enum",
            array: {
                for item in value.items where !aliases.contains(item.string) {
                    output.append(copy: item)
                }
            })
    }

    /// What only OpenAPI 3.0 says, or says in its own way. - Returns: whether it was written.
    private func openAPI30(_ name: String, _ value: Node, of node: Node) -> Bool {
        let isNullable = node.member(named: "nullable")?.kind == .true
        switch name {
        case "nullable", "discriminator", "xml", "externalDocs": return true
        case "example":
            output.member("examples", array: { output.append(copy: value) })
            return true
        case "type" where isNullable && value.isString:
            output.member(
                "type",
                array: {
                    output.append(copy: value)
                    output.append(string: "null")
                })
            return true
        case "enum" where isNullable && value.isArray:
            output.member(
                "enum",
                array: {
                    for item in value.items { output.append(copy: item) }
                    if !value.items.contains(where: { $0.kind == .null }) { output.appendNull() }
                })
            return true
        default: return false
        }
    }

    private func list(_ value: Node, _ depth: Int) {
        output.array {
            for item in value.items { schema(item, depth: depth + 1) }
        }
    }

    /// Names of members that come along, or schemas for the whole.
    private func dependencies(_ value: Node, _ depth: Int) {
        let members = Array(value.members)
        let names = members.filter { $0.value.isArray }
        let schemas = members.filter { !$0.value.isArray }
        if !names.isEmpty {
            output.member(
                "dependentRequired",
                object: {
                    for member in names {
                        output.key(member.name.bytes)
                        output.append(copy: member.value)
                    }
                })
        }
        if !schemas.isEmpty {
            output.member(
                "dependentSchemas",
                object: {
                    for member in schemas {
                        output.key(member.name.bytes)
                        schema(member.value, depth: depth + 1)
                    }
                })
        }
    }

    private func reference(_ text: String) {
        if let text = rewrite(text) { output.member("$ref", text) }
    }
}

/// Patterns as every reader of an OpenAPI document compiles them: ECMA-262 with its flag `u` knows
/// categories of characters, most other regular expressions do not.
///
/// Rewrites a pattern for publication. What it accepts may be more than before, never less.
enum PortablePattern {
    /// Characters of a category, as the inside of a class; the ranges end where all agree on what
    /// a character is.
    private static let categories: [String: String] = [
        "L": #"A-Za-z\u00AA-\uFFFD"#, "Lu": #"A-Z\u00C0-\uFFFD"#, "Ll": #"a-z\u00AA-\uFFFD"#,
        "Lt": #"\u01C5-\uFFFD"#, "Lm": #"\u02B0-\uFFFD"#, "Lo": #"\u00AA-\uFFFD"#,
        "M": #"\u0300-\uFFFD"#, "Mn": #"\u0300-\uFFFD"#, "Mc": #"\u0903-\uFFFD"#,
        "N": #"0-9\u00B2-\uFFFD"#, "Nd": #"0-9\u0660-\uFFFD"#, "Nl": #"\u16EE-\uFFFD"#,
        "No": #"\u00B2-\uFFFD"#,
    ]

    /// Nil where it can not be said in other words.
    static func make(_ pattern: String) -> String? {
        let text = Array(pattern)
        guard text.contains("\\") else { return pattern }
        var output = ""
        var index = 0
        var isInClass = false
        while index < text.count {
            let character = text[index]
            guard character == "\\", index + 1 < text.count else {
                if character == "[" { isInClass = true }
                if character == "]" { isInClass = false }
                output.append(character)
                index += 1
                continue
            }
            let escaped = text[index + 1]
            let isBraced = index + 2 < text.count && text[index + 2] == "{"
            guard escaped == "p" || escaped == "P" || (escaped == "u" && isBraced) else {
                output.append(character)
                output.append(escaped)
                index += 2
                continue
            }
            guard isBraced, let end = text[index...].firstIndex(of: "}") else { return nil }
            let name = String(text[(index + 3)..<end])
            guard let made = escaped == "u" ? scalar(name) : category(escaped, name, isInClass)
            else { return nil }
            output += made
            index = end + 1
        }
        return output
    }

    private static func category(
        _ letter: Character, _ name: String, _ isInClass: Bool
    ) -> String? {
        guard letter == "p", let ranges = categories[name] else { return nil }
        return isInClass ? ranges : "[\(ranges)]"
    }

    /// `\u{1F600}`: four digits are an escape everywhere, more are the character itself.
    private static func scalar(_ digits: String) -> String? {
        guard let value = UInt32(digits, radix: 16), let scalar = Unicode.Scalar(value) else {
            return nil
        }
        guard value <= 0xFFFF else { return String(Character(scalar)) }
        let short = String(value, radix: 16, uppercase: true)
        return "\\u" + String(repeating: "0", count: 4 - short.count) + short
    }
}
