// SPDX-License-Identifier: Apache-2.0
// From a judged request to the message for the backend, in the contract's JSON form.

package import DragomanDocument
package import DragomanProtobuf

/// How a route makes the backend's message.
package enum RequestPlan: Sendable {
    /// The body itself; `{}` where there is none.
    case body
    case template(TemplateProgram)
    /// Of a client stream: the messages before the first, then what each is made by.
    case opened([TemplateProgram], TemplateProgram)
    /// As google.api.http binds path, query and body.
    case assembly(RequestAssembly)
    /// There is no message: bytes pass, or the call has no body.
    case none
}

extension TranslationContext {
    /// The message of a route that google.api.http binds. What is wrong with parameters collects
    /// in `violations`; an error without a place then says that there are some.
    fileprivate func assemble(into document: Document) throws(TranslationError) -> Node? {
        do throws(RequestAssemblyError) {
            try assembler.assemble(body: value(.body), into: document)
            return document.root
        } catch {
            for violation in error.parameters {
                report(
                    RequestViolation(
                        .parameter(violation.parameter), keyword: violation.keyword,
                        detail: violation.detail))
            }
            throw error.body
                ?? TranslationError(
                    .value, error.parameters.first?.detail ?? "the parameters do not fit")
        }
    }
}

extension RequestPlan {
    /// What a client stream begins with, before the message that the first value makes.
    package var openings: [TemplateProgram] {
        if case .opened(let openings, _) = self { openings } else { [] }
    }

    /// Makes the message: in `document`, which is empty, if it is not the body itself. It may refer
    /// to the body's Document and to `context.parameters`.
    ///
    /// - Returns: the message; nil where there is none to send.
    /// - Throws: what the client's values do not fit (`TranslationContext.violations`).
    package func message(
        _ context: TranslationContext, into document: Document
    ) throws(TranslationError) -> Node? {
        switch self {
        case .none: return nil
        case .body:
            if let body = context.value(.body) { return body }
            document.beginObject()
            document.endObject()
            return document.root
        case .template(let program), .opened(_, let program):
            return try program.message(context, into: document)
        case .assembly: return try context.assemble(into: document)
        }
    }
}
