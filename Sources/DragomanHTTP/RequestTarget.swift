// SPDX-License-Identifier: Apache-2.0
// Paths and queries of request targets: splitting without decoding, and what is refused because
// a backend might read it otherwise than the gateway does.

package enum RequestTarget {
    /// Path and query of a target in origin form.
    package struct Parts: Sendable, Equatable {
        package var path: Range<Int>
        /// What stands after the first `?`; nil where there is none.
        package var query: Range<Int>?
    }

    /// Splits at the first `?`, decoding nothing.
    package static func split(_ target: UnsafeRawBufferPointer) -> Parts {
        guard let mark = target.firstIndex(of: Octet.question) else {
            return Parts(path: 0..<target.count, query: nil)
        }
        return Parts(path: 0..<mark, query: (mark + 1)..<target.count)
    }

    /// No `.` or `..` segment, raw or encoded, no NUL, every `%` followed by two hexadecimal
    /// digits. An encoded slash counts as a slash here: a backend may decode it first.
    package static func isSafePath(_ path: UnsafeRawBufferPointer) -> Bool {
        guard let base = path.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return true }
        return isSafePath(base, 0, path.count)
    }

    static func isSafePath(_ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> Bool {
        if OctetScan.firstPercentOrDot(base, start, end) == end { return true }
        var index = start
        var length = 0
        var isDots = true
        while index < end {
            var byte = base[index]
            index &+= 1
            if byte == Octet.percent {
                guard index &+ 1 < end, let high = Octet.hex(base[index]),
                    let low = Octet.hex(base[index &+ 1])
                else { return false }
                byte = high << 4 | low
                if byte == 0 { return false }
                index &+= 2
            }
            if byte == Octet.slash {
                if isDots, length == 1 || length == 2 { return false }
                length = 0
                isDots = true
            } else {
                length &+= 1
                isDots = isDots && byte == Octet.dot
            }
        }
        return !(isDots && (length == 1 || length == 2))
    }

    /// The segments between slashes, undecoded, as ranges of `path`; the leading slash starts
    /// the first. `/a//b/` has four: `a`, empty, `b`, empty; `/` has one, empty. `segments` is
    /// emptied first; the caller lends it so that its memory is used again.
    package static func segments(
        of path: UnsafeRawBufferPointer, into segments: inout [Range<Int>]
    ) {
        segments.removeAll(keepingCapacity: true)
        guard let base = path.baseAddress?.assumingMemoryBound(to: UInt8.self), !path.isEmpty
        else { return }
        var start = base[0] == Octet.slash ? 1 : 0
        while let slash = OctetScan.first(Octet.slash, base, start, path.count) {
            segments.append(start..<slash)
            start = slash + 1
        }
        segments.append(start..<path.count)
    }
}
