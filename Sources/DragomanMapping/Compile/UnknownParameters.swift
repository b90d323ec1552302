// SPDX-License-Identifier: Apache-2.0
// `unknown_parameters`, of a route or of a file, for the two readers of a query: parameters by
// name, and the fields of a message.

internal import DragomanProtobuf

extension MappingRoute.UnknownParameters {
    func query(_ arena: PlanArena) -> ParameterPlan.UnknownQuery {
        switch self {
        case .refuse: .refuse
        case .ignore: .ignore
        case .ignoreNames(let names): .ignoreNames(names.map { arena.text($0) })
        }
    }

    /// `others`: what is no field, and read otherwise.
    func fields(besides others: [String] = []) -> UnknownParameters {
        switch self {
        case .refuse: .ignoreOnly(others)
        case .ignore: .ignore
        case .ignoreNames(let names): .ignoreOnly(others + names)
        }
    }
}
