// SPDX-License-Identifier: Apache-2.0
// Texts of templates that only lack their `${…}`: `body.name`, `$body.name`, `$(body.name)`.

enum LooseExpression {
    /// The expression that was meant; nil of any other text.
    static func meant(_ text: String, roots: [String]) -> String? {
        guard text.utf8.count <= 200 else { return nil }
        var source = text
        if source.hasPrefix("$(") && source.hasSuffix(")") {
            source = String(source.dropFirst(2).dropLast())
        } else if source.hasPrefix("$.") {
            source = String(source.dropFirst(2))
        } else if source.hasPrefix("$") || source.hasPrefix("@") {
            source = String(source.dropFirst())
        } else if source.hasPrefix("#{") && source.hasSuffix("}") {
            source = String(source.dropFirst(2).dropLast())
        }
        source = source.trimmed
        guard let syntax = try? CELParser.parse(source, isMapping: true),
            let (chain, rest) = CELChain.of(syntax), rest.isEmpty, !chain.steps.isEmpty,
            roots.contains(chain.root.text)
        else { return nil }
        return source
    }
}
