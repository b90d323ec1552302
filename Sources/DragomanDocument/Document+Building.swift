// SPDX-License-Identifier: Apache-2.0
// Building a Document value by value, in document order: begin, key, value, …, end.
// Every call appends; nothing is ever moved. A text or a container that is too long for an entry
// (128 MiB) can not come here: limits are lower.

extension Document {
    @inlinable
    @inline(__always)
    func push(_ entry: UInt64) {
        reserveTape(1)
        tape[tapeCount] = entry
        tapeCount &+= 1
    }

    /// Counts a value in the container that is open.
    @inlinable
    @inline(__always)
    func countValue() {
        if open != Entry.noParent { tape[Int(open)] &+= 1 &<< 32 }
    }
    @inlinable
    package func appendNull() {
        countValue()
        push(Entry.make(.null))
    }
    @inlinable
    package func append(_ value: Bool) {
        countValue()
        push(Entry.make(value ? .true : .false))
    }

    @inlinable
    package func beginObject() { begin(.object) }
    @inlinable
    package func endObject() { end() }
    @inlinable
    package func beginArray() { begin(.array) }
    @inlinable
    package func endArray() { end() }

    @inlinable
    @inline(__always)
    func begin(_ kind: Kind) {
        countValue()
        let index = tapeCount
        push(Entry.make(kind, length: 0, offset: Int(open)))
        open = UInt64(truncatingIfNeeded: index)
    }

    @inlinable
    @inline(__always)
    func end() {
        guard open != Entry.noParent else { return }
        let entry = tape[Int(open)]
        tape[Int(open)] =
            (entry & ~0xFFFF_FFFF) | UInt64(truncatingIfNeeded: tapeCount)
        open = entry & 0xFFFF_FFFF
    }

    /// Members or items so far of the container that is open.
    @inlinable
    package var openCount: Int {
        open == Entry.noParent ? 0 : Entry.length(tape[Int(open)])
    }

    // MARK: Texts

    /// Copies bytes into the text arena. - Returns: where they stand.
    @inlinable
    @inline(__always)
    func store(_ bytes: UnsafeRawBufferPointer) -> Int {
        let place = textCount
        if let start = bytes.baseAddress {
            reserveText(bytes.count)
            UnsafeMutableRawPointer(text + place).copyMemory(
                from: start, byteCount: bytes.count)
            textCount &+= bytes.count
        }
        return place
    }

    /// `bytes`: well-formed UTF-8, copied.
    /// `isPlain`: the caller knows that no byte needs an escape in JSON.
    @inlinable
    package func append(string bytes: UnsafeRawBufferPointer, isPlain: Bool = false) {
        countValue()
        let place = store(bytes)
        push(
            Entry.make(.string, length: bytes.count, offset: place) | (isPlain ? Entry.flag : 0))
    }

    package func append(string: String) {
        var string = string
        string.withUTF8 { append(string: UnsafeRawBufferPointer($0)) }
    }

    /// A string that a plan owns; not copied.
    @inlinable
    package func append(constant text: ConstantText) {
        if text.count > Entry.constantLengthMax {
            append(string: text.bytes, isPlain: text.isPlain)
        } else {
            countValue()
            push(Entry.constant(text))
        }
    }

    /// A member's name, copied; its value must follow. Names of one object must differ: the
    /// builder sees to that.
    @inlinable
    package func key(_ bytes: UnsafeRawBufferPointer, isPlain: Bool = false) {
        let place = store(bytes)
        push(
            Entry.make(.string, length: bytes.count, offset: place) | (isPlain ? Entry.flag : 0))
    }

    package func key(_ string: String) {
        var string = string
        string.withUTF8 { key(UnsafeRawBufferPointer($0)) }
    }

    /// A member's name that a plan owns; not copied.
    @inlinable
    package func key(_ text: ConstantText) {
        if text.count > Entry.constantLengthMax {
            key(text.bytes, isPlain: text.isPlain)
        } else {
            push(Entry.constant(text))
        }
    }

    // MARK: Texts in pieces

    /// Starts a text whose bytes come by `continueText`; finish it with `endString`, `endKey` or
    /// `endNumber`. Nothing else may be appended in between.
    @inlinable
    package func beginText() -> Int { textCount }
    @inlinable
    package func continueText(_ bytes: UnsafeRawBufferPointer) { _ = store(bytes) }

