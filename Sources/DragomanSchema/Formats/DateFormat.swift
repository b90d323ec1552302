// SPDX-License-Identifier: Apache-2.0
// Dates, times and durations as RFC 3339 has them (its section 5.6 and appendix A).

enum DateFormat {
    /// The number that `count` digits at `index` make; nil where they are not all digits.
    private static func digits(
        _ text: UnsafeRawBufferPointer, _ index: Int, _ count: Int
    ) -> Int? {
        guard index + count <= text.count else { return nil }
        var value = 0
        for place in index..<index + count {
            guard ASCII.isDigit(text[place]) else { return nil }
            value = value * 10 + Int(text[place] - 0x30)
        }
        return value
    }

    static func isDate(_ text: UnsafeRawBufferPointer) -> Bool {
        guard text.count == 10, text[4] == 0x2D, text[7] == 0x2D, let year = digits(text, 0, 4),
            let month = digits(text, 5, 2), let day = digits(text, 8, 2)
        else { return false }
        return day >= 1 && day <= days(year, month)
    }

    private static func days(_ year: Int, _ month: Int) -> Int {
        switch month {
        case 1, 3, 5, 7, 8, 10, 12: 31
        case 4, 6, 9, 11: 30
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        default: 0
        }
    }

    static func isTime(_ text: UnsafeRawBufferPointer) -> Bool {
        guard text.count >= 9, text[2] == 0x3A, text[5] == 0x3A, let hour = digits(text, 0, 2),
            let minute = digits(text, 3, 2), let second = digits(text, 6, 2),
            hour <= 23, minute <= 59, second <= 60
        else { return false }
        var index = 8
        if text[index] == 0x2E {
            let first = index + 1
            index = first
            while index < text.count, ASCII.isDigit(text[index]) { index += 1 }
            guard index > first else { return false }
        }
        guard let offset = offset(text, index) else { return false }
        guard second == 60 else { return true }
        // A leap second comes at the end of a day of UTC.
        let minutes = hour * 60 + minute - offset
        return (minutes % 1440 + 1440) % 1440 == 1439
    }

    /// Minutes east of UTC of the offset that ends the text.
    private static func offset(_ text: UnsafeRawBufferPointer, _ index: Int) -> Int? {
        guard index < text.count else { return nil }
        let sign = text[index]
        if sign | 0x20 == 0x7A { return index + 1 == text.count ? 0 : nil }
        guard sign == 0x2B || sign == 0x2D, index + 6 == text.count, text[index + 3] == 0x3A,
            let hour = digits(text, index + 1, 2), let minute = digits(text, index + 4, 2),
            hour <= 23, minute <= 59
        else { return nil }
        return sign == 0x2B ? hour * 60 + minute : -(hour * 60 + minute)
    }

    static func isDateTime(_ text: UnsafeRawBufferPointer) -> Bool {
        guard text.count >= 20, text[10] | 0x20 == 0x74 else { return false }
        return isDate(text.slice(0, 10)) && isTime(text.slice(11, text.count))
    }

    /// Appendix A: units in order without gaps, weeks alone, and at least one.
    static func isDuration(_ text: UnsafeRawBufferPointer) -> Bool {
        guard text.count >= 3, text[0] == 0x50 else { return false }
        var index = 1
        var units: [UInt8] = []
        func run(_ order: StaticString) -> Bool {
            var last = -1
            while index < text.count, text[index] != 0x54 {
                let start = index
                while index < text.count, ASCII.isDigit(text[index]) { index += 1 }
                guard index > start, index < text.count else { return false }
                var place = 0
                while place < order.utf8CodeUnitCount, order.utf8Start[place] != text[index] {
                    place += 1
                }
                guard place < order.utf8CodeUnitCount, last < 0 || place == last + 1 else {
                    return false
                }
                last = place
                units.append(text[index])
                index += 1
            }
            return true
        }
        if text[text.count - 1] == 0x57 { return run("W") && index == text.count }
        guard run("YMD") else { return false }
        guard index < text.count else { return !units.isEmpty }
        index += 1
        let before = units.count
        return run("HMS") && units.count > before && index == text.count
    }
}
