// SPDX-License-Identifier: Apache-2.0
// Finds what every name and call of an expression means, gives every part a type, and makes the
// program of it. Everything that is wrong is collected, each at its place.

internal import DragomanDocument
internal import DragomanSchema

/// How a value is used: what a mapping derives `accepts` from.
indirect enum CELUse {
    /// As the whole of the expression.
    case whole
    /// As `whole`, and something stands in where it is absent.
    case replaced
    /// In an operator or a call.
    case operand
    /// As what a macro goes over.
    case range
    /// By `has`.
    case presence
    /// As what a member or item is taken from.
    case path
}

/// A part of an expression that was found to be good, or was reported.
struct CELChecked {
    let code: CELCode
    let type: CELType
    /// Of a selection: it may end in no-such-key.
    var mayBeAbsent = false

    /// Something in it was reported: what stands around it is judged no more.
    var hasFailed: Bool {
        if case .failing(let message) = code { message.isEmpty } else { false }
    }

    static var failed: CELChecked { CELChecked(code: .failing(""), type: .dyn) }
}

/// Where names come from that no macro made.
protocol CELNames {
    /// A value by the names and constant indices that follow a name; `consumed`: how many of them
    /// were meant. Nil where the first name is none of these. Reports what is wrong itself, and
    /// then gives `CELChecked.failed`.
    func resolve(
        _ chain: CELChain, _ use: CELUse, _ checker: inout CELChecker
    ) -> (value: CELChecked, consumed: Int)?

    /// Names to suggest.
    var names: [String] { get }

    /// Whether what is known of a value says that it is never this text.
    func refuses(_ text: String, at shape: SchemaShape) -> Bool
}

/// A name and the plain selections and constant indices behind it.
struct CELChain {
    struct Step {
        enum Kind {
            case member(String)
            case item(Int)
        }
        let kind: Kind
        let start: Int
        let end: Int
    }

    let root: CELName
    let isGlobal: Bool
    let steps: [Step]
}

/// Checks one expression.
struct CELChecker {
    struct Local {
        let name: String
        let slot: Int
        let type: CELType
    }

    let names: any CELNames
    let pool: PlanArena
    /// Nothing is refused before it is evaluated: `disableCheck` of the conformance suite.
    var isLenient = false
    /// The language of mappings: `has` and `default` over everything absent, `lookup`, `now`,
    /// `uuid`, and whole numbers beside doubles.
    var isMapping = true
    var container = ""
    var messages: [String: CELMessageType] = [:]
    var tables: [String: CELTable] = [:]
    /// Tables that were found in `tables`.
    var tablesRead: Set<String> = []
    var problems: [CELProblem] = []
    var locals: [Local] = []
    private var slots = 0
    /// What is absent here, something else stands in for.
    var isTolerant = false
    /// Chains that `has` was asked of, where the answer is known to be yes.
    var guards: [String] = []

    init(names: any CELNames, pool: PlanArena) {
        self.names = names
        self.pool = pool
    }

    mutating func report(
        _ code: String, _ start: Int, _ end: Int, _ message: String, expected: String? = nil,
        suggestion: String? = nil, about: Set<String>? = nil
    ) -> CELChecked {
        if isLenient { return CELChecked(code: .failing(message), type: .dyn) }
        problems.append(
            CELProblem(
                code: code, start: start, end: end, message: message, expected: expected,
                suggestion: suggestion, about: about))
        return .failed
    }

    /// Opens a variable for `body`.
    mutating func with<Result>(
        _ variables: [(CELName, CELType)], _ body: (inout CELChecker, [Int]) -> Result
    ) -> Result {
        let outer = (locals.count, slots)
        var taken: [Int] = []
        for (name, type) in variables {
            locals.append(Local(name: name.text, slot: slots, type: type))
            taken.append(slots)
            slots += 1
        }
        let result = body(&self, taken)
        locals.removeLast(locals.count - outer.0)
        return result
    }

    mutating func check(_ syntax: CELSyntax, _ use: CELUse = .operand) -> CELChecked {
        switch syntax.kind {
        case .null: return CELChecked(code: .constant(.null), type: .null)
        case .bool(let value): return CELChecked(code: .constant(.bool(value)), type: .bool)
        case .int(let value): return CELChecked(code: .constant(.int(value)), type: .int)
        case .uint(let value): return CELChecked(code: .constant(.uint(value)), type: .uint)
        case .double(let value): return CELChecked(code: .constant(.double(value)), type: .double)
        case .string(let text):
            warn(text, syntax)
            return CELChecked(code: .constant(.string(text)), type: .string)
        case .bytes(let bytes): return CELChecked(code: .constant(.bytes(bytes)), type: .bytes)
        case .identifier, .select, .index: return chain(syntax, use)
        case .call(let name, let receiver, let arguments):
            return call(syntax, name, receiver, arguments)
        case .unary(let operation, let operand): return unary(syntax, operation, operand)
        case .binary(.and, let left, let right): return logic(syntax, left, right, isAnd: true)
        case .binary(.or, let left, let right): return logic(syntax, left, right, isAnd: false)
        case .binary(let operation, let left, let right):
            return binary(syntax, operation, left, right)
        case .conditional(let condition, let first, let second):
            return conditional(condition, first, second, use)
        case .has(let operand): return has(operand)
        case .defaulted(let first, let second): return defaulted(first, second, use)
        default: return checkMaking(syntax)
        }
    }