    /// Lets `body` write at most `more` bytes at the end of the text; it answers how many.
    @inlinable
    package func continueText(atMost more: Int, _ body: (UnsafeMutablePointer<UInt8>) -> Int) {
        reserveText(more)
        textCount &+= body(text + textCount)
    }

    /// The bytes of the text begun at `start`; valid until the Document changes.
    @inlinable
    package func textBytes(from start: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: text + start, count: textCount &- start)
    }

    /// Forgets the text begun at `start`.
    @inlinable
    package func abandonText(from start: Int) { textCount = start }
    @inlinable
    package func endString(from start: Int, isPlain: Bool = false) {
        countValue()
        push(
            Entry.make(.string, length: textCount &- start, offset: start)
                | (isPlain ? Entry.flag : 0))
    }
    @inlinable
    package func endKey(from start: Int) {
        push(Entry.make(.string, length: textCount &- start, offset: start))
    }

    /// `isInteger`: the text has neither fraction nor exponent.
    @inlinable
    package func endNumber(from start: Int, isInteger: Bool) {
        countValue()
        push(
            Entry.make(
                isInteger ? .integer : .decimal, length: textCount &- start, offset: start))
    }

    // MARK: Numbers

    /// A number by its text, which must be in JSON's grammar (RFC 8259, 6); copied.
    @inlinable
    package func append(number bytes: UnsafeRawBufferPointer, isInteger: Bool) {
        countValue()
        let place = store(bytes)
        push(
            Entry.make(isInteger ? .integer : .decimal, length: bytes.count, offset: place))
    }

    package func append(_ value: Int64) {
        let start = beginText()
        continueText(atMost: 20) { Digits.write(value, at: $0) }
        endNumber(from: start, isInteger: true)
    }

    package func append(_ value: UInt64) {
        let start = beginText()
        continueText(atMost: 20) { Digits.write(value, at: $0) }
        endNumber(from: start, isInteger: true)
    }

    /// The shortest text that reads back as the same double. Not for NaN and infinities, which
    /// have no JSON number: they become null.
    package func append(_ value: Double) {
        guard value.isFinite else { return appendNull() }
        append(shortest: value.description)
    }

    /// As for a double, with the digits that a float needs.
    package func append(_ value: Float) {
        guard value.isFinite else { return appendNull() }
        append(shortest: value.description)
    }

    private func append(shortest description: String) {
        var description = description
        description.withUTF8 { digits in
            var bytes = UnsafeRawBufferPointer(digits)
            if bytes.count > 2, bytes[bytes.count - 1] == 0x30, bytes[bytes.count - 2] == 0x2E {
                bytes = UnsafeRawBufferPointer(rebasing: bytes.dropLast(2))
            }
            let isInteger = bytes.allSatisfy { $0 == 0x2D || ($0 >= 0x30 && $0 <= 0x39) }
            append(number: bytes, isInteger: isInteger)
        }
    }

    // MARK: Values of other Documents

    /// Stands for `node` without copying it: whatever it is, this costs three entries. The
    /// Document that `node` stands in must stay alive and unchanged.
    @inlinable
    package func append(reference node: Node) {
        let entry = node.entry
        switch Entry.kind(entry) {
        case .null, .false, .true, .constant:
            countValue()
            push(entry)
        default:
            countValue()
            reserveTape(3)
            tape[tapeCount] = Entry.make(.reference, offset: node.index)
            tape[tapeCount &+ 1] = UInt64(UInt(bitPattern: node.tape))
            tape[tapeCount &+ 2] = UInt64(UInt(bitPattern: node.text))
            tapeCount &+= 3
        }
    }

    /// Copies `node` with all that it holds.
    package func append(copy node: Node) {
        switch node.kind {
        case .null: appendNull()
        case .false: append(false)
        case .true: append(true)
        case .integer: append(number: node.bytes, isInteger: true)
        case .decimal: append(number: node.bytes, isInteger: false)
        case .array:
            beginArray()
            var items = node.items
            while let item = items.next() { append(copy: item) }
            endArray()
        case .object:
            beginObject()
            var members = node.members
            while let member = members.next() {
                key(member.name.bytes, isPlain: member.name.isPlain)
                append(copy: member.value)
            }
            endObject()
        default: append(string: node.bytes, isPlain: node.isPlain)
        }
    }
}
