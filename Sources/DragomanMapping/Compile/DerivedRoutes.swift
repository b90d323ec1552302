// SPDX-License-Identifier: Apache-2.0
// Routes that a SOAP or XML contract has of its own, as `import` would write them: made as YAML,
// so that they are compiled as if someone had.

internal import DragomanDocument
internal import DragomanXML

extension SOAPBackend {
    /// The routes of a mapping that writes none.
    func derivedRoutes(_ mapping: MappingFile, at node: YAMLNode) -> [MappingRoute] {
        MappingRoute.derived(DerivedRoute.routes(of: contract), of: mapping, at: node)
    }
}

extension MappingRoute {
    /// Routes as if the mapping wrote them.
    static func derived(
        _ routes: [DerivedRoute], of mapping: MappingFile, at node: YAMLNode
    ) -> [MappingRoute] {
        let base = mapping.base.isEmpty ? "/" + mapping.service.text : mapping.base
        return routes.compactMap { route in
            guard let template = try? PathTemplate(base + route.template) else { return nil }
            let text = DerivedYAML(position: node.position)
            var made = MappingRoute(
                key: text.scalar("\(route.method) \(template.text)"), method: route.method,
                template: template, node: node)
            made.summary = route.summary
            made.description = route.description
            made.call = LocatedText(text.scalar(route.call))
            if route.method == "GET" {
                made.request = text.mapping(
                    route.query.map { ($0.member, text.reference("query", $0.name)) })
            }
            if !route.headers.isEmpty {
                made.soapHeader = text.mapping(route.headers.compactMap(text.header))
            }
            return made
        }
    }
}

/// YAML nodes that no file has; all at one place.
struct DerivedYAML {
    let position: SourcePosition

    func scalar(_ text: String) -> YAMLNode {
        YAMLNode(.scalar(text), style: .doubleQuoted, position: position)
    }

    func reference(_ root: String, _ name: String) -> YAMLNode {
        var quoted = ""
        for scalar in name.unicodeScalars {
            if scalar == "\"" || scalar == "\\" { quoted += "\\" }
            quoted.unicodeScalars.append(scalar)
        }
        return scalar("${\(root)[\"\(quoted)\"]}")
    }

    /// A header part whose members come from header fields.
    func header(_ header: DerivedHeader) -> (String, YAMLNode)? {
        if header.isScalar {
            return header.parameters.first.map { (header.part, reference("header", $0.name)) }
        }
        let members = header.parameters.map { ($0.member, reference("header", $0.name)) }
        return (header.part, mapping(members))
    }

    /// Names that begin as directives do are kept from being read as such.
    func mapping(_ members: [(String, YAMLNode)]) -> YAMLNode {
        YAMLNode(
            .mapping(members.map { YAMLNode.Pair(key: scalar($0.0), value: $0.1) }),
            style: .flow, position: position)
    }
}
