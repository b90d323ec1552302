// SPDX-License-Identifier: Apache-2.0
// Base64 (RFC 4648): both alphabets read, with or without padding; the standard one written.

package enum Base64 {
    /// Bytes that the text stands for; nil where no text of that length and padding is base64.
    package static func decodedCount(_ text: UnsafeRawBufferPointer) -> Int? {
        let digits = digitCount(text)
        // Padding is all there or not at all.
        guard digits == text.count || text.count % 4 == 0, digits % 4 != 1 else { return nil }
        return digits / 4 * 3 + (digits % 4 == 0 ? 0 : digits % 4 - 1)
    }

    private static func digitCount(_ text: UnsafeRawBufferPointer) -> Int {
        var count = text.count
        var padding = 0
        while padding < 2, count > 0, text[count - 1] == 0x3D {
            count -= 1
            padding += 1
        }
        return count
    }

    @inline(__always)
    private static func digit(_ byte: UInt8) -> UInt32 {
        switch byte {
        case 0x41...0x5A: UInt32(byte &- 0x41)
        case 0x61...0x7A: UInt32(byte &- 0x47)
        case 0x30...0x39: UInt32(byte &+ 4)
        case 0x2B, 0x2D: 62
        case 0x2F, 0x5F: 63
        default: 1 << 31
        }
    }

    /// Decodes a text that `decodedCount` has a count for.
    ///
    /// `place`: has room for the count.
    /// - Returns: false where a character is none of base64's; what was written is then worthless.
    package static func decode(
        _ text: UnsafeRawBufferPointer, to place: UnsafeMutablePointer<UInt8>
    ) -> Bool {
        let count = digitCount(text)
        var bad: UInt32 = 0
        var index = 0
        var target = place
        while index &+ 4 <= count {
            let (a, b) = (digit(text[index]), digit(text[index &+ 1]))
            let (c, d) = (digit(text[index &+ 2]), digit(text[index &+ 3]))
            bad |= a | b | c | d
            let word = a &<< 18 | b &<< 12 | c &<< 6 | d
            target[0] = UInt8(truncatingIfNeeded: word &>> 16)
            target[1] = UInt8(truncatingIfNeeded: word &>> 8)
            target[2] = UInt8(truncatingIfNeeded: word)
            target += 3
            index &+= 4
        }
        let left = count &- index
        if left >= 2 {
            let (a, b) = (digit(text[index]), digit(text[index &+ 1]))
            let c = left == 3 ? digit(text[index &+ 2]) : 0
            bad |= a | b | c
            target[0] = UInt8(truncatingIfNeeded: (a &<< 2) | (b &>> 4))
            if left == 3 { target[1] = UInt8(truncatingIfNeeded: (b &<< 4) | (c &>> 2)) }
        }
        return bad & 1 << 31 == 0
    }

    /// Characters, padding included, that `count` bytes become.
    package static func encodedCount(_ count: Int) -> Int { (count + 2) / 3 * 4 }

    /// `place`: has room for `encodedCount`.
    package static func encode(
        _ bytes: UnsafeRawBufferPointer, to place: UnsafeMutablePointer<UInt8>
    ) {
        let alphabet: StaticString =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        let letters = alphabet.utf8Start
        var index = 0
        var target = place
        while index < bytes.count {
            let left = bytes.count &- index
            let a = bytes[index]
            let b = left > 1 ? bytes[index &+ 1] : 0
            let c = left > 2 ? bytes[index &+ 2] : 0
            target[0] = letters[Int(a &>> 2)]
            target[1] = letters[Int((a & 3) &<< 4 | b &>> 4)]
            target[2] = left > 1 ? letters[Int((b & 15) &<< 2 | c &>> 6)] : 0x3D
            target[3] = left > 2 ? letters[Int(c & 63)] : 0x3D
            target += 4
            index &+= 3
        }
    }

    /// Of a header's value: nil where it is not base64.
    static func decode(_ text: String) -> [UInt8]? {
        var text = text
        return text.withUTF8 { characters -> [UInt8]? in
            let raw = UnsafeRawBufferPointer(characters)
            guard let count = decodedCount(raw) else { return nil }
            if count == 0 { return [] }
            var isGood = true
            let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
                if let base = buffer.baseAddress { isGood = decode(raw, to: base) }
                initialized = count
            }
            return isGood ? bytes : nil
        }
    }
}
