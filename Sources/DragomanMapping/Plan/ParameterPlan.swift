// SPDX-License-Identifier: Apache-2.0
// The parameters of a route: which there are, of what type, and how they get from the request's
// path, query and headers into the slots that templates read.

package import DragomanDocument
package import DragomanSchema

/// How a route reads its parameters.
package struct ParameterPlan: Sendable {
    package enum Source: Int, Sendable {
        case path, query, header, cookie

        package var name: String {
            switch self {
            case .path: "path"
            case .query: "query"
            case .header: "header"
            case .cookie: "cookie"
            }
        }
    }

    /// One parameter, as one type sees it: a name that stands at targets of two types is there
    /// twice.
    package struct Parameter: Sendable {
        package let source: Source
        /// As sent; of a header in lower case.
        package let name: ConstantText
        package let slot: Int
        /// JSON types that its text may be read as; `all` leaves it a string.
        package let types: SchemaTypes
        /// Types of its items where it may be an array; else empty.
        package let itemTypes: SchemaTypes
        /// What the value must be; nil where anything is right.
        package let schema: LazySchema?
        package let isRequired: Bool
        package let absent: ConstantNode?
        /// Any value at all: what its slot holds until the right one is complete.
        let given: ConstantNode?
        /// Of a path parameter, its variable's index in the template; else -1.
        package let variable: Int

        package var isList: Bool { types.contains(.array) && types != .all }
    }

    package enum UnknownQuery: Sendable {
        case refuse, ignore
        case ignoreNames([ConstantText])
    }

    /// Parameters that fill one part of a message: it is sent if one of them is there.
    package struct Coupling: Sendable {
        /// Indexes into `parameters`.
        let members: [Int]
        /// Those that the part can not be without.
        let due: [Int]
    }

    /// In the order of `Source`.
    package let parameters: [Parameter]
    /// What becomes of query parameters that are not in `parameters`.
    package let unknownQuery: UnknownQuery
    /// The message plan binds the query itself (google.api.http), and refuses what it does not
    /// know.
    package let messageBindsQuery: Bool
    let couplings: [Coupling]
    let readsHeaders: Bool
    let readsCookies: Bool
    let readsQuery: Bool
    let readsPath: Bool

    init(
        _ parameters: [Parameter], unknownQuery: UnknownQuery, messageBindsQuery: Bool = false,
        couplings: [Coupling] = []
    ) {
        self.couplings = couplings
        self.parameters = parameters
        self.unknownQuery = unknownQuery
        self.messageBindsQuery = messageBindsQuery
        readsPath = parameters.contains { $0.source == .path }
        readsQuery = parameters.contains { $0.source == .query }
        readsHeaders = parameters.contains { $0.source == .header }
        readsCookies = parameters.contains { $0.source == .cookie }
    }

    /// The parameters that bring it about that one must be there; empty where none does.
    func requiring(_ parameter: Int) -> [Parameter] {
        var names: [Parameter] = []
        for coupling in couplings where coupling.due.contains(parameter) {
            names += coupling.members.filter { $0 != parameter }.map { parameters[$0] }
        }
        return names
    }

    /// `header(name:value:)` wants to be called with every header line of the request.
    package var wantsHeaders: Bool { readsHeaders || readsCookies }
    /// Nothing is read and nothing refused: none of the calls is needed.
    /// Nothing is read.
    static var none: ParameterPlan {
        ParameterPlan([], unknownQuery: .ignore, messageBindsQuery: false)
    }

    package var isEmpty: Bool {
        if messageBindsQuery { return false }
        if case .ignore = unknownQuery { return parameters.isEmpty }
        return false
    }
}
