// SPDX-License-Identifier: Apache-2.0
// The language on its own, without a mapping: names are what a caller binds. The conformance
// harness and tests use it.

/// A declared type of a name.
package indirect enum CELDeclaredType: Sendable {
    case dyn, null, bool, int, uint, double, string, bytes, timestamp, duration, type
    case list(CELDeclaredType)
    case map(CELDeclaredType, CELDeclaredType)
    case optional(CELDeclaredType)
    case wrapper(CELDeclaredType)
    case message(String)
}

/// What an expression may use.
package struct CELSuite {
    package var container = ""
    /// Nothing is refused before it is evaluated.
    package var isUnchecked = false
    package var names: [String: CELDeclaredType] = [:]
    package var messages: [String: CELMessageType] = [:]

    package init() {}

    /// What is wrong, in one line each.
    package struct Refusal: Error {
        package let messages: [String]
    }

    package func compile(_ source: String) throws(Refusal) -> CELProgram {
        let syntax: CELSyntax
        do throws(CELSyntaxError) {
            syntax = try CELParser.parse(source, isMapping: false)
        } catch {
            throw Refusal(messages: ["\(error.start): \(error.message)"])
        }
        var checker = CELChecker(names: SuiteNames(suite: self), pool: PlanArena())
        checker.isMapping = false
        checker.isLenient = isUnchecked
        checker.container = container
        checker.messages = messages
        let checked = checker.check(syntax, .whole)
        let errors = checker.problems.filter { $0.severity == .error }
        guard errors.isEmpty else {
            throw Refusal(messages: errors.map { "\($0.start): \($0.message)" })
        }
        return CELProgram(checked.code, keeping: checker.pool, messages: messages)
    }

    fileprivate func type(_ declared: CELDeclaredType) -> CELType {
        switch declared {
        case .dyn: .dyn
        case .null: .null
        case .bool: .bool
        case .int: .int
        case .uint: .uint
        case .double: .double
        case .string: .string
        case .bytes: .bytes
        case .timestamp: .timestamp
        case .duration: .duration
        case .type: .type
        case .list(let item): .list(type(item))
        case .map(let key, let value): .map(type(key), type(value))
        case .optional(let inner): .optional(type(inner))
        case .wrapper(let inner): .wrapper(type(inner))
        case .message(let name):
            (messages[name] ?? CELMessageType.wellKnown(name))?.valueType ?? .dyn
        }
    }
}

/// Names that stand for themselves: the longest name that is declared is meant.
private struct SuiteNames: CELNames {
    let suite: CELSuite

    var names: [String] { suite.names.keys.sorted() }

    func refuses(_ text: String, at shape: SchemaShape) -> Bool { false }

    func resolve(
        _ chain: CELChain, _ use: CELUse, _ checker: inout CELChecker
    ) -> (value: CELChecked, consumed: Int)? {
        var count = chain.steps.prefix {
            if case .member = $0.kind { true } else { false }
        }.count
        while count >= 0 {
            let name = chain.text(count)
            for candidate in checker.candidates(name, isGlobal: chain.isGlobal) {
                if let type = suite.names[candidate] {
                    let value = CELChecked(code: .binding(candidate), type: suite.type(type))
                    return (value, count)
                }
            }
            count -= 1
        }
        return nil
    }
}

extension CELValue {
    /// A map of those entries; nil where a key is there twice or can be none.
    package static func map(_ pairs: [CELPair]) -> CELValue? {
        var map = CELMap()
        for pair in pairs {
            guard let key = CELKey(pair.key), map.insert(key, pair.key, pair.value) else {
                return nil
            }
        }
        return .map(map)
    }

    package static func bytes(base64 text: String) -> [UInt8]? { CELBase64.decode(text) }

    package static func timestamp(text: String) -> CELValue? {
        CELTime.timestamp(text).map(CELValue.timestamp)
    }

    package static func duration(text: String) -> CELValue? {
        CELTime.duration(text).map(CELValue.duration)
    }

    /// What a field without presence leaves out.
    package var isZero: Bool { CELEvaluator.isZero(self) }

    /// As `string(x)` has it; bytes in Base64.
    package var text: String {
        if case .bytes(let bytes) = self { return CELBase64.encode(bytes) }
        return CELText.text(self)
    }
}
