// SPDX-License-Identifier: Apache-2.0
// One route, compiled: everything that an exchange needs from the match to the answer.

internal import DragomanDocument

/// A route. Immutable; shared by all event loops.
package final class RoutePlan: Sendable {
    /// What kind of exchange the route is.
    package enum Kind: Sendable {
        /// One request, one reply.
        case unary(CallPlan)
        /// A gRPC method that streams, one way or both.
        case streaming(GRPCCall)
        /// Several calls, one answer.
        case steps(StepsPlan)
    }

    /// Place in `GatewayPlan.routes` and in its route table.
    package let index: Int
    /// The mapping's `service`.
    package let service: String
    package let method: String
    package let template: PathTemplate
    /// Empty: every host.
    package let hosts: [String]
    package let conditions: [RouteHeaderCondition]
    /// `package.Service/Method`, the WSDL operation, `METHOD /path` for http; empty with steps.
    package let operation: String
    package let texts: RouteTexts
    package let policy: PolicySet
    /// gateway.yaml's, with the policy's in their place.
    package let limits: GatewayLimits
    /// Of one call; nil where only `limits.timeout` bounds it.
    package let timeout: Duration?
    package let retry: RetryPolicy?
    /// The call may be made again.
    package let isIdempotent: Bool

    package let parameters: ParameterPlan
    package let body: BodyPlan
    package let request: RequestPlan
    package let kind: Kind
    package let response: ResponsePlan
    /// The route's own, then the file's.
    package let errors: [ErrorRulePlan]

    /// Slots that a `TranslationContext` needs.
    let slotCount: Int
    /// Keeps what the plans point into.
    let arena: PlanArena

    /// Bytes go to the backend as they come.
    package var isPassedThrough: Bool {
        if case .passedThrough = body { true } else { false }
    }

    /// The one call; nil of a route with steps.
    package var call: CallPlan? {
        switch kind {
        case .unary(let call): call
        case .streaming(let call): .grpc(call)
        case .steps: nil
        }
    }

    init(_ parts: RouteParts, index: Int) {
        self.index = index
        service = parts.service
        method = parts.method
        template = parts.template
        hosts = parts.hosts
        conditions = parts.conditions
        operation = parts.operation
        texts = parts.texts
        policy = parts.policy
        limits = parts.limits
        timeout = parts.policy.timeout
        retry = parts.policy.retry
        isIdempotent = parts.isIdempotent
        parameters = parts.parameters
        body = parts.body
        request = parts.request
        kind = parts.kind
        response = parts.response
        errors = parts.errors
        slotCount = parts.slotCount
        arena = parts.arena
    }
}

/// What people read of a route, and where it is written.
package struct RouteTexts: Sendable {
    package var summary: String?
    package var description: String?
    /// The mapping file, as diagnostics name it.
    package var file: String
    /// The route's key; of a derived route, the contract's name in the mapping.
    package var position: SourcePosition
    /// The route as written; nil of a derived one.
    package var node: YAMLNode?
    /// Names of the policies that it uses, for `routes`.
    package var policies: [String] = []
    /// What the whole message is, of a route that google.api.http binds.
    var message: LazySchema?
    /// Fields of the message that nothing else sets are query parameters.
    var bindsQuery = false
    /// Fields of it that path and body set, dotted paths as its schema names them.
    var setFields: [String] = []
    /// In the order of compilation; for `explain`.
    package var expressions: [WrittenExpression] = []
}

/// A route under construction.
struct RouteParts {
    var service: String
    var method: String
    var template: PathTemplate
    var hosts: [String]
    var conditions: [RouteHeaderCondition]
    var operation: String
    var texts: RouteTexts
    var policy: PolicySet
    var limits: GatewayLimits
    var isIdempotent: Bool
    var parameters: ParameterPlan
    var body: BodyPlan
    var request: RequestPlan
    var kind: RoutePlan.Kind
    var response: ResponsePlan
    var errors: [ErrorRulePlan]
    var slotCount: Int
    var arena: PlanArena
    /// Where messages about the route as a whole point.
    var keyNode: YAMLNode

    var entry: RouteEntry {
        RouteEntry(method: method, hosts: hosts, template: template, conditions: conditions)
    }
}
