// SPDX-License-Identifier: Apache-2.0
// `dragoman test`: the examples that mapping files carry, run without a backend; with `--record`
// against the real one, whose answers go into the files.

internal import DragomanDocument
internal import DragomanGateway
internal import DragomanMapping

package struct TestCommand: Sendable {
    package enum Format: String, Sendable, CaseIterable {
        case text, json, junit
    }

    package var source: GatewaySource
    /// A part of an example's name; or a service, or a route as written.
    package var name: String?
    package var records = false
    package var format = Format.text

    package init(source: GatewaySource) { self.source = source }

    package func run() async -> Int32 {
        guard let plan = source.plan() else { return ExitCode.input }
        let selected = select(plan)
        if selected.isEmpty, let name {
            Console.error(unknown(name, plan))
            return ExitCode.input
        }
        let outcomes: [ExampleOutcome]
        do {
            outcomes = try await ExamplePlay(plan: plan, sends: records).run(selected)
        } catch {
            Console.error("error: \(error)")
            return ExitCode.input
        }
        if records, let failure = ExampleRecorder(source: source).write(outcomes) {
            Console.error("error: \(failure)")
            return ExitCode.input
        }
        let report = TestReport(outcomes)
        switch format {
        case .text: Console.line(report.text(colored: Console.isColored))
        case .json: Console.line(report.json)
        case .junit: Console.line(report.junit)
        }
        return outcomes.allSatisfy { $0.differences.isEmpty } ? ExitCode.fine : ExitCode.no
    }

    private func select(_ plan: GatewayPlan) -> [(RoutePlan, RouteExample)] {
        plan.routes.flatMap { route in
            route.examples.filter { isSelected($0, route) }.map { (route, $0) }
        }
    }

    private func isSelected(_ example: RouteExample, _ route: RoutePlan) -> Bool {
        guard let name else { return true }
        return example.name.contains(name) || route.service == name
            || "\(route.method) \(route.template.text)" == name
    }

    private func unknown(_ name: String, _ plan: GatewayPlan) -> String {
        let names = plan.routes.flatMap { $0.examples.map(\.name) }
        var text = "error: no example is named `\(name)`"
        if let nearest = NearestName.find(name, in: names) {
            text += "; did you mean `\(nearest)`?"
        }
        return text
    }
}
