// SPDX-License-Identifier: Apache-2.0
// Simple types in schemas: JSON types, ranges, lengths, enumerations, and patterns in ECMA's
// syntax. Dates are said by pattern, never by `format`.

internal import DragomanDocument

extension JSONSchemaBuilder {
    /// The keywords of a simple value, into the object that is open.
    func simpleBody(_ index: Int32) {
        let plan = plans.simples[index]
        let facets = plan.facets >= 0 ? plans.facets[Int(plan.facets)] : nil
        switch plan.variety {
        case .list: listBody(plan, facets)
        case .union: unionBody(plan, facets)
        case .atomic: atomicBody(plan, facets)
        }
    }

    private func atomicBody(_ plan: SimplePlan, _ facets: FacetPlan?) {
        switch plan.form {
        case .boolean:
            pair("type", "boolean")
            if let values = facets?.enumeration { enumeration(values, plan) }
        case .number where plan.isNumberText: textBody(plan, facets)
        case .number:
            pair("type", plan.builtIn.isInteger ? "integer" : "number")
            if let facets { rangeBody(facets, plan) }
        case .float:
            guard facets == nil else {
                pair("type", "number")
                if let facets { rangeBody(facets, plan) }
                return
            }
            array("anyOf") {
                item { pair("type", "number") }
                item { strings("enum", ["INF", "-INF", "NaN"]) }
            }
        default: stringBody(plan, facets)
        }
    }

    private func rangeBody(_ facets: FacetPlan, _ plan: SimplePlan) {
        let digits = facets.totalDigits.flatMap { count in
            plan.builtIn.isInteger && count <= 100 ? String(repeating: "9", count: count) : nil
        }
        limit("minimum", facets.minInclusive, digits.map { "-" + $0 }, .after)
        limit("maximum", facets.maxInclusive, digits, .before)
        bound("exclusiveMinimum", facets.minExclusive)
        bound("exclusiveMaximum", facets.maxExclusive)
        if plan.builtIn.isDecimal, !plan.builtIn.isInteger, let count = facets.totalDigits,
            count <= 30
        {
            totalDigitsBody(count, fraction: facets.fractionDigits)
        } else if let digits = facets.fractionDigits, digits <= 30, !plan.builtIn.isInteger {
            document.key("multipleOf")
            number(JSONSchemaBuilder.unit(digits))
        }
        if let values = facets.enumeration { enumeration(values, plan) }
    }

    /// A decimal of so many digits: the more of them stand behind the point, the smaller it is.
    private func totalDigitsBody(_ count: Int, fraction: Int?) {
        let most = min(fraction ?? count, count)
        func one(_ fraction: Int) {
            document.key("multipleOf")
            number(JSONSchemaBuilder.unit(fraction))
            let bound = "1" + String(repeating: "0", count: count - fraction)
            document.key("exclusiveMinimum")
            number("-" + bound)
            document.key("exclusiveMaximum")
            number(bound)
        }
        if let fraction, fraction <= 30 {
            document.key("multipleOf")
            number(JSONSchemaBuilder.unit(fraction))
        }
        array("allOf") {
            item {
                pair("x-facet", "totalDigits")
                pair("x-expects", "a number of at most \(count) digits")
                array("anyOf") { for digits in 0...most { item { one(digits) } } }
            }
        }
    }

    /// 1, 0.1, 0.01 …
    private static func unit(_ digits: Int) -> String {
        digits == 0 ? "1" : "0." + String(repeating: "0", count: digits - 1) + "1"
    }

    /// A bound, or that of an integer's totalDigits where it is the tighter one.
    /// `side`: how a tighter one stands to the bound.
    private func limit(_ key: String, _ bound: FacetBound?, _ digits: String?, _ side: TimeOrder) {
        guard let digits else { return self.bound(key, bound) }
        let isTighter =
            Array(digits.utf8).withUnsafeBytes { text in bound.map { $0.order(of: text) == side } }
        guard isTighter ?? true else { return self.bound(key, bound) }
        document.key(key)
        number(digits)
    }

