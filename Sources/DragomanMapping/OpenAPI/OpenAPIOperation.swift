// SPDX-License-Identifier: Apache-2.0
// One route as an OpenAPI operation: its texts, parameters, body and answers.

internal import DragomanDocument
internal import DragomanProtobuf
internal import DragomanSchema

struct OpenAPIOperation {
    let route: RoutePlan
    let path: OpenAPIPath
    let schemas: OpenAPISchemas
    let output: Document

    // MARK: Texts

    func texts(_ others: [RoutePlan]) {
        if let summary = route.texts.summary { output.member("summary", summary) }
        var description = route.texts.description ?? ""
        if !others.isEmpty {
            let served = others.map { "\($0.service) (\($0.operation))" }.joined(separator: ", ")
            description +=
                (description.isEmpty ? "" : "\n\n")
                + "By host or header, requests also go to: \(served)."
        }
        if !description.isEmpty { output.member("description", description) }
    }

    // MARK: Parameters

    func parameters() {
        let known = route.parameters.parameters
        let message = route.texts.message?.source
        let queryFields = message.map(queryFields) ?? []
        guard !path.variables.isEmpty || !known.isEmpty || !queryFields.isEmpty else { return }
        output.member(
            "parameters",
            array: {
                for variable in path.variables { append(variable, known, message) }
                var seen: Set<String> = []
                for (index, parameter) in known.enumerated() where parameter.source != .path {
                    // A name at two targets is one parameter to a client.
                    guard seen.insert("\(parameter.source) \(parameter.name.string)").inserted
                    else {
                        continue
                    }
                    append(parameter, index)
                }
                for field in queryFields { append(field) }
            })
    }

    private func append(
        _ variable: OpenAPIPath.Variable, _ known: [ParameterPlan.Parameter],
        _ message: SchemaSource?
    ) {
        output.object {
            output.member("name", variable.name)
            output.member("in", "path")
            output.member("required", true)
            if variable.isRest {
                output.member("description", "May hold slashes: the rest of the path")
            }
            output.key("schema")
            let parameter = known.first {
                $0.source == .path && $0.variable == variable.variable && $0.variable >= 0
            }
            if variable.isWhole, let source = parameter?.schema?.source {
                schemas.append(parameter: source, to: output)
            } else if variable.isWhole, let message, let index = variable.variable,
                let source = member(route.template.variables[index].fieldPath, of: message)
            {
                schemas.append(parameter: source, to: output)
            } else {
                output.object {
                    output.member("type", "string")
                    // An empty segment matches no variable.
                    output.key("minLength")
                    output.append(Int64(1))
                }
            }
        }
    }

    private func append(_ parameter: ParameterPlan.Parameter, _ index: Int) {
        output.object {
            output.member("name", parameter.name.string)
            output.member("in", parameter.source.name)
            if parameter.isRequired, parameter.absent == nil { output.member("required", true) }
            let others = route.parameters.requiring(index).map(\.name.string)
            if !others.isEmpty, !parameter.isRequired {
                output.member(
                    "description",
                    "Required where one of these is given: \(others.joined(separator: ", "))")
                output.member(
                    "x-required-with", array: { for name in others { output.append(string: name) } }
                )
            }
            output.key("schema")
            let absent = parameter.absent?.node
            if let source = parameter.schema?.source {
                schemas.append(parameter: source, absent: absent, to: output)
            } else {
                output.object {
                    output.member("type", "string")
                    guard let absent else { return }
                    output.key("default")
                    output.append(copy: absent)
                }
            }
        }
    }

    // MARK: Fields of a message in the query

    private struct QueryField {
        let name: String
        let source: SchemaSource
        /// `labels[k]=v`
        let isMap: Bool
    }

    /// Messages within messages that a query may set, by dots.
    private static let depthMax = 3

