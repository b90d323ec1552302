// SPDX-License-Identifier: Apache-2.0
// The strings of JSON: short ones where they stand, long ones by scans, and those with escapes,
// whose text is put behind the source.

extension Document {
    /// A string as a value: one entry.
    @inline(__always)
    func readString(_ cursor: inout JSONCursor) throws(JSONFault) {
        let start = cursor.index &+ 1
        var stop = start
        var hits = TextScan.stops(TextScan.load(cursor.base, stop))
        while hits == 0, stop &- start < JSONCursor.shortText {
            stop &+= 8
            hits = TextScan.stops(TextScan.load(cursor.base, stop))
        }
        try finishText(&cursor, start, from: stop, hits)
    }

    /// Pushes the text that started at `start`, of which nothing before `from` needs a second
    /// look; `hits` are the stops among the eight bytes there.
    @inline(__always)
    func finishText(
        _ cursor: inout JSONCursor, _ start: Int, from: Int, _ hits: UInt64
    ) throws(JSONFault) {
        let stop = from &+ hits.trailingZeroBitCount &>> 3
        if cursor.base[stop] == 0x22, hits != 0, stop &- start <= cursor.textMax {
            cursor.push(
                Entry.make(.string, length: stop &- start, offset: start) | Entry.flag)
            cursor.index = stop &+ 1
        } else {
            let text = try readText(start, from: stop, cursor.textMax)
            cursor.base = UnsafePointer(self.text)
            cursor.push(text.entry)
            cursor.index = text.end
        }
    }

    /// A text that starts at `start` and of which nothing before `from` needs a second look: its
    /// entry, and the index behind its quotation mark. The text arena may move.
    @inline(never)
    func readText(
        _ start: Int, from: Int, _ bytesMax: Int
    ) throws(JSONFault) -> (entry: UInt64, end: Int) {
        let stop = try TextScan.endOfText(text, from: from)
        if text[stop] == 0x22 {
            guard stop &- start <= bytesMax else { throw JSONFault(.text, start) }
            return (
                Entry.make(.string, length: stop &- start, offset: start) | Entry.flag, stop &+ 1
            )
        }
        // No text grows by losing its escapes, so that one reservation serves all that follow.
        reserveText(sourceCount &- start)
        let place = textCount
        UnsafeMutableRawPointer(text + place)
            .copyMemory(from: text + start, byteCount: stop &- start)
        var decoder = TextDecoder(
            source: UnsafePointer(text), index: stop, target: text + place + (stop &- start))
        try decoder.decode()
        let count = decoder.target - (text + place)
        textCount = place &+ count
        guard count <= bytesMax else { throw JSONFault(.text, start) }
        return (Entry.make(.string, length: count, offset: place), decoder.index &+ 1)
    }
}

/// Copies a text while it resolves its escapes. There is room at `target` for as many bytes as
/// are left of the source, and eight more.
private struct TextDecoder {
    let source: UnsafePointer<UInt8>
    var index: Int
    var target: UnsafeMutablePointer<UInt8>

    /// From an escape to the quotation mark.
    mutating func decode() throws(JSONFault) {
        while true {
            let byte = source[index]
            if byte == 0x5C {
                try escape()
                if source[index] == 0x5C { continue }
            } else if byte >= 0x80 {
                let end = try TextScan.endOfMultibyte(source, from: index)
                copy(to: end)
            } else if byte == 0x22 {
                return
            } else {
                throw JSONFault(.control, index)
            }
            plain()
        }
    }

    /// What needs no second look: up to eight bytes too many are written, and written over.
    @inline(__always)
    private mutating func plain() {
        while true {
            let word = TextScan.load(source, index)
            UnsafeMutableRawPointer(target).storeBytes(of: word.littleEndian, as: UInt64.self)
            let hits = TextScan.stops(word)
            if hits != 0 {
                let count = hits.trailingZeroBitCount &>> 3
                index &+= count
                target += count
                return
            }
            index &+= 8
            target += 8
        }
    }

    @inline(__always)
    private mutating func copy(to end: Int) {
        UnsafeMutableRawPointer(target)
            .copyMemory(from: source + index, byteCount: end &- index)
        target += end &- index
        index = end
    }

    @inline(__always)
    private mutating func put(_ byte: UInt8) {
        target.pointee = byte
        target += 1
    }

    @inline(__always)
    private mutating func escape() throws(JSONFault) {
        switch source[index &+ 1] {
        case 0x22: put(0x22)
        case 0x5C: put(0x5C)
        case 0x2F: put(0x2F)
        case 0x62: put(0x08)
        case 0x66: put(0x0C)
        case 0x6E: put(0x0A)
        case 0x72: put(0x0D)
        case 0x74: put(0x09)
        case 0x75: return try unicode()
        default: throw JSONFault(.escape, index)
        }
        index &+= 2
    }

    private mutating func unicode() throws(JSONFault) {
        var scalar = hexadecimal(index &+ 2)
        guard scalar >= 0 else { throw JSONFault(.unicodeEscape, index) }
        let start = index
        index &+= 6
        if scalar & 0xFC00 == 0xD800, source[index] == 0x5C, source[index &+ 1] == 0x75 {
            let low = hexadecimal(index &+ 2)
            if low >= 0xDC00 && low <= 0xDFFF {
                scalar = 0x10000 &+ (scalar &- 0xD800) &<< 10 &+ (low &- 0xDC00)
                index &+= 6
            }
        }
        guard scalar & ~0x7FF != 0xD800 else { throw JSONFault(.surrogate, start) }
        put(scalar: UInt32(truncatingIfNeeded: scalar))
    }

    @inline(__always)
    private mutating func put(scalar: UInt32) {
        func byte(_ lead: UInt32, _ shift: UInt32) -> UInt8 {
            UInt8(truncatingIfNeeded: lead | scalar &>> shift & 0x3F)
        }
        if scalar < 0x80 {
            put(UInt8(truncatingIfNeeded: scalar))
        } else if scalar < 0x800 {
            put(UInt8(truncatingIfNeeded: 0xC0 | scalar &>> 6))
            put(byte(0x80, 0))
        } else if scalar < 0x10000 {
            put(UInt8(truncatingIfNeeded: 0xE0 | scalar &>> 12))
            put(byte(0x80, 6))
            put(byte(0x80, 0))
        } else {
            put(UInt8(truncatingIfNeeded: 0xF0 | scalar &>> 18))
            put(byte(0x80, 12))
            put(byte(0x80, 6))
            put(byte(0x80, 0))
        }
    }

    /// The value of four digits, -1 where they are none. Nothing behind the source's end is read.
    @inline(__always)
    private func hexadecimal(_ place: Int) -> Int {
        var value = 0
        for offset in 0..<4 {
            let byte = source[place &+ offset]
            let digit = byte &- 0x30
            let letter = (byte | 0x20) &- 0x61
            if digit <= 9 {
                value = value &<< 4 | Int(digit)
            } else if letter <= 5 {
                value = value &<< 4 | Int(letter &+ 10)
            } else {
                return -1
            }
        }
        return value
    }
}
