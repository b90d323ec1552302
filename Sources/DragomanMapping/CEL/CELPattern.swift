// SPDX-License-Identifier: Apache-2.0
// Regular expressions of `matches`: RE2's syntax and meaning, run by PCRE2 with a bound on how
// much it may try. What RE2 does not have is refused.

internal import CPCRE2

/// A compiled pattern.
final class CELPattern: @unchecked Sendable {
    // Sendable: compiled code is read only while matching; each match has data of its own.
    private let code: OpaquePointer
    private static let triesMax: UInt32 = 1_000_000
    private static let lengthMax = 10_000

    init(_ source: String) throws(CELFailure) {
        if source.utf8.count > Self.lengthMax {
            throw CELFailure("a pattern of more than \(Self.lengthMax) bytes")
        }
        if let problem = CELPatternSyntax.problem(Array(source.utf8)) {
            throw CELFailure("`\(source)` is no pattern: \(problem)")
        }
        // With a byte behind it, an empty text has an address too.
        var text = source + "\0"
        var number: Int32 = 0
        var offset = 0
        let options =
            PCRE2_UTF | PCRE2_DOLLAR_ENDONLY | PCRE2_NEVER_BACKSLASH_C | PCRE2_NO_AUTO_CAPTURE
        let compiled = text.withUTF8 { bytes in
            pcre2_compile_8(
                bytes.baseAddress, bytes.count - 1, UInt32(options), &number,
                &offset, nil)
        }
        guard let compiled else {
            throw CELFailure("`\(source)` is no pattern: \(Self.message(number)) at \(offset)")
        }
        pcre2_jit_compile_8(compiled, UInt32(PCRE2_JIT_COMPLETE))
        code = compiled
    }

    deinit { pcre2_code_free_8(code) }

    private static func message(_ number: Int32) -> String {
        var text = [UInt8](repeating: 0, count: 160)
        let count = pcre2_get_error_message_8(number, &text, text.count)
        return String(decoding: text.prefix(max(0, Int(count))), as: UTF8.self)
    }

    /// The pattern is found in the text.
    func matches(_ text: String) throws(CELFailure) -> Bool {
        guard let data = pcre2_match_data_create_from_pattern_8(code, nil),
            let context = pcre2_match_context_create_8(nil)
        else { throw CELFailure("there is no memory to match in") }
        defer {
            pcre2_match_data_free_8(data)
            pcre2_match_context_free_8(context)
        }
        pcre2_set_match_limit_8(context, Self.triesMax)
        var text = text + "\0"
        let result = text.withUTF8 { bytes in
            pcre2_match_8(
                code, bytes.baseAddress, bytes.count - 1, 0, 0, data, context)
        }
        if result >= 0 { return true }
        if result == PCRE2_ERROR_NOMATCH { return false }
        throw CELFailure("matching the pattern takes too many tries", .cost)
    }
}

/// What PCRE2 takes and RE2 does not.
enum CELPatternSyntax {
    /// Nil where the pattern is RE2's as far as this looks.
    static func problem(_ bytes: [UInt8]) -> String? {
        var index = 0
        var isClass = false
        var isQuantified = false
        while index < bytes.count {
            let byte = bytes[index]
            let next = index + 1 < bytes.count ? bytes[index + 1] : 0
            index += 1
            var quantifies = false
            if byte == 0x5C {
                if next == 0x51 {
                    index = end(ofQuote: bytes, from: index + 1)
                } else if let problem = escape(next, isClass: isClass) {
                    return problem
                } else {
                    index += 1
                }
            } else if isClass {
                if byte == 0x5B, next == 0x3A {
                    index = skip(bytes, index)
                } else {
                    isClass = byte != 0x5D
                }
            } else if byte == 0x5B {
                isClass = true
                if next == 0x5E { index += 1 }
                if index < bytes.count, bytes[index] == 0x5D { index += 1 }
            } else if byte == 0x28 {
                if let problem = group(bytes, index) { return problem }
            } else if byte == 0x2A || byte == 0x2B || byte == 0x3F
                || byte == 0x7B && isCount(bytes, index)
            {
                // One `?` makes a quantifier lazy; whatever else follows one is RE2's error.
                if isQuantified,
                    byte != 0x3F
                        || index >= 3 && bytes[index - 2] == 0x3F
                            && isQuantifier(bytes[index - 3])
                {
                    return "a repetition of a repetition"
                }
                if byte == 0x7B { index = skip(bytes, to: 0x7D, index) }
                quantifies = true
            }
            isQuantified = quantifies
        }
        return nil
    }

    private static func isQuantifier(_ byte: UInt8) -> Bool {
        byte == 0x2A || byte == 0x2B || byte == 0x3F || byte == 0x7D
    }

    private static func escape(_ letter: UInt8, isClass: Bool) -> String? {
        switch letter {
        case 0x31...0x39: "a back reference"
        // K, G, R, X, k, g, H, h, N, O, o, Z: PCRE's own.
        case 0x4B, 0x47, 0x52, 0x58, 0x6B, 0x67, 0x48, 0x68, 0x4E, 0x4F, 0x6F, 0x5A, 0x43:
            "an escape that RE2 does not have"
        default: nil
        }
    }

    /// What follows an opening parenthesis.
    private static func group(_ bytes: [UInt8], _ index: Int) -> String? {
        guard index < bytes.count else { return nil }
        if bytes[index] == 0x2A { return "a verb" }
        guard bytes[index] == 0x3F, index + 1 < bytes.count else { return nil }
        let next = bytes[index + 1]
        let after = index + 2 < bytes.count ? bytes[index + 2] : 0
        switch next {
        // Flags and groups without a number.
        case 0x69, 0x6D, 0x73, 0x55, 0x2D, 0x3A: return nil
        case 0x50: return after == 0x3C ? nil : "a group that RE2 does not have"
        case 0x3C:
            return after == 0x3D || after == 0x21 ? "a look behind" : nil
        case 0x3D, 0x21: return "a look ahead"
        default: return "a group that RE2 does not have"
        }
    }

    private static func isCount(_ bytes: [UInt8], _ index: Int) -> Bool {
        guard index < bytes.count, bytes[index] >= 0x30, bytes[index] <= 0x39 else { return false }
        var position = index
        while position < bytes.count, bytes[position] != 0x7D {
            let byte = bytes[position]
            guard byte >= 0x30 && byte <= 0x39 || byte == 0x2C else { return false }
            position += 1
        }
        return position < bytes.count
    }

    private static func skip(_ bytes: [UInt8], to end: UInt8, _ index: Int) -> Int {
        var position = index
        while position < bytes.count, bytes[position] != end { position += 1 }
        return min(position + 1, bytes.count)
    }

    /// Behind `[:name:]`.
    private static func skip(_ bytes: [UInt8], _ index: Int) -> Int {
        var position = index + 1
        while position + 1 < bytes.count {
            if bytes[position] == 0x3A, bytes[position + 1] == 0x5D { return position + 2 }
            position += 1
        }
        return index
    }

    private static func end(ofQuote bytes: [UInt8], from index: Int) -> Int {
        var position = index
        while position + 1 < bytes.count {
            if bytes[position] == 0x5C, bytes[position + 1] == 0x45 { return position + 2 }
            position += 1
        }
        return bytes.count
    }
}
