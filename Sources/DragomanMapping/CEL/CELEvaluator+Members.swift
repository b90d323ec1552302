// SPDX-License-Identifier: Apache-2.0
// Members, items and presence, of what was sent, of what was computed, and of optional values.

internal import DragomanDocument

extension CELEvaluator {
    func select(
        _ value: CELValue, _ member: CELMember, isOptional: Bool
    ) throws(CELFailure) -> CELValue {
        if case .optional(let inner) = value {
            guard let inner else { return .optional(nil) }
            return .optional(try findSet(inner, member))
        }
        if isOptional { return .optional(try findSet(value, member)) }
        if let found = try find(value, member) { return found }
        if let absent = member.absent { return .node(absent.node, member.reading) }
        if case .message = value { throw CELFailure.noSuchField(member.name.string) }
        throw CELFailure.noSuchKey(member.name.string)
    }

    /// As `find`; a field of a message that is not set is none.
    private func findSet(
        _ value: CELValue, _ member: CELMember
    ) throws(CELFailure) -> CELValue? {
        if case .message = value, try !isThere(value, member.name) { return nil }
        return try find(value, member)
    }

    /// The member of that name; nil where there is none.
    private func find(_ value: CELValue, _ member: CELMember) throws(CELFailure) -> CELValue? {
        switch value {
        case .node(let node, let own) where node.isObject:
            guard let found = node.member(member.name) else { return nil }
            return .node(found, member.reading == .plain ? own.inner : member.reading)
        // What is nil in XML has no members.
        case .node(let node, _) where node.isNull: return nil
        case .map(let map): return map[.string(Array(member.name.bytes))]
        case .message(let message): return try field(message, member.name.string)
        default:
            throw CELFailure(
                "\(value.typeName) has no members, and `\(member.name.string)` is asked of it")
        }
    }

    private func field(_ message: CELMessage, _ name: String) throws(CELFailure) -> CELValue? {
        guard let field = message.type.fields[name] else {
            throw CELFailure.noSuchField(name)
        }
        if let value = message.fields[name] { return value }
        if case .message(let type) = field, let type = messages[type] {
            return .message(CELMessage(type: type, fields: [:]))
        }
        return field.unset
    }

    mutating func has(
        _ operand: CELCode, _ name: ConstantText, isLenient: Bool
    ) throws(CELFailure) -> Bool {
        let value: CELValue
        do throws(CELFailure) {
            value = try evaluate(operand)
        } catch {
            if isLenient, error.kind == .absent { return false }
            throw error
        }
        return try isThere(value, name)
    }

    private func isThere(_ value: CELValue, _ name: ConstantText) throws(CELFailure) -> Bool {
        switch value {
        case .optional(let inner):
            guard let inner else { return false }
            return try isThere(inner, name)
        case .message(let message):
            guard let field = message.type.fields[name.string] else {
                throw CELFailure.noSuchField(name.string)
            }
            guard let value = message.fields[name.string] else { return false }
            return field.hasPresence || !CELEvaluator.isZero(value)
        default: return try find(value, CELMember(name: name)) != nil
        }
    }

    func index(
        _ value: CELValue, _ key: CELValue, isOptional: Bool
    ) throws(CELFailure) -> CELValue {
        if case .optional(let inner) = value {
            guard let inner else { return .optional(nil) }
            return .optional(try find(inner, key))
        }
        if isOptional { return .optional(try find(value, key)) }
        if let found = try find(value, key) { return found }
        switch value {
        case .map, .node: throw try absent(value, key)
        default: throw CELFailure("index out of range: \(CELText.text(key))")
        }
    }

    private func absent(_ value: CELValue, _ key: CELValue) throws(CELFailure) -> CELFailure {
        if case .node(let node, _) = value, node.isArray {
            return CELFailure("index \(CELText.text(key)) of a list of \(node.count)")
        }
        return .noSuchKey(CELText.text(key))
    }

    private func find(_ value: CELValue, _ key: CELValue) throws(CELFailure) -> CELValue? {
        switch value {
        case .list(let items):
            let position = try CELEvaluator.position(key)
            return items.indices.contains(position) ? items[position] : nil
        case .node(let node, let reading) where node.isArray:
            return node.item(try CELEvaluator.position(key)).map { .node($0, reading.inner) }
        case .map(let map):
            guard let key = CELKey(key) else {
                if case .double = key { return nil }
                throw CELFailure("no such key: \(key.typeName) is no type of keys")
            }
            return map[key]
        case .node(let node, let reading) where node.isObject:
            guard case .string(var name) = key else {
                if CELKey(key) != nil { return nil }
                throw CELFailure("no such key: \(key.typeName) is no type of keys")
            }
            return name.withUTF8 { node.member(UnsafeRawBufferPointer($0)) }
                .map { .node($0, reading.inner) }
        default: throw CELFailure.overload("_[_]", [value, key])
        }
    }

    private static func position(_ key: CELValue) throws(CELFailure) -> Int {
        switch key {
        case .int(let value): return Int(value)
        case .uint(let value): return Int(exactly: value) ?? Int.max
        case .double(let value):
            if let exact = Int(exactly: value) { return exact }
        default: break
        }
        throw CELFailure("an index is a whole number, not \(CELText.text(key))")
    }

    // MARK: Values made

    mutating func list(_ items: [CELListItem]) throws(CELFailure) -> CELValue {
        var values: [CELValue] = []
        values.reserveCapacity(items.count)
        for item in items {
            let value = try evaluate(item.value)
            guard item.isOptional else {
                values.append(value)
                continue
            }
            guard case .optional(let inner) = value else {
                throw CELFailure.overload("[?_]", [value])
            }
            if let inner { values.append(inner) }
        }
        return .list(values)
    }

    mutating func map(_ entries: [CELMapEntry]) throws(CELFailure) -> CELValue {
        var map = CELMap()
        for entry in entries {
            let name = try evaluate(entry.key).native
            var value = try evaluate(entry.value)
            if entry.isOptional {
                guard case .optional(let inner) = value else {
                    throw CELFailure.overload("{?_: _}", [value])
                }
                guard let inner else { continue }
                value = inner
            }
            try CELEvaluator.insert(name, value, into: &map)
        }
        return .map(map)
    }

    static func insert(
        _ name: CELValue, _ value: CELValue, into map: inout CELMap
    ) throws(CELFailure) {
        if case .double = name { throw CELFailure("unsupported key type: double") }
        guard let key = CELKey(name) else {
            throw CELFailure("unsupported key type: \(name.typeName)")
        }
        guard map.insert(key, name, value) else {
            throw CELFailure("the key \(CELText.text(name)) is there twice")
        }
    }

    /// What `optional.ofNonZeroValue` takes for nothing.
    static func isZero(_ value: CELValue) -> Bool {
        switch value.native {
        case .null: true
        case .bool(let value): !value
        case .int(let value): value == 0
        case .uint(let value): value == 0
        case .double(let value): value == 0
        case .string(let value): value.isEmpty
        case .bytes(let value): value.isEmpty
        case .list(let items): items.isEmpty
        case .map(let map): map.count == 0
        case .timestamp(let value), .duration(let value): value == 0
        case .type: false
        case .optional(let inner): inner == nil
        case .message(let message): message.fields.isEmpty
        case .node(let node, _): node.count == 0
        }
    }
}
