// SPDX-License-Identifier: Apache-2.0
// The path matcher's cases of grpc-httpjson-transcoding, answered by the gateway's route table.

internal import ArgumentParser
internal import DragomanDocument
internal import DragomanMapping
internal import Foundation

struct PathsHarness: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "paths", abstract: "Path templates and lookups.",
        discussion: """
            Reads an array of cases as path_matcher.json has them, and writes it with each \
            lookup's `match` and `bindings`, and `error` on every template that is refused.
            """)

    func run() throws {
        let input = Array(FileHandle.standardInput.readDataToEndOfFile())
        let document: Document
        do {
            document = try input.withUnsafeBytes { try Document.reading($0) }
        } catch let error as JSONSyntaxError {
            throw ValidationError("line \(error.line), column \(error.column): \(error.detail)")
        }
        guard let root = document.root, root.isArray else {
            throw ValidationError("the input is not an array of cases")
        }
        let answer = Document()
        answer.beginArray()
        for group in root.items { PathCases(group).write(group, to: answer) }
        answer.endArray()
        let output = OutputBuffer()
        if let root = answer.root { JSONWriter.write(root, to: output) }
        output.append(0x0A)
        FileHandle.standardOutput.write(Data(output.bytes))
    }
}

/// One case: templates, and lookups among them.
private struct PathCases {
    private struct Template {
        let node: Node
        let systemParameters: Set<String>
        let variables: [String]
    }

    private let table: RouteTable
    /// By the table's index.
    private let templates: [Template]
    /// Positions in the case's `templates` of those that are refused.
    private let refused: Set<Int>
    private let decoding: PathText.Decoding
    private let plusIsSpace: Bool
    /// Every suffix after a colon is a verb, whether a template has it or not.
    private let everyVerbCounts: Bool
    private let failsAsAWhole: Bool

    init(_ group: Node) {
        let settings = PathSettings(group.member("settings"))
        decoding =
            switch settings.text("UrlUnescapeSpec") {
            case "AllCharacters": .all
            case "AllCharactersExceptSlash": .allButSlash
            default: .allButReserved
            }
        plusIsSpace = settings.isTrue("QueryParamUnescapePlus")
        everyVerbCounts = settings.isTrue("MatchUnregisteredCustomVerb")
        let refusesDuplicates = settings.isTrue("FailRegistrationOnDuplicate")
        var templates: [Template] = []
        var entries: [RouteEntry] = []
        var positions: [Int] = []
        var refused: Set<Int> = []
        let nodes = group.member("templates").map { Array($0.items) } ?? []
        for (position, node) in nodes.enumerated() {
            let text = node.member("template")?.string ?? ""
            guard let template = try? PathTemplate(text) else {
                refused.insert(position)
                continue
            }
            let system = node.member("system_params").map { $0.items.map(\.string) } ?? []
            templates.append(
                Template(
                    node: node, systemParameters: Set(system),
                    variables: template.variables.map(\.name)))
            entries.append(
                RouteEntry(method: node.member("method")?.string ?? "GET", template: template))
            positions.append(position)
        }
        table = RouteTable(entries)
        self.templates = templates
        // Of two alike the first serves, unless the setting asks for an error.
        if refusesDuplicates {
            for pair in table.conflicts { refused.insert(positions[pair.second]) }
        }
        failsAsAWhole = refusesDuplicates && !table.conflicts.isEmpty
        self.refused = refused
    }

    // MARK: The answer

    func write(_ group: Node, to document: Document) {
        document.beginObject()
        for member in group.members {
            document.key(member.name.string)
            switch member.name.string {
            case "templates" where member.value.isArray: writeTemplates(member.value, document)
            case "lookups" where member.value.isArray:
                document.beginArray()
                for lookup in member.value.items { write(lookup: lookup, document) }
                document.endArray()
            case "invalid_templates" where member.value.isArray:
                document.beginArray()
                for item in member.value.items { write(invalid: item, document) }
                document.endArray()
            default: document.append(copy: member.value)
            }
        }
        document.endObject()
    }

    private func writeTemplates(_ list: Node, _ document: Document) {
        document.beginArray()
        for (position, template) in list.items.enumerated() {
            document.beginObject()
            copy(template, but: ["error"], document)
            if refused.contains(position) {
                document.key("error")
                document.append(true)
            }
            document.endObject()
        }
        document.endArray()
    }

