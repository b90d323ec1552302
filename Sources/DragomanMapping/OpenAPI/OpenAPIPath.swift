// SPDX-License-Identifier: Apache-2.0
// A path template in OpenAPI's terms: one parameter for each segment that varies. OpenAPI has no
// variables of several segments, so `{name=shelves/*/books/*}` is
// `shelves/{shelvesId}/books/{booksId}`.

/// A route's path as OpenAPI writes it.
struct OpenAPIPath {
    struct Variable {
        let name: String
        /// Index into the template's variables; nil of a wildcard without a name.
        let variable: Int?
        /// The variable is this segment alone.
        let isWhole: Bool
        /// May be several segments, with slashes between them.
        let isRest: Bool
    }

    let text: String
    let variables: [Variable]
    /// The same for all paths that OpenAPI takes for one.
    let shape: String

    init(_ template: PathTemplate) {
        var text = ""
        var shape = ""
        var variables: [Variable] = []
        for (index, segment) in template.segments.enumerated() {
            switch segment {
            case .literal(let bytes):
                let literal = "/" + String(decoding: bytes, as: UTF8.self)
                text += literal
                shape += literal
            case .single, .rest:
                let made = OpenAPIPath.variable(index, segment, template, variables.map(\.name))
                variables.append(made)
                text += "/{\(made.name)}"
                shape += "/{}"
            }
        }
        if text.isEmpty { text = "/" }
        if let verb = template.verb {
            text += ":" + String(decoding: verb, as: UTF8.self)
            shape += ":" + String(decoding: verb, as: UTF8.self)
        }
        self.text = text
        self.shape = shape
        self.variables = variables
    }

    private static func variable(
        _ index: Int, _ segment: PathTemplate.Segment, _ template: PathTemplate,
        _ taken: [String]
    ) -> Variable {
        let owner = template.variables.firstIndex { $0.segments.contains(index) }
        var name = "segment"
        var isWhole = false
        if let owner {
            let variable = template.variables[owner]
            let wildcards = variable.segments.filter {
                if case .literal = template.segments[$0] { false } else { true }
            }
            isWhole = variable.segments.count == 1
            if wildcards.count == 1 {
                name = variable.name
            } else if index > 0, case .literal(let bytes) = template.segments[index - 1] {
                name = String(decoding: bytes, as: UTF8.self) + "Id"
            } else {
                name = variable.name
            }
        }
        var unique = name
        var number = 1
        while taken.contains(unique) {
            number += 1
            unique = "\(name)\(number)"
        }
        return Variable(
            name: unique, variable: owner, isWhole: isWhole, isRest: segment == .rest)
    }
}
