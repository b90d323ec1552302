// SPDX-License-Identifier: Apache-2.0
// The Document in the middle: one value of the JSON data model, as a tape of entries in document
// order beside the bytes that its texts stand in. JSON, protobuf and XML are read into one and
// written from one; schemas judge one; mappings make one of another.

#if canImport(Glibc)
    internal import Glibc
#endif

/// A value as a tape and its bytes, in two arenas that are used again from message to message.
///
/// A Document belongs to one event loop (or one thread while loading). It may refer to values of
/// other Documents (`append(reference:)`) and to constants of plans; whoever builds it keeps
/// those alive and unchanged as long as it is read.
@usableFromInline
package final class Document {
    @usableFromInline
    var tape: UnsafeMutablePointer<UInt64>
    @usableFromInline
    var tapeCount = 0
    @usableFromInline
    var tapeCapacity: Int

    @usableFromInline
    var text: UnsafeMutablePointer<UInt8>
    @usableFromInline
    var textCount = 0
    @usableFromInline
    var textCapacity: Int

    /// Index of the container that the next value goes into; `Entry.noParent` for none.
    @usableFromInline
    var open = Entry.noParent

    /// Bytes given by `append(source:)`, at the start of `text`.
    package private(set) var sourceCount = 0

    /// Used while JSON is read.
    var frames = FrameStack()
    /// Where a reading of JSON goes on that was paused.
    var pausedCursor: JSONCursor?

    /// Names that the last reading had to compare byte by byte.
    package internal(set) var nameComparisons = 0

    /// Bytes behind every text that may be read, never used: scans load 32 bytes at once.
    static let padding = 32

    package init(tapeCapacity: Int = 128, textCapacity: Int = 2048) {
        self.tapeCapacity = max(tapeCapacity, 16)
        self.textCapacity = max(textCapacity, 64)
        tape = .allocate(capacity: self.tapeCapacity)
        text = .allocate(capacity: self.textCapacity + Document.padding)
    }

    deinit {
        tape.deallocate()
        text.deallocate()
        frames.release()
    }

    /// No value has been read or built.
    @inlinable
    package var isEmpty: Bool { tapeCount == 0 }

    /// The value; nil where there is none. Valid until this Document changes or goes: a Node
    /// keeps nothing alive, so never take the root of a Document that no variable holds.
    @inlinable
    package var root: Node? {
        tapeCount == 0 ? nil : Node.at(UnsafePointer(tape), UnsafePointer(text), 0)
    }

    /// Bytes that the tape and the text take up now.
    @inlinable
    package var bytesUsed: Int { tapeCount * 8 + textCount }

    /// Forgets the value and its text; gives memory back beyond `bytesMax` for each arena.
    package func removeAll(keepingAtMost bytesMax: Int = 1 << 18) {
        tapeCount = 0
        textCount = 0
        sourceCount = 0
        pausedCursor = nil
        open = Entry.noParent
        if textCapacity > bytesMax {
            text.deallocate()
            textCapacity = bytesMax
            text = .allocate(capacity: textCapacity + Document.padding)
        }
        if tapeCapacity * 8 > bytesMax {
            tape.deallocate()
            tapeCapacity = bytesMax / 8
            tape = .allocate(capacity: tapeCapacity)
        }
        frames.shrink(bytesMax)
    }

    @inlinable
    @inline(__always)
    func reserveTape(_ more: Int) {
        if tapeCapacity &- tapeCount < more { growTape(more) }
    }

    @inlinable
    @inline(__always)
    func reserveText(_ more: Int) {
        if textCapacity &- textCount < more { growText(more) }
    }

    @usableFromInline @inline(never)
    func growTape(_ more: Int) {
        let wanted = max(tapeCount + more, tapeCapacity * 2)
        tape = Document.reallocated(tape, used: tapeCount, capacity: wanted)
        tapeCapacity = wanted
    }

    @usableFromInline @inline(never)
    func growText(_ more: Int) {
        let wanted = max(textCount + more, textCapacity * 2)
        text = Document.reallocated(
            text, used: textCount, capacity: wanted + Document.padding)
        textCapacity = wanted
    }

    /// Larger memory with the same content. A large arena is moved by its pages, not its bytes.
    private static func reallocated<Element: BitwiseCopyable>(
        _ old: UnsafeMutablePointer<Element>, used: Int, capacity: Int
    ) -> UnsafeMutablePointer<Element> {
        // What `allocate` gives for types of ordinary alignment is malloc's, and `deallocate`
        // gives it back to free.
        let bytes = capacity * MemoryLayout<Element>.stride
        if let larger = realloc(old, bytes) {
            return larger.bindMemory(to: Element.self, capacity: capacity)
        }
        let larger = UnsafeMutablePointer<Element>.allocate(capacity: capacity)
        larger.update(from: old, count: used)
        old.deallocate()
        return larger
    }

    /// Adds bytes as they arrive, before `readJSON` reads them all; no value may be built yet.
    package func append(source bytes: UnsafeRawBufferPointer) {
        guard let start = bytes.baseAddress else { return }
        reserveText(bytes.count)
        memcpy(text + textCount, start, bytes.count)
        textCount += bytes.count
        sourceCount = textCount
    }

    /// Bytes added so far by `append(source:)`.
    package var source: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: text, count: sourceCount)
    }

    /// `node` stands in this Document itself, not in one that it refers to.
    package func holds(_ node: Node) -> Bool { node.tape == UnsafePointer(tape) }
}
