// SPDX-License-Identifier: Apache-2.0
// All routes as one immutable trie, laid flat into arrays. A match goes from segment to segment and
// looks each one up by its hash, so its cost is that of the path and not of the number of routes.
//
// Order (MAPPING.md): exact host, wildcard host (the longer first), no host; then a verb that ends
// the path; then from the left literal, `*`, `**`; then more header conditions. Of two templates
// with one beginning before `**`, the one with more literals after it. A step back happens only
// where a literal led nowhere; every node is visited at most once for each match.

package struct RouteTable: Sendable {
    /// A place in the trie. What comes before `**` hangs from the root, one level for each segment;
    /// what comes after hangs from the `**` node, backwards from the path's end.
    struct Node: Sendable {
        var single: Int32 = -1
        var rest: Int32 = -1
        var hasLiterals = false
        var terminals: Range<Int32> = 0..<0
    }

    /// A literal child: an entry of one hash table for all nodes.
    struct Literal: Sendable {
        var parent: Int32 = -1
        var child: Int32 = -1
        var hash: UInt32 = 0
        var text: Range<Int32> = 0..<0
    }

    /// A route that ends at a node.
    struct Terminal: Sendable {
        /// Index into `methods`.
        var method: Int32
        var route: Int32
        var conditions: [RouteHeaderCondition]
    }

    /// The tries of one host pattern.
    struct HostGroup: Sendable {
        /// Of templates without a verb; -1: there is none.
        var root: Int32 = -1
        /// The parent of the literals that are verbs; -1: there is none.
        var verbs: Int32 = -1
    }

    /// What the variables of a route cover, by segments from the left or from the right.
    struct Variable: Sendable {
        /// Segments before it, or where `isFromEnd`, segments from its beginning to the end.
        var first: Int
        var isFromEnd: Bool
        /// Segments it covers, where it has no `**`.
        var count: Int
        /// Segments after it, where it has `**`; else -1.
        var after: Int
        var decoding: PathText.Decoding
    }

    static let anyMethod: Int32 = 0

    var nodes: [Node] = []
    var literals: [Literal] = []
    var terminals: [Terminal] = []
    var text: [UInt8] = []
    /// The first is `*`.
    var methods: [[UInt8]] = [[0x2A]]
    var hosts: HostTable = HostTable()
    var groups: [HostGroup] = []
    /// The group of routes for every host; -1: there is none.
    var anyHost: Int32 = -1
    var variables: [[Variable]] = []
    /// The most colons that a verb has inside; most have none.
    var verbColonsMax = 0

    /// Routes that are alike in everything; of each two the first serves. A table with conflicts
    /// is good for messages and not for service.
    package private(set) var conflicts: [RouteConflict] = []

    package init(_ routes: [RouteEntry]) {
        var builder = RouteTableBuilder()
        for (index, route) in routes.enumerated() { builder.insert(route, index) }
        builder.finish(&self)
        conflicts = builder.conflicts
    }

    /// The child of a node for a segment; -1 where there is none.
    func literal(_ parent: Int, _ segment: SegmentText) -> Int {
        let mask = literals.count - 1
        var slot = Self.slot(parent, segment.hash) & mask
        while true {
            let entry = literals[slot]
            if entry.child < 0 { return -1 }
            if entry.hash == segment.hash, entry.parent == Int32(truncatingIfNeeded: parent),
                segment.equals(text, entry.text)
            {
                return Int(entry.child)
            }
            slot = (slot &+ 1) & mask
        }
    }

    static func slot(_ parent: Int, _ hash: UInt32) -> Int {
        let key = UInt64(UInt(bitPattern: parent)) << 32 | UInt64(hash)
        return Int((key &* 0x9E37_79B9_7F4A_7C15) >> 33)
    }
}

/// A segment of a path with the hash of its canonical form.
struct SegmentText {
    let path: UnsafeRawBufferPointer
    let start: Int
    let end: Int
    let hash: UInt32
    /// Whether it is its own canonical form.
    let isCanonical: Bool

    /// The segment from `start` to the next `/`, or to `limit`.
    @inline(__always)
    init(_ path: UnsafeRawBufferPointer, from start: Int, limit: Int) {
        var end = start
        var hash: UInt32 = 0x811C_9DC5
        var isCanonical = true
        while end < limit {
            let byte = path[end]
            if byte == 0x2F { break }
            if byte == 0x25 || byte <= 0x20 || byte >= 0x7F { isCanonical = false }
            hash = (hash ^ UInt32(byte)) &* 0x0100_0193
            end &+= 1
        }
        self.init(path, start, end, hash, isCanonical)
    }

    /// The segment that ends at `end`, and begins after a `/` or at `limit`.
    init(_ path: UnsafeRawBufferPointer, before end: Int, limit: Int) {
        var start = end
        while start > limit, path[start - 1] != 0x2F { start -= 1 }
        self.init(path, from: start, limit: end)
    }

    private init(
        _ path: UnsafeRawBufferPointer, _ start: Int, _ end: Int, _ hash: UInt32,
        _ isCanonical: Bool
    ) {
        self.path = path
        self.start = start
        self.end = end
        self.isCanonical = isCanonical
        self.hash = isCanonical ? hash : Self.canonicalHash(path, start, end)
    }

    private static func canonicalHash(
        _ path: UnsafeRawBufferPointer, _ start: Int, _ end: Int
    ) -> UInt32 {
        var hash: UInt32 = 0x811C_9DC5
        var walk = CanonicalBytes(path, start, end)
        while let byte = walk.next() { hash = (hash ^ UInt32(byte)) &* 0x0100_0193 }
        return hash
    }

    static func hash(_ bytes: [UInt8]) -> UInt32 {
        bytes.reduce(0x811C_9DC5) { ($0 ^ UInt32($1)) &* 0x0100_0193 }
    }

    func equals(_ text: [UInt8], _ range: Range<Int32>) -> Bool {
        var at = Int(range.lowerBound)
        let last = Int(range.upperBound)
        if isCanonical {
            guard end - start == last - at else { return false }
            for index in start..<end {
                if path[index] != text[at] { return false }
                at &+= 1
            }
            return true
        }
        var walk = CanonicalBytes(path, start, end)
        while let byte = walk.next() {
            guard at < last, byte == text[at] else { return false }
            at += 1
        }
        return at == last
    }
}
