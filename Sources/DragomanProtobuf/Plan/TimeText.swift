// SPDX-License-Identifier: Apache-2.0
// Timestamps (RFC 3339) and durations as ProtoJSON spells them, to and from seconds and
// nanoseconds.

/// google.protobuf.Timestamp and .Duration: the same two fields.
struct ProtobufTime: Equatable {
    var seconds: Int64
    /// Of a duration with the sign of the seconds.
    var nanoseconds: Int32
}

/// Reads digits from text, never past its end.
private struct DigitScan {
    let text: UnsafeRawBufferPointer
    var index = 0

    init(_ text: UnsafeRawBufferPointer) { self.text = text }

    mutating func skip(_ byte: UInt8) -> Bool {
        guard index < text.count, text[index] == byte else { return false }
        index += 1
        return true
    }

    /// Exactly so many digits.
    mutating func number(_ digits: Int) -> Int64? {
        guard index + digits <= text.count else { return nil }
        var value: Int64 = 0
        for _ in 0..<digits {
            let digit = text[index] &- 0x30
            guard digit <= 9 else { return nil }
            value = value * 10 + Int64(digit)
            index += 1
        }
        return value
    }

    /// A point and one to nine digits, as nanoseconds; 0 where there is no point.
    mutating func fraction() -> Int32? {
        guard skip(0x2E) else { return 0 }
        var value: Int32 = 0
        var count = 0
        while index < text.count, text[index] &- 0x30 <= 9 {
            guard count < 9 else { return nil }
            value = value * 10 + Int32(text[index] &- 0x30)
            count += 1
            index += 1
        }
        guard count > 0 else { return nil }
        for _ in count..<9 { value *= 10 }
        return value
    }
}

/// Writes digits into a place that has room for them.
private struct DigitPen {
    var place: UnsafeMutablePointer<UInt8>
    var count = 0

    init(_ place: UnsafeMutablePointer<UInt8>) { self.place = place }

    mutating func put(_ byte: UInt8) {
        place[count] = byte
        count &+= 1
    }

    mutating func put(_ value: Int64, digits: Int) {
        var rest = value
        for index in stride(from: digits - 1, through: 0, by: -1) {
            place[count + index] = UInt8(rest % 10) + 0x30
            rest /= 10
        }
        count += digits
    }

    /// A point and 3, 6 or 9 digits, as many as are needed; nothing for 0.
    mutating func put(fraction nanoseconds: Int64) {
        if nanoseconds == 0 { return }
        put(0x2E)
        if nanoseconds % 1_000_000 == 0 {
            put(nanoseconds / 1_000_000, digits: 3)
        } else if nanoseconds % 1000 == 0 {
            put(nanoseconds / 1000, digits: 6)
        } else {
            put(nanoseconds, digits: 9)
        }
    }
}

enum TimestampText {
    /// 0001-01-01T00:00:00Z and 9999-12-31T23:59:59Z.
    static let secondsMin: Int64 = -62_135_596_800
    static let secondsMax: Int64 = 253_402_300_799
    static let countMax = 30

    static func parse(_ text: UnsafeRawBufferPointer) -> ProtobufTime? {
        var scan = DigitScan(text)
        guard let year = scan.number(4), scan.skip(0x2D), let month = scan.number(2),
            scan.skip(0x2D), let day = scan.number(2), scan.skip(0x54),
            let hour = scan.number(2), scan.skip(0x3A), let minute = scan.number(2),
            scan.skip(0x3A), let second = scan.number(2), let nanoseconds = scan.fraction(),
            let offset = offset(&scan), scan.index == text.count
        else { return nil }
        guard year >= 1, month >= 1, month <= 12, day >= 1, day <= daysIn(month, of: year),
            hour <= 23, minute <= 59, second <= 59
        else { return nil }
        let days = daysSince1970(year, month, day)
        let seconds = days * 86_400 + hour * 3600 + minute * 60 + second - offset
        guard seconds >= secondsMin, seconds <= secondsMax else { return nil }
        return ProtobufTime(seconds: seconds, nanoseconds: nanoseconds)
    }

