// SPDX-License-Identifier: Apache-2.0
// What a mapping file takes from gateway.yaml: its upstream and the policies it names.

internal import DragomanDocument

/// Where the calls of a mapping go.
package enum UpstreamChoice: Sendable {
    case named(UpstreamSettings)
    /// None is named: a SOAP contract's own address, under the service's name.
    case implicit
    /// There is none, which has been said.
    case missing
}

extension GatewayConfiguration {
    /// The upstream of a mapping: the one it names, else the one named as its service is, else
    /// (SOAP) an implicit one; else an error.
    package func upstream(
        of mapping: MappingFile, into collector: DiagnosticCollector
    ) -> UpstreamChoice {
        let names = upstreams.map(\.name)
        if let name = mapping.upstream {
            if let upstream = upstream(name.text) { return .named(upstream) }
            collector.error(
                "unknown-upstream", mapping.path, name.node,
                "gateway.yaml has no upstream `\(name.text)`",
                expected: names.isEmpty ? nil : "one of " + names.joined(separator: ", "),
                suggestion: NearestName.find(name.text, in: names))
            return .missing
        }
        if let upstream = upstream(mapping.service.text) { return .named(upstream) }
        if mapping.backend.isXML { return .implicit }
        let nearest = NearestName.find(mapping.service.text, in: names)
        collector.error(
            "missing-upstream", mapping.path, mapping.backend.node,
            "nothing says where `\(mapping.service.text)` is",
            expected: "`upstream` here, or an upstream `\(mapping.service.text)` in gateway.yaml",
            suggestion: nearest.map { "upstream: " + $0 })
        return .missing
    }

    /// Reports policies that a mapping and its routes name and gateway.yaml does not know.
    package func checkUse(of mapping: MappingFile, into collector: DiagnosticCollector) {
        checkUse(mapping.policy, file: mapping.path, into: collector)
        for route in mapping.routes ?? [] {
            checkUse(route.policy, file: mapping.path, into: collector)
        }
    }
}
