// SPDX-License-Identifier: Apache-2.0
// A gateway directory, compiled: what serves requests until the next reload.

/// Everything that serving needs. Immutable; a reload makes a new one beside it.
package final class GatewayPlan: Sendable {
    package let configuration: GatewayConfiguration
    /// In the order of the files, then of each file.
    package let routes: [RoutePlan]
    /// Matches give places in `routes`.
    package let table: RouteTable
    package let upstreams: [UpstreamPlan]
    /// The documents that schemas stand in, for descriptions.
    let schemas: SchemaDocuments

    init(
        configuration: GatewayConfiguration, routes: [RoutePlan], table: RouteTable,
        upstreams: [UpstreamPlan], schemas: SchemaDocuments
    ) {
        self.configuration = configuration
        self.routes = routes
        self.table = table
        self.upstreams = upstreams
        self.schemas = schemas
    }
}

/// The outcome of loading a directory.
package struct GatewayLoad: Sendable {
    /// Nil where an error was found.
    package let plan: GatewayPlan?
    /// Errors and warnings, by file and place.
    package let diagnostics: [Diagnostic]
    /// The files that diagnostics quote, and those with examples, by path.
    package let sources: [String: SourceText]
    /// Diagnostics beyond the thousand that are kept.
    package let omittedCount: Int
}

extension GatewayPlan {
    /// The same with other listeners, as the command line says them.
    package func replacing(_ configuration: GatewayConfiguration) -> GatewayPlan {
        GatewayPlan(
            configuration: configuration, routes: routes, table: table, upstreams: upstreams,
            schemas: schemas)
    }
}

extension DiagnosticReport {
    package init(_ load: GatewayLoad) {
        self.init(
            load.diagnostics, omittedCount: load.omittedCount, source: { load.sources[$0] })
    }
}
