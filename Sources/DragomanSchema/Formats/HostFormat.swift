// SPDX-License-Identifier: Apache-2.0
// Host names (RFC 1123, 2.1; RFC 5890 for those in other scripts) and IP addresses.
#if canImport(CIDN2)
    internal import CIDN2
#endif

enum HostFormat {
    private static let nameMax = 253
    private static let labelMax = 63

    static func isHostname(_ text: UnsafeRawBufferPointer) -> Bool {
        guard text.count >= 1, text.count <= nameMax else { return false }
        var start = 0
        while true {
            var end = start
            while end < text.count, text[end] != 0x2E { end += 1 }
            guard isLabel(text.slice(start, end)) else { return false }
            if end == text.count { return true }
            start = end + 1
        }
    }

    /// Letters, digits and inner hyphens; what starts with `xn--` must be an A-label.
    static func isLabel(_ label: UnsafeRawBufferPointer) -> Bool {
        guard let first = label.first, let last = label.last, label.count <= labelMax,
            first != 0x2D, last != 0x2D,
            label.allSatisfy({ ASCII.isAlphanumeric($0) || $0 == 0x2D })
        else { return false }
        let isEncoded =
            label.count >= 4 && label[0] | 0x20 == 0x78 && label[1] | 0x20 == 0x6E
            && label[2] == 0x2D && label[3] == 0x2D
        return !isEncoded || isALabel(label)
    }

    /// A name whose labels may be U-labels, between any of IDNA's four dots.
    static func isInternational(_ text: UnsafeRawBufferPointer) -> Bool {
        var encodedCount = -1
        var label: [UInt8] = []
        for scalar in String(decoding: text, as: UTF8.self).unicodeScalars + ["."] {
            switch scalar {
            case ".", "\u{3002}", "\u{FF0E}", "\u{FF61}":
                guard let count = label.withUnsafeBytes(encodedLabelCount) else { return false }
                encodedCount += count + 1
                label.removeAll(keepingCapacity: true)
            default: label += UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter
            }
        }
        return encodedCount <= nameMax
    }

    /// Bytes of the label's ASCII form; nil where it is no label.
    private static func encodedLabelCount(_ label: UnsafeRawBufferPointer) -> Int? {
        if label.allSatisfy({ $0 < 0x80 }) { return isLabel(label) ? label.count : nil }
        #if canImport(CIDN2)
            return registered(label, isEncoded: false)
        #else
            return label.count <= labelMax ? label.count : nil
        #endif
    }

    private static func isALabel(_ label: UnsafeRawBufferPointer) -> Bool {
        #if canImport(CIDN2)
            return registered(label, isEncoded: true) != nil
        #else
            return label.count > 4
        #endif
    }

    #if canImport(CIDN2)
        /// Applies IDNA2008's rules for registration, which are the strictest: code points,
        /// context, combining marks, hyphens and direction. Bytes of the A-label.
        private static func registered(
            _ label: UnsafeRawBufferPointer, isEncoded: Bool
        ) -> Int? {
            guard label.count <= 4 * labelMax, !label.contains(0) else { return nil }
            // A-labels are compared without regard to case; libidn2 wants them in lower case.
            var copy = label.map { isEncoded && $0 &- 0x41 <= 25 ? $0 | 0x20 : $0 } + [0]
            var result: UnsafeMutablePointer<UInt8>?
            // Possible return codes: IDN2_OK; IDN2_MALLOC and every reason why it is no label.
            let code = copy.withUnsafeMutableBufferPointer { buffer in
                isEncoded
                    ? idn2_register_u8(nil, buffer.baseAddress, &result, 0)
                    : idn2_register_u8(buffer.baseAddress, nil, &result, 0)
            }
            guard code == IDN2_OK.rawValue, let encoded = result else { return nil }
            defer { idn2_free(encoded) }
            var count = 0
            while encoded[count] != 0 { count += 1 }
            return count <= labelMax ? count : nil
        }
    #endif

    static func isIPv4(_ text: UnsafeRawBufferPointer) -> Bool {
        var index = 0
        for part in 0..<4 {
            if part > 0 {
                guard index < text.count, text[index] == 0x2E else { return false }
                index += 1
            }
            let start = index
            var value = 0
            while index < text.count, ASCII.isDigit(text[index]), index - start < 3 {
                value = value * 10 + Int(text[index] - 0x30)
                index += 1
            }
            guard index > start, value <= 255, index - start == 1 || text[start] != 0x30 else {
                return false
            }
        }
        return index == text.count
    }

    static func isIPv6(_ text: UnsafeRawBufferPointer) -> Bool {
        var groups = 0
        var isCompressed = false
        var index = 0
        guard text.count >= 2 else { return false }
        if text[0] == 0x3A {
            guard text[1] == 0x3A else { return false }
            isCompressed = true
            index = 2
        }
        while index < text.count {
            let start = index
            while index < text.count, ASCII.isHexadecimal(text[index]) { index += 1 }
            if index < text.count, text[index] == 0x2E {
                guard groups <= 6, isIPv4(text.slice(start, text.count)) else { return false }
                groups += 2
                index = text.count
                break
            }
            guard index > start, index - start <= 4 else { return false }
            groups += 1
            if index == text.count { break }
            guard text[index] == 0x3A else { return false }
            index += 1
            guard index < text.count else { return false }
            if text[index] == 0x3A {
                guard !isCompressed else { return false }
                isCompressed = true
                index += 1
            }
        }
        return isCompressed ? groups <= 7 : groups == 8
    }
}
