// SPDX-License-Identifier: Apache-2.0
// The mapping file that import writes for one port of a WSDL, or for a schema: what a person would
// have written, and nothing more.

struct MappingText {
    let name: String
    /// Relative to `schemas/`.
    let contractPath: String
    let contract: ImportedContract
    let routes: [DerivedRoute]
    /// The contract has several ports, or several services, so that they are named.
    let writesPort: Bool
    let writesService: Bool

    var text: String {
        var yaml = YAMLText()
        let depth = name.filter { $0 == "/" }.count + 1
        let up = String(repeating: "../", count: depth)
        yaml.comment("yaml-language-server: $schema=\(up)schemas/dragoman/mapping.schema.json")
        if let endpoint = contract.endpoint,
            let about = DerivedRoute.texts(endpoint.serviceDocumentation).summary,
            about.lowercased() != endpoint.serviceName.local.lowercased()
        {
            yaml.comment(about)
        }
        if case .soap(let contract) = contract { suggest(contract.demands, to: &yaml) }
        yaml.pair("service", name)
        yaml.pair("base", "/\(name)")
        yaml.block("backend") { backend in
            backend.block(contract.kind) { block in
                block.pair("contract", contractPath)
                if writesService, case .soap = contract, let endpoint = contract.endpoint {
                    block.pair("service", endpoint.service)
                }
                if writesPort, let port = contract.endpoint?.port { block.pair("port", port) }
            }
        }
        let namespaces = contract.namespaces
        if !namespaces.isEmpty {
            yaml.block("namespaces") { block in
                for entry in namespaces { block.pair(entry.prefix, entry.uri) }
            }
        }
        yaml.block("routes") { block in
            for route in routes { MappingText.write(route, to: &block) }
        }
        return yaml.text
    }

    /// What the contract's policies ask the upstream for: it stands in gateway.yaml, and has files
    /// and secrets, so that a person must say it.
    private func suggest(_ demands: PolicyDemands, to yaml: inout YAMLText) {
        let settings = demands.settings(of: name)
        guard !settings.isEmpty else { return }
        yaml.comment("The contract's policy asks for more, which gateway.yaml says:")
        yaml.comment("  upstreams:")
        yaml.comment("    \(YAMLText.scalar(name)):")
        for line in settings { yaml.comment("      \(line)") }
        if !demands.uncarried.isEmpty {
            let names = demands.uncarried.prefix(20).joined(separator: ", ")
            yaml.comment("It also asks for what is not carried: \(names).")
        }
    }

    private static func write(_ route: DerivedRoute, to yaml: inout YAMLText) {
        yaml.block("\(route.method) \(route.template)") { block in
            if let summary = route.summary { block.pair("summary", summary) }
            if let description = route.description { block.folded("description", description) }
            block.pair("call", route.call)
            if !route.query.isEmpty {
                block.block("request") { request in
                    for parameter in route.query {
                        request.pair(
                            parameter.member, expression: access("query", parameter.name))
                    }
                }
            }
            if !route.headers.isEmpty {
                block.block("soap_header") { parts in
                    for header in route.headers { write(header, to: &parts) }
                }
            }
        }
    }

    private static func write(_ header: DerivedHeader, to yaml: inout YAMLText) {
        if header.isScalar {
            for parameter in header.parameters {
                yaml.pair(header.part, expression: access("header", parameter.name))
            }
            return
        }
        yaml.block(header.part) { part in
            for parameter in header.parameters {
                part.pair(parameter.member, expression: access("header", parameter.name))
            }
        }
    }

    /// `query.code`, or `query["x-code"]` where the name is no identifier of CEL.
    static func access(_ root: String, _ name: String) -> String {
        let isIdentifier =
            !name.isEmpty && !("0"..."9").contains(name.first ?? "0")
            && name.utf8.allSatisfy {
                ($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x7A && $0 >= 0x41 || $0 == 0x5F
                    || ($0 >= 0x30 && $0 <= 0x39)
            }
        if isIdentifier, !reserved.contains(name) { return "\(root).\(name)" }
        var quoted = ""
        for scalar in name.unicodeScalars {
            if scalar == "\"" || scalar == "\\" { quoted += "\\" }
            quoted.unicodeScalars.append(scalar)
        }
        return "\(root)[\"\(quoted)\"]"
    }

    private static let reserved: Set<String> = [
        "false", "in", "null", "true", "as", "break", "const", "continue", "else", "for",
        "function", "if", "import", "let", "loop", "package", "namespace", "return", "var",
        "void", "while",
    ]
}
