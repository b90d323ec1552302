// SPDX-License-Identifier: Apache-2.0
// Why a JSON text is refused, for tests.

import DragomanDocument

/// The error that reading ends with; nil where there is none.
func failure(_ json: String, _ limits: DocumentLimits = .none) -> JSONSyntaxError? {
    do throws(JSONSyntaxError) {
        _ = try Document.reading(json, limits)
        return nil
    } catch {
        return error
    }
}
