// SPDX-License-Identifier: Apache-2.0
// Text of simple types into a Document: numbers in JSON's grammar with every digit kept, booleans,
// lists as arrays, the rest as strings under the type's white space rule.

internal import DragomanDocument

/// Reads literals. Keeps what a text had to be changed to in buffers of its own.
final class SimpleReader {
    let plans: PlanSet
    let tables: PlanTables
    /// For prefixes of QNames; nil where there are none in scope. Weak, since the parser's handler
    /// leads back here.
    weak var parser: XMLPushParser?
    var checksFacets = false
    private let scratch = OutputBuffer(capacity: 128)
    private let copied = OutputBuffer(capacity: 128)

    init(plans: PlanSet) {
        self.plans = plans
        tables = plans.tables
    }

    // MARK: Values

    /// Finishes the text begun at `start` of `document` as a value.
    /// Returns whether the type can read it.
    @inline(__always)
    func finishText(from start: Int, _ plan: SimplePlan, _ document: Document) -> Bool {
        if plan.isPlainString, plan.whiteSpace == .preserve {
            document.endString(from: start)
            return true
        }
        return finishOther(from: start, plan, document)
    }

    private func finishOther(from start: Int, _ plan: SimplePlan, _ document: Document) -> Bool {
        let bytes = document.textBytes(from: start)
        if plan.form == .number || plan.form == .float, plan.facets < 0 || !checksFacets,
            plan.variety == .atomic, !plan.isNumberText
        {
            let shape = JSONNumber.shape(bytes)
            if shape != .other {
                guard shape == .integer || !plan.isInteger else { return false }
                document.endNumber(from: start, isInteger: shape == .integer)
                return true
            }
        }
        copied.removeAll()
        copied.append(bytes)
        document.abandonText(from: start)
        return append(copied.bytes, plan, document)
    }

    /// Appends a text as a value of the type.
    /// Returns whether the type can read it.
    func append(
        _ text: UnsafeRawBufferPointer, _ plan: SimplePlan, _ document: Document
    ) -> Bool {
        if plan.isPlainString, plan.whiteSpace == .preserve {
            document.append(string: text)
            return true
        }
        switch plan.variety {
        case .atomic: return appendAtomic(text, plan, document)
        case .list: return appendList(text, plan, document)
        case .union: return appendUnion(text, plan, document)
        }
    }

    private func appendAtomic(
        _ text: UnsafeRawBufferPointer, _ plan: SimplePlan, _ document: Document
    ) -> Bool {
        let bytes = normalized(text, plan)
        if plan.builtIn.isQName { return appendQName(bytes, plan, document) }
        guard Lexical.isValid(bytes, plan.builtIn), keepsFacets(bytes, plan) else { return false }
        appendLiteral(bytes, plan.isNumberText ? .string : plan.form, document)
        return true
    }

    /// A valid literal in the form that JSON has for it.
    private func appendLiteral(
        _ bytes: UnsafeRawBufferPointer, _ form: JSONForm, _ document: Document
    ) {
        switch form {
        case .boolean: document.append(Lexical.boolean(bytes) == true)
        case .number, .float:
            switch Lexical.special(bytes) {
            case .infinity: document.append(constant: plans.words.infinity)
            case .minusInfinity: document.append(constant: plans.words.minusInfinity)
            case .notANumber: document.append(constant: plans.words.notANumber)
            case nil: JSONNumber.append(bytes, to: document)
            }
        default: document.append(string: bytes)
        }
    }

    private func keepsFacets(_ bytes: UnsafeRawBufferPointer, _ plan: SimplePlan) -> Bool {
        guard checksFacets, plan.facets >= 0 else { return true }
        return plans.facets[Int(plan.facets)].violation(bytes) == nil
    }

    /// The text under the type's white space rule; of binary types without any.
    private func normalized(
        _ bytes: UnsafeRawBufferPointer, _ plan: SimplePlan
    ) -> UnsafeRawBufferPointer {
        if plan.builtIn.isBinary {
            guard bytes.contains(where: XMLCharacters.isSpace) else { return bytes }
            scratch.removeAll()
            for byte in bytes where !XMLCharacters.isSpace(byte) { scratch.append(byte) }
            return scratch.bytes
        }
        guard plan.whiteSpace != .preserve, !WhiteSpaceRule.isNormal(bytes, plan.whiteSpace) else {
            return bytes
        }
        scratch.removeAll()
        WhiteSpaceRule.append(bytes, plan.whiteSpace, to: scratch)
        return scratch.bytes
    }

    private func appendList(
        _ text: UnsafeRawBufferPointer, _ plan: SimplePlan, _ document: Document
    ) -> Bool {
        if checksFacets, plan.facets >= 0 {
            let bytes = normalized(text, plan)
            guard keepsFacets(bytes, plan) else { return false }
        }
        let item = tables.simples[plan.item]
        document.beginArray()
        defer { document.endArray() }
        for token in text.split(whereSeparator: XMLCharacters.isSpace) {
            guard append(UnsafeRawBufferPointer(rebasing: token), item, document) else {
                return false
            }
        }
        return true
    }

    private func appendUnion(
        _ text: UnsafeRawBufferPointer, _ plan: SimplePlan, _ document: Document
    ) -> Bool {
        for isStrict in [true, false] {
            for offset in 0..<plan.memberCount {
                let member = tables.simples[tables.unionMembers[plan.firstMember &+ offset]]
                guard let bytes = literal(text, member, isStrict: isStrict) else { continue }
                if member.builtIn.isQName, member.variety == .atomic {
                    return appendQName(bytes, plan, document)
                }
                guard keepsFacets(bytes, plan) else { return false }
                appendLiteral(bytes, plan.form, document)
                return true
            }
        }
        return false
    }

