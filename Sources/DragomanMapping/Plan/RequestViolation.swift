// SPDX-License-Identifier: Apache-2.0
// What a client is told about its request: an entry of `errors` in a problem (PRODUCT.md).

/// One thing that is wrong with what the client sent.
package struct RequestViolation: Sendable, Equatable {
    package enum Place: Sendable, Equatable {
        /// RFC 6901, into the request's body.
        case pointer(String)
        /// A path variable, query parameter, header or cookie, by its name.
        case parameter(String)
    }

    package let place: Place
    /// The schema's keyword, the facet's name, `contract` or `mapping`.
    package let keyword: String
    /// A sentence that a person understands, without the place.
    package let detail: String

    package init(_ place: Place, keyword: String, detail: String) {
        self.place = place
        self.keyword = keyword
        self.detail = detail
    }
}

/// A parameter as it stood in the request, decoded, before it is typed.
struct ReceivedParameter {
    /// Index into the route's `ParameterPlan.parameters`.
    let parameter: Int
    let start: Int
    let count: Int
}
