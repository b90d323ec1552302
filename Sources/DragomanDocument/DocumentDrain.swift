// SPDX-License-Identifier: Apache-2.0
// A value written as JSON while it is still being built: what is complete goes out and is
// forgotten, the containers that are open stay, so that a value of any size needs little memory.

/// Drains one Document. Between two drains only building goes on; the value's root must be a
/// container, and the Document's only one.
package final class DocumentDrain {
    /// Once a value goes out in pieces, how much of it may gather before the next.
    package static let pieceBytes = 1 << 16

    /// JSON written and not yet taken; whoever takes it empties it.
    package let output: OutputBuffer
    /// For each open container of which a part has been written, outermost first: the values
    /// written.
    private var written: [Int] = []
    private var chain: [Int] = []

    package init() { output = OutputBuffer(capacity: 64) }

    /// Something has been written: from now on the value must be drained to its end.
    package var hasBegun: Bool { !written.isEmpty }

    package func removeAll() {
        written.removeAll()
        output.removeAll(keepingAtMost: 1 << 16)
    }

    /// Writes what is complete and forgets it. An array must be open, so that neither a name nor
    /// a text waits for its end; else nothing happens.
    package func drain(_ document: Document) {
        guard document.isArrayOpen else { return }
        chain.removeAll(keepingCapacity: true)
        var index = document.open
        while index != Entry.noParent {
            chain.append(Int(index))
            index = document.tape[Int(index)] & 0xFFFF_FFFF
        }
        chain.reverse()
        guard chain.first == 0 else { return }
        write(document, level: 0, at: 0)
        compact(document)
    }

    /// Writes the rest of a value that is whole, and forgets it.
    package func finish(_ document: Document) {
        guard hasBegun, document.tapeCount > 0 else { return }
        writeRest(document, level: 0, at: 0)
        document.removeAll()
        written.removeAll()
    }

    // MARK: Writing

    /// An open container: what is complete in it, and the start of what is open.
    private func write(_ document: Document, level: Int, at index: Int) {
        let isObject = Entry.kind(document.tape[index]) == .object
        if level == written.count {
            output.append(isObject ? 0x7B : 0x5B)
            written.append(0)
        }
        let open = level + 1 < chain.count ? chain[level + 1] : -1
        var child = index + 1
        if level + 1 < written.count {
            // The child that was open at the last drain stands first, without its name.
            if child == open { return write(document, level: level + 1, at: child) }
            writeRest(document, level: level + 1, at: child)
            child = Entry.next(document.tape, child)
        }
        let end = document.tapeCount
        while child < end {
            separate(level)
            if isObject {
                writeValue(document, at: child)
                output.append(0x3A)
                child += 1
            }
            if child == open { return write(document, level: level + 1, at: child) }
            writeValue(document, at: child)
            child = Entry.next(document.tape, child)
        }
    }

    /// A container that has ended since a part of it was written.
    private func writeRest(_ document: Document, level: Int, at index: Int) {
        let entry = document.tape[index]
        let isObject = Entry.kind(entry) == .object
        let end = Entry.offset(entry)
        var child = index + 1
        if level + 1 < written.count {
            writeRest(document, level: level + 1, at: child)
            child = Entry.next(document.tape, child)
        }
        while child < end {
            separate(level)
            if isObject {
                writeValue(document, at: child)
                output.append(0x3A)
                child += 1
            }
            writeValue(document, at: child)
            child = Entry.next(document.tape, child)
        }
        output.append(isObject ? 0x7D : 0x5D)
        written.removeLast()
    }

    private func separate(_ level: Int) {
        if written[level] > 0 { output.append(0x2C) }
        written[level] += 1
    }

    private func writeValue(_ document: Document, at index: Int) {
        JSONWriter.write(
            Node.at(UnsafePointer(document.tape), UnsafePointer(document.text), index), to: output)
    }

    // MARK: Forgetting

    /// Leaves the open containers alone on the tape, one behind the other.
    private func compact(_ document: Document) {
        for (level, index) in chain.enumerated() {
            let entry = document.tape[index] & ~0xFFFF_FFFF
            let parent = level == 0 ? Entry.noParent : UInt64(level - 1)
            document.tape[level] = entry | parent
        }
        document.forget(tapeFrom: chain.count, open: chain.count - 1)
    }
}

extension Document {
    /// The innermost container that is open is an array.
    package var isArrayOpen: Bool {
        open != Entry.noParent && Entry.kind(tape[Int(open)]) == .array
    }

    /// Cuts the tape, and forgets all text: only containers stand before `count`.
    fileprivate func forget(tapeFrom count: Int, open index: Int) {
        tapeCount = count
        textCount = 0
        open = UInt64(truncatingIfNeeded: index)
    }
}