    private mutating func checkMaking(_ syntax: CELSyntax) -> CELChecked {
        switch syntax.kind {
        case .list(let items): return list(items)
        case .map(let entries): return map(entries)
        case .message(let name, let isGlobal, let fields):
            return message(syntax, name, isGlobal, fields)
        case .comprehension(let loop): return comprehension(loop)
        case .bind(let name, let value, let body):
            let value = check(value)
            return with([(name, value.type)]) { checker, slots in
                let body = checker.check(body)
                return CELChecked(
                    code: .bind(slots[0], value.code, body.code), type: body.type)
            }
        case .optionalMap(let operand, let name, let body, let isFlat):
            return optionalMap(operand, name, body, isFlat: isFlat)
        default: return .failed
        }
    }

    // MARK: Logic

    /// Texts inside an expression are no templates.
    private mutating func warn(_ text: String, _ syntax: CELSyntax) {
        guard isMapping, !isLenient, text.contains("${") else { return }
        problems.append(
            CELProblem(
                severity: .warning, code: "nested-template", start: syntax.start,
                end: syntax.end,
                message: "a text inside an expression is no template: "
                    + "this `${` stays as it is",
                expected: "the expression itself, joined with `+`, or `${…}` beside other text"))
    }

    /// A condition, and the places where a condition stands.
    mutating func condition(_ syntax: CELSyntax, _ place: String) -> CELChecked {
        let value = check(syntax)
        switch value.type.plain {
        case .bool, .dyn, .parameter: return value
        default:
            return report(
                "wrong-type", syntax.start, syntax.end,
                "this is \(value.type.name), and \(place) wants a bool",
                expected: place == "||"
                    ? "a comparison or has(…); default(x, y) gives y where x is absent"
                    : "a comparison, has(…) or a value of type bool")
        }
    }

    private mutating func logic(
        _ syntax: CELSyntax, _ left: CELSyntax, _ right: CELSyntax, isAnd: Bool
    ) -> CELChecked {
        let outer = guards
        let first = condition(left, isAnd ? "&&" : "||")
        // Behind `has(x) &&` x is there, and behind `!has(x) ||` as well.
        guards += CELGuards.known(left, whenTrue: isAnd)
        let second = condition(right, isAnd ? "&&" : "||")
        guards = outer
        return CELChecked(
            code: isAnd ? .and(first.code, second.code) : .or(first.code, second.code),
            type: .bool)
    }

    private mutating func conditional(
        _ condition: CELSyntax, _ first: CELSyntax, _ second: CELSyntax, _ use: CELUse
    ) -> CELChecked {
        let test = self.condition(condition, "`?`")
        let inner: CELUse = if case .whole = use { .replaced } else { use }
        let outer = guards
        guards += CELGuards.known(condition, whenTrue: true)
        let yes = check(first, inner)
        guards = outer + CELGuards.known(condition, whenTrue: false)
        let no = check(second, inner)
        guards = outer
        return CELChecked(
            code: .conditional(test.code, yes.code, no.code), type: .join(yes.type, no.type))
    }

    private mutating func has(_ operand: CELSyntax) -> CELChecked {
        let outer = isTolerant
        isTolerant = true
        defer { isTolerant = outer }
        if case .select(let inner, let name, isOptional: false) = operand.kind {
            if isMapping, let (chain, rest) = CELChain.of(operand), rest.isEmpty,
                !locals.contains(where: { $0.name == chain.root.text }),
                let (found, consumed) = names.resolve(chain, .presence, &self)
            {
                if consumed == chain.steps.count, case .reference(let reference, _) = found.code {
                    return CELChecked(code: .hasReference(reference), type: .bool)
                }
                if consumed == chain.steps.count {
                    return CELChecked(code: .isPresent(found.code), type: .bool)
                }
            }
            let value = check(inner, .presence)
            checkMember(value.type, name)
            return CELChecked(
                code: .has(value.code, pool.text(name.text), isLenient: isMapping), type: .bool)
        }
        if case .string(let text) = operand.kind {
            return report(
                "wrong-type", operand.start, operand.end,
                "`has` is asked of a value, and this is a text", expected: "has(\(text))")
        }
        let value = check(operand, .presence)
        return CELChecked(code: .isPresent(value.code), type: .bool)
    }

