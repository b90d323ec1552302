// SPDX-License-Identifier: Apache-2.0
// A compiled expression as the rest of the gateway runs it, and as the conformance harness does.

package import DragomanDocument

/// An expression that has to be evaluated, beyond what a reference is.
package struct CELProgram: Sendable {
    private let code: CELCode
    /// Owns the names in `code`, where no plan does.
    private let arena: PlanArena?
    private let messages: [String: CELMessageType]
    /// Where a mapping writes it; nil elsewhere.
    let origin: ExpressionOrigin?

    init(
        _ code: CELCode, keeping arena: PlanArena? = nil,
        messages: [String: CELMessageType] = [:], origin: ExpressionOrigin? = nil
    ) {
        self.code = code
        self.origin = origin
        self.arena = arena
        self.messages = messages
    }

    /// The value. What is computed stands in `context.scratch` until the next evaluation.
    ///
    /// - Throws: keyword `mapping`, for every error of CEL but an absent value.
    package func evaluate(_ context: TranslationContext) throws(TranslationError)
        -> ExpressionValue
    {
        var evaluator = CELEvaluator(context: context)
        do throws(CELFailure) {
            let value = try evaluator.evaluate(code)
            return try CELOutput.result(value, context)
        } catch {
            if error.kind == .absent { return .absent }
            context.failure = ExpressionFailure(origin: origin)
            throw TranslationError(
                .value, keyword: "mapping", error.message, at: evaluator.lastRead)
        }
    }

    /// The value with names bound by the conformance suite.
    package func evaluate(_ bindings: [String: CELValue]) -> Result<CELValue, CELFailure> {
        var evaluator = CELEvaluator(
            context: nil, bindings: bindings, messages: messages)
        do throws(CELFailure) {
            return .success(try evaluator.evaluate(code))
        } catch {
            return .failure(error)
        }
    }
}

/// Values as JSON.
enum CELOutput {
    private static let depthMax = 200

    static func result(
        _ value: CELValue, _ context: TranslationContext
    ) throws(CELFailure) -> ExpressionValue {
        switch value {
        case .node(let node, _): return .node(node)
        case .bool(let truth): return .bool(truth)
        case .optional(let inner):
            guard let inner else { return .absent }
            return try result(inner, context)
        default: break
        }
        let scratch = context.scratch
        scratch.removeAll()
        try append(value, to: scratch)
        guard let root = scratch.root else { return .absent }
        return .temporary(root)
    }

    static func append(
        _ value: CELValue, to document: Document, depth: Int = 0
    ) throws(CELFailure) {
        guard depth < depthMax else {
            throw CELFailure("the value nests deeper than \(depthMax)")
        }
        switch value {
        case .null: document.appendNull()
        case .bool(let truth): document.append(truth)
        case .int(let whole): document.append(whole)
        case .uint(let whole): document.append(whole)
        case .double(let number):
            guard number.isFinite else {
                throw CELFailure("\(CELText.text(number)) has no form in JSON")
            }
            document.append(number)
        case .string(let text): document.append(string: text)
        case .bytes(let bytes): document.append(string: CELBase64.encode(bytes))
        case .timestamp, .duration, .type: document.append(string: CELText.text(value))
        case .node(let node, _): document.append(copy: node)
        case .optional(let inner):
            guard let inner else { return document.appendNull() }
            try append(inner, to: document, depth: depth + 1)
        case .list(let items):
            document.beginArray()
            for item in items {
                if case .optional(nil) = item { continue }
                try append(item, to: document, depth: depth + 1)
            }
            document.endArray()
        case .map(let map):
            document.beginObject()
            for pair in map.entries {
                let (name, item) = (pair.key, pair.value)
                if case .optional(nil) = item { continue }
                document.key(CELText.text(name))
                try append(item, to: document, depth: depth + 1)
            }
            document.endObject()
        case .message(let message):
            throw CELFailure("a message \(message.type.name) has no form in JSON here")
        }
    }
}

extension CELConstant {
    /// Appends a literal, as JSON has it.
    func append(to document: Document) {
        do throws(CELFailure) {
            try CELOutput.append(value, to: document)
        } catch {
            // Not finite: no literal is.
            document.appendNull()
        }
    }
}
