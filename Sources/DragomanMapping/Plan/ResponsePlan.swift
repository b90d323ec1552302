// SPDX-License-Identifier: Apache-2.0
// The way back: what a route makes of a backend's answer, and of its errors.

package import DragomanDocument

/// How a route answers after a call that succeeded.
package struct ResponsePlan: Sendable {
    package enum Body: Sendable {
        /// The reply in its contract's JSON form.
        case reply
        case template(TemplateProgram)
        /// No body: a one-way call without a template.
        case empty
        /// The backend's bytes as they come, with its status and its fields.
        case passedThrough
    }

    package enum Status: Sendable {
        case constant(Int)
        case expression(Expression)
    }

    /// What becomes of a reply with unknown or missing members.
    package enum Mismatch: Sendable { case report, refuse }

    package let body: Body
    package let status: Status
    package let headers: [NamedTemplate]
    /// `returns` as the mapping has it: the answer is judged by it before it is sent; nil where
    /// there is none.
    package let returns: LazySchema?
    /// The schema of the answer, written or derived; nil where nothing is known of it.
    package let schema: LazySchema?
    package let mismatch: Mismatch
    /// A template of the answer, or a rule for errors, reads the request's body or parameters:
    /// their Documents must last until the answer is built.
    package let readsRequest: Bool
    /// `status` is the mapping's own word; else an http backend's status stays as it is.
    package let hasStatus: Bool
    /// The answer is a google.api.HttpBody: its bytes go out under its own media type.
    package var isHTTPBody = false
    /// `produces`: the answer has another media type than application/json.
    package var produced: ProducedBody?

    /// Builds the answer's body into `document`, which is empty.
    ///
    /// - Returns: the body; nil where there is none to send.
    /// - Throws: whatever fails here is the gateway's fault: 500.
    package func answer(
        _ context: TranslationContext, into document: Document
    ) throws(TranslationError) -> Node? {
        switch body {
        case .reply: return context.value(.reply)
        case .template(let program): return try program.message(context, into: document)
        case .empty, .passedThrough: return nil
        }
    }

    /// The status to answer with.
    ///
    /// - Throws: where the template gives no status from 200 to 599.
    package func answerStatus(_ context: TranslationContext) throws(TranslationError) -> Int {
        try status.value(context)
    }
}

extension ResponsePlan.Status {
    func value(_ context: TranslationContext) throws(TranslationError) -> Int {
        switch self {
        case .constant(let status): return status
        case .expression(let expression):
            switch try expression.evaluate(context) {
            case .node(let node), .temporary(let node):
                let number = node.isString ? Integers.parse(node.bytes) : node.int64
                if let number, number >= 200, number <= 599 { return Int(number) }
            default: break
            }
            expression.noteFailure(context)
            throw TranslationError(
                .value, keyword: "mapping", "status wants a number from 200 to 599")
        }
    }
}

/// A rule that turns a backend's error into an answer; the first whose condition holds is used.
package struct ErrorRulePlan: Sendable {
    /// nil: always.
    package let condition: Expression?
    package let status: ResponsePlan.Status?
    package let type: Interpolation?
    package let title: Interpolation?
    package let detail: Interpolation?
    /// An object whose members the problem has beside its own.
    package let members: TemplateProgram?

    /// Whether the rule is for this error. A condition that fails is for none.
    package func matches(_ context: TranslationContext) -> Bool {
        guard let condition else { return true }
        return (try? condition.condition(context)) ?? false
    }

    /// - Throws: where the template gives no status from 200 to 599.
    package func answerStatus(_ context: TranslationContext) throws(TranslationError) -> Int? {
        try status?.value(context)
    }
}

extension ResponsePlan {
    /// A template of the answer may refer to `reply_headers`.
    package var mayReadReplyHeaders: Bool {
        if case .template = body { return true }
        if case .expression = status { return true }
        return !headers.isEmpty
    }
}