    private mutating func defaulted(
        _ first: CELSyntax, _ second: CELSyntax, _ use: CELUse
    ) -> CELChecked {
        let inner: CELUse = if case .whole = use { .replaced } else { use }
        let outer = isTolerant
        isTolerant = true
        let value = check(first, inner)
        isTolerant = outer
        let other = check(second, use)
        var type = value.type
        if case .optional(let inner) = type { type = inner }
        return CELChecked(
            code: .defaulted(value.code, other.code), type: .join(type, other.type))
    }

    private mutating func optionalMap(
        _ operand: CELSyntax, _ name: CELName, _ body: CELSyntax, isFlat: Bool
    ) -> CELChecked {
        let value = check(operand)
        var inner = CELType.dyn
        switch value.type {
        case .optional(let known): inner = known
        case .dyn: break
        default:
            return report(
                "wrong-type", operand.start, operand.end,
                "this is \(value.type.name), and no optional value",
                expected: "optional.of(…), or a selection with `.?`")
        }
        return with([(name, inner)]) { checker, slots in
            let body = checker.check(body)
            let type: CELType = isFlat ? body.type : .optional(body.type)
            return CELChecked(
                code: .optionalMap(value.code, slots[0], body.code, isFlat: isFlat), type: type)
        }
    }

    // MARK: Values made

    private mutating func list(_ items: [CELItem]) -> CELChecked {
        var type: CELType?
        var made: [CELListItem] = []
        for item in items {
            let value = check(item.value)
            let own = item.isOptional ? value.type.unwrapped : value.type
            type = type.map { .join($0, own) } ?? own
            made.append(CELListItem(value: value.code, isOptional: item.isOptional))
        }
        return CELChecked(code: .list(made), type: .list(type ?? .dyn))
    }

    private mutating func map(_ entries: [CELEntry]) -> CELChecked {
        var keys: CELType?
        var values: CELType?
        var made: [CELMapEntry] = []
        for entry in entries {
            let key = check(entry.key)
            let value = check(entry.value)
            let own = entry.isOptional ? value.type.unwrapped : value.type
            keys = keys.map { .join($0, key.type) } ?? key.type
            values = values.map { .join($0, own) } ?? own
            made.append(
                CELMapEntry(key: key.code, value: value.code, isOptional: entry.isOptional))
        }
        return CELChecked(
            code: .map(made), type: .map(keys ?? .dyn, values ?? .dyn))
    }
}

extension CELType {
    /// Of an optional value what it holds.
    var unwrapped: CELType { if case .optional(let inner) = self { inner } else { self } }
}

/// What is known to be there behind a condition.
enum CELGuards {
    static func known(_ condition: CELSyntax, whenTrue: Bool, depth: Int = 0) -> [String] {
        guard depth < 50 else { return [] }
        switch condition.kind {
        case .has(let operand):
            guard whenTrue else { return [] }
            return known(operand)
        case .unary(.not, let inner):
            return known(inner, whenTrue: !whenTrue, depth: depth + 1)
        case .binary(.and, let left, let right) where whenTrue:
            return known(left, whenTrue: true, depth: depth + 1)
                + known(right, whenTrue: true, depth: depth + 1)
        case .binary(.or, let left, let right) where !whenTrue:
            return known(left, whenTrue: false, depth: depth + 1)
                + known(right, whenTrue: false, depth: depth + 1)
        default: return []
        }
    }

    /// What is there where a condition holds in which anything absent is false: all that it can
    /// not do without.
    static func needed(_ condition: CELSyntax, depth: Int = 0) -> [String] {
        guard depth < 50 else { return [] }
        func needed(_ parts: [CELSyntax]) -> [String] {
            parts.flatMap { CELGuards.needed($0, depth: depth + 1) }
        }
        switch condition.kind {
        case .identifier, .select, .index, .has: return known(having(condition))
        case .binary(.and, let left, let right): return needed([left, right])
        case .binary(.or, _, _): return []
        case .binary(_, let left, let right): return needed([left, right])
        case .unary(_, let inner):
            switch inner.kind {
            case .has, .binary(.and, _, _), .binary(.or, _, _): return []
            default: return needed([inner])
            }
        case .call(_, let receiver, let arguments):
            return needed((receiver.map { [$0] } ?? []) + arguments)
        default: return []
        }
    }

    private static func known(_ operand: CELSyntax) -> [String] {
        CELChain.of(operand).map { $0.rest.isEmpty ? $0.chain.prefixes : [] } ?? []
    }

    private static func having(_ syntax: CELSyntax) -> CELSyntax {
        if case .has(let operand) = syntax.kind { operand } else { syntax }
    }
}