    private func write(invalid item: Node, _ document: Document) {
        let text = item.isObject ? item.member("template")?.string ?? "" : item.string
        document.beginObject()
        document.key("template")
        document.append(string: text)
        document.key("error")
        document.append((try? PathTemplate(text)) == nil)
        document.endObject()
    }

    private func copy(_ object: Node, but names: Set<String>, _ document: Document) {
        for member in object.members where !names.contains(member.name.string) {
            document.key(member.name.string)
            document.append(copy: member.value)
        }
    }

    // MARK: Lookups

    private func write(lookup: Node, _ document: Document) {
        document.beginObject()
        copy(lookup, but: ["match", "bindings"], document)
        let found = find(lookup)
        document.key("match")
        if let found {
            let template = templates[found.index]
            if let id = template.node.member("id") {
                document.append(copy: id)
            } else {
                document.append(string: template.node.member("template")?.string ?? "")
            }
            document.key("bindings")
            document.beginArray()
            for binding in found.bindings {
                document.beginArray()
                document.append(string: binding.0)
                document.append(string: binding.1)
                document.endArray()
            }
            document.endArray()
            if lookup.member("body") == nil, let body = template.node.member("body") {
                document.key("body")
                document.append(copy: body)
            }
        } else {
            document.appendNull()
        }
        document.endObject()
    }

    private func find(_ lookup: Node) -> (index: Int, bindings: [(String, String)])? {
        if failsAsAWhole { return nil }
        // A query belongs in its own member; one behind the path is no part of the path.
        let path = (lookup.member("path")?.string ?? "").prefix { $0 != "?" }
        let method = Array((lookup.member("method")?.string ?? "GET").utf8)
        var captures: [PathCapture] = []
        let bytes = Array(path.utf8)
        let match = method.withUnsafeBytes { method in
            bytes.withUnsafeBytes { path in
                table.match(
                    method: method, host: UnsafeRawBufferPointer(start: nil, count: 0),
                    path: path, captures: &captures, headers: { _ in false })
            }
        }
        guard case .found(let index) = match else { return nil }
        if everyVerbCounts, Self.hasVerb(String(path)),
            !Self.hasVerb(templates[index].node.member("template")?.string ?? "")
        {
            return nil
        }
        let values = bytes.withUnsafeBytes { path in
            captures.map {
                PathText.decoded(
                    $0.bytes(of: path), $0.decoding == .allButReserved ? decoding : $0.decoding)
            }
        }
        var bindings = Array(zip(templates[index].variables, values))
        if let query = lookup.member("query"), query.isString {
            bindings += queryBindings(query.string, templates[index].systemParameters)
        }
        return (index, bindings)
    }

    /// A colon in the last segment, outside of variables.
    private static func hasVerb(_ path: String) -> Bool {
        guard let colon = path.lastIndex(of: ":") else { return false }
        let rest = path[colon...]
        return !rest.contains("/") && !rest.contains("}")
    }

    private func queryBindings(
        _ query: String, _ systemParameters: Set<String>
    ) -> [(String, String)] {
        query.split(separator: "&").compactMap { pair in
            guard let equals = pair.firstIndex(of: "="), equals > pair.startIndex else {
                return nil
            }
            let name = String(pair[..<equals])
            if systemParameters.contains(name) { return nil }
            var value = String(pair[pair.index(after: equals)...])
            if plusIsSpace { value = value.replacing("+", with: " ") }
            let decoded = Array(value.utf8).withUnsafeBytes { PathText.decoded($0, .all) }
            return (name, decoded)
        }
    }
}

/// A case's settings: names as the library spells them, in any case and with or without `_`.
private struct PathSettings {
    private let members: [(name: String, value: Node)]

    init(_ node: Node?) {
        members = node.map { $0.members.map { (Self.plain($0.name.string), $0.value) } } ?? []
    }

    private static func plain(_ name: String) -> String {
        name.lowercased().replacing("_", with: "")
    }

    private func value(_ name: String) -> Node? {
        members.first { $0.name == Self.plain(name) }?.value
    }

    func text(_ name: String) -> String { value(name)?.string ?? "" }

    func isTrue(_ name: String) -> Bool { value(name)?.bool ?? false }
}
