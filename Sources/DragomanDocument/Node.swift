// SPDX-License-Identifier: Apache-2.0
// A place in a Document: what every reader of a Document holds. Three words, trivially copied,
// no reference counted; so it must not be kept longer than the Document stays as it is.

/// One value of a Document, or a member's name. Valid until the Document changes.
@usableFromInline
package struct Node {
    @usableFromInline
    package let tape: UnsafePointer<UInt64>
    @usableFromInline
    package let text: UnsafePointer<UInt8>
    /// Index of the entry on the tape; identifies the value within its Document.
    @usableFromInline
    package let index: Int

    @inlinable
    @inline(__always)
    init(_ tape: UnsafePointer<UInt64>, _ text: UnsafePointer<UInt8>, _ index: Int) {
        self.tape = tape
        self.text = text
        self.index = index
    }

    @inlinable
    @inline(__always)
    static func at(
        _ tape: UnsafePointer<UInt64>, _ text: UnsafePointer<UInt8>, _ index: Int
    ) -> Node {
        let entry = tape[index]
        guard Entry.kind(entry) == .reference else { return Node(tape, text, index) }
        return follow(tape, index)
    }

    /// The value that a reference entry stands for. Never again a reference: `append(reference:)`
    /// takes nodes, and a node is never one.
    @inlinable
    static func follow(_ tape: UnsafePointer<UInt64>, _ index: Int) -> Node {
        // Both words were made from pointers by append(reference:), and so are never nil.
        Node(
            UnsafePointer(bitPattern: UInt(tape[index &+ 1])).unsafelyUnwrapped,
            UnsafePointer(bitPattern: UInt(tape[index &+ 2])).unsafelyUnwrapped,
            Entry.offset(tape[index]))
    }

    @inlinable
    @inline(__always)
    var entry: UInt64 { tape[index] }

    @inlinable
    @inline(__always)
    package var kind: Kind {
        let kind = Entry.kind(tape[index])
        return kind == .constant ? .string : kind
    }

    @inlinable
    package var isNull: Bool { kind == .null }
    @inlinable
    package var isString: Bool { kind == .string }
    @inlinable
    package var isObject: Bool { kind == .object }
    @inlinable
    package var isArray: Bool { kind == .array }
    @inlinable
    package var isNumber: Bool {
        let kind = kind
        return kind == .integer || kind == .decimal
    }
    /// The value of `true` and `false`; nil for everything else.
    @inlinable
    package var bool: Bool? {
        switch kind {
        case .true: true
        case .false: false
        default: nil
        }
    }

    /// Members of an object, items of an array, bytes of a text.
    @inlinable
    @inline(__always)
    package var count: Int {
        let entry = tape[index]
        return Entry.kind(entry) == .constant
            ? Entry.constantText(entry).count : Entry.length(entry)
    }

    /// A string's UTF-8 without escapes, or a number's text as it was sent. Empty for the rest.
    @inlinable
    @inline(__always)
    package var bytes: UnsafeRawBufferPointer {
        let entry = tape[index]
        switch Entry.kind(entry) {
        case .integer, .decimal, .string:
            return UnsafeRawBufferPointer(
                start: text + Entry.offset(entry), count: Entry.length(entry))
        case .constant: return Entry.constantText(entry)
        default: return UnsafeRawBufferPointer(start: nil, count: 0)
        }
    }

    /// A string of which no byte needs an escape in JSON (as far as is known).
    @inlinable
    package var isPlain: Bool { tape[index] & Entry.flag != 0 }

    /// A String of `bytes`; makes one, so not for the request's path.
    package var string: String { String(decoding: bytes, as: UTF8.self) }

    @inlinable
    @inline(__always)
    package var items: Items { Items(self) }
    @inlinable
    @inline(__always)
    package var members: Members { Members(self) }

    /// The same place of the same Document.
    @inlinable
    package func isSame(as other: Node) -> Bool { tape == other.tape && index == other.index }
}

/// The items of an array, in order; none for any other value.
@usableFromInline
package struct Items: Sequence, IteratorProtocol {
    @usableFromInline
    let tape: UnsafePointer<UInt64>
    @usableFromInline
    let text: UnsafePointer<UInt8>
    @usableFromInline
    var index: Int
    @usableFromInline
    let end: Int

    @inlinable
    @inline(__always)
    init(_ node: Node) {
        tape = node.tape
        text = node.text
        index = node.index &+ 1
        end = node.kind == .array ? Entry.offset(node.entry) : index
    }

    @inlinable
    @inline(__always)
    package mutating func next() -> Node? {
        guard index < end else { return nil }
        let item = Node.at(tape, text, index)
        index = Entry.next(tape, index)
        return item
    }
}

/// A member of an object: its name, a string, and its value.
@usableFromInline
package struct Member {
    @usableFromInline
    package let name: Node
    @usableFromInline
    package let value: Node
    @inlinable
    init(name: Node, value: Node) {
        self.name = name
        self.value = value
    }
}

/// The members of an object, in order; none for any other value.
@usableFromInline
package struct Members: Sequence, IteratorProtocol {
    @usableFromInline
    let tape: UnsafePointer<UInt64>
    @usableFromInline
    let text: UnsafePointer<UInt8>
    @usableFromInline
    var index: Int
    @usableFromInline
    let end: Int

    @inlinable
    @inline(__always)
    init(_ node: Node) {
        tape = node.tape
        text = node.text
        index = node.index &+ 1
        end = node.kind == .object ? Entry.offset(node.entry) : index
    }

    @inlinable
    @inline(__always)
    package mutating func next() -> Member? {
        guard index < end else { return nil }
        let member = Member(
            name: Node(tape, text, index), value: Node.at(tape, text, index &+ 1))
        index = Entry.next(tape, index &+ 1)
        return member
    }
}
