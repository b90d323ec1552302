// SPDX-License-Identifier: Apache-2.0
// Routes of a mapping file.

internal import DragomanDocument

extension MappingReader {
    /// Nil where the key is no method and template; that has been said.
    func route(_ pair: YAMLNode.Pair, base: String) -> MappingRoute? {
        let node = pair.value
        guard let (method, template) = routeKey(pair.key, base: base) else { return nil }
        let checked = CheckedNode(node: node)
        var route = MappingRoute(
            key: pair.key, method: method, template: template, node: node)
        route.summary = checked["summary"].text
        route.description = checked["description"].text
        route.conditions = conditions(node["match"]?["headers"])
        route.call = located(node["call"])
        route.accepts = schema(node["accepts"])
        route.consumes = (node["consumes"]?.items ?? node["consumes"].map { [$0] } ?? [])
            .map(LocatedText.init)
        route.parameters = (node["parameters"]?.pairs ?? []).map { parameter($0, template) }
        route.hasUnreadParameters =
            node["parameters"].map { $0.pairs == nil && !$0.isNull }
            ?? MappingShapes.route.isMisspelt("parameters", in: node.pairs ?? [])
        route.request = node["request"]
        route.unknownParameters = unknownParameters(node["unknown_parameters"])
        route.metadata = node["metadata"]
        route.soapHeader = node["soap_header"]
        route.response = node["response"]
        route.status = node["status"]
        route.headers = node["headers"]
        route.returns = schema(node["returns"])
        route.produces = node["produces"]
        route.onMismatch = checked["on_mismatch"].text.flatMap(MappingRoute.Mismatch.init)
        route.errors = node["errors"]
        route.steps = node["steps"]?.pairs.map { $0.map(step) }
        route.idempotent = checked["idempotent"].boolean
        route.examples = node["examples"]
        route.policy = PolicyReader.read(node, file, collector)
        checkSteps(node, route)
        return route
    }

    private func routeKey(_ key: YAMLNode, base: String) -> (String, PathTemplate)? {
        let text = key.text ?? ""
        let method = text.prefix { $0 != " " }
        let path = text.dropFirst(method.count).drop { $0 == " " }
        guard ScalarKind.method.accepts(String(method)), path.hasPrefix("/") else {
            collector.error(
                "route-key", file, key, "`\(text)` is no route",
                expected: ScalarKind.routeKey.expected, suggestion: Self.mended(text))
            return nil
        }
        if method.contains(where: \.isLowercase) {
            collector.error(
                "route-key", file, key, "methods are written in capitals",
                suggestion: "\(method.uppercased()) \(path)")
            return nil
        }
        let registered = Self.methods
        if !registered.contains(String(method)), !Self.rareMethods.contains(String(method)) {
            let meant = NearestName.find(String(method), in: registered)
            collector.warning(
                "unusual-method", file, key, "`\(method)` is no usual method",
                suggestion: meant.map { "\($0) \(path)" })
        }
        if let angled = Self.angled(String(path)) {
            collector.warning(
                "path-template", file, key, "`<` and `>` are letters of the path here",
                expected: "variables in `{ }`", suggestion: "\(method) \(angled)")
        }
        let joined = PathTemplate.join(base: base, String(path))
        do throws(PathTemplateError) {
            return (String(method), try PathTemplate(joined))
        } catch {
            report(error, key, text, String(path), base: base)
            return nil
        }
    }

    /// A key without a method, or without the slash before its path; nil for something else.
    private static func mended(_ text: String) -> String? {
        if text.hasPrefix("/") { return "GET \(text)" }
        let words = text.split(separator: " ")
        guard words.count == 2, methods.contains(words[0].uppercased()) else { return nil }
        return words[0].uppercased() + (words[1].hasPrefix("/") ? " " : " /") + words[1]
    }

    /// `/orders/<int:id>` as other routers have it; nil for something else.
    private static func angled(_ path: String) -> String? {
        guard path.contains("/<"), path.contains(">") else { return nil }
        return path.split(separator: "/", omittingEmptySubsequences: false).map { segment in
            guard segment.hasPrefix("<"), segment.hasSuffix(">") else { return String(segment) }
            let name = segment.dropFirst().dropLast().split(separator: ":").last ?? ""
            return "{\(name)}"
        }.joined(separator: "/")
    }

    /// `/orders/:id` as other routers have it; nil for something else.
    private static func braced(_ text: String) -> String? {
        guard text.contains("/:") else { return nil }
        let segments = text.split(separator: "/", omittingEmptySubsequences: false).map {
            $0.hasPrefix(":") ? "{\($0.dropFirst())}" : String($0)
        }
        return segments.joined(separator: "/")
    }

