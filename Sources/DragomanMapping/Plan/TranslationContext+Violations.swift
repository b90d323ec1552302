// SPDX-License-Identifier: Apache-2.0
// What a client is told of a value that passed its schema and that the backend's contract, or the
// mapping, refuses. A pointer is always into what the client sent, also where a template has moved
// the value.

package import DragomanDocument

extension TranslationContext {
    /// What an error adds to `violations`: nothing where it only says that there are some. `body`
    /// is the Document of the request's body.
    package func violations(
        for error: TranslationError, body: Document
    ) -> [RequestViolation] {
        guard let place = error.place else {
            if !violations.isEmpty { return [] }
            return [
                RequestViolation(.pointer(""), keyword: error.keyword, detail: error.detail)
            ]
        }
        if let parameter = route?.parameters.parameter(at: place, self) {
            return [
                RequestViolation(
                    .parameter(parameter.name.string), keyword: error.keyword,
                    detail: error.detail)
            ]
        }
        return [
            RequestViolation(
                .pointer(body.pointer(to: place) ?? ""), keyword: error.keyword,
                detail: error.detail)
        ]
    }
}
