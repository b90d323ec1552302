// SPDX-License-Identifier: Apache-2.0
// Scalars and lists as text: exact digits, checked literals and facets, escaped characters.

internal import DragomanDocument

extension PlanWriter {
    /// Writes a value of a simple type as character data or as an attribute's value.
    @inline(__always)
    func writeSimple(
        _ plan: SimplePlan, _ node: Node, inAttribute: Bool
    ) throws(TranslationError) {
        if plan.isPlainString {
            guard node.isString else { throw refusal("a string is due here", at: node) }
            return try writeCharacters(node.bytes, node, inAttribute: inAttribute)
        }
        try writeChecked(plan, node, inAttribute: inAttribute)
    }

    @inline(__always)
    func writeCharacters(
        _ bytes: UnsafeRawBufferPointer, _ node: Node, inAttribute: Bool
    ) throws(TranslationError) {
        guard output.appendText(bytes, inAttribute: inAttribute) else {
            throw characterRefusal(node)
        }
    }

    func characterRefusal(_ node: Node) -> TranslationError {
        refusal(
            keyword: "xmlCharacter", "the text has a character that XML has no place for", at: node)
    }

    private func writeChecked(
        _ plan: SimplePlan, _ node: Node, inAttribute: Bool
    ) throws(TranslationError) {
        switch plan.variety {
        case .atomic: break
        case .list: return try writeList(plan, node, inAttribute: inAttribute)
        case .union: return try writeUnion(plan, node, inAttribute: inAttribute)
        }
        if plan.builtIn.isQName { return try writeQName(plan, node, inAttribute: inAttribute) }
        switch plan.form {
        case .boolean:
            guard let value = node.bool else {
                throw refusal("true or false is due here", at: node)
            }
            value ? output.append("true") : output.append("false")
            if plan.facets >= 0 { try check(plan, value ? "true" : "false", node) }
        case .number, .float:
            let start = output.count
            try literal(plan, node, to: output.object)
            if plan.isRange {
                let text = UnsafeRawBufferPointer(rebasing: output.bytes[start...])
                if let value = Integers.parse(text), value >= plan.rangeMin,
                    value <= plan.rangeMax
                {
                    return
                }
            }
            if plan.facets >= 0 {
                let text = UnsafeRawBufferPointer(rebasing: output.bytes[start...])
                try check(plan, text, node)
            }
        default:
            let bytes = try checkedString(plan, node)
            try writeCharacters(bytes, node, inAttribute: inAttribute)
        }
    }

    /// A string that is a literal of the type and keeps its facets; white space as the type has it.
    /// The bytes are valid until `scratch` is used again.
    private func checkedString(
        _ plan: SimplePlan, _ node: Node
    ) throws(TranslationError) -> UnsafeRawBufferPointer {
        guard node.isString else { throw refusal("a string is due here", at: node) }
        let bytes = normalized(node.bytes, plan)
        guard Lexical.isValid(bytes, plan.builtIn) else {
            throw refusal("\"\(shortened(node))\" is no xs:\(plan.builtIn.rawValue)", at: node)
        }
        if plan.facets >= 0 { try check(plan, bytes, node) }
        return bytes
    }

    /// The text under the type's white space rule; `scratch` holds it where it had to change.
    func normalized(
        _ bytes: UnsafeRawBufferPointer, _ plan: SimplePlan
    ) -> UnsafeRawBufferPointer {
        guard plan.whiteSpace != .preserve, !WhiteSpaceRule.isNormal(bytes, plan.whiteSpace) else {
            return bytes
        }
        scratch.removeAll()
        WhiteSpaceRule.append(bytes, plan.whiteSpace, to: scratch)
        return scratch.bytes
    }

    func shortened(_ node: Node) -> String {
        let text = node.string
        return text.utf8.count > 60 ? String(text.prefix(50)) + "…" : text
    }

    // MARK: Numbers

