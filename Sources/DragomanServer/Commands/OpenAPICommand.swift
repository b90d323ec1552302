// SPDX-License-Identifier: Apache-2.0
// `dragoman openapi`: what the directory would serve, described.

internal import DragomanMapping

package struct OpenAPICommand: Sendable {
    package var source: GatewaySource

    package init(source: GatewaySource) { self.source = source }

    package func run() -> Int32 {
        guard let plan = source.plan(describes: true) else { return ExitCode.input }
        Console.line(plan.openAPI)
        return ExitCode.fine
    }
}
