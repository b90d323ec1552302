// SPDX-License-Identifier: Apache-2.0
// A configuration file as read, with the path that messages name it by: diagnostics quote its
// lines, and positions inside scalars are found by looking at it again.

/// A place in a text file; both count from 1, columns in Unicode scalars.
package struct SourcePosition: Sendable, Hashable, Comparable {
    package var line: Int
    package var column: Int

    package init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    /// Where a file begins; also what is said of a file as a whole.
    package static let start = SourcePosition(line: 1, column: 1)

    package static func < (left: SourcePosition, right: SourcePosition) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }
}

/// One text file.
package struct SourceText: Sendable {
    /// As diagnostics print it: relative to the directory of the gateway where it lies inside.
    package let path: String
    /// Without a byte order mark.
    package let bytes: [UInt8]

    package init(path: String, bytes: [UInt8]) {
        self.path = path
        let hasMark = bytes.starts(with: [0xEF, 0xBB, 0xBF])
        self.bytes = hasMark ? Array(bytes.dropFirst(3)) : bytes
    }

    package init(path: String, text: String) {
        self.init(path: path, bytes: Array(text.utf8))
    }

    /// The bytes of a line, counted from 1, without its end; nil after the last.
    package func lineRange(_ line: Int) -> Range<Int>? {
        guard line >= 1 else { return nil }
        var start = 0
        for _ in 1..<line {
            guard let end = bytes[start...].firstIndex(of: 0x0A) else { return nil }
            start = end + 1
        }
        var end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
        if end > start, bytes[end - 1] == 0x0D { end -= 1 }
        return start..<end
    }

    /// The text of a line, counted from 1.
    package func line(_ line: Int) -> String? {
        lineRange(line).map { String(decoding: bytes[$0], as: UTF8.self) }
    }

    /// The byte offset of a position; a column after the line's end is the line's end.
    package func offset(of position: SourcePosition) -> Int? {
        guard let range = lineRange(position.line) else { return nil }
        var offset = range.lowerBound
        var column = 1
        while column < position.column, offset < range.upperBound {
            offset += 1
            while offset < range.upperBound, bytes[offset] & 0xC0 == 0x80 { offset += 1 }
            column += 1
        }
        return offset
    }

    /// The position of a byte offset.
    package func position(atOffset offset: Int) -> SourcePosition {
        var line = 1
        var lineStart = 0
        let end = min(max(offset, 0), bytes.count)
        for index in 0..<end where bytes[index] == 0x0A {
            line += 1
            lineStart = index + 1
        }
        let column = bytes[lineStart..<end].count { $0 & 0xC0 != 0x80 } + 1
        return SourcePosition(line: line, column: column)
    }
}
