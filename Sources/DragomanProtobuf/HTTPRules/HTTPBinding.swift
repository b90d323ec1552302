// SPDX-License-Identifier: Apache-2.0
// One HTTP face of a gRPC method: what a google.api.HttpRule says, from an annotation, from a
// service configuration, or by default.

/// Which part of the request message the request's body is.
package enum HTTPBindingBody: Sendable, Equatable {
    /// No body is taken: what the path does not set comes from the query.
    case none
    /// `*`: every field that the path does not set; no query parameters.
    case whole
    /// That field, by its .proto name; the rest comes from the query.
    case field(String)

    /// As `HttpRule.body` spells it.
    package init(rule: String) {
        switch rule {
        case "": self = .none
        case "*": self = .whole
        default: self = .field(rule)
        }
    }
}

package struct HTTPBinding: Sendable, Equatable {
    /// Upper case; a custom kind as written, `*` for every method.
    package let method: String
    package let template: String
    package let body: HTTPBindingBody
    /// Field of the reply, by its .proto name, that is the response's body; nil for all of it.
    package let responseBody: String?

    package init(
        method: String, template: String, body: HTTPBindingBody = .none,
        responseBody: String? = nil
    ) {
        self.method = method
        self.template = template
        self.body = body
        self.responseBody = responseBody
    }

    /// Of a method without a rule: `POST /package.Service/Method`, the body is the message.
    package static func unannotated(_ method: MethodDescriptor) -> HTTPBinding {
        HTTPBinding(method: "POST", template: method.path, body: .whole)
    }
}

extension MethodDescriptor {
    /// The rule's bindings, or the default one.
    package var bindingsOrDefault: [HTTPBinding] {
        bindings.isEmpty ? [.unannotated(self)] : bindings
    }
}
