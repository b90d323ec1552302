// SPDX-License-Identifier: Apache-2.0
// Simple types into plans: what they are in JSON, what their literals are, and their facets, from
// the built-in type down to the last restriction.

internal import DragomanDocument

extension PlanCompiler {
    /// The index of a simple type's plan.
    func simpleIndex(_ type: SimpleType, numbers: NamingOptions.NumberForm? = nil) -> Int32 {
        let key = SimpleKey(identity: ObjectIdentifier(type), numbers: numbers)
        if let index = simpleIndexes[key] { return index }
        let plan = simplePlan(type, numbers: numbers)
        let index = Int32(draft.simples.count)
        draft.simples.append(plan)
        simpleIndexes[key] = index
        return index
    }

    private func simplePlan(_ type: SimpleType, numbers: NamingOptions.NumberForm?) -> SimplePlan {
        let facets = facetIndex(type)
        switch type.variety {
        case .list(let item):
            var plan = SimplePlan(
                variety: .list, form: .array, builtIn: .anySimpleType, whiteSpace: .collapse,
                isPlainString: false)
            plan.item = simpleIndex(item, numbers: numbers)
            plan.facets = facets
            return plan
        case .union(let members):
            let indexes = members.map { simpleIndex($0, numbers: numbers) }
            var plan = SimplePlan(
                variety: .union, form: unionForm(indexes), builtIn: .anySimpleType,
                whiteSpace: .preserve, isPlainString: false)
            plan.firstMember = Int32(draft.unionMembers.count)
            plan.memberCount = Int32(indexes.count)
            draft.unionMembers += indexes
            plan.facets = facets
            return plan
        case .atomic: break
        }
        let builtIn = type.builtIn
        let byService =
            (builtIn.isWideInteger && naming.int64 == .string)
            || (builtIn == .decimal && naming.decimal == .string)
        let isText = numbers.map { $0 == .string } ?? byService
        var plan = SimplePlan(
            variety: .atomic, form: form(builtIn), builtIn: builtIn,
            whiteSpace: type.whiteSpace,
            isPlainString: facets < 0
                && (builtIn == .string || builtIn == .normalizedString || builtIn == .token
                    || builtIn == .anyURI || builtIn == .anySimpleType)
        )
        plan.isNumberText = isText && plan.form == .number
        plan.facets = facets
        plan.isInteger = builtIn.isInteger
        if plan.isInteger, facets >= 0 { setRange(&plan, draft.facets[Int(facets)]) }
        return plan
    }

    /// Bounds of integers that fit 64 bits are compared as such.
    private func setRange(_ plan: inout SimplePlan, _ facets: FacetPlan) {
        guard let range = facets.range else { return }
        plan.isRange = true
        plan.rangeMin = range.lowerBound
        plan.rangeMax = range.upperBound
    }

    private func form(_ builtIn: BuiltInType) -> JSONForm {
        if builtIn == .boolean { return .boolean }
        if builtIn.isDecimal { return .number }
        if builtIn.isFloat { return .float }
        return .string
    }

    /// One JSON type for all members, or the text as written.
    private func unionForm(_ members: [Int32]) -> JSONForm {
        var form: JSONForm?
        for member in members {
            let plan = draft.simples[Int(member)]
            if plan.isNumberText || plan.form == .array { return .string }
            switch (form, plan.form) {
            case (nil, let own): form = own
            case (.number?, .float), (.float?, .number): form = .float
            case (let one?, let other) where one == other: continue
            default: return .string
            }
        }
        return form ?? .string
    }

    // MARK: Facets

    private func facetIndex(_ type: SimpleType) -> Int32 {
        var draft = FacetDraft(builtIn: type.builtIn)
        if case .list = type.variety { draft.isList = true }
        if case .union = type.variety { draft.isUnion = true }
        var step: SimpleType? = type
        while let current = step {
            add(current, of: type, to: &draft)
            step = current.base
        }
        if case .atomic = type.variety {
            let range = type.builtIn.range
            draft.minInclusive = draft.minInclusive ?? range.min
            draft.maxInclusive = draft.maxInclusive ?? range.max
        }
        guard !draft.isEmpty else { return -1 }
        self.draft.facets.append(FacetPlan(draft))
        return Int32(self.draft.facets.count - 1)
    }