    private func bound(_ key: String, _ bound: FacetBound?) {
        guard let bound, Lexical.special(Array(bound.text.utf8)) == nil else { return }
        document.key(key)
        number(bound.text)
    }

    private func number(_ text: String) {
        Array(text.utf8).withUnsafeBytes { JSONNumber.append($0, to: document) }
    }

    private func enumeration(_ values: [String], _ plan: SimplePlan) {
        array("enum") {
            for value in values {
                let mark = document.mark
                let isRead = Array(value.utf8).withUnsafeBytes { bytes in
                    simple.append(bytes, plan, document)
                }
                if !isRead {
                    document.rewind(to: mark)
                    document.append(string: value)
                }
            }
        }
    }

    // MARK: Strings

    private func stringBody(_ plan: SimplePlan, _ facets: FacetPlan?) {
        pair("type", "string")
        if plan.builtIn == .base64Binary { pair("contentEncoding", "base64") }
        if plan.builtIn == .hexBinary { pair("contentEncoding", "base16") }
        if let values = facets?.enumeration {
            return plan.builtIn.isQName ? names(values) : enumeration(values, plan)
        }
        if plan.builtIn.isBinary {
            binaryBody(plan, facets)
        } else if let facets, !plan.builtIn.isQName {
            if let length = facets.length ?? facets.minLength { pair("minLength", length) }
            if let length = facets.length ?? facets.maxLength { pair("maxLength", length) }
        }
        var all: [String] = []
        if plan.builtIn.isQName {
            all.append(JSONSchemaPatterns.qualifiedName(plans))
        } else if let own = JSONSchemaPatterns.pattern(plan.builtIn), !plan.builtIn.isBinary {
            all.append(own)
        }
        all += facetPatterns(facets)
        let bounds = facets.map { dateBounds(plan, $0) } ?? []
        patterns(all, words: JSONSchemaPatterns.words(plan.builtIn), more: bounds)
    }

    /// QNames by the mapping's prefixes.
    private func names(_ values: [String]) {
        strings(
            "enum",
            values.map { value in
                let end = value.lastIndex(of: "}")
                let local = end.map { String(value[value.index(after: $0)...]) } ?? value
                let namespace = end.map { String(value[..<$0].dropFirst()) } ?? ""
                return plans.jsonName(XMLName(namespace, local))
            })
    }

    /// One pattern for each step of restriction; of a step's patterns any may match.
    private func facetPatterns(_ facets: FacetPlan?) -> [String] {
        (facets?.patterns ?? []).compactMap { step in
            let texts = step.compactMap(\.ecma)
            guard texts.count == step.count else { return nil }
            return texts.count == 1
                ? texts[0] : texts.map { "(?:\($0))" }.joined(separator: "|")
        }
    }

    /// `words`: what the first pattern asks for.
    /// `more`: bodies of schemas that hold as well.
    private func patterns(_ all: [String], words: String? = nil, more: [() -> Void] = []) {
        func body(_ index: Int) {
            pair("pattern", all[index])
            if index == 0, let words { pair("x-expects", words) }
        }
        if all.count == 1 { body(0) }
        guard all.count > 1 || !more.isEmpty else { return }
        array("allOf") {
            if all.count > 1 { for index in all.indices { item { body(index) } } }
            for other in more { item(other) }
        }
    }

    private func binaryBody(_ plan: SimplePlan, _ facets: FacetPlan?) {
        let least = facets?.length ?? facets?.minLength
        let most = facets?.length ?? facets?.maxLength
        if plan.builtIn == .hexBinary {
            pair("pattern", "^(?:[0-9A-Fa-f]{2})*$")
            pair("x-expects", "octets as pairs of hexadecimal digits")
            if let least { pair("minLength", least * 2) }
            if let most { pair("maxLength", most * 2) }
            return
        }
        let sign = "[A-Za-z0-9+/]"
        let last = "(?:\(sign)[AQgw]==|\(sign){2}[AEIMQUYcgkosw048]=)?"
        // Characters before the padding tell the octets.
        let counted = least != nil || most != nil
        let range = "\(((least ?? 0) * 4 + 2) / 3),\(most.map { String(($0 * 4 + 2) / 3) } ?? "")"
        let ahead = counted ? "(?=\(sign){\(range)}=*$)" : ""
        pair("pattern", "^\(ahead)(?:\(sign){4})*\(last)$")
        if !counted { pair("x-expects", "base64, with its padding") }
        if let least { pair("minLength", (least + 2) / 3 * 4) }
        if let most { pair("maxLength", (most + 2) / 3 * 4) }
    }