    /// The text as the type's literal, white space dealt with; nil where it is none.
    /// `isStrict`: facets count, too.
    func literal(
        _ text: UnsafeRawBufferPointer, _ plan: SimplePlan, isStrict: Bool = true
    ) -> UnsafeRawBufferPointer? {
        switch plan.variety {
        case .list:
            let item = tables.simples[plan.item]
            for token in text.split(whereSeparator: XMLCharacters.isSpace) {
                guard
                    literal(UnsafeRawBufferPointer(rebasing: token), item, isStrict: isStrict)
                        != nil
                else { return nil }
            }
            let bytes = normalized(text, plan)
            return isStrict && breaksFacets(bytes, plan) ? nil : bytes
        case .union:
            for offset in 0..<plan.memberCount {
                let member = tables.simples[tables.unionMembers[plan.firstMember &+ offset]]
                if let bytes = literal(text, member, isStrict: isStrict) {
                    return isStrict && breaksFacets(bytes, plan) ? nil : bytes
                }
            }
            return nil
        case .atomic:
            let bytes = normalized(text, plan)
            guard Lexical.isValid(bytes, plan.builtIn) else { return nil }
            return isStrict && breaksFacets(bytes, plan) ? nil : bytes
        }
    }

    private func breaksFacets(_ bytes: UnsafeRawBufferPointer, _ plan: SimplePlan) -> Bool {
        guard plan.facets >= 0, !plan.builtIn.isQName else { return false }
        return plans.facets[Int(plan.facets)].violation(bytes) != nil
    }

    // MARK: QNames

    /// `n:local` of the message to `p:local` of the mapping, or `{uri}local`.
    private func appendQName(
        _ bytes: UnsafeRawBufferPointer, _ plan: SimplePlan, _ document: Document
    ) -> Bool {
        guard Lexical.isQName(bytes), let name = resolve(bytes) else { return false }
        if checksFacets, plan.facets >= 0,
            plans.facets[Int(plan.facets)].violation(bytes, name: name.description) != nil
        {
            return false
        }
        document.append(string: plans.jsonName(name))
        return true
    }

    /// The name that a QName of the message stands for; nil where its prefix is not declared.
    func resolve(_ bytes: UnsafeRawBufferPointer) -> XMLName? {
        let text = String(decoding: bytes, as: UTF8.self)
        guard let parser else { return nil }
        let colon = bytes.firstIndex(of: 0x3A)
        let prefix = UnsafeRawBufferPointer(rebasing: bytes[..<(colon ?? 0)])
        if prefix.elementsEqual("xml".utf8) {
            return XMLName(XMLNamespace.xml, String(text.utf8.dropFirst(4)) ?? "")
        }
        let (uri, isDeclared) = parser.namespace(prefix)
        guard isDeclared else { return nil }
        let local = colon.map { UnsafeRawBufferPointer(rebasing: bytes[($0 + 1)...]) } ?? bytes
        return XMLName(XMLText.string(uri), String(decoding: local, as: UTF8.self))
    }
}

extension PlanSet {
    /// A name with the mapping's prefix, or as `{uri}local` where it has none.
    func jsonName(_ name: XMLName) -> String {
        if name.namespace.isEmpty { return name.local }
        guard let prefix = prefix(of: name.namespace) else { return name.description }
        return "\(prefix):\(name.local)"
    }
}

/// Literals of decimals and doubles in JSON's grammar.
enum JSONNumber {
    /// Whether a literal is of JSON's grammar as it is (RFC 8259, 6); never where it has an
    /// exponent.
    enum Shape { case other, integer, decimal }

    static func shape(_ bytes: UnsafeRawBufferPointer) -> Shape {
        var index = 0
        let count = bytes.count
        if index < count, bytes[index] == 0x2D { index &+= 1 }
        guard index < count, Lexical.isDigit(bytes[index]) else { return .other }
        if bytes[index] == 0x30 {
            index &+= 1
        } else {
            while index < count, Lexical.isDigit(bytes[index]) { index &+= 1 }
        }
        if index == count { return .integer }
        guard bytes[index] == 0x2E else { return .other }
        index &+= 1
        let start = index
        while index < count, Lexical.isDigit(bytes[index]) { index &+= 1 }
        return index == start || index < count ? .other : .decimal
    }

    /// Appends a valid literal: `+5`, `007`, `.5`, `5.` become 5, 7, 0.5, 5.
    static func append(_ bytes: UnsafeRawBufferPointer, to document: Document) {
        let shape = shape(bytes)
        if shape != .other {
            return document.append(number: bytes, isInteger: shape == .integer)
        }
        let start = document.beginText()
        var isInteger = true
        document.continueText(atMost: bytes.count + 1) { place in
            var length = 0
            func put(_ byte: UInt8) {
                place[length] = byte
                length += 1
            }
            var index = 0
            if bytes[0] == 0x2B || bytes[0] == 0x2D { index = 1 }
            if bytes[0] == 0x2D { put(0x2D) }
            while index + 1 < bytes.count, bytes[index] == 0x30,
                Lexical.isDigit(bytes[index + 1])
            {
                index += 1
            }
            if bytes[index] == 0x2E { put(0x30) }
            while index < bytes.count {
                let byte = bytes[index]
                let isPoint = byte == 0x2E
                let hasDigit = index + 1 < bytes.count && Lexical.isDigit(bytes[index + 1])
                if isPoint, !hasDigit {
                    index += 1
                    continue
                }
                if isPoint || byte | 0x20 == 0x65 { isInteger = false }
                put(byte)
                index += 1
            }
            return length
        }
        document.endNumber(from: start, isInteger: isInteger)
    }
}