    private func queryFields(_ message: SchemaSource) -> [QueryField] {
        guard route.parameters.messageBindsQuery, route.texts.bindsQuery else { return [] }
        var set = Set(route.texts.setFields)
        for parameter in route.parameters.parameters where parameter.source == .query {
            set.insert(parameter.name.string)
        }
        var fields: [QueryField] = []
        collect(message, prefix: "", set, 0, &fields)
        return fields
    }

    private func collect(
        _ message: SchemaSource, prefix: String, _ set: Set<String>, _ depth: Int,
        _ fields: inout [QueryField]
    ) {
        guard depth < Self.depthMax,
            let properties = schemas.followed(message)?.node?.member(named: "properties"),
            properties.isObject, let target = schemas.followed(message)
        else { return }
        for member in properties.members {
            let name = prefix + member.name.string
            if set.contains(name) || OpenAPISchemaWriter.isAlias(member.value) { continue }
            let source = SchemaSource(
                document: target.document, uri: target.uri,
                pointer: target.pointer + "/properties/"
                    + JSONPointer.escape(member.name.string))
            guard let inner = schemas.followed(source), let node = inner.node else { continue }
            if node.member(named: "properties")?.isObject == true {
                collect(inner, prefix: name + ".", set, depth + 1, &fields)
            } else {
                let isMap = node.member(named: "additionalProperties")?.isObject == true
                fields.append(QueryField(name: name, source: source, isMap: isMap))
            }
        }
    }

    private func append(_ field: QueryField) {
        output.object {
            output.member("name", field.name)
            output.member("in", "query")
            if field.isMap {
                output.member("style", "deepObject")
                output.member("explode", true)
            }
            output.key("schema")
            schemas.append(parameter: field.source, to: output)
        }
    }

    private func member(_ path: [String], of message: SchemaSource) -> SchemaSource? {
        var source = message
        for name in path {
            guard let target = schemas.followed(source),
                let pointer = SchemaPointers.property(
                    name, in: target.document, at: target.pointer)
            else { return nil }
            source = SchemaSource(document: target.document, uri: target.uri, pointer: pointer)
        }
        return source
    }

    // MARK: Body

    func requestBody() {
        switch route.body {
        case .refused: return
        case .passedThrough:
            guard !["GET", "HEAD", "DELETE", "OPTIONS", "TRACE"].contains(route.method) else {
                return
            }
            output.member(
                "requestBody",
                object: {
                    output.member("content", object: { output.member("*/*", object: {}) })
                })
        case .json(let plan):
            output.member(
                "requestBody",
                object: {
                    if !plan.mayBeAbsent { output.member("required", true) }
                    output.member("content", object: { appendBody(plan) })
                })
        }
    }

    private func appendBody(_ plan: JSONBodyPlan) {
        let source = plan.published?.source ?? plan.accepts?.source
        if let forms = plan.forms { return appendForms(forms, source, plan.accepts?.source) }
        guard isClientStream else { return appendJSON("application/json", source) }
        messages(source) { $0["request"]?["body"] }
    }

    var isClientStream: Bool {
        if case .streaming(let call) = route.kind { call.method.isClientStreaming } else { false }
    }

    /// The messages of a stream: an array of them, or each on a line.
    /// `part`: of an example, the array of its messages.
    private func messages(_ source: SchemaSource?, _ part: @escaping (YAMLNode) -> YAMLNode?) {
        appendMessages(source, as: "application/json", part)
        appendMessages(source, as: "application/x-ndjson", part)
    }

    /// The examples are arrays, and shown where the body is one.
    func appendMessages(
        _ source: SchemaSource?, as mediaType: String,
        _ part: @escaping (YAMLNode) -> YAMLNode?
    ) {
        guard mediaType != "application/x-ndjson" else {
            return output.member(mediaType, object: { if let source { schema(source) } })
        }
        output.member(
            mediaType,
            object: {
                output.member(
                    "schema",
                    object: {
                        output.member("type", "array")
                        output.key("items")
                        if let source {
                            schemas.append(source, to: output)
                        } else {
                            output.append(true)
                        }
                    })
                examples { part($0).flatMap { $0.items == nil ? nil : $0 } }
            })
    }

