// SPDX-License-Identifier: Apache-2.0
// Functions of texts. Positions count Unicode scalars, from 0.

internal import DragomanDocument

enum CELStrings {
    typealias Values = [CELValue]

    static func size(_ evaluator: inout CELEvaluator, _ values: Values) throws(CELFailure)
        -> CELValue
    {
        switch values[0] {
        case .string(let text):
            try evaluator.spend(bytes: text.utf8.count)
            return .int(Int64(text.unicodeScalars.count))
        case .bytes(let bytes): return .int(Int64(bytes.count))
        case .list(let items): return .int(Int64(items.count))
        case .map(let map): return .int(Int64(map.count))
        case .node(let node, _): return .int(Int64(node.count))
        default: throw .overload("size", values)
        }
    }

    /// Two texts; an overload error where they are none.
    private static func pair(
        _ name: String, _ values: Values, _ evaluator: inout CELEvaluator
    ) throws(CELFailure) -> ([UInt8], [UInt8]) {
        guard values.count == 2, case .string(let text) = values[0],
            case .string(let part) = values[1]
        else { throw .overload(name, values) }
        try evaluator.spend(bytes: text.utf8.count)
        return (Array(text.utf8), Array(part.utf8))
    }

    static func contains(_ evaluator: inout CELEvaluator, _ values: Values) throws(CELFailure)
        -> CELValue
    {
        let (text, part) = try pair("contains", values, &evaluator)
        return .bool(try find(part, in: text, from: 0, &evaluator) != nil)
    }

    static func startsWith(_ evaluator: inout CELEvaluator, _ values: Values) throws(CELFailure)
        -> CELValue
    {
        let (text, part) = try pair("startsWith", values, &evaluator)
        return .bool(text.starts(with: part))
    }

    static func endsWith(_ evaluator: inout CELEvaluator, _ values: Values) throws(CELFailure)
        -> CELValue
    {
        let (text, part) = try pair("endsWith", values, &evaluator)
        return .bool(text.suffix(part.count).elementsEqual(part))
    }

    static func matches(_ evaluator: inout CELEvaluator, _ values: Values) throws(CELFailure)
        -> CELValue
    {
        guard values.count == 2, case .string(let text) = values[0],
            case .string(let pattern) = values[1]
        else { throw .overload("matches", values) }
        try evaluator.spend(100 + text.utf8.count / 64 + pattern.utf8.count)
        return .bool(try CELPattern(pattern).matches(text))
    }

    /// Where the part stands first, in whatever the two are made of.
    static func find<Element: Equatable>(
        _ part: [Element], in text: [Element], from start: Int, _ evaluator: inout CELEvaluator
    ) throws(CELFailure) -> Int? {
        guard part.count <= text.count else { return nil }
        guard let first = part.first else { return start <= text.count ? start : nil }
        var index = start
        while index + part.count <= text.count {
            if text[index] == first {
                try evaluator.spend(part.count / 16)
                if text[index..<(index + part.count)].elementsEqual(part) { return index }
            }
            index += 1
        }
        return nil
    }

    // MARK: The extension for strings

    static func scalars(
        _ name: String, _ values: Values, _ evaluator: inout CELEvaluator
    ) throws(CELFailure) -> [Unicode.Scalar] {
        guard let first = values.first, case .string(let text) = first else {
            throw .overload(name, values)
        }
        try evaluator.spend(text.utf8.count / 16)
        return Array(text.unicodeScalars)
    }

    static func text<Scalars: Sequence>(_ scalars: Scalars) -> CELValue
    where Scalars.Element == Unicode.Scalar {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return .string(String(view))
    }

    private static func outOfRange(_ index: Int64) -> CELFailure {
        CELFailure("index out of range: \(index)")
    }

    static func charAt(_ evaluator: inout CELEvaluator, _ values: Values) throws(CELFailure)
        -> CELValue
    {
        let text = try scalars("charAt", values, &evaluator)
        guard values.count == 2, case .int(let index) = values[1] else {
            throw .overload("charAt", values)
        }
        guard index >= 0, index <= Int64(text.count) else { throw outOfRange(index) }
        return index == Int64(text.count) ? .string("") : Self.text([text[Int(index)]])
    }

