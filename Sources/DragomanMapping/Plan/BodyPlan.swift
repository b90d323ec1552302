// SPDX-License-Identifier: Apache-2.0
// What a route does with the request's body before anything is made of it.

package import DragomanDocument
internal import DragomanSchema

/// How a route reads the body.
package enum BodyPlan: Sendable {
    /// A body is 400: none is taken.
    case refused
    /// One JSON value, held whole and validated.
    case json(JSONBodyPlan)
    /// Bytes of any media type, not looked at.
    case passedThrough
}

/// A JSON body and what it must be.
package struct JSONBodyPlan: Sendable {
    /// What the body must be; nil where the contract alone decides.
    package let accepts: LazySchema?
    /// `accepts` stands in the mapping, and is not derived from the contract.
    package let isExplicit: Bool
    /// For descriptions: `accepts` and what the contract narrows of it; nil where that is nothing.
    var published: LazySchema?
    /// `{}`, which no body at all is judged as.
    let empty: ConstantNode?
    /// The body is bytes of any media type, which become a google.api.HttpBody.
    package var isHTTPBody = false
    /// What else than JSON the body may be; nil: nothing.
    package var forms: BodyForms?

    /// A request without a body is fine: `{}` is.
    var mayBeAbsent: Bool {
        guard let program = accepts?.program, let empty else { return true }
        return program.isValid(empty.node, EvaluationContext())
    }

    /// Judges the body as read, whose root may be absent where none was sent, and puts it into its
    /// slot.
    ///
    /// - Returns: whether all is well; if not, `context.violations` says what is wrong.
    package func take(_ body: Document, _ context: TranslationContext) -> Bool {
        context.set(.body, body.root)
        guard let program = accepts?.program, let node = body.root ?? empty?.node,
            !program.isValid(node, context.evaluation)
        else { return true }
        let report = program.violations(of: node, context.evaluation)
        for violation in report.violations {
            context.report(
                RequestViolation(
                    .pointer(body.pointer(to: violation.place) ?? ""),
                    keyword: violation.keyword, detail: violation.detail))
        }
        context.omit(report.omitted)
        return context.violations.isEmpty
    }
}
