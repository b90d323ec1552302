// SPDX-License-Identifier: Apache-2.0
// An OpenAPI 3 document as import reads it: its operations with what they take and answer, and its
// schemas as files of their own.

internal import DragomanDocument

/// What is wrong with a document that is to be imported.
package struct OpenAPIImportProblem: Error {
    package let message: String

    package init(message: String) { self.message = message }
}

/// One operation.
struct OpenAPISourceOperation {
    struct Parameter {
        var name: String
        /// path, query, header or cookie.
        let place: String
        let isRequired: Bool
        /// Where its schema stands; nil where it has none that JSON Schema can say.
        let schema: Node?
        /// `name[member]=…`, or each member by its own name.
        var isSpread = false
    }

    /// A body as JSON.
    enum Body {
        case none
        case json(Node?)
        /// Of other media types, or of several.
        case other([String])
    }

    let method: String
    let path: String
    let id: String
    let summary: String?
    var parameters: [Parameter]
    var request: Body
    var response: Body
    /// What was not carried.
    var notes: [String]
    /// A query parameter comes as several of other names.
    var hasSpreadQuery = false
}

/// Reads the parts of a document that import needs.
struct OpenAPISource {
    static let methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"]

    let root: Node
    /// OpenAPI 3.0 has schemas of its own kind.
    let isOld: Bool

    init(_ root: Node) throws(OpenAPIImportProblem) {
        if root.member(named: "swagger") != nil {
            throw OpenAPIImportProblem(
                message: "this is Swagger 2.0, which is not carried; convert it to OpenAPI 3")
        }
        guard let version = root.member(named: "openapi")?.string, version.hasPrefix("3.") else {
            throw OpenAPIImportProblem(
                message: "this is no OpenAPI document: it has no `openapi: 3.…` at its top")
        }
        self.root = root
        isOld = version.hasPrefix("3.0")
    }

    var title: String { root.member(named: "info")?.member(named: "title")?.string ?? "api" }

    /// The first server's address, its variables at their defaults; nil where there is none that
    /// can be called.
    var address: String? {
        guard let server = root.member(named: "servers")?.items.first(where: { _ in true }),
            var text = server.member(named: "url")?.string
        else { return nil }
        for variable in server.member(named: "variables")?.members.map({ $0 }) ?? [] {
            guard let value = variable.value.member(named: "default") else { continue }
            text = text.replacing("{\(variable.name.string)}", with: value.string)
        }
        return text
    }

    /// Query parameters that security schemes read.
    var queryKeys: [String] {
        let schemes = root.member(named: "components")?.member(named: "securitySchemes")
        guard let schemes, schemes.isObject else { return [] }
        return schemes.members.compactMap { scheme in
            guard scheme.value.member(named: "in")?.string == "query" else { return nil }
            return scheme.value.member(named: "name")?.string
        }
    }

    var operations: [OpenAPISourceOperation] {
        guard let paths = root.member(named: "paths"), paths.isObject else { return [] }
        return paths.members.flatMap { path -> [OpenAPISourceOperation] in
            guard let item = followed(path.value), item.isObject else { return [] }
            let shared = item.member(named: "parameters")
            return item.members.compactMap { member in
                let method = member.name.string
                guard Self.methods.contains(method), member.value.isObject else { return nil }
                return operation(path.name.string, method, member.value, shared)
            }
        }
    }

    private func operation(
        _ path: String, _ method: String, _ node: Node, _ shared: Node?
    ) -> OpenAPISourceOperation {
        var notes: [String] = []
        var found: [OpenAPISourceOperation.Parameter] = []
        for list in [node.member(named: "parameters"), shared] {
            guard let list, list.isArray else { continue }
            for item in list.items {
                guard let parameter = parameter(item, &notes) else { continue }
                if !found.contains(where: {
                    $0.name == parameter.name && $0.place == parameter.place
                }) {
                    found.append(parameter)
                }
            }
        }
        let request = node.member(named: "requestBody").flatMap(followed)
        let hasSpreadQuery = found.contains { $0.place == "query" && $0.isSpread }
        var template = path
        for (index, parameter) in found.enumerated() where parameter.place == "path" {
            // A variable of a template is an identifier; what it is called is nobody's business.
            let name = parameter.name.map { $0.isLetter || $0.isNumber ? $0 : "_" }
            found[index].name = String(name)
            template = template.replacing("{\(parameter.name)}", with: "{\(String(name))}")
        }
        let words = path.split { !$0.isLetter && !$0.isNumber }.joined(separator: "-")
        return OpenAPISourceOperation(
            method: method.uppercased(), path: template,
            id: node.member(named: "operationId")?.string ?? "\(method)-\(words)",
            summary: node.member(named: "summary")?.string, parameters: found,
            request: request.map { body($0.member(named: "content")) } ?? .none,
            response: response(node.member(named: "responses")), notes: notes,
            hasSpreadQuery: hasSpreadQuery)
    }

    private func parameter(
        _ item: Node, _ notes: inout [String]
    ) -> OpenAPISourceOperation.Parameter? {
        guard let node = followed(item), let name = node.member(named: "name")?.string,
            let place = node.member(named: "in")?.string
        else { return nil }
        // OpenAPI says that these are not parameters (3.1, 4.8.12).
        let headers = ["accept", "content-type", "authorization"]
        if place == "header", headers.contains(name.lowercased()) { return nil }
        var schema = node.member(named: "schema")
        let style = node.member(named: "style")?.string
        let isSplit = node.member(named: "explode")?.kind == .false
        let type = schema.flatMap(followed)?.member(named: "type")?.string
        if style == "deepObject" || type == "object"
            || (type == "array" && (isSplit || place != "query"))
        {
            notes.append("the \(place) parameter `\(name)` is a text: its style is not carried")
            schema = nil
        }
        if node.member(named: "content") != nil { schema = nil }
        return .init(
            name: name, place: place,
            isRequired: node.member(named: "required")?.kind == .true, schema: schema,
            isSpread: style == "deepObject" || (type == "object" && !isSplit))
    }

    private func response(_ responses: Node?) -> OpenAPISourceOperation.Body {
        guard let responses, responses.isObject else { return .none }
        let success = responses.members.first { member in
            let status = member.name.string
            return status.hasPrefix("2") && status.count == 3
        }
        guard let success, let node = followed(success.value) else { return .none }
        return body(node.member(named: "content"))
    }

    private func body(_ content: Node?) -> OpenAPISourceOperation.Body {
        guard let content, content.isObject else { return .none }
        let types = content.members.map { ($0.name.string, $0.value) }
        let json = types.filter { type, _ in
            let essence = type.prefix { $0 != ";" }.lowercased()
            return essence == "application/json" || essence.hasSuffix("+json")
        }
        guard let first = json.first, json.count == types.count else {
            return types.isEmpty ? .none : .other(types.map(\.0))
        }
        return .json(first.1.member(named: "schema"))
    }

    /// The value behind references within the document; nil where they lead elsewhere.
    func followed(_ node: Node) -> Node? {
        var node = node
        for _ in 0..<16 {
            guard node.isObject, let reference = node.member(named: "$ref"), reference.isString
            else { return node }
            guard reference.string.hasPrefix("#"),
                let next = root.value(at: String(reference.string.dropFirst()))
            else { return nil }
            node = next
        }
        return nil
    }
}
