// SPDX-License-Identifier: Apache-2.0
// One route of a mapping file as written.

package struct MappingRoute: Sendable {
    package enum UnknownParameters: Sendable, Equatable {
        case refuse
        case ignore
        /// These are ignored, others refused.
        case ignoreNames([String])
    }

    package enum Mismatch: String, Sendable {
        case refuse
        case report
    }

    /// `GET /countries/{code}/capital`, as written.
    package var key: YAMLNode
    package var method: String
    /// With the file's base.
    package var template: PathTemplate
    /// The whole value.
    package var node: YAMLNode

    package var summary: String?
    package var description: String?
    package var conditions: [RouteHeaderCondition] = []
    package var call: LocatedText?
    package var accepts: SchemaReference?
    /// Media types of the body, where they are not JSON alone.
    package var consumes: [LocatedText] = []
    package var parameters: [MappingParameter] = []
    /// `parameters` is there and could not be read as such, which has been reported.
    var hasUnreadParameters = false
    package var request: YAMLNode?
    /// Nil: the backend's default.
    package var unknownParameters: UnknownParameters?
    package var metadata: YAMLNode?
    package var soapHeader: YAMLNode?
    package var response: YAMLNode?
    package var status: YAMLNode?
    package var headers: YAMLNode?
    package var returns: SchemaReference?
    /// The answer's media type, where it is not application/json.
    package var produces: YAMLNode?
    package var onMismatch: Mismatch?
    package var errors: YAMLNode?
    package var steps: [MappingStep]?
    package var idempotent: Bool?
    package var examples: YAMLNode?
    package var policy = PolicySet()

    /// For the route table.
    package func entry(hosts: [String]) -> RouteEntry {
        RouteEntry(method: method, hosts: hosts, template: template, conditions: conditions)
    }
}

package struct MappingParameter: Sendable {
    package enum Place: String, Sendable {
        case path
        case query
        case header
        case cookie
    }

    package var name: LocatedText
    /// Nil: path if the template has it, else query.
    package var place: Place?
    package var schema: SchemaReference?
    package var isRequired: Bool?
    package var defaultValue: YAMLNode?
    /// Something is wrong with it, which has been reported: what it is, is not known.
    var isUncertain = false
}

/// One call of several.
package struct MappingStep: Sendable {
    package var name: LocatedText
    package var call: LocatedText
    package var request: YAMLNode?
    package var metadata: YAMLNode?
    package var soapHeader: YAMLNode?
    package var isOptional = false
    package var fallback: YAMLNode?
    package var timeout: Duration?
    package var retry: RetryPolicy?
    package var idempotent: Bool?
    package var each: YAMLNode?
    package var parallel: Int?
    package var isUnordered = false
    package var node: YAMLNode
}
