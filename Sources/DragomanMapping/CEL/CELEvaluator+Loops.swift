// SPDX-License-Identifier: Apache-2.0
// Macros that go over lists and maps.

internal import DragomanDocument

extension CELEvaluator {
    mutating func run(_ loop: CELComprehension) throws(CELFailure) -> CELValue {
        let range = try evaluate(loop.range)
        switch loop.kind {
        case .all: return .bool(try decide(loop, range, decisive: false))
        case .exists: return .bool(try decide(loop, range, decisive: true))
        case .existsOne:
            var count = 0
            try forEach(loop, range) { evaluator, _ throws(CELFailure) in
                if try evaluator.condition(loop.body, "existsOne") { count += 1 }
                return true
            }
            return .bool(count == 1)
        case .list: return try makeList(loop, range)
        case .map, .mapEntries: return try makeMap(loop, range)
        }
    }

    private mutating func condition(
        _ code: CELCode?, _ place: String
    ) throws(CELFailure) -> Bool {
        guard let code else { return true }
        return try truth(code, place)
    }

    /// `all` and `exists`: one item decides, whatever fails of the others.
    private mutating func decide(
        _ loop: CELComprehension, _ range: CELValue, decisive: Bool
    ) throws(CELFailure) -> Bool {
        var failure: CELFailure?
        var isDecided = false
        try forEach(loop, range) { evaluator, _ throws(CELFailure) in
            do throws(CELFailure) {
                if try evaluator.condition(loop.body, "a macro") == decisive {
                    isDecided = true
                    return false
                }
            } catch {
                if error.kind == .cost { throw error }
                failure = failure ?? error
            }
            return true
        }
        if isDecided { return decisive }
        if let failure { throw failure }
        return !decisive
    }

    private mutating func makeList(
        _ loop: CELComprehension, _ range: CELValue
    ) throws(CELFailure) -> CELValue {
        var values: [CELValue] = []
        try forEach(loop, range) { evaluator, item throws(CELFailure) in
            guard try evaluator.condition(loop.filter, "filter") else { return true }
            if let body = loop.body {
                values.append(try evaluator.evaluate(body))
            } else {
                values.append(item)
            }
            return true
        }
        return .list(values)
    }

    private mutating func makeMap(
        _ loop: CELComprehension, _ range: CELValue
    ) throws(CELFailure) -> CELValue {
        var map = CELMap()
        let isEntries = loop.kind == .mapEntries
        try forEach(loop, range) { evaluator, key throws(CELFailure) in
            guard try evaluator.condition(loop.filter, "filter"), let body = loop.body else {
                return true
            }
            let value = try evaluator.evaluate(body)
            guard isEntries else {
                try CELEvaluator.insert(key.native, value, into: &map)
                return true
            }
            try evaluator.forEachEntry(value) { _, name, value throws(CELFailure) in
                try CELEvaluator.insert(name.native, value, into: &map)
                return true
            }
            return true
        }
        return .map(map)
    }

    /// Binds the variables to one item after the other; `body` gets the first variable's value and
    /// says whether to go on.
    private mutating func forEach(
        _ loop: CELComprehension, _ range: CELValue,
        _ body: (inout CELEvaluator, CELValue) throws(CELFailure) -> Bool
    ) throws(CELFailure) {
        let range = range.native
        guard let second = loop.second else {
            return try forEachItem(range) { evaluator, item throws(CELFailure) in
                evaluator.set(loop.first, item)
                return try body(&evaluator, item)
            }
        }
        try forEachEntry(range) { evaluator, key, value throws(CELFailure) in
            evaluator.set(loop.first, key)
            evaluator.set(second, value)
            return try body(&evaluator, key)
        }
    }

    /// Items of a list, keys of a map.
    private mutating func forEachItem(
        _ range: CELValue, _ body: (inout CELEvaluator, CELValue) throws(CELFailure) -> Bool
    ) throws(CELFailure) {
        switch range {
        case .list(let items):
            for item in items {
                try spend(1)
                if try !body(&self, item) { return }
            }
        case .node(let node, let reading) where node.isArray:
            var items = node.items
            while let item = items.next() {
                try spend(1)
                if try !body(&self, .node(item, reading.inner)) { return }
            }
        default:
            try forEachEntry(range, isMap: true) { evaluator, key, _ throws(CELFailure) in
                try body(&evaluator, key)
            }
        }
    }

    /// Keys or positions, and values.
    mutating func forEachEntry(
        _ range: CELValue, isMap: Bool = false,
        _ body: (inout CELEvaluator, CELValue, CELValue) throws(CELFailure) -> Bool
    ) throws(CELFailure) {
        switch range {
        case .list(let items) where !isMap:
            for (position, item) in items.enumerated() {
                try spend(1)
                if try !body(&self, .int(Int64(position)), item) { return }
            }
        case .map(let map):
            for pair in map.entries {
                try spend(1)
                if try !body(&self, pair.key, pair.value) { return }
            }
        case .node(let node, let reading) where node.isArray && !isMap:
            var items = node.items
            var position: Int64 = 0
            while let item = items.next() {
                try spend(1)
                if try !body(&self, .int(position), .node(item, reading.inner)) { return }
                position += 1
            }
        case .node(let node, let reading) where node.isObject:
            var members = node.members
            while let member = members.next() {
                try spend(1)
                let key = CELValue.string(member.name.string)
                if try !body(&self, key, .node(member.value, reading.inner)) { return }
            }
        default:
            throw CELFailure("\(range.typeName) is no list and no map to go over")
        }
    }
}
