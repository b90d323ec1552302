// SPDX-License-Identifier: Apache-2.0
// The parameters of one request as `explain` shows them.

internal import DragomanDocument

extension TranslationContext {
    /// Names and values, as JSON, of the parameters that there are.
    package func parameterValues(_ plan: ParameterPlan) -> [(name: String, value: String)] {
        plan.parameters.compactMap { parameter in
            value(of: parameter).map {
                ("\(parameter.source.name).\(parameter.name.string)", $0.json)
            }
        }
    }
}
