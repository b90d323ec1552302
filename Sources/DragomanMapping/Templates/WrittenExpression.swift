// SPDX-License-Identifier: Apache-2.0
// The expressions of a route as they are written, beside their programs: `explain` shows what
// each of them comes to.

internal import DragomanDocument

/// An expression and the place of the scalar that it stands in.
package struct WrittenExpression: Sendable {
    package let origin: ExpressionOrigin
    let stage: TemplateScope.Stage
    let expression: Expression
    /// It is read once for each item of a list, and has no single value.
    let isRepeated: Bool

    /// Its value as JSON, `absent`, or what went wrong; nil where its time has not come.
    /// `hasAnswer`: the backends have answered, and well.
    package func value(_ context: TranslationContext, hasAnswer: Bool) -> String? {
        guard !isRepeated else { return nil }
        // What is asked here is no part of the exchange.
        let failure = context.failure
        defer { context.failure = failure }
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
        log?.note(
            WrittenExpression(
                origin: ExpressionOrigin(
                    source: source, file: file.path, position: place.node.position),
                stage: stage, expression: compiled.expression, isRepeated: isRepeated))
        return compiled
    }
}

/// The expression that failed last: where it stands, or the reference that it is.
package struct ExpressionFailure: Sendable {
    var origin: ExpressionOrigin?
    var reference: Reference?
}

extension Expression {
    /// Its value is of no use where it stands.
    func noteFailure(_ context: TranslationContext) {
        switch self {
        case .program(let program): context.failure = ExpressionFailure(origin: program.origin)
        case .reference(let reference): context.failure = ExpressionFailure(reference: reference)
        case .constant: break
        }
    }
}

extension Reference {
    /// As `resolve`, and what fails is noted.
    @inline(__always)
    func read(_ context: TranslationContext) throws(TranslationError) -> Node? {
        do throws(TranslationError) {
            return try resolve(context)
        } catch {
            context.failure = ExpressionFailure(reference: self)
            throw error
        }
    }
}

extension TranslationContext {
    /// Where the expression stands that failed last; nil where none did.
    package var failed: ExpressionOrigin? {
        guard let failure else { return nil }
        if let origin = failure.origin { return origin }
        guard let reference = failure.reference else { return nil }
        return route?.texts.expressions.first { written in
            guard case .reference(let other) = written.expression else { return false }
            return other.slot == reference.slot && other.steps == reference.steps
        }?.origin
    }

    /// The expression failed in another exchange, which is a step of this one.
    package func takeFailure(of step: TranslationContext) {
        failure = ExpressionFailure(origin: step.failed)
    }
}
