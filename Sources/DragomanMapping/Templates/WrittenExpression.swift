// SPDX-License-Identifier: Apache-2.0
// The expressions of a route as they are written, beside their programs: `explain` shows what
// each of them comes to.

internal import DragomanDocument

/// An expression and the place of the scalar that it stands in.
package struct WrittenExpression: Sendable {
    package let source: String
    package let position: SourcePosition
    let stage: TemplateScope.Stage
    let expression: Expression

    /// Its value as JSON, `absent`, or what went wrong; nil where its time has not come.
    /// `hasAnswer`: the backends have answered, and well.
    package func value(_ context: TranslationContext, hasAnswer: Bool) -> String? {
        switch stage {
        case .request: break
        case .response: guard hasAnswer else { return nil }
        case .errors:
            guard context.value(.grpc) != nil || context.value(.fault) != nil else { return nil }
        }
        do throws(TranslationError) {
            let value = try expression.evaluate(context)
            if case .absent = value { return "absent" }
            let document = Document(tapeCapacity: 16, textCapacity: 64)
            value.append(to: document)
            return withExtendedLifetime(document) { document.root?.json ?? "absent" }
        } catch {
            return "fails: \(error.detail)"
        }
    }
}

/// Where an expression stands, for what it says when it fails.
package final class ExpressionOrigin: Sendable {
    /// Without its `${` and `}`.
    package let source: String
    package let file: String
    /// Of the scalar that it stands in.
    package let position: SourcePosition

    init(source: String, file: String, position: SourcePosition) {
        self.source = source.trimmed
        self.file = file
        self.position = position
    }
}

/// Collects the expressions of one route while it is compiled.
final class ExpressionLog {
    private(set) var expressions: [WrittenExpression] = []

    func note(_ expression: WrittenExpression) { expressions.append(expression) }
}

extension TemplateScope {
    /// Compiles an expression of this scope; nil where something is wrong, which is reported.
    func compile(
        _ source: String, at place: ExpressionPlace, _ use: ExpressionUse
    ) -> CompiledExpression? {
        guard let compiled = ExpressionCompiler.compile(source, at: place, use, self) else {
            return nil
        }
        // What is read once for each item has no single value.
        if let log, !isRepeated {
            log.note(
                WrittenExpression(
                    source: source, position: place.node.position, stage: stage,
                    expression: compiled.expression))
        }
        return compiled
    }
}
