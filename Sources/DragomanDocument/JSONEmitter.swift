// SPDX-License-Identifier: Apache-2.0
// The end of an OutputBuffer while a value is written as JSON: short texts are copied by words
// and nothing is called for them, because behind every place there is room to spare.

#if canImport(Glibc)
    internal import Glibc
#endif

/// While it is in use, the buffer must be written through it alone.
struct JSONEmitter {
    private let output: OutputBuffer
    private var place: UnsafeMutablePointer<UInt8>
    /// Up to here, `slack` bytes more may be written without asking.
    private var limit: UnsafeMutablePointer<UInt8>

    /// More than a short text's words may overshoot, and the punctuation around a value.
    private static let slack = 48
    /// Texts up to so many bytes are copied by words. As many may be read behind every text of a
    /// Document or of a plan.
    private static let shortText = Document.padding

    init(_ output: OutputBuffer) {
        self.output = output
        output.reserve(JSONEmitter.slack)
        place = output.base + output.count
        limit = output.base + (output.capacity - JSONEmitter.slack)
    }

    /// Hands what was written over to the buffer.
    func finish() { output.count = place - output.base }

    @inline(__always)
    private mutating func reserve(_ more: Int) {
        if limit - place < more { grow(more) }
    }

    @inline(never)
    private mutating func grow(_ more: Int) {
        finish()
        output.reserve(more + JSONEmitter.slack)
        resume()
    }

    private mutating func resume() {
        output.reserve(JSONEmitter.slack)
        place = output.base + output.count
        limit = output.base + (output.capacity - JSONEmitter.slack)
    }

    /// Within the slack.
    @inline(__always)
    private mutating func put(_ byte: UInt8) {
        place.pointee = byte
        place += 1
    }

    /// Within the slack: the lowest `count` bytes of the word.
    @inline(__always)
    private mutating func put(_ word: UInt64, _ count: Int) {
        UnsafeMutableRawPointer(place).storeBytes(of: word.littleEndian, as: UInt64.self)
        place += count
    }

    /// A value with everything in it.
    mutating func value(
        _ tape: UnsafePointer<UInt64>, _ text: UnsafePointer<UInt8>, _ start: Int
    ) {
        let entry = tape[start]
        switch Entry.kind(entry) {
        case .null: literal(0x6C6C_756E, 4)
        case .true: literal(0x6575_7274, 4)
        case .false: literal(0x65_736C_6166, 5)
        case .integer, .decimal: run(text + Entry.offset(entry), Entry.length(entry))
        case .string: string(text, entry)
        case .constant: constant(entry)
        case .array: items(tape, text, start &+ 1, Entry.offset(entry))
        case .object: members(tape, text, start &+ 1, Entry.offset(entry))
        case .reference:
            let node = Node.follow(tape, start)
            value(node.tape, node.text, node.index)
        }
    }

    @inline(__always)
    private mutating func literal(_ word: UInt64, _ count: Int) {
        reserve(8)
        put(word, count)
    }

    private mutating func items(
        _ tape: UnsafePointer<UInt64>, _ text: UnsafePointer<UInt8>, _ start: Int, _ end: Int
    ) {
        reserve(8)
        put(0x5B)
        var index = start
        while index < end {
            if index > start { put(0x2C) }
            value(tape, text, index)
            index = Entry.next(tape, index)
        }
        reserve(8)
        put(0x5D)
    }

    private mutating func members(
        _ tape: UnsafePointer<UInt64>, _ text: UnsafePointer<UInt8>, _ start: Int, _ end: Int
    ) {
        reserve(8)
        put(0x7B)
        var index = start
        while index < end {
            if index > start { put(0x2C) }
            let name = tape[index]
            if Entry.kind(name) == .string {
                string(text, name)
            } else {
                constant(name)
            }
            put(0x3A)
            value(tape, text, index &+ 1)
            index = Entry.next(tape, index &+ 1)
        }
        reserve(8)
        put(0x7D)
    }

    /// A string whose bytes stand in a Document.
    @inline(__always)
    private mutating func string(_ text: UnsafePointer<UInt8>, _ entry: UInt64) {
        let start = text + Entry.offset(entry)
        let count = Entry.length(entry)
        guard entry & Entry.flag != 0 else {
            return slowString(UnsafeRawBufferPointer(start: start, count: count))
        }
        reserve(count &+ 8)
        put(0x22)
        copy(start, count)
        put(0x22)
    }

    @inline(__always)
    private mutating func run(_ start: UnsafePointer<UInt8>, _ count: Int) {
        reserve(count &+ 8)
        copy(start, count)
    }

    /// Room for `count` bytes is reserved.
    @inline(__always)
    private mutating func copy(_ start: UnsafePointer<UInt8>, _ count: Int) {
        let source = UnsafeRawPointer(start)
        let target = UnsafeMutableRawPointer(place)
        if count <= JSONEmitter.shortText {
            for word in 0..<2 { copyWord(source, target, word) }
            if count > 16 {
                for word in 2..<4 { copyWord(source, target, word) }
            }
        } else {
            memcpy(target, source, count)
        }
        place += count
    }

    @inline(__always)
    private func copyWord(
        _ source: UnsafeRawPointer, _ target: UnsafeMutableRawPointer, _ word: Int
    ) {
        target.storeBytes(
            of: source.loadUnaligned(fromByteOffset: word &* 8, as: UInt64.self),
            toByteOffset: word &* 8, as: UInt64.self)
    }

    /// A string that may need escapes.
    @inline(never)
    private mutating func slowString(_ bytes: UnsafeRawBufferPointer) {
        finish()
        JSONWriter.writeString(bytes, to: output)
        resume()
    }

    /// A string that stands in a plan.
    @inline(__always)
    private mutating func constant(_ entry: UInt64) {
        let bytes = Entry.constantText(entry)
        guard entry & Entry.flag != 0, let start = bytes.baseAddress else {
            return slowString(bytes)
        }
        reserve(bytes.count &+ 8)
        put(0x22)
        copy(start.assumingMemoryBound(to: UInt8.self), bytes.count)
        put(0x22)
    }
}
