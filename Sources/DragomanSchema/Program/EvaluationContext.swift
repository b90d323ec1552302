// SPDX-License-Identifier: Apache-2.0
// What evaluations need beside their programs, kept from one to the next so that a valid document
// costs no allocation.
internal import CPCRE2
package import DragomanDocument

/// One for each event loop (or thread); used by one evaluation at a time.
package final class EvaluationContext {
    /// Why an evaluation ended without an answer. That is a refusal, whatever schema it was in.
    package enum Abortion: Sendable, Equatable {
        /// A pattern reached its match limit.
        case patternLimit
        /// Schemas inside one another beyond `depthMax`.
        case depth
    }

    /// Set while and after an evaluation that could not be finished.
    package internal(set) var abortion: Abortion?

    /// The text whose pattern reached its limit.
    package internal(set) var abortionPlace: DocumentPlace?

    var depth = 0
    /// Schemas applied inside one another. Far beyond what limits on documents allow; it is there
    /// for dynamic references that go round in circles.
    static let depthMax = 3000

    /// Numbers of the resources entered, the outermost first.
    var scopes: [Int] = []
    var dynamicEntries: UnsafePointer<DynamicEntry>?
    var dynamicCount = 0

    /// Bits for members and items that have been evaluated, one stretch for each tracker.
    var bits: UnsafeMutablePointer<UInt64>
    var bitsCount = 0
    private var bitsCapacity = 16

    /// A table for `uniqueItems`.
    var hashes: [UInt64] = []
    var slots: [Int32] = []
    var nodes: [Node] = []

    private var matchData: OpaquePointer?
    private var matchContext: OpaquePointer?
    private var stack: OpaquePointer?
    private var currentLimit = 0

    /// Choices that one match may make, and those times the text's bytes: what lies between two
    /// choices takes at most as many steps as the text has bytes.
    private static let matchLimit = 100_000
    private static let matchStepsMax = 200_000_000
    /// Longer texts are interpreted, with every choice counted; the machine code counts only some.
    private static let machineBytesMax = 64

    package init() {
        bits = .allocate(capacity: 16)
    }

    deinit {
        bits.deallocate()
        if let matchData { pcre2_match_data_free_8(matchData) }
        if let matchContext { pcre2_match_context_free_8(matchContext) }
        if let stack { pcre2_jit_stack_free_8(stack) }
    }

    func begin() {
        abortion = nil
        abortionPlace = nil
        depth = 0
        bitsCount = 0
        if !scopes.isEmpty { scopes.removeAll(keepingCapacity: true) }
    }

    @inline(never)
    func abort(_ reason: Abortion) {
        if abortion == nil { abortion = reason }
    }

    /// Notes at which value a pattern reached its limit, if one did.
    @inline(never)
    func refused(at node: Node) -> Bool {
        if abortion != nil, abortionPlace == nil { abortionPlace = DocumentPlace(node) }
        return false
    }

    // MARK: Trackers

    /// Clean bits for `count` members or items: the index of their first word.
    func pushBits(_ count: Int) -> Int {
        let words = (count &+ 63) &>> 6
        let start = bitsCount
        if start &+ words > bitsCapacity { growBits(words) }
        for index in 0..<words { bits[start &+ index] = 0 }
        bitsCount = start &+ words
        return start
    }

    private func growBits(_ words: Int) {
        bitsCapacity = max(bitsCapacity * 2, bitsCount + words)
        let larger = UnsafeMutablePointer<UInt64>.allocate(capacity: bitsCapacity)
        for index in 0..<bitsCount { larger[index] = bits[index] }
        bits.deallocate()
        bits = larger
    }

    @inline(__always)
    func mark(_ tracker: Int, _ position: Int) {
        bits[tracker &+ position &>> 6] |= 1 &<< UInt64(truncatingIfNeeded: position & 63)
    }

    @inline(__always)
    func isMarked(_ tracker: Int, _ position: Int) -> Bool {
        bits[tracker &+ position &>> 6] &>> UInt64(truncatingIfNeeded: position & 63) & 1 != 0
    }

    /// Adds the bits of the last stretch to another one of the same length, and forgets them.
    func mergeBits(_ inner: Int, into outer: Int) {
        for index in 0..<(bitsCount &- inner) { bits[outer &+ index] |= bits[inner &+ index] }
        bitsCount = inner
    }

    /// What the context holds on to between evaluations.
    var bytesKept: Int {
        bitsCapacity * 8 + scopes.capacity * 8 + hashes.capacity * 8 + slots.capacity * 4
            + nodes.capacity * MemoryLayout<Node>.stride
    }

    // MARK: PCRE2

    func matches(_ expression: OpaquePointer?, _ text: UnsafeRawBufferPointer) -> Bool {
        if matchData == nil { prepare() }
        var options = PCRE2_NO_UTF_CHECK
        if text.count > EvaluationContext.machineBytesMax {
            options |= PCRE2_NO_JIT
            let limit = EvaluationContext.matchStepsMax / text.count
            setMatchLimit(max(100, min(limit, EvaluationContext.matchLimit)))
        }
        let start = text.baseAddress ?? UnsafeRawPointer(bits)
        // Possible return codes: 0 and above, it matches; PCRE2_ERROR_NOMATCH; a limit or a lack
        // of memory, and then nobody knows.
        let code = pcre2_match_8(
            expression, start.assumingMemoryBound(to: UInt8.self), text.count, 0, options,
            matchData, matchContext)
        if code >= 0 { return true }
        if code != PCRE2_ERROR_NOMATCH { abort(.patternLimit) }
        return false
    }

    private func setMatchLimit(_ limit: Int) {
        guard limit != currentLimit else { return }
        currentLimit = limit
        pcre2_set_match_limit_8(matchContext, UInt32(limit))
    }

    private func prepare() {
        matchData = pcre2_match_data_create_8(1, nil)
        matchContext = pcre2_match_context_create_8(nil)
        stack = pcre2_jit_stack_create_8(32 << 10, 512 << 10, nil)
        setMatchLimit(EvaluationContext.matchLimit)
        pcre2_set_heap_limit_8(matchContext, 4096)
        pcre2_jit_stack_assign_8(matchContext, nil, UnsafeMutableRawPointer(stack))
    }
}
