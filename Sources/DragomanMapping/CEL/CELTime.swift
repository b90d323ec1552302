// SPDX-License-Identifier: Apache-2.0
// Timestamps and durations as texts and as parts of a calendar: RFC 3339, `1h45m`, and the
// proleptic Gregorian calendar.

internal import DragomanDocument

/// Conversions between nanoseconds and texts.
enum CELTime {
    static let second: Int128 = 1_000_000_000
    /// From 0001-01-01T00:00:00Z to 9999-12-31T23:59:59.999999999Z.
    static let timestamps: ClosedRange<Int128> =
        (-62_135_596_800 * second)...(253_402_300_800 * second - 1)
    /// ±10,000 years, as google.protobuf.Duration.
    static let durations: ClosedRange<Int128> =
        (-315_576_000_000 * second)...(315_576_000_000 * second)

    // MARK: Texts

    /// RFC 3339, seconds with up to nine decimals; nil where it is none or out of range.
    static func timestamp(_ text: String) -> Int128? {
        var digits = Digits(text)
        guard let year = digits.number(4), digits.skip(0x2D), let month = digits.number(2),
            digits.skip(0x2D), let day = digits.number(2), digits.skipEither(0x54, 0x74),
            let hour = digits.number(2), digits.skip(0x3A), let minute = digits.number(2),
            digits.skip(0x3A), let second = digits.number(2)
        else { return nil }
        guard year >= 1, (1...12).contains(month), day >= 1, day <= days(month, of: year),
            hour < 24, minute < 60, second < 60
        else { return nil }
        var nanoseconds: Int128 = 0
        if digits.skip(0x2E) {
            guard let fraction = digits.fraction() else { return nil }
            nanoseconds = fraction
        }
        var offset = 0
        if !digits.skipEither(0x5A, 0x7A) {
            let isEast = digits.skip(0x2B)
            guard isEast || digits.skip(0x2D), let hours = digits.number(2), digits.skip(0x3A),
                let minutes = digits.number(2), hours < 24, minutes < 60
            else { return nil }
            offset = (hours * 3600 + minutes * 60) * (isEast ? 1 : -1)
        }
        guard digits.isAtEnd else { return nil }
        let seconds =
            daysSinceEpoch(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second
            - offset
        let total = Int128(seconds) * CELTime.second + nanoseconds
        return timestamps.contains(total) ? total : nil
    }

    static func text(timestamp: Int128) -> String {
        let (seconds, nanoseconds) = split(timestamp)
        let date = CELDate(seconds: seconds)
        return pad(date.year, 4) + "-" + pad(date.month, 2) + "-" + pad(date.day, 2) + "T"
            + pad(date.hour, 2) + ":" + pad(date.minute, 2) + ":" + pad(date.second, 2)
            + fractionText(nanoseconds) + "Z"
    }

    /// `1h45m47s`, `-1.5h`, `20us`; nil where it is none or out of range.
    static func duration(_ text: String) -> Int128? {
        var digits = Digits(text)
        let isNegative = digits.skip(0x2D)
        if !isNegative { _ = digits.skip(0x2B) }
        if digits.rest == "0" { return 0 }
        var total: Int128 = 0
        guard !digits.isAtEnd else { return nil }
        while !digits.isAtEnd {
            guard let (whole, fraction, scale) = digits.decimal(), let unit = digits.unit() else {
                return nil
            }
            total += whole * unit + fraction * unit / scale
            if total > durations.upperBound { return nil }
        }
        let value = isNegative ? -total : total
        return durations.contains(value) ? value : nil
    }

    static func text(duration: Int128) -> String {
        let magnitude = duration.magnitude
        let seconds = magnitude / 1_000_000_000
        let fraction = fractionText(Int(magnitude % 1_000_000_000))
        return (duration < 0 ? "-" : "") + "\(seconds)" + fraction + "s"
    }

    /// Seconds and the nanoseconds above them.
    static func split(_ value: Int128) -> (seconds: Int64, nanoseconds: Int) {
        var seconds = value / second
        var rest = value % second
        if rest < 0 {
            seconds -= 1
            rest += second
        }
        return (Int64(truncatingIfNeeded: seconds), Int(truncatingIfNeeded: rest))
    }

    private static func fractionText(_ nanoseconds: Int) -> String {
        guard nanoseconds > 0 else { return "" }
        var text = pad(nanoseconds, 9)
        while text.hasSuffix("0") { text.removeLast() }
        return "." + text
    }

    static func pad(_ value: Int, _ width: Int) -> String {
        let text = String(value)
        return String(repeating: "0", count: max(0, width - text.count)) + text
    }

    // MARK: Calendar

    static func isLeap(_ year: Int) -> Bool {
        year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    }

    static func days(_ month: Int, of year: Int) -> Int {
        switch month {
        case 2: isLeap(year) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Days from 1970-01-01 in the proleptic Gregorian calendar.
    static func daysSinceEpoch(_ year: Int, _ month: Int, _ day: Int) -> Int {
        CivilDate(year: year, month: month, day: day).daysSinceEpoch
    }
}

/// A moment's date and time of day, at the offset that was added to its seconds.
struct CELDate {
    let year: Int
    let month: Int
    let day: Int
    let hour: Int
    let minute: Int
    let second: Int
    /// From 0.
    let dayOfYear: Int
    /// 0 is Sunday.
    let weekday: Int

    init(seconds: Int64) {
        let total = Int(seconds)
        let days = total >= 0 ? total / 86_400 : (total - 86_399) / 86_400
        let time = total - days * 86_400
        let date = CivilDate(daysSinceEpoch: days)
        (year, month, day) = (date.year, date.month, date.day)
        hour = time / 3600
        minute = time % 3600 / 60
        second = time % 60
        dayOfYear = days - CELTime.daysSinceEpoch(year, 1, 1)
        weekday = ((days + 4) % 7 + 7) % 7
    }
}

/// Reads digits from the left.
private struct Digits {
    private let bytes: [UInt8]
    private var index = 0

    init(_ text: String) { bytes = Array(text.utf8) }

    var isAtEnd: Bool { index == bytes.count }
    var rest: String { String(decoding: bytes[index...], as: UTF8.self) }

    mutating func skip(_ byte: UInt8) -> Bool {
        guard index < bytes.count, bytes[index] == byte else { return false }
        index += 1
        return true
    }

    mutating func skipEither(_ first: UInt8, _ second: UInt8) -> Bool {
        skip(first) || skip(second)
    }

    /// Exactly `count` digits.
    mutating func number(_ count: Int) -> Int? {
        guard index + count <= bytes.count else { return nil }
        var value = 0
        for byte in bytes[index..<(index + count)] {
            guard byte >= 0x30, byte <= 0x39 else { return nil }
            value = value * 10 + Int(byte - 0x30)
        }
        index += count
        return value
    }

    /// One to nine decimals of a second, in nanoseconds.
    mutating func fraction() -> Int128? {
        let start = index
        var value: Int128 = 0
        while index < bytes.count, bytes[index] >= 0x30, bytes[index] <= 0x39 {
            if index - start < 9 { value = value * 10 + Int128(bytes[index] - 0x30) }
            index += 1
        }
        let count = index - start
        guard count >= 1, count <= 9 else { return nil }
        for _ in count..<9 { value *= 10 }
        return value
    }

    /// A number with or without decimals: `whole + fraction / scale`.
    mutating func decimal() -> (whole: Int128, fraction: Int128, scale: Int128)? {
        let start = index
        var whole: Int128 = 0
        while index < bytes.count, bytes[index] >= 0x30, bytes[index] <= 0x39 {
            whole = whole * 10 + Int128(bytes[index] - 0x30)
            if whole > 1 << 64 { return nil }
            index += 1
        }
        var count = index - start
        var fraction: Int128 = 0
        var scale: Int128 = 1
        if skip(0x2E) {
            while index < bytes.count, bytes[index] >= 0x30, bytes[index] <= 0x39 {
                if scale < 1_000_000_000_000_000 {
                    fraction = fraction * 10 + Int128(bytes[index] - 0x30)
                    scale *= 10
                }
                count += 1
                index += 1
            }
        }
        return count > 0 ? (whole, fraction, scale) : nil
    }

    /// A unit of time, in nanoseconds.
    mutating func unit() -> Int128? {
        let start = index
        while index < bytes.count, bytes[index] > 0x39 { index += 1 }
        switch String(decoding: bytes[start..<index], as: UTF8.self) {
        case "h": return 3_600_000_000_000
        case "m": return 60_000_000_000
        case "s": return 1_000_000_000
        case "ms": return 1_000_000
        case "us", "µs", "μs": return 1_000
        case "ns": return 1
        default: return nil
        }
    }
}
