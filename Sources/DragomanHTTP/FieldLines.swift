// SPDX-License-Identifier: Apache-2.0
// Takes field lines apart, in place, as octets arrive. Every octet is looked at once, from left
// to right, so that pieces of any size give the same outcome.

/// Reads `name: value CRLF` lines up to the empty line. Knows where it stopped, never what the
/// octets are: the storage may have moved between two calls.
struct FieldLines {
    enum Step: Equatable {
        /// One field, whose record is in `record`.
        case field
        /// The empty line; the next octet after the section is at `next`.
        case end
        /// All octets given are read.
        case incomplete
        case invalid(ParseError.Kind)
    }

    private enum Stage { case name, space, value, lineFeed, lastLineFeed }

    private var stage = Stage.name
    /// First octet of the line being read.
    private var lineStart: Int
    /// First octet not looked at.
    private(set) var next: Int
    private(set) var record = HeaderFields.Record(
        nameStart: 0, nameCount: 0, valueStart: 0, valueCount: 0)

    init(at start: Int) {
        lineStart = start
        next = start
    }

    /// Reads on, up to the end of one line; names become lower case where they stand.
    @inline(__always)
    mutating func read(_ base: UnsafeMutablePointer<UInt8>, _ end: Int) -> Step {
        if stage == .name {
            let table = tokenTable
            var index = next
            while index < end {
                let lower = table[Int(base[index])]
                if lower == 0 { break }
                base[index] = lower
                index &+= 1
            }
            next = index
            if index == end { return .incomplete }
            if base[index] == Octet.carriageReturn, index == lineStart {
                stage = .lastLineFeed
            } else if base[index] != Octet.colon || index == lineStart {
                return .invalid(whyNoName(base[index]))
            } else {
                record.nameStart = UInt32(truncatingIfNeeded: lineStart)
                record.nameCount = UInt32(truncatingIfNeeded: index &- lineStart)
                stage = .space
            }
            next = index &+ 1
        }
        return readValue(base, end)
    }

    @inline(__always)
    private mutating func readValue(_ base: UnsafeMutablePointer<UInt8>, _ end: Int) -> Step {
        if stage == .space {
            var index = next
            while index < end, Octet.isSpaceOrTab(base[index]) { index &+= 1 }
            next = index
            if index == end { return .incomplete }
            record.valueStart = UInt32(truncatingIfNeeded: index)
            stage = .value
        }
        if stage == .value {
            next = OctetScan.firstControl(base, next, end)
            if next == end { return .incomplete }
            if base[next] != Octet.carriageReturn {
                return .invalid(base[next] == Octet.lineFeed ? .lineEnd : .fieldValue)
            }
            stage = .lineFeed
            next &+= 1
        }
        if next == end { return .incomplete }
        if base[next] != Octet.lineFeed { return .invalid(.lineEnd) }
        next &+= 1
        if stage == .lastLineFeed { return .end }
        var last = next &- 2
        let first = Int(record.valueStart)
        while last > first, Octet.isSpaceOrTab(base[last &- 1]) { last &-= 1 }
        record.valueCount = UInt32(truncatingIfNeeded: last &- first)
        lineStart = next
        stage = .name
        return .field
    }

    /// The octet after a name is not a colon, or there is no name.
    private func whyNoName(_ byte: UInt8) -> ParseError.Kind {
        switch byte {
        case Octet.space, Octet.tab: next == lineStart ? .fieldFolding : .spaceBeforeColon
        case Octet.lineFeed: .lineEnd
        default: .fieldName
        }
    }
}
