// SPDX-License-Identifier: Apache-2.0
// Types, constants, bounds, and the plans for objects and arrays.
internal import DragomanDocument

extension ListWriter {
    mutating func add(_ types: SchemaTypes) {
        guard types.allows(kind) else { return refuse() }
        if kind == .decimal, !types.contains(.fraction) {
            // For draft 4, 1.0 is no integer.
            if schema.resource.rules.dialect == .draft4 { return refuse() }
            push(5, Operation(.integral))
        }
    }

    mutating func add(_ values: [Node]) {
        switch kind {
        case .null, .false, .true: if !values.contains(where: { $0.kind == kind }) { refuse() }
        case .integer, .decimal:
            let numbers = values.filter(\.isNumber).map(\.bytes)
            if numbers.isEmpty { return refuse() }
            let ordered = numbers.sorted {
                ExactNumber.compare(ExactNumber($0), ExactNumber($1)) < 0
            }
            push(12, Operation(.oneOfNumbers, low: ordered.count, target: arena.copy(ordered)))
        case .string:
            var names: [UnsafeRawBufferPointer] = []
            var known: Set<TextKey> = []
            for value in values where value.isString && known.insert(TextKey(value)).inserted {
                names.append(value.bytes)
            }
            if names.isEmpty { return refuse() }
            push(10, Operation(.oneOfStrings, target: arena.copy([NameIndex(names, arena)])))
        default:
            let containers = values.filter { $0.kind == kind }
            if containers.isEmpty { return refuse() }
            push(
                45,
                Operation(.oneOfValues, low: containers.count, target: arena.copy(containers)))
        }
    }

    mutating func add(_ count: Int, _ name: KeywordName) {
        switch (name, kind) {
        case (.minLength, .string), (.minItems, .array), (.minProperties, .object):
            least = max(least, count)
            hasCounts = true
        case (.maxLength, .string), (.maxItems, .array), (.maxProperties, .object):
            most = min(most, count)
            hasCounts = true
        default: break
        }
    }

    /// Writes what several keywords said together.
    mutating func finishPlans() {
        switch kind {
        case .string:
            if hasCounts, least > 0 || most < Int.max {
                push(8, Operation(.length, low: least, high: most))
            }
        case .integer, .decimal: if !bounds.isEmpty { addBounds() }
        case .array: addArray()
        case .object: addObject()
        default: break
        }
    }

    // MARK: Numbers

    private mutating func addBounds() {
        var exact = NumberBounds()
        var low = Int.min
        var high = Int.max
        for rule in bounds {
            guard case .bound(let isMinimum, let isExclusive) = rule.content else { continue }
            let text = rule.value.bytes
            if isMinimum {
                low = max(low, Self.whole(text, up: true, isExclusive))
                if Self.isTighter(text, isExclusive, exact.minimum, 1) {
                    exact.minimum = text
                    exact.isMinimumExclusive = isExclusive
                }
            } else {
                high = min(high, Self.whole(text, up: false, isExclusive))
                if Self.isTighter(text, isExclusive, exact.maximum, -1) {
                    exact.maximum = text
                    exact.isMaximumExclusive = isExclusive
                }
            }
        }
        let target = UnsafeRawPointer(arena.copy([exact]))
        if kind == .integer {
            push(10, Operation(.integerRange, low: low, high: high, target: target))
        } else {
            push(10, Operation(.numberRange, low: low, high: high, target: target))
        }
    }

    /// A bound asks for more than another one does, or the other is missing.
    private static func isTighter(
        _ text: UnsafeRawBufferPointer, _ isExclusive: Bool, _ other: UnsafeRawBufferPointer?,
        _ direction: Int
    ) -> Bool {
        guard let other else { return true }
        let order = ExactNumber.compare(ExactNumber(text), ExactNumber(other)) * direction
        return order > 0 || (order == 0 && isExclusive)
    }

    /// The least (or greatest) whole number within the bound, as far as numbers of eighteen
    /// digits need it.
    private static func whole(
        _ text: UnsafeRawBufferPointer, up: Bool, _ isExclusive: Bool
    ) -> Int {
        let number = ExactNumber(text)
        if let value = number.int64 {
            let (next, overflow) =
                up
                ? Int(value).addingReportingOverflow(1)
                : Int(value).subtractingReportingOverflow(1)
            return isExclusive ? (overflow ? Int(value) : next) : Int(value)
        }
        if number.isInteger || number.magnitude >= 18 {
            return number.isNegative ? Int.min : Int.max
        }
        // Not whole: its digits before the point, rounded away from what is not allowed.
        var value = 0
        var digits = 0
        let whole = number.magnitude + 1
        number.forEachDigit { digit in
            if digits < whole { value = value * 10 + Int(digit) }
            digits += 1
        }
        if number.isNegative { return up ? -value : -value - 1 }
        return up ? value + 1 : value
    }

