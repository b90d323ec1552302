// SPDX-License-Identifier: Apache-2.0
// Reads google.api.http out of a method's options: extension 72295728, which descriptor types
// that do not know it keep among their unknown fields.

/// google.api.HttpRule's fields by number (google/api/http.proto).
enum HTTPRuleReader {
    static let extensionNumber: UInt32 = 72_295_728
    /// Bindings inside bindings; the specification allows one level, generators have been seen
    /// with more.
    static let nestingMax = 8

    /// The bindings in the unknown fields of a MethodOptions, nested ones flattened in order.
    static func bindings(
        inOptions bytes: [UInt8]
    ) throws(WireFailure) -> [HTTPBinding] {
        // The extension may come in pieces, which merge as any message field does.
        var merged: [UInt8] = []
        try WireSlice.with(bytes) { slice throws(WireFailure) in
            var cursor = WireCursor(slice)
            while true {
                let tag = try cursor.tag()
                if tag == 0 { break }
                if tag == extensionNumber &<< 3 | 2 {
                    merged += try cursor.slice().bytes
                } else {
                    try cursor.skip(tag)
                }
            }
        }
        if merged.isEmpty { return [] }
        var bindings: [HTTPBinding] = []
        try read(merged, into: &bindings, nesting: 0)
        return bindings
    }

    private struct Rule {
        var method = ""
        var template = ""
        var body = ""
        var responseBody = ""
        var additional: [[UInt8]] = []
    }

    private static func read(
        _ bytes: [UInt8], into bindings: inout [HTTPBinding], nesting: Int
    ) throws(WireFailure) {
        guard nesting < nestingMax else {
            throw WireFailure(.depth, "additional_bindings nested too deeply")
        }
        var rule = Rule()
        try WireSlice.with(bytes) { slice throws(WireFailure) in
            try read(WireCursor(slice), into: &rule)
        }
        if !rule.method.isEmpty {
            bindings.append(
                HTTPBinding(
                    method: rule.method, template: rule.template,
                    body: HTTPBindingBody(rule: rule.body),
                    responseBody: rule.responseBody.isEmpty ? nil : rule.responseBody))
        }
        for additional in rule.additional {
            try read(additional, into: &bindings, nesting: nesting + 1)
        }
    }

    private static func read(_ start: WireCursor, into rule: inout Rule) throws(WireFailure) {
        var cursor = start
        while true {
            let tag = try cursor.tag()
            if tag == 0 { return }
            guard tag & 7 == 2 else {
                try cursor.skip(tag)
                continue
            }
            let slice = try cursor.slice()
            let text = String(decoding: slice.bytes, as: UTF8.self)
            switch tag &>> 3 {
            case 2: (rule.method, rule.template) = ("GET", text)
            case 3: (rule.method, rule.template) = ("PUT", text)
            case 4: (rule.method, rule.template) = ("POST", text)
            case 5: (rule.method, rule.template) = ("DELETE", text)
            case 6: (rule.method, rule.template) = ("PATCH", text)
            case 7: rule.body = text
            case 8: (rule.method, rule.template) = try custom(slice)
            case 11: rule.additional.append(Array(slice.bytes))
            case 12: rule.responseBody = text
            default: break
            }
        }
    }

    /// google.api.CustomHttpPattern: kind and path.
    private static func custom(_ slice: WireSlice) throws(WireFailure) -> (String, String) {
        var cursor = WireCursor(slice)
        var kind = ""
        var path = ""
        while true {
            let tag = try cursor.tag()
            if tag == 0 { return (kind, path) }
            switch tag {
            case 1 << 3 | 2: kind = String(decoding: try cursor.slice().bytes, as: UTF8.self)
            case 2 << 3 | 2: path = String(decoding: try cursor.slice().bytes, as: UTF8.self)
            default: try cursor.skip(tag)
            }
        }
    }
}