    /// A number's literal: its digits, without an exponent where XML has none.
    private func literal(
        _ plan: SimplePlan, _ node: Node, to target: OutputBuffer
    ) throws(TranslationError) {
        if plan.form == .float {
            if node.isNumber { return target.append(node.bytes) }
            guard node.isString, Lexical.special(node.bytes) != nil else {
                throw refusal(
                    "a number, \"INF\", \"-INF\" or \"NaN\" is due here", at: node)
            }
            return target.append(node.bytes)
        }
        if plan.isNumberText, node.isString {
            guard Lexical.isDecimal(node.bytes, allowsPoint: !plan.builtIn.isInteger),
                node.count <= 402
            else { throw refusal("\"\(shortened(node))\" is no number", at: node) }
            return target.append(node.bytes)
        }
        guard node.isNumber else {
            throw refusal(
                plan.builtIn.isInteger ? "an integer is due here" : "a number is due here",
                at: node)
        }
        let bytes = node.bytes
        if bytes.count <= 400 {
            if node.kind == .integer { return target.append(bytes) }
            if !plan.isInteger, !bytes.contains(where: { $0 | 0x20 == 0x65 }) {
                return target.append(bytes)
            }
        }
        try writeDigits(ExactNumber(bytes), plan, node, to: target)
    }

    private func writeDigits(
        _ number: ExactNumber, _ plan: SimplePlan, _ node: Node, to target: OutputBuffer
    ) throws(TranslationError) {
        if plan.builtIn.isInteger, !number.isInteger {
            throw refusal("an integer is due here", at: node)
        }
        let whole = max(0, number.digitCount + number.exponent)
        let fraction = max(0, -number.exponent)
        guard whole + fraction <= 400 else {
            throw refusal("the number has more than 400 digits", at: node)
        }
        if number.isZero { return target.append(0x30) }
        if number.isNegative { target.append(0x2D) }
        var place = number.digitCount + number.exponent
        if place <= 0 {
            target.append("0.")
            for _ in place..<0 { target.append(0x30) }
            number.forEachDigit { target.append($0 &+ 0x30) }
            return
        }
        number.forEachDigit { digit in
            if place == 0 { target.append(0x2E) }
            target.append(digit &+ 0x30)
            place -= 1
        }
        for _ in 0..<max(0, number.exponent) { target.append(0x30) }
    }

    // MARK: Facets

    private func check(
        _ plan: SimplePlan, _ text: UnsafeRawBufferPointer, _ node: Node, name: String? = nil
    ) throws(TranslationError) {
        guard let facet = plans.facets[Int(plan.facets)].violation(text, name: name) else {
            return
        }
        throw refusal(
            keyword: facet, FacetText.describe(facet, plans.facets[Int(plan.facets)]), at: node)
    }