    /// Of RFC 9110 and RFC 5789, and what is often seen beside them.
    private static let methods = [
        "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "COPY",
        "MOVE", "LOCK", "LINK", "PURGE", "QUERY", "SEARCH", "REPORT", "MERGE",
    ]

    /// The others of the registry of HTTP methods.
    private static let rareMethods: Set = [
        "ACL", "BASELINE-CONTROL", "BIND", "CHECKIN", "CHECKOUT", "LABEL", "MKACTIVITY",
        "MKCALENDAR", "MKCOL", "MKREDIRECTREF", "MKWORKSPACE", "ORDERPATCH", "PRI", "PROPFIND",
        "PROPPATCH", "REBIND", "UNBIND", "UNCHECKOUT", "UNLINK", "UNLOCK", "UPDATE",
        "UPDATEREDIRECTREF", "VERSION-CONTROL",
    ]

    private func report(
        _ error: PathTemplateError, _ key: YAMLNode, _ text: String, _ path: String, base: String
    ) {
        let inPath = max(0, error.offset - base.utf8.count)
        let offset = text.utf8.count - path.utf8.count + inPath
        let position =
            collector.source(file)?.position(in: key, utf8Offset: offset) ?? key.position
        collector.report(
            Diagnostic(
                code: "path-template", file: file, position: position, message: error.message,
                expected: "a template such as /orders/{id} or /files/{name=**}",
                suggestion: Self.braced(text)))
    }

    private func conditions(_ node: YAMLNode?) -> [RouteHeaderCondition] {
        var conditions: [RouteHeaderCondition] = []
        for pair in node?.pairs ?? [] {
            let condition = RouteHeaderCondition(name: pair.name, value: pair.value.text ?? "")
            if conditions.contains(where: { $0.name == condition.name }) {
                collector.error(
                    "duplicate-key", file, pair.key,
                    "the header `\(condition.name)` is here twice; its case does not count")
            }
            conditions.append(condition)
        }
        return conditions
    }

    private func parameter(
        _ pair: YAMLNode.Pair, _ template: PathTemplate
    ) -> MappingParameter {
        let node = pair.value
        let checked = CheckedNode(node: node)
        let place = checked["in"].text.flatMap(MappingParameter.Place.init)
        let names = template.variables.map(\.name)
        let keys = ["in", "schema", "required", "default"]
        var isUncertain = node.pairs?.contains { !keys.contains($0.name) } ?? !node.isNull
        if place == .path, !names.contains(pair.name) {
            isUncertain = true
            collector.error(
                "unknown-parameter", file, pair.key,
                "the path has no variable `\(pair.name)`",
                expected: names.isEmpty ? nil : "one of " + names.joined(separator: ", "),
                suggestion: NearestName.find(pair.name, in: names))
        }
        return MappingParameter(
            name: LocatedText(pair.key), place: place, schema: schema(node["schema"]),
            isRequired: checked["required"].boolean, defaultValue: node["default"],
            isUncertain: isUncertain)
    }

    func unknownParameters(_ node: YAMLNode?) -> MappingRoute.UnknownParameters? {
        switch node?.text {
        case "refuse": return .refuse
        case "ignore": return .ignore
        default: return node?.items.map { .ignoreNames($0.compactMap(\.text)) }
        }
    }

    private func step(_ pair: YAMLNode.Pair) -> MappingStep {
        let node = pair.value
        let checked = CheckedNode(node: node)
        return MappingStep(
            name: LocatedText(pair.key), call: LocatedText(node["call"] ?? node),
            request: node["request"], metadata: node["metadata"],
            soapHeader: node["soap_header"], isOptional: checked["optional"].boolean ?? false,
            fallback: node["fallback"], timeout: checked["timeout"].duration,
            retry: PolicyReader.retry(checked["retry"]), idempotent: checked["idempotent"].boolean,
            each: node["each"], parallel: checked["parallel"].integer,
            isUnordered: checked["unordered"].boolean ?? false, node: node)
    }

    /// Names that expressions already use for something else.
    private static let roots: Set = [
        "path", "query", "header", "cookie", "body", "claims", "consumer", "reply",
        "reply_headers", "steps", "item", "fault", "grpc", "status",
    ]

    private func checkSteps(_ node: YAMLNode, _ route: MappingRoute) {
        for step in route.steps ?? [] where Self.roots.contains(step.name.text) {
            collector.error(
                "step-name", file, step.name.node,
                "`\(step.name.text)` already means something in expressions",
                expected: "another name")
        }
        guard node["steps"] != nil else { return }
        for name in ["call", "request", "metadata", "soap_header"] {
            guard let pair = node.pair(name) else { continue }
            collector.error(
                "too-many-keys", file, pair.key, "a route with `steps` has no `\(name)` of its own",
                expected: "`\(name)` in each step")
        }
    }
}