    /// Facets of a step nearer to the built-in type give way to those already there.
    private func add(_ step: SimpleType, of type: SimpleType, to draft: inout FacetDraft) {
        let facets = step.facets
        draft.length = draft.length ?? facets.length
        draft.minLength = draft.minLength ?? facets.minLength
        draft.maxLength = draft.maxLength ?? facets.maxLength
        draft.totalDigits = draft.totalDigits ?? facets.totalDigits
        draft.fractionDigits = draft.fractionDigits ?? facets.fractionDigits
        if draft.minInclusive == nil { draft.minInclusive = bound(facets.minInclusive, step) }
        if draft.maxInclusive == nil { draft.maxInclusive = bound(facets.maxInclusive, step) }
        if draft.minExclusive == nil { draft.minExclusive = bound(facets.minExclusive, step) }
        if draft.maxExclusive == nil { draft.maxExclusive = bound(facets.maxExclusive, step) }
        if draft.enumeration == nil, let values = facets.enumeration {
            draft.enumeration = enumeration(values, step, of: type)
        }
        guard !facets.patterns.isEmpty else { return }
        var patterns: [XSDPattern] = []
        for text in facets.patterns {
            do throws(XSDPatternError) {
                patterns.append(try XSDPattern(text))
            } catch {
                problems.warning(
                    step.place, code: "pattern",
                    "the pattern \"\(text)\" can not be read (\(error.reason)) and is not checked")
                return
            }
        }
        draft.patterns.append(patterns)
    }

    /// A bound that is no literal of the type is warned of and left out.
    private func bound(_ text: String?, _ step: SimpleType) -> String? {
        guard let text else { return nil }
        if Array(text.utf8).withUnsafeBytes({ Lexical.isValid($0, step.builtIn) }) { return text }
        problems.warning(
            step.place, code: "schema", "the bound \"\(text)\" is none of the type and is ignored")
        return nil
    }

    private func enumeration(
        _ values: [String], _ step: SimpleType, of type: SimpleType
    ) -> [String] {
        zip(values, step.facets.enumerationSource).map { value, source in
            if type.builtIn.isQName { return source.resolve(value)?.description ?? value }
            let text = WhiteSpaceRule.apply(type.whiteSpace, value)
            return draft(isUnion: step) ? XMLCharacters.trim(value) : text
        }
    }

    private func draft(isUnion type: SimpleType) -> Bool {
        if case .union = type.variety { return true }
        return false
    }

    // MARK: Literals at load

    /// Whether a default or fixed value is one of the type.
    func accepts(_ type: SimpleType, _ value: String, _ source: XMLElement?) -> Bool {
        let index = simpleIndex(type)
        var text = WhiteSpaceRule.apply(type.whiteSpace, value)
        return text.withUTF8 { bytes in
            accepts(draft.simples[Int(index)], UnsafeRawBufferPointer(bytes), source)
        }
    }

    private func accepts(
        _ plan: SimplePlan, _ text: UnsafeRawBufferPointer, _ source: XMLElement?
    ) -> Bool {
        switch plan.variety {
        case .list:
            let item = draft.simples[Int(plan.item)]
            for token in text.split(whereSeparator: XMLCharacters.isSpace) {
                guard accepts(item, UnsafeRawBufferPointer(rebasing: token), source) else {
                    return false
                }
            }
        case .union:
            let members = (0..<plan.memberCount).map { offset in
                draft.simples[Int(draft.unionMembers[Int(plan.firstMember + offset)])]
            }
            guard members.contains(where: { accepts($0, text, source) }) else { return false }
        case .atomic:
            guard Lexical.isValid(text, plan.builtIn) else { return false }
        }
        guard plan.facets >= 0 else { return true }
        var name: String?
        if plan.builtIn.isQName {
            name = source?.resolve(String(decoding: text, as: UTF8.self))?.description
        }
        return draft.facets[Int(plan.facets)].violation(text, name: name) == nil
    }
}

/// White space as XSD 1.0 part 2, 4.3.6 has it, for texts at load.
enum WhiteSpaceRule {
    static func apply(_ rule: WhiteSpace, _ text: String) -> String {
        switch rule {
        case .preserve: return text
        case .replace:
            return String(
                decoding: text.utf8.map { XMLCharacters.isSpace($0) ? 0x20 : $0 }, as: UTF8.self)
        case .collapse: return XMLCharacters.tokens(text).joined(separator: " ")
        }
    }
}