    func appendJSON(_ mediaType: String, _ source: SchemaSource?) {
        output.member(
            mediaType,
            object: {
                if let source { schema(source) }
                examples { $0["request"].flatMap { $0.isForm ? nil : $0["body"] } }
            })
    }

    func schema(_ source: SchemaSource) {
        output.key("schema")
        schemas.append(source, to: output)
    }

    /// The route's examples, by their names; of each the value that `part` finds.
    func examples(_ part: (YAMLNode) -> YAMLNode?) {
        let written = route.texts.node?["examples"]?.items ?? []
        let values = written.enumerated().compactMap { index, node in
            part(node).map { (node["name"]?.text ?? "example \(index + 1)", $0) }
        }
        guard !values.isEmpty else { return }
        output.member(
            "examples",
            object: {
                var names: Set<String> = []
                for (name, value) in values where names.insert(name).inserted {
                    output.member(
                        name,
                        object: {
                            output.key("value")
                            YAMLDocument.append(value, to: output)
                        })
                }
            })
    }

    // MARK: Answers

    func responses() {
        output.member(
            "responses",
            object: {
                if case .passedThrough = route.response.body {
                    return output.member(
                        "default",
                        object: {
                            output.member("description", "What the backend answers, as it is")
                            output.member("content", object: { output.member("*/*", object: {}) })
                        })
                }
                let success = successStatus
                output.member(success, object: appendSuccess)
                var ruled: [Int: String] = [:]
                for rule in route.errors {
                    guard case .constant(let status)? = rule.status, ruled[status] == nil,
                        String(status) != success
                    else { continue }
                    ruled[status] = rule.title?.constant?.string ?? "By a rule of the mapping"
                }
                for (status, title) in ruled.sorted(by: { $0.key < $1.key }) {
                    output.member(
                        String(status), object: { OpenAPIProblem.answer(title, to: output) })
                }
                output.member(
                    "default",
                    object: {
                        output.member("$ref", "#/components/responses/Problem")
                    })
            })
    }

    private var successStatus: String {
        if case .http = route.call, !route.response.hasStatus { return "2XX" }
        guard case .constant(let status) = route.response.status else { return "2XX" }
        return String(status)
    }

    private func appendSuccess() {
        output.member("description", "Success")
        if !route.response.headers.isEmpty {
            output.member(
                "headers",
                object: {
                    for header in route.response.headers {
                        output.member(
                            header.name.string,
                            object: {
                                output.member("schema", object: { output.member("type", "string") })
                            })
                    }
                })
        }
        if case .empty = route.response.body { return }
        output.member("content", object: appendContent)
    }

    private func appendContent() {
        let source = route.response.schema?.source
        if let produced = route.response.produced { return appendProduced(produced, source) }
        guard case .streaming(let call) = route.kind, call.method.isServerStreaming else {
            return output.member(
                "application/json",
                object: {
                    if let source { schema(source) }
                    examples { $0["responds"]?["body"] }
                })
        }
        messages(source) { $0["responds"]?["body"] }
        output.member(
            "text/event-stream",
            object: {
                output.member("schema", object: { output.member("type", "string") })
            })
    }
}

extension OpenAPISchemas {
    /// The schema behind references; nil where they lead nowhere or in circles.
    func followed(_ source: SchemaSource) -> SchemaSource? {
        var source = source
        for _ in 0..<16 {
            guard let node = self.node(source) else { return nil }
            guard node.isObject, let reference = node.member(named: "$ref"), reference.isString
            else { return source }
            guard let next = resolve(reference.string, from: file(of: source)) else {
                return nil
            }
            source = next
        }
        return nil
    }
}
