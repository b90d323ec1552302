// SPDX-License-Identifier: Apache-2.0
// Dates, times and durations by their parts, for checking literals and comparing them with bounds
// (XSD 1.0 part 2, 3.2.6 to 3.2.14). The order is partial: without a time zone on both or none,
// two values may be neither before nor after each other.

enum TimeOrder { case before, equal, after, unknown }

/// Reads digits and signs from left to right.
struct LiteralReader {
    let text: UnsafeRawBufferPointer
    var index = 0

    init(_ text: UnsafeRawBufferPointer) { self.text = text }

    var isAtEnd: Bool { index == text.count }
    var next: UInt8? { index < text.count ? text[index] : nil }

    mutating func take(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        index += 1
        return true
    }

    /// Exactly `count` digits as a number within `range`.
    mutating func digits(_ count: Int, in range: ClosedRange<Int>) -> Int? {
        var value = 0
        for _ in 0..<count {
            guard let byte = next, Lexical.isDigit(byte) else { return nil }
            value = value * 10 + Int(byte &- 0x30)
            index += 1
        }
        return range.contains(value) ? value : nil
    }

    /// One or more digits.
    mutating func run() -> UnsafeRawBufferPointer? {
        let start = index
        while let byte = next, Lexical.isDigit(byte) { index += 1 }
        return index == start ? nil : UnsafeRawBufferPointer(rebasing: text[start..<index])
    }
}

/// A literal of dateTime, time, date or one of the g-types.
struct DateTimeValue {
    /// Seconds from 0000-01-01T00:00:00 in the proleptic calendar, without the time zone.
    private var seconds: Int64 = 0
    private var fraction: [UInt8] = []
    private var zoneMinutes: Int?

    init?(_ text: UnsafeRawBufferPointer, _ type: BuiltInType) {
        var reader = LiteralReader(text)
        var year: Int64 = 1972
        var month = 1
        var day = 1
        switch type {
        case .dateTime, .date, .gYearMonth, .gYear:
            guard let read = DateTimeValue.year(&reader) else { return nil }
            year = read
            if type != .gYear {
                guard reader.take(0x2D), let read = reader.digits(2, in: 1...12) else {
                    return nil
                }
                month = read
            }
            if type == .dateTime || type == .date {
                guard reader.take(0x2D), let read = reader.digits(2, in: 1...31),
                    read <= DateTimeValue.days(month, of: year)
                else { return nil }
                day = read
            }
        case .gMonthDay, .gMonth:
            guard reader.take(0x2D), reader.take(0x2D), let read = reader.digits(2, in: 1...12)
            else { return nil }
            month = read
            if type == .gMonthDay {
                guard reader.take(0x2D), let read = reader.digits(2, in: 1...31),
                    read <= DateTimeValue.days(month, of: 1972)
                else { return nil }
                day = read
            } else if reader.text[reader.index...].starts(with: [0x2D, 0x2D]) {
                // `--MM--`, as the first edition of XSD printed it.
                reader.index += 2
            }
        case .gDay:
            guard reader.take(0x2D), reader.take(0x2D), reader.take(0x2D),
                let read = reader.digits(2, in: 1...31)
            else { return nil }
            day = read
        case .time: break
        default: return nil
        }
        seconds = DateTimeValue.dayNumber(year, month, day) * 86400
        if type == .dateTime, !reader.take(0x54) { return nil }
        if type == .dateTime || type == .time {
            guard readTime(&reader) else { return nil }
        }
        guard readZone(&reader), reader.isAtEnd else { return nil }
    }

    /// Four digits or more, no leading zero beyond four, not 0000.
    private static func year(_ reader: inout LiteralReader) -> Int64? {
        let isNegative = reader.take(0x2D)
        guard let digits = reader.run(), digits.count >= 4, digits.count <= 9,
            digits.count == 4 || digits[0] != 0x30
        else { return nil }
        var value: Int64 = 0
        for byte in digits { value = value * 10 + Int64(byte &- 0x30) }
        if value == 0 { return nil }
        // Leap years go by the number as it is written, as in XSD 1.1 and in libxml2.
        return isNegative ? -value : value
    }

    private mutating func readTime(_ reader: inout LiteralReader) -> Bool {
        guard let hour = reader.digits(2, in: 0...24), reader.take(0x3A),
            let minute = reader.digits(2, in: 0...59), reader.take(0x3A),
            let second = reader.digits(2, in: 0...59)
        else { return false }
        if reader.take(0x2E) {
            guard let digits = reader.run() else { return false }
            fraction = Array(digits)
            while fraction.last == 0x30 { fraction.removeLast() }
        }
        if hour == 24, minute != 0 || second != 0 || !fraction.isEmpty { return false }
        seconds += Int64(hour * 3600 + minute * 60 + second)
        return true
    }

