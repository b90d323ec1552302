// SPDX-License-Identifier: Apache-2.0
// `dragoman check`: compiles everything, runs the examples without a backend, calls nothing.

internal import DragomanGateway
internal import DragomanMapping

package struct CheckCommand: Sendable {
    package var source: GatewaySource
    package var isStrict = false
    package var format = OutputFormat.text

    package init(source: GatewaySource) { self.source = source }

    package func run() async -> Int32 {
        let load = source.load()
        var diagnostics = load.diagnostics
        var hasErrors = load.plan == nil
        var failure: String?
        if let plan = load.plan {
            do {
                _ = try plan.backendConfigurations()
                diagnostics += try await examples(plan, load.sources)
            } catch {
                failure = "error: \(error)"
                hasErrors = true
            }
        }
        let report = DiagnosticReport(
            diagnostics, omittedCount: load.omittedCount, source: { load.sources[$0] })
        switch format {
        case .text:
            if !diagnostics.isEmpty { Console.line(report.text()) }
            if let failure { Console.line(failure) }
            if let plan = load.plan, !hasErrors {
                let warnings = diagnostics.count
                let routes = plan.routes.count == 1 ? "1 route" : "\(plan.routes.count) routes"
                let verdict =
                    warnings == 0
                    ? "nothing to complain about"
                    : warnings == 1 ? "1 warning" : "\(warnings) warnings"
                Console.line("\(routes), \(verdict)")
            }
        case .json:
            Console.line(report.json)
            if let failure { Console.error(failure) }
        case .sarif:
            Console.line(report.sarif(version: "0.1.0"))
            if let failure { Console.error(failure) }
        }
        if hasErrors { return ExitCode.input }
        return isStrict && !diagnostics.isEmpty ? ExitCode.no : ExitCode.fine
    }

    /// Warnings of the examples that do not hold.
    private func examples(
        _ plan: GatewayPlan, _ sources: [String: SourceText]
    ) async throws -> [Diagnostic] {
        let examples = plan.routes.flatMap { route in route.examples.map { (route, $0) } }
        guard !examples.isEmpty else { return [] }
        let outcomes = try await ExamplePlay(plan: plan).run(examples)
        return ExampleFindings.diagnostics(outcomes, sources: sources)
    }
}