    private func check(
        _ plan: SimplePlan, _ text: StaticString, _ node: Node
    ) throws(TranslationError) {
        try check(
            plan, UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount), node
        )
    }

    // MARK: Lists and unions

    private func writeList(
        _ plan: SimplePlan, _ node: Node, inAttribute: Bool
    ) throws(TranslationError) {
        guard node.isArray else { throw refusal("an array is due here", at: node) }
        let item = tables.simples[plan.item]
        let raw = OutputBuffer(capacity: 64)
        var items = node.items
        var isFirst = true
        while let value = items.next() {
            if !isFirst {
                output.append(0x20)
                raw.append(0x20)
            }
            isFirst = false
            if value.isString,
                value.count == 0 || value.bytes.contains(where: XMLCharacters.isSpace)
            {
                throw refusal("an item of a list has no white space and is not empty", at: value)
            }
            try writeSimple(item, value, inAttribute: inAttribute)
            if plan.facets >= 0 { try rawText(item, value, to: raw) }
        }
        if plan.facets >= 0 { try check(plan, raw.bytes, node) }
    }

    /// A value's literal without escapes, for facets of the list or union around it.
    private func rawText(
        _ plan: SimplePlan, _ node: Node, to target: OutputBuffer
    ) throws(TranslationError) {
        switch plan.form {
        case .boolean: target.append(node.bool == true ? "true" : "false")
        case .number, .float: try literal(plan, node, to: target)
        default: target.append(node.bytes)
        }
    }

    private func writeUnion(
        _ plan: SimplePlan, _ node: Node, inAttribute: Bool
    ) throws(TranslationError) {
        for offset in 0..<plan.memberCount {
            let member = tables.simples[tables.unionMembers[plan.firstMember &+ offset]]
            let start = output.count
            do throws(TranslationError) {
                if plan.form == .string {
                    try writeAsWritten(member, node, inAttribute: inAttribute)
                } else {
                    try writeSimple(member, node, inAttribute: inAttribute)
                }
            } catch {
                output.truncate(to: start)
                continue
            }
            guard plan.facets >= 0 else { return }
            let raw = OutputBuffer(capacity: 64)
            try rawText(plan, node, to: raw)
            return try check(plan, raw.bytes, node)
        }
        throw refusal(
            node.isString
                ? "\"\(shortened(node))\" is a value of none of the union's types"
                : "the value is one of none of the union's types", at: node)
    }

    /// A member of a union whose JSON is text whatever the member's type is.
    private func writeAsWritten(
        _ plan: SimplePlan, _ node: Node, inAttribute: Bool
    ) throws(TranslationError) {
        guard node.isString else { throw refusal("a string is due here", at: node) }
        if plan.builtIn.isQName, plan.variety == .atomic {
            return try writeQName(plan, node, inAttribute: inAttribute)
        }
        guard accepts(plan, node.bytes) else {
            throw refusal("the text is none of the type", at: node)
        }
        try writeCharacters(node.bytes, node, inAttribute: inAttribute)
    }

    private func accepts(_ plan: SimplePlan, _ text: UnsafeRawBufferPointer) -> Bool {
        SimpleReader(plans: plans).literal(text, plan) != nil
    }

    // MARK: QNames

    private func writeQName(
        _ plan: SimplePlan, _ node: Node, inAttribute: Bool
    ) throws(TranslationError) {
        guard node.isString else { throw refusal("a string is due here", at: node) }
        let name = try expandedName(node)
        if plan.facets >= 0 { try check(plan, node.bytes, node, name: name.description) }
        if !name.namespace.isEmpty {
            output.append(prefix(of: name.namespace))
            output.append(0x3A)
        }
        output.append(name.local)
    }
}

/// Facets in sentences.
enum FacetText {
    static func describe(_ facet: String, _ plan: FacetPlan) -> String {
        switch facet {
        case "enumeration":
            let values = (plan.enumeration ?? []).prefix(8).map { "\"\($0)\"" }
            return "the value must be one of \(values.joined(separator: ", "))"
        case "pattern": return "the value does not match the pattern"
        case "length": return "the length must be \(plan.length ?? 0)"
        case "minLength": return "the length must be at least \(plan.minLength ?? 0)"
        case "maxLength": return "the length must be at most \(plan.maxLength ?? 0)"
        case "totalDigits": return "at most \(plan.totalDigits ?? 0) digits are allowed"
        case "fractionDigits":
            return "at most \(plan.fractionDigits ?? 0) digits are allowed behind the point"
        case "minInclusive": return "the value must be at least \(plan.minInclusive?.text ?? "")"
        case "maxInclusive": return "the value must be at most \(plan.maxInclusive?.text ?? "")"
        case "minExclusive": return "the value must be above \(plan.minExclusive?.text ?? "")"
        default: return "the value must be below \(plan.maxExclusive?.text ?? "")"
        }
    }
}

extension WhiteSpaceRule {
    /// The text is as the rule would make it.
    static func isNormal(_ bytes: UnsafeRawBufferPointer, _ rule: WhiteSpace) -> Bool {
        guard rule != .preserve else { return true }
        var wasSpace = rule == .collapse
        for byte in bytes {
            if byte > 0x20 {
                wasSpace = false
            } else if byte == 0x20 {
                if wasSpace { return false }
                wasSpace = rule == .collapse
            } else {
                return false
            }
        }
        return !(wasSpace && rule == .collapse && bytes.count > 0)
    }

    static func append(
        _ bytes: UnsafeRawBufferPointer, _ rule: WhiteSpace, to output: OutputBuffer
    ) {
        guard rule == .collapse else {
            for byte in bytes { output.append(XMLCharacters.isSpace(byte) ? 0x20 : byte) }
            return
        }
        var isPending = false
        let start = output.count
        for byte in bytes {
            if XMLCharacters.isSpace(byte) {
                isPending = output.count > start
                continue
            }
            if isPending { output.append(0x20) }
            isPending = false
            output.append(byte)
        }
    }
}