    /// `Z` or `±hh:mm`, in seconds.
    private static func offset(_ scan: inout DigitScan) -> Int64? {
        if scan.skip(0x5A) { return 0 }
        let isNegative = scan.skip(0x2D)
        guard isNegative || scan.skip(0x2B), let hours = scan.number(2), scan.skip(0x3A),
            let minutes = scan.number(2), hours <= 23, minutes <= 59
        else { return nil }
        return (hours * 3600 + minutes * 60) * (isNegative ? -1 : 1)
    }

    private static func daysIn(_ month: Int64, of year: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Days of the proleptic Gregorian calendar, counted in eras of 400 years from March.
    private static func daysSince1970(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    /// - Returns: bytes written, at most `countMax`; nil where the time is out of range.
    static func write(_ time: ProtobufTime, to place: UnsafeMutablePointer<UInt8>) -> Int? {
        guard time.seconds >= secondsMin, time.seconds <= secondsMax, time.nanoseconds >= 0,
            time.nanoseconds <= 999_999_999
        else { return nil }
        let fromMarch0 = time.seconds + 719_468 * 86_400
        let days = fromMarch0 / 86_400
        let second = fromMarch0 % 86_400
        let era = days / 146_097
        let dayOfEra = days - era * 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        var pen = DigitPen(place)
        pen.put(yearOfEra + era * 400 + (month <= 2 ? 1 : 0), digits: 4)
        pen.put(0x2D)
        pen.put(month, digits: 2)
        pen.put(0x2D)
        pen.put(dayOfYear - (153 * shiftedMonth + 2) / 5 + 1, digits: 2)
        pen.put(0x54)
        pen.put(second / 3600, digits: 2)
        pen.put(0x3A)
        pen.put(second / 60 % 60, digits: 2)
        pen.put(0x3A)
        pen.put(second % 60, digits: 2)
        pen.put(fraction: Int64(time.nanoseconds))
        pen.put(0x5A)
        return pen.count
    }
}

enum DurationText {
    /// About 10,000 years either way.
    static let secondsMax: Int64 = 315_576_000_000
    static let countMax = 24

    static func parse(_ text: UnsafeRawBufferPointer) -> ProtobufTime? {
        var scan = DigitScan(text)
        let isNegative = scan.skip(0x2D)
        let start = scan.index
        var seconds: Int64 = 0
        while let digit = scan.number(1) {
            seconds = seconds * 10 + digit
            guard seconds <= secondsMax else { return nil }
        }
        guard scan.index > start, let nanoseconds = scan.fraction(), scan.skip(0x73),
            scan.index == text.count
        else { return nil }
        return isNegative
            ? ProtobufTime(seconds: -seconds, nanoseconds: -nanoseconds)
            : ProtobufTime(seconds: seconds, nanoseconds: nanoseconds)
    }

    /// - Returns: bytes written, at most `countMax`; nil where the duration is out of range or its
    ///   two signs differ.
    static func write(_ time: ProtobufTime, to place: UnsafeMutablePointer<UInt8>) -> Int? {
        guard time.seconds >= -secondsMax, time.seconds <= secondsMax,
            time.nanoseconds >= -999_999_999, time.nanoseconds <= 999_999_999,
            !(time.seconds > 0 && time.nanoseconds < 0),
            !(time.seconds < 0 && time.nanoseconds > 0)
        else { return nil }
        var pen = DigitPen(place)
        if time.seconds < 0 || time.nanoseconds < 0 { pen.put(0x2D) }
        let seconds = Int64(time.seconds.magnitude)
        var digits = 1
        var bound: Int64 = 10
        while seconds >= bound {
            digits += 1
            bound *= 10
        }
        pen.put(seconds, digits: digits)
        pen.put(fraction: Int64(time.nanoseconds.magnitude))
        pen.put(0x73)
        return pen.count
    }
}
