// SPDX-License-Identifier: Apache-2.0
// `grpc-timeout`: at most eight digits and a unit.

package enum GRPCTimeout {
    private static let digitsBound: Int64 = 100_000_000

    /// The field's value; the finest unit that its digits have room for, rounded down to it.
    ///
    /// `nanoseconds`: what is left; nothing left is `0n`.
    package static func format(nanoseconds: Int64) -> String {
        let left = max(nanoseconds, 0)
        let units: [(Int64, String)] = [
            (1, "n"), (1000, "u"), (1_000_000, "m"), (1_000_000_000, "S"),
            (60_000_000_000, "M"), (3_600_000_000_000, "H"),
        ]
        for (size, unit) in units where left / size < digitsBound {
            return String(left / size) + unit
        }
        return "99999999H"
    }

    /// As `format`, without making a String.
    ///
    /// `place`: has room for 10 bytes.
    /// - Returns: bytes written.
    package static func write(
        nanoseconds: Int64, to place: UnsafeMutablePointer<UInt8>
    ) -> Int {
        var left = max(nanoseconds, 0)
        var unit = UInt8(ascii: "n")
        // n, u, m and S are 1000 apart; above them are M and H.
        if left >= digitsBound { (left, unit) = (left / 1000, UInt8(ascii: "u")) }
        if left >= digitsBound { (left, unit) = (left / 1000, UInt8(ascii: "m")) }
        if left >= digitsBound { (left, unit) = (left / 1000, UInt8(ascii: "S")) }
        if left >= digitsBound { (left, unit) = (left / 60, UInt8(ascii: "M")) }
        var count = 1
        var bound: Int64 = 10
        while left >= bound {
            count += 1
            bound *= 10
        }
        var index = count
        while index > 0 {
            index -= 1
            place[index] = UInt8(left % 10) + 0x30
            left /= 10
        }
        place[count] = unit
        return count + 1
    }
}
