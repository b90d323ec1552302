// SPDX-License-Identifier: Apache-2.0
// The small grammars of configuration values: durations, sizes, ratios, rates. Exact, bounded, and
// without floating point where a whole number comes out.

/// So many things in a time: `100/s`.
package struct Rate: Sendable, Equatable {
    package var count: Int
    package var period: Duration

    /// `100/s`, `5/m`, `1000/h`, `1/d`
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let count = Int(parts[0]), count > 0, parts[0].first != "+" else {
            return nil
        }
        switch parts[1] {
        case "s": period = .seconds(1)
        case "m": period = .seconds(60)
        case "h": period = .seconds(3_600)
        case "d": period = .seconds(86_400)
        default: return nil
        }
        self.count = count
    }
}

package enum ScalarGrammar {
    /// `300ms`, `2s`, `1.5s`, `1m30s`, `5m`, `1h`, `7d`; zero is `0s`. At most ten years.
    package static func duration(_ text: String) -> Duration? {
        var rest = Array(text.utf8)[...]
        var nanoseconds = 0
        guard !rest.isEmpty else { return nil }
        while !rest.isEmpty {
            guard let decimal = Decimal(&rest) else { return nil }
            let unit = rest.prefix { $0 >= 0x61 && $0 <= 0x7A }
            rest = rest.dropFirst(unit.count)
            guard let scale = Self.units[String(decoding: unit, as: UTF8.self)],
                let part = decimal.times(scale)
            else { return nil }
            nanoseconds += part
            guard nanoseconds <= 315_360_000_000_000_000 else { return nil }
        }
        return .nanoseconds(nanoseconds)
    }

    private static let units = [
        "ns": 1, "us": 1_000, "ms": 1_000_000, "s": 1_000_000_000, "m": 60_000_000_000,
        "h": 3_600_000_000_000, "d": 86_400_000_000_000,
    ]

    /// `4MiB`, `8KiB`, `1.5GiB`, `100kB`, `512B`; a bare number is bytes.
    package static func size(_ text: String) -> Int? {
        var rest = Array(text.utf8)[...]
        guard let decimal = Decimal(&rest) else { return nil }
        let scale: Int
        switch String(decoding: rest, as: UTF8.self) {
        case "", "B": scale = 1
        case "kB", "KB": scale = 1_000
        case "MB": scale = 1_000_000
        case "GB": scale = 1_000_000_000
        case "KiB": scale = 1 << 10
        case "MiB": scale = 1 << 20
        case "GiB": scale = 1 << 30
        default: return nil
        }
        return decimal.times(scale)
    }

    /// `20%` or `0.2`, from 0 to 1.
    package static func ratio(_ text: String) -> Double? {
        let isPercent = text.hasSuffix("%")
        let digits = isPercent ? String(text.dropLast()) : text
        var rest = Array(digits.utf8)[...]
        guard Decimal(&rest) != nil, rest.isEmpty, let number = Double(digits) else { return nil }
        let value = isPercent ? number / 100 : number
        return value <= 1 ? value : nil
    }

    /// Digits with an optional fraction.
    private struct Decimal {
        var whole = 0
        var fraction = 0
        var fractionScale = 1

        init?(_ bytes: inout ArraySlice<UInt8>) {
            let digits = bytes.prefix { $0 >= 0x30 && $0 <= 0x39 }
            guard !digits.isEmpty, digits.count <= 18 else { return nil }
            bytes = bytes.dropFirst(digits.count)
            for digit in digits { whole = whole * 10 + Int(digit - 0x30) }
            guard bytes.first == 0x2E else { return }
            let decimals = bytes.dropFirst().prefix { $0 >= 0x30 && $0 <= 0x39 }
            guard !decimals.isEmpty, decimals.count <= 9 else { return nil }
            bytes = bytes.dropFirst(decimals.count + 1)
            for digit in decimals {
                fraction = fraction * 10 + Int(digit - 0x30)
                fractionScale *= 10
            }
        }

        /// Nil where the product is no whole number or too large.
        func times(_ scale: Int) -> Int? {
            let (high, overflow) = whole.multipliedReportingOverflow(by: scale)
            let (low, lowOverflow) = fraction.multipliedReportingOverflow(by: scale)
            guard !overflow, !lowOverflow, low % fractionScale == 0 else { return nil }
            let (sum, sumOverflow) = high.addingReportingOverflow(low / fractionScale)
            return sumOverflow || sum > 1 << 60 ? nil : sum
        }
    }

    /// RFC 3339's date and time, `2026-11-21T09:00:00.5+01:00`.
    static func isTimestamp(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        let form = Array("dddd-dd-ddTdd:dd:dd".utf8)
        guard bytes.count > form.count else { return false }
        for (byte, wanted) in zip(bytes, form) {
            let fits = wanted == 0x64 ? isDigit(byte) : byte == wanted
            guard fits else { return false }
        }
        var rest = bytes[form.count...]
        if rest.first == 0x2E {
            let digits = rest.dropFirst().prefix { isDigit($0) }
            guard (1...9).contains(digits.count) else { return false }
            rest = rest.dropFirst(digits.count + 1)
        }
        if rest.elementsEqual("Z".utf8) { return true }
        let zone = Array(rest)
        return zone.count == 6 && (zone[0] == 0x2B || zone[0] == 0x2D) && zone[3] == 0x3A
            && [1, 2, 4, 5].allSatisfy { isDigit(zone[$0]) }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
