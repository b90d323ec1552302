// SPDX-License-Identifier: Apache-2.0
// Functions that take texts apart and put them together.

internal import DragomanDocument

extension CELStrings {
    static func replace(_ evaluator: inout CELEvaluator, _ values: Values) throws(CELFailure)
        -> CELValue
    {
        let text = try scalars("replace", values, &evaluator)
        guard values.count == 3 || values.count == 4, case .string(let old) = values[1],
            case .string(let new) = values[2]
        else { throw .overload("replace", values) }
        var limit = Int64.max
        if values.count == 4 {
            guard case .int(let most) = values[3] else { throw .overload("replace", values) }
            if most >= 0 { limit = most }
        }
        let part = Array(old.unicodeScalars)
        let other = Array(new.unicodeScalars)
        var result: [Unicode.Scalar] = []
        var index = 0
        while limit > 0, index <= text.count,
            let found = try find(part, in: text, from: index, &evaluator)
        {
            try evaluator.spend(1 + other.count / 16)
            result += text[index..<found]
            result += other
            index = found + part.count
            limit -= 1
            if part.isEmpty {
                // Between all scalars, and at both ends.
                if found < text.count { result.append(text[found]) }
                index = found + 1
            }
        }
        if index < text.count { result += text[index...] }
        return Self.text(result)
    }

    static func split(_ evaluator: inout CELEvaluator, _ values: Values) throws(CELFailure)
        -> CELValue
    {
        let text = try scalars("split", values, &evaluator)
        guard values.count == 2 || values.count == 3, case .string(let separator) = values[1]
        else { throw .overload("split", values) }
        var limit = Int64.max
        if values.count == 3 {
            guard case .int(let most) = values[2] else { throw .overload("split", values) }
            if most >= 0 { limit = most }
        }
        if limit == 0 { return .list([]) }
        let part = Array(separator.unicodeScalars)
        var parts: [CELValue] = []
        var index = 0
        if part.isEmpty {
            while index < text.count, Int64(parts.count) + 1 < limit {
                try evaluator.spend(1)
                parts.append(Self.text([text[index]]))
                index += 1
            }
            if index < text.count { parts.append(Self.text(text[index...])) }
            return .list(parts)
        }
        while Int64(parts.count) + 1 < limit,
            let found = try find(part, in: text, from: index, &evaluator)
        {
            try evaluator.spend(1)
            parts.append(Self.text(text[index..<found]))
            index = found + part.count
        }
        parts.append(Self.text(text[index...]))
        return .list(parts)
    }

    static func join(_ evaluator: inout CELEvaluator, _ values: Values) throws(CELFailure)
        -> CELValue
    {
        guard let items = CELEvaluator.items(values[0]), values.count <= 2 else {
            throw .overload("join", values)
        }
        var separator = ""
        if values.count == 2 {
            guard case .string(let text) = values[1] else { throw .overload("join", values) }
            separator = text
        }
        var texts: [String] = []
        for item in items {
            guard case .string(let text) = item.native else { throw .overload("join", values) }
            try evaluator.spend(1 + (text.utf8.count + separator.utf8.count) / 64)
            texts.append(text)
        }
        return .string(texts.joined(separator: separator))
    }

    static func quote(_ evaluator: inout CELEvaluator, _ values: Values) throws(CELFailure)
        -> CELValue
    {
        var quoted = "\""
        for scalar in try scalars("strings.quote", values, &evaluator) {
            switch scalar {
            case "\u{07}": quoted += "\\a"
            case "\u{08}": quoted += "\\b"
            case "\u{0C}": quoted += "\\f"
            case "\n": quoted += "\\n"
            case "\r": quoted += "\\r"
            case "\t": quoted += "\\t"
            case "\u{0B}": quoted += "\\v"
            case "\\": quoted += "\\\\"
            case "\"": quoted += "\\\""
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return .string(quoted + "\"")
    }

    static func encode(_ evaluator: inout CELEvaluator, _ values: Values) throws(CELFailure)
        -> CELValue
    {
        guard case .bytes(let bytes) = values[0] else {
            throw .overload("base64.encode", values)
        }
        try evaluator.spend(bytes: bytes.count)
        return .string(CELBase64.encode(bytes))
    }

    static func decode(_ evaluator: inout CELEvaluator, _ values: Values) throws(CELFailure)
        -> CELValue
    {
        guard case .string(let text) = values[0] else {
            throw .overload("base64.decode", values)
        }
        try evaluator.spend(bytes: text.utf8.count)
        guard let bytes = CELBase64.decode(text) else { throw CELFailure("this is no base64") }
        return .bytes(bytes)
    }
}
