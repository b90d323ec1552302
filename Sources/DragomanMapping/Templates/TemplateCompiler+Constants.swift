// SPDX-License-Identifier: Apache-2.0
// Constants of templates: YAML text that takes its target's type, checked against it.
//
//     007 at a string → "007"      7 at an integer → 7      true where nothing is known → true

internal import DragomanDocument
internal import DragomanSchema

extension TemplateCompiler {
    /// `text`: the scalar's with `$${` resolved.
    mutating func constant(
        _ node: YAMLNode, _ text: String, _ target: SchemaShape?, _ key: Int32
    ) {
        warnOfExpression(node, text)
        LooseExpression.warnOfBraces(node, scope)
        guard let value = ConstantTyping.value(node, text, target?.types ?? .all) else {
            return reportType(node, target)
        }
        guard check(node, value, target) else { return }
        switch value {
        case .null: emit(.null, key: key)
        case .boolean(let truth): emit(truth ? .true : .false, key: key)
        case .string(let string): emit(.string, key: key, a: self.text(string))
        default:
            guard
                let constant = scope.arena.constant({ YAMLDocument.append(value, to: $0) })
            else { return }
            parts.constants.append(constant)
            emit(.constant, key: key, a: parts.constants.count - 1)
        }
    }

    /// A text that would be an expression, had it `${…}` around it.
    private func warnOfExpression(_ node: YAMLNode, _ text: String) {
        guard !node.isQuoted, let meant = LooseExpression.meant(text, roots: scope.rootNames)
        else { return }
        scope.file.report(
            .warning, "constant-expression", node,
            "this is the text `\(text)` itself: an expression stands in `${…}`",
            expected: "`${…}`, or quotes around a text that is meant", suggestion: "${\(meant)}")
    }

    private func reportType(_ node: YAMLNode, _ target: SchemaShape?) {
        guard let target else { return }
        scope.file.report(
            .error, "wrong-type", node,
            node.isNull
                ? "nothing stands here"
                : "\(node.kindDescription) can not be \(TypeNames.article(target.types))",
            expected: "\(TypeNames.article(target.types)), as \(target.name) has it")
    }

    /// Whether the target's facets let the constant through; says so if not.
    private func check(_ node: YAMLNode, _ value: YAMLValue, _ target: SchemaShape?) -> Bool {
        guard let target, let problem = scope.constants.problem(value, target) else {
            return true
        }
        var suggestion: String?
        if case .string(let text) = value {
            suggestion = NearestName.find(text, in: problem.alternatives)
        }
        scope.file.report(
            .error, "wrong-value", node,
            "`\(node.text ?? "")` is not what \(target.name) wants here: \(problem.detail)",
            expected: NameList.oneOf(problem.alternatives),
            suggestion: suggestion)
        return false
    }
}

/// What a constant is at a target.
enum ConstantTyping {
    /// Nil where no reading of it is of a type that the target takes.
    static func value(_ node: YAMLNode, _ text: String, _ types: SchemaTypes) -> YAMLValue? {
        if node.isQuoted { return types.contains(.string) ? .string(text) : nil }
        let core = YAMLValue(plain: text)
        if types == .all { return core }
        switch core {
        case .null: if types.contains(.null) { return core }
        case .boolean: if types.contains(.boolean) { return core }
        // A target of strings and numbers (ProtoJSON's int64) takes either.
        case .integer: if !types.isDisjoint(with: .number) { return core }
        case .number(let digits):
            if types.contains(.fraction) || isIntegral(digits) && types.contains(.integer) {
                return core
            }
            // An integer in a string (ProtoJSON's int64) is one all the same.
            if types.contains(.integer) { return nil }
        default: break
        }
        return types.contains(.string) ? .string(text) : nil
    }

    private static func isIntegral(_ digits: String) -> Bool {
        var digits = digits
        return digits.withUTF8 { ExactNumber(UnsafeRawBufferPointer($0)).isInteger }
    }
}

/// Judges constants by the schemas of their targets; each target's schema is compiled once.
final class ConstantChecker {
    struct Problem {
        let detail: String
        /// The texts of what would be right, where that is a list.
        let alternatives: [String]
    }

    private let library: SchemaLibrary
    private var programs: [String: SchemaProgram?] = [:]
    private let evaluation = EvaluationContext()

    init(library: SchemaLibrary) { self.library = library }

    func problem(_ value: YAMLValue, _ target: SchemaShape) -> Problem? {
        guard let reference = target.reference, let program = program(reference) else {
            return nil
        }
        if case .string(let text) = value, target.alternatives.isEmpty,
            let number = numeric(text, target.types)
        {
            guard let number else {
                return Problem(
                    detail: "it is no " + (target.types.contains(.fraction) ? "number" : "integer"),
                    alternatives: [])
            }
            if let problem = problem(number, target) { return problem }
        }
        let document = Document(tapeCapacity: 16, textCapacity: 64)
        YAMLDocument.append(value, to: document)
        guard let node = document.root, !program.isValid(node, evaluation) else { return nil }
        let violations = program.violations(of: node, evaluation).violations
        // Of several alternatives the nearest one says what was wanted.
        let isChoice = ["anyOf", "oneOf"].contains(violations.first?.keyword ?? "")
        let telling = isChoice ? violations.dropFirst().first : nil
        return Problem(
            detail: (telling ?? violations.first)?.parts.statement ?? "the contract refuses it",
            alternatives: target.alternatives)
    }

    /// What a text is at a target of numbers, which may stand in strings (ProtoJSON's int64); nil
    /// in nil where it is none, nil where the target is not of that kind or has words of its own.
    private func numeric(_ text: String, _ types: SchemaTypes) -> YAMLValue?? {
        guard types.contains(.integer), types.contains(.string), types != .all,
            types.isDisjoint(with: [.object, .array])
        else { return nil }
        if !types.contains(.fraction) {
            guard case .integer = YAMLValue(plain: text) else { return .some(nil) }
        }
        switch YAMLValue(plain: text) {
        case .integer(let digits): return .integer(digits)
        case .number(let digits): return .number(digits)
        default: return nil
        }
    }

    private func program(_ reference: String) -> SchemaProgram? {
        if let known = programs[reference] { return known }
        var program: SchemaProgram?
        if case .success(let made) = library.compile(reference, origin: .derived) {
            program = made
        }
        programs[reference] = .some(program)
        return program
    }
}
