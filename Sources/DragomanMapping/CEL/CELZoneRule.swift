// SPDX-License-Identifier: Apache-2.0
// The rule that holds after the last transition a zone file lists (POSIX TZ, as RFC 8536 has it):
// CET-1CEST,M3.5.0,M10.5.0/3

/// A standard offset and, where there is one, summer time.
struct CELZoneRule: Sendable {
    private enum Day: Sendable {
        /// The day 1…365, February 29 never counted.
        case julian(Int)
        /// The day 0…365, February 29 counted.
        case zeroBased(Int)
        case weekday(month: Int, week: Int, weekday: Int)
    }

    private struct Change: Sendable {
        let day: Day
        /// Seconds after midnight of that day.
        let time: Int
    }

    private let standard: Int
    private let summer: Int
    private let changes: (start: Change, end: Change)?

    init?(_ text: String) {
        var reader = Reader(text)
        guard reader.name(), let west = reader.time() else { return nil }
        standard = -west
        guard !reader.isAtEnd else {
            summer = standard
            changes = nil
            return
        }
        guard reader.name() else { return nil }
        summer = reader.isAt(0x2C) ? standard + 3600 : reader.time().map { -$0 } ?? standard
        guard reader.skip(0x2C), let start = reader.change(), reader.skip(0x2C),
            let end = reader.change()
        else { return nil }
        changes = (start, end)
    }

    func offset(at seconds: Int64) -> Int {
        guard let changes else { return standard }
        let year = CELDate(seconds: seconds + Int64(standard)).year
        let moment = Int(seconds)
        let start = CELZoneRule.moment(changes.start, of: year) - standard
        let end = CELZoneRule.moment(changes.end, of: year) - summer
        let isSummer =
            start < end
            ? moment >= start && moment < end : !(moment >= end && moment < start)
        return isSummer ? summer : standard
    }

    /// Seconds since 1970, by the clock of the zone.
    private static func moment(_ change: Change, of year: Int) -> Int {
        let first = CELTime.daysSinceEpoch(year, 1, 1)
        let day: Int
        switch change.day {
        case .julian(let number):
            day = first + number - 1 + (number >= 60 && CELTime.isLeap(year) ? 1 : 0)
        case .zeroBased(let number): day = first + number
        case .weekday(let month, let week, let weekday):
            let start = CELTime.daysSinceEpoch(year, month, 1)
            let shift = (weekday - ((start + 4) % 7 + 7) % 7 + 7) % 7
            var found = start + shift + (week - 1) * 7
            while found >= start + CELTime.days(month, of: year) { found -= 7 }
            day = found
        }
        return day * 86_400 + change.time
    }

    private struct Reader {
        private let bytes: [UInt8]
        private var index = 0

        init(_ text: String) { bytes = Array(text.utf8) }

        var isAtEnd: Bool { index == bytes.count }
        func isAt(_ byte: UInt8) -> Bool { index < bytes.count && bytes[index] == byte }

        mutating func skip(_ byte: UInt8) -> Bool {
            guard isAt(byte) else { return false }
            index += 1
            return true
        }

        mutating func name() -> Bool {
            let start = index
            if skip(0x3C) {
                while !isAtEnd, !isAt(0x3E) { index += 1 }
                return skip(0x3E)
            }
            while !isAtEnd, bytes[index] | 0x20 >= 0x61, bytes[index] | 0x20 <= 0x7A {
                index += 1
            }
            return index - start >= 3
        }

        mutating func number() -> Int? {
            let start = index
            var value = 0
            while !isAtEnd, bytes[index] >= 0x30, bytes[index] <= 0x39, index - start < 4 {
                value = value * 10 + Int(bytes[index] - 0x30)
                index += 1
            }
            return index > start ? value : nil
        }

        /// `[+-]h[:m[:s]]`, in seconds.
        mutating func time() -> Int? {
            let isNegative = skip(0x2D)
            if !isNegative { _ = skip(0x2B) }
            guard let hours = number() else { return nil }
            var seconds = hours * 3600
            if skip(0x3A) {
                guard let minutes = number() else { return nil }
                seconds += minutes * 60
                if skip(0x3A) {
                    guard let rest = number() else { return nil }
                    seconds += rest
                }
            }
            return isNegative ? -seconds : seconds
        }

        mutating func change() -> Change? {
            let day: Day
            if skip(0x4D) {
                guard let month = number(), skip(0x2E), let week = number(), skip(0x2E),
                    let weekday = number(), (1...12).contains(month), (1...5).contains(week),
                    weekday < 7
                else { return nil }
                day = .weekday(month: month, week: week, weekday: weekday)
            } else if skip(0x4A) {
                guard let number = number() else { return nil }
                day = .julian(number)
            } else {
                guard let number = number() else { return nil }
                day = .zeroBased(number)
            }
            guard skip(0x2F) else { return Change(day: day, time: 7200) }
            guard let time = time() else { return nil }
            return Change(day: day, time: time)
        }
    }
}