    static func indexOf(_ evaluator: inout CELEvaluator, _ values: Values) throws(CELFailure)
        -> CELValue
    {
        let text = try scalars("indexOf", values, &evaluator)
        guard values.count == 2 || values.count == 3, case .string(let part) = values[1] else {
            throw .overload("indexOf", values)
        }
        var start: Int64 = 0
        if values.count == 3 {
            guard case .int(let index) = values[2] else { throw .overload("indexOf", values) }
            guard index >= 0, index <= Int64(text.count) else { throw outOfRange(index) }
            start = index
        }
        let found = try find(
            Array(part.unicodeScalars), in: text, from: Int(start), &evaluator)
        return .int(Int64(found ?? -1))
    }

    static func lastIndexOf(_ evaluator: inout CELEvaluator, _ values: Values) throws(CELFailure)
        -> CELValue
    {
        let text = try scalars("lastIndexOf", values, &evaluator)
        guard values.count == 2 || values.count == 3, case .string(let written) = values[1]
        else { throw .overload("lastIndexOf", values) }
        let part = Array(written.unicodeScalars)
        var last = text.count - part.count
        if values.count == 3 {
            guard case .int(let index) = values[2] else { throw .overload("lastIndexOf", values) }
            guard index >= 0, index <= Int64(text.count) else { throw outOfRange(index) }
            last = min(last, Int(index))
        }
        while last >= 0 {
            try evaluator.spend(1 + part.count / 16)
            if text[last..<(last + part.count)].elementsEqual(part) { return .int(Int64(last)) }
            last -= 1
        }
        return .int(-1)
    }

    static func substring(_ evaluator: inout CELEvaluator, _ values: Values) throws(CELFailure)
        -> CELValue
    {
        let text = try scalars("substring", values, &evaluator)
        guard values.count == 2 || values.count == 3, case .int(let start) = values[1] else {
            throw .overload("substring", values)
        }
        var end = Int64(text.count)
        if values.count == 3 {
            guard case .int(let index) = values[2] else { throw .overload("substring", values) }
            end = index
        }
        guard start >= 0, start <= Int64(text.count) else { throw outOfRange(start) }
        guard end >= 0, end <= Int64(text.count) else { throw outOfRange(end) }
        guard start <= end else {
            throw CELFailure("invalid substring range. start: \(start), end: \(end)")
        }
        return Self.text(text[Int(start)..<Int(end)])
    }

    static func reverse(_ evaluator: inout CELEvaluator, _ values: Values) throws(CELFailure)
        -> CELValue
    {
        Self.text(try scalars("reverse", values, &evaluator).reversed())
    }

    static func lowerAscii(_ evaluator: inout CELEvaluator, _ values: Values) throws(CELFailure)
        -> CELValue
    {
        guard case .string(let text) = values[0] else { throw .overload("lowerAscii", values) }
        try evaluator.spend(bytes: text.utf8.count)
        let bytes = text.utf8.map { $0 >= 0x41 && $0 <= 0x5A ? $0 + 0x20 : $0 }
        return .string(String(decoding: bytes, as: UTF8.self))
    }

    static func upperAscii(_ evaluator: inout CELEvaluator, _ values: Values) throws(CELFailure)
        -> CELValue
    {
        guard case .string(let text) = values[0] else { throw .overload("upperAscii", values) }
        try evaluator.spend(bytes: text.utf8.count)
        let bytes = text.utf8.map { $0 >= 0x61 && $0 <= 0x7A ? $0 - 0x20 : $0 }
        return .string(String(decoding: bytes, as: UTF8.self))
    }

    static func trim(_ evaluator: inout CELEvaluator, _ values: Values) throws(CELFailure)
        -> CELValue
    {
        let text = try scalars("trim", values, &evaluator)
        guard let first = text.firstIndex(where: { !$0.properties.isWhitespace }),
            let last = text.lastIndex(where: { !$0.properties.isWhitespace })
        else { return .string("") }
        return Self.text(text[first...last])
    }
}