    // MARK: Arrays

    private mutating func addArray() {
        var plan = ArrayPlan(prefix: arena.copy([]))
        plan.least = least
        plan.most = most
        var isNeeded = hasCounts
        for rule in schema.rules {
            switch (rule.name, rule.content) {
            case (.prefixItems, .schemas(let schemas)), (.items, .schemas(let schemas)):
                plan.prefix = arena.copy(schemas.map { generator.block($0, from: schema) })
                plan.prefixCount = schemas.count
                isNeeded = true
            case (_, .items(let inner, _)):
                plan.rest = generator.block(inner, from: schema)
                isNeeded = true
            default: break
            }
        }
        if isNeeded { push(75, Operation(.array, target: arena.copy([plan]))) }
    }

    // MARK: Objects

    /// One member that a schema names.
    private struct NamedMember {
        let name: Node
        var block: SchemaBlock?
        var isRequired = false
    }

    private mutating func addObject() {
        var members: [NamedMember] = []
        var patterns: [PatternEntry] = []
        var requiredCount = 0
        var isNeeded = hasCounts
        // Members are likely to come in the order in which `properties` has them.
        if case .schemasByName(let named)? = schema.rule(.properties)?.content {
            members = named.map {
                NamedMember(name: $0.name, block: generator.block($0.schema, from: schema))
            }
        }
        for rule in schema.rules {
            switch (rule.name, rule.content) {
            case (_, .schemasByPattern(let entries)):
                patterns = entries.map {
                    PatternEntry(
                        code: $0.pattern.code, block: generator.block($0.schema, from: schema))
                }
            case (.required, .names(let names)):
                requiredCount = names.count
                require(names, &members)
            case (.additionalProperties, .schema), (.propertyNames, .schema): isNeeded = true
            default: break
            }
        }
        guard isNeeded || !members.isEmpty || !patterns.isEmpty else { return }
        let names = NameIndex(members.map(\.name.bytes), arena)
        for (position, member) in members.enumerated() {
            names.entries[position].required = member.isRequired ? 1 : 0
            names.entries[position].isProperty = member.block != nil
        }
        var plan = ObjectPlan(
            entries: names.entries, names: arena.copy([names]), rest: generator.passBlock,
            pass: generator.matchedBlock, patterns: arena.copy(patterns))
        plan.patternCount = patterns.count
        plan.requiredCount = requiredCount
        plan.least = max(least, requiredCount)
        plan.most = most
        if case .schema(let inner)? = schema.rule(.additionalProperties)?.content {
            plan.rest = generator.block(inner, from: schema)
            plan.hasRest = true
        }
        // A name that is only required is one of the rest.
        for (position, member) in members.enumerated() {
            let lists = (member.block ?? plan.rest).lists
            names.entries[position].own = lists
            if !isPatterned(member.name, patterns) { names.entries[position].lists = lists }
        }
        if case .schema(let inner)? = schema.rule(.propertyNames)?.content {
            plan.nameBlock = generator.block(inner, from: schema)
        }
        let code = isTracked ? OperationCode.objectTracked : .object
        push(75, Operation(code, target: arena.copy([plan])))
    }

    /// One of the patterns matches, or nobody knows.
    private func isPatterned(_ name: Node, _ patterns: [PatternEntry]) -> Bool {
        patterns.contains {
            generator.context.begin()
            return PatternCode.matches($0.code, name.bytes, generator.context)
                || generator.context.abortion != nil
        }
    }

    /// Marks the members of those names, and adds those that are not there.
    private func require(_ names: [Node], _ members: inout [NamedMember]) {
        var positions: [TextKey: Int] = [:]
        if members.count > 16 {
            for (position, member) in members.enumerated() {
                positions[TextKey(member.name)] = position
            }
        }
        let count = members.count
        for name in names {
            let position =
                count > 16
                ? positions[TextKey(name)]
                : members[..<count].firstIndex { $0.name.textEquals(name.bytes) }
            if let position {
                members[position].isRequired = true
            } else {
                members.append(NamedMember(name: name, isRequired: true))
            }
        }
    }
}

extension SchemaTypes {
    /// Some values of the kind are of one of the types.
    func allows(_ kind: Kind) -> Bool {
        switch kind {
        case .null: contains(.null)
        case .false, .true: contains(.boolean)
        case .integer: contains(.integer)
        case .decimal: contains(.fraction) || contains(.integer)
        case .string: contains(.string)
        case .array: contains(.array)
        default: contains(.object)
        }
    }

    init?(name: String) {
        switch name {
        case "null": self = .null
        case "boolean": self = .boolean
        case "integer": self = .integer
        case "number": self = .number
        case "string": self = .string
        case "array": self = .array
        case "object": self = .object
        default: return nil
        }
    }
}