    // MARK: Lists and unions

    private func listBody(_ plan: SimplePlan, _ facets: FacetPlan?) {
        pair("type", "array")
        let item = plans.simples[plan.item]
        object("items") {
            simpleBody(plan.item)
            let isFree =
                item.form == .string && item.variety == .atomic
                && JSONSchemaPatterns.pattern(item.builtIn) == nil && !item.builtIn.isQName
            if isFree, item.facets < 0 { pair("pattern", "^[^ \\t\\n\\r]+$") }
        }
        guard let facets else { return }
        if let length = facets.length ?? facets.minLength { pair("minItems", length) }
        if let length = facets.length ?? facets.maxLength { pair("maxItems", length) }
        if let values = facets.enumeration { enumeration(values, plan) }
    }

    private func unionBody(_ plan: SimplePlan, _ facets: FacetPlan?) {
        if let values = facets?.enumeration {
            if plan.form == .string { return strings("enum", values) }
            return enumeration(values, plan)
        }
        array("anyOf") {
            for offset in 0..<plan.memberCount {
                let index = plans.unionMembers[plan.firstMember + offset]
                item {
                    if plan.form == .string {
                        let member = plans.simples[index]
                        textBody(
                            member, member.facets >= 0 ? plans.facets[Int(member.facets)] : nil)
                    } else {
                        simpleBody(index)
                    }
                }
            }
        }
        patterns(facetPatterns(facets))
    }

    /// An item of a list that is text, without anchors; nil where nothing is to be said.
    private func itemPattern(_ item: SimplePlan) -> String? {
        let facets = item.facets >= 0 ? plans.facets[Int(item.facets)] : nil
        if let values = facets?.enumeration, !item.builtIn.isQName {
            return "(?:\(values.map(XSDPatternECMA.quoted).joined(separator: "|")))"
        }
        guard item.variety == .atomic, !item.builtIn.isBinary else { return nil }
        let whole =
            item.form == .string
            ? JSONSchemaPatterns.pattern(item.builtIn)
            : JSONSchemaPatterns.text(item.builtIn, facets)
        return whole.map { "(?:\($0.dropFirst().dropLast()))" }
    }

    /// A value as text, whatever its type.
    private func textBody(_ plan: SimplePlan, _ facets: FacetPlan?) {
        switch plan.variety {
        case .union:
            array("anyOf") {
                for offset in 0..<plan.memberCount {
                    let member = plans.simples[plans.unionMembers[plan.firstMember + offset]]
                    item {
                        textBody(
                            member, member.facets >= 0 ? plans.facets[Int(member.facets)] : nil)
                    }
                }
            }
        case .list:
            pair("type", "string")
            if let one = itemPattern(plans.simples[plan.item]) {
                pair("pattern", "^(?:\(one)(?: \(one))*)?$")
            }
        case .atomic:
            guard plan.form != .string else { return stringBody(plan, facets) }
            pair("type", "string")
            if let values = facets?.enumeration { return strings("enum", values) }
            patterns(
                [JSONSchemaPatterns.text(plan.builtIn, facets)].compactMap { $0 }
                    + facetPatterns(facets))
        }
    }
}

extension Lexical {
    static func special(_ text: [UInt8]) -> Special? { text.withUnsafeBytes { special($0) } }
}