    private mutating func readZone(_ reader: inout LiteralReader) -> Bool {
        guard let byte = reader.next else { return true }
        if byte == 0x5A {
            reader.index += 1
            zoneMinutes = 0
            return true
        }
        guard byte == 0x2B || byte == 0x2D else { return false }
        reader.index += 1
        guard let hours = reader.digits(2, in: 0...14), reader.take(0x3A),
            let minutes = reader.digits(2, in: 0...59), hours < 14 || minutes == 0
        else { return false }
        zoneMinutes = (hours * 60 + minutes) * (byte == 0x2D ? -1 : 1)
        return true
    }

    static func days(_ month: Int, of year: Int64) -> Int {
        switch month {
        case 4, 6, 9, 11: 30
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        default: 31
        }
    }

    /// Days from 0000-03-01.
    private static func dayNumber(_ year: Int64, _ month: Int, _ day: Int) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = Int64((153 * ((month + 9) % 12) + 2) / 5 + day - 1)
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    }

    func compared(to other: DateTimeValue) -> TimeOrder {
        switch (zoneMinutes, other.zoneMinutes) {
        case (nil, nil), (.some, .some):
            return compare(other, zoneMinutes ?? 0, other.zoneMinutes ?? 0)
        case (.some(let zone), nil):
            let early = compare(other, zone, 14 * 60)
            let late = compare(other, zone, -14 * 60)
            return early == late ? early : .unknown
        case (nil, .some(let zone)):
            let early = compare(other, 14 * 60, zone)
            let late = compare(other, -14 * 60, zone)
            return early == late ? early : .unknown
        }
    }

    private func compare(_ other: DateTimeValue, _ zone: Int, _ otherZone: Int) -> TimeOrder {
        let left = seconds - Int64(zone) * 60
        let right = other.seconds - Int64(otherZone) * 60
        if left != right { return left < right ? .before : .after }
        if fraction == other.fraction { return .equal }
        return fraction.lexicographicallyPrecedes(other.fraction) ? .before : .after
    }
}

/// A literal of duration: months and seconds.
struct DurationValue {
    private var months: Int64 = 0
    private var seconds: Double = 0

    init?(_ text: UnsafeRawBufferPointer) {
        var reader = LiteralReader(text)
        let isNegative = reader.take(0x2D)
        guard reader.take(0x50) else { return nil }
        var isEmpty = true
        var isTime = false
        var rank = -1
        while !reader.isAtEnd {
            if !isTime, reader.take(0x54) {
                isTime = true
                rank = 2
                guard !reader.isAtEnd else { return nil }
            }
            guard let digits = reader.run(), digits.count <= 15 else { return nil }
            var value = 0.0
            for byte in digits { value = value * 10 + Double(byte &- 0x30) }
            var fraction = 0.0
            var hasFraction = false
            if reader.take(0x2E) {
                guard let digits = reader.run() else { return nil }
                hasFraction = true
                var place = 0.1
                for byte in digits {
                    fraction += Double(byte &- 0x30) * place
                    place /= 10
                }
            }
            guard let unit = reader.next else { return nil }
            reader.index += 1
            let order: Int
            switch (unit, isTime) {
            case (0x59, false): order = 0
            case (0x4D, false): order = 1
            case (0x44, false): order = 2
            case (0x48, true): order = 3
            case (0x4D, true): order = 4
            case (0x53, true): order = 5
            default: return nil
            }
            guard order > rank || (order == 2 && rank < 2), !hasFraction || order == 5 else {
                return nil
            }
            rank = order
            isEmpty = false
            add(order, value + fraction)
        }
        if isEmpty { return nil }
        if isNegative {
            months = -months
            seconds = -seconds
        }
    }

    private mutating func add(_ unit: Int, _ value: Double) {
        switch unit {
        case 0: months += Int64(value) * 12
        case 1: months += Int64(value)
        case 2: seconds += value * 86400
        case 3: seconds += value * 3600
        case 4: seconds += value * 60
        default: seconds += value
        }
    }

    /// Over the four months that XSD 1.0 part 2, 3.2.6.2 names.
    func compared(to other: DurationValue) -> TimeOrder {
        if months == other.months {
            return seconds == other.seconds ? .equal : seconds < other.seconds ? .before : .after
        }
        // The shortest and longest that so many months can be.
        let difference = Double(months - other.months)
        let rest = seconds - other.seconds
        let least = difference * (difference > 0 ? 28 : 31) * 86400 + rest
        let most = difference * (difference > 0 ? 31 : 28) * 86400 + rest
        if least > 0 { return .after }
        if most < 0 { return .before }
        return .unknown
    }
}