/// Patterns of built-in types, in ECMA's syntax.
enum JSONSchemaPatterns {
    private static let zone = "(?:Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)?"
    private static let year = "-?(?:[1-9][0-9]{3,8}|0(?!000)[0-9]{3})"
    private static let month = "(?:0[1-9]|1[0-2])"
    private static let day = "(?:0[1-9]|[12][0-9]|3[01])"
    private static let monthDay =
        "(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
        + "|02-(?:0[1-9]|1[0-9]|2[0-8]))"
    private static let date =
        "(?:\(year)-\(monthDay)|-?(?!0000)(?:[1-9][0-9]{0,4})?"
        + "(?:(?:[02468][048]|[13579][26])00|[0-9]{2}(?:0[48]|[2468][048]|[13579][26]))-02-29)"
    private static let time =
        "(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\\.[0-9]+)?|24:00:00(?:\\.0+)?)"

    /// The pattern of a type's literals; nil where there is nothing to say.
    static func pattern(_ type: BuiltInType) -> String? {
        switch type {
        case .date: "^\(date)\(zone)$"
        case .dateTime: "^\(date)T\(time)\(zone)$"
        case .time: "^\(time)\(zone)$"
        case .gYearMonth: "^\(year)-\(month)\(zone)$"
        case .gYear: "^\(year)\(zone)$"
        case .gMonthDay: "^--(?:\(monthDay)|02-29)\(zone)$"
        case .gDay: "^---\(day)\(zone)$"
        case .gMonth: "^--\(month)\(zone)$"
        case .duration:
            "^-?P(?=.)(?:[0-9]{1,15}Y)?(?:[0-9]{1,15}M)?(?:[0-9]{1,15}D)?(?:T(?=.)"
                + "(?:[0-9]{1,15}H)?(?:[0-9]{1,15}M)?(?:[0-9]{1,15}(?:\\.[0-9]+)?S)?)?$"
        case .language: "^[a-zA-Z]{1,8}(?:-[a-zA-Z0-9]{1,8})*$"
        case .NCName, .ID, .IDREF, .ENTITY: "^\(XSDPatternECMA.colonlessName)$"
        case .Name: "^\(XSDPatternECMA.name)$"
        case .NMTOKEN: "^\(XSDPatternECMA.nameToken)$"
        default: nil
        }
    }

    /// What the pattern of a type's literals asks for; nil where it has none.
    static func words(_ type: BuiltInType) -> String? {
        switch type {
        case .date: "a date, such as 2026-01-31"
        case .dateTime: "a date and time, such as 2026-01-31T12:00:00Z"
        case .time: "a time, such as 12:00:00"
        case .gYearMonth: "a month of a year, such as 2026-01"
        case .gYear: "a year, such as 2026"
        case .gMonthDay: "a day of the year, such as --01-31"
        case .gDay: "a day of the month, such as ---31"
        case .gMonth: "a month, such as --01"
        case .duration: "a duration, such as P1DT2H"
        case .language: "a language, such as en-GB"
        case .NCName, .ID, .IDREF, .ENTITY: "a name of XML without a colon"
        case .Name: "a name of XML"
        case .NMTOKEN: "a name token of XML, without spaces"
        case .QName, .NOTATION: "a name of XML with a known prefix, or as {uri}name"
        default: nil
        }
    }

    /// The pattern of QNames: `local`, `{uri}local`, or one of the mapping's prefixes before it.
    static func qualifiedName(_ plans: PlanSet) -> String {
        let prefixes = (0..<plans.namespacePlans.count).map {
            XSDPatternECMA.quoted(plans.namespacePlans[Int32($0)].prefix.string)
        }
        let known = prefixes.joined(separator: "|")
        return "^(?:\\{[^{}\\s]+\\}|(?:\(known)):)?\(XSDPatternECMA.colonlessName)$"
    }

    /// The pattern of a number's or boolean's text.
    static func text(_ type: BuiltInType, _ facets: FacetPlan?) -> String? {
        if type == .boolean { return "^(?:true|false|1|0)$" }
        if type.isInteger {
            return IntegerPattern.make(
                least: facets?.minInclusive?.text, most: facets?.maxInclusive?.text)
        }
        if type.isDecimal { return "^[+-]?(?:[0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)$" }
        if type.isFloat {
            return "^(?:[+-]?(?:[0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?|-?INF|NaN)$"
        }
        return nil
    }
}
