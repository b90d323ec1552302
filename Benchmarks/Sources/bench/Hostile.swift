// SPDX-License-Identifier: Apache-2.0
// Documents that are made to be slow to read, beside one that is not: each is read once, whole.

internal import DragomanDocument

enum Hostile: String, CaseIterable {
    /// An array of records as clients send them.
    case friendly
    /// One object with as many members as fit.
    case names
    /// The same, with names that begin and end alike.
    case alike
    /// Objects just too large for the comparison of every pair.
    case objects
    case escapes, unicode, surrogates, number, exponent, string, multibyte, space, lines
    /// Arrays inside one another: refused at the limit.
    case deep
    /// Empty arrays: the most entries for a byte.
    case empty

    func bytes(_ count: Int) -> [UInt8] {
        switch self {
        case .friendly:
            return repeating(
                #"{"id":"ord-1","customer":"Ada Lovelace","quantity":12,"tags":["new","blue"],"#
                    + #""price":{"currency":"EUR","units":"12"},"title":"Widget – blue"}"#,
                "[", ",", "]", count)
        case .names: return numbered(count) { "\"name\($0)\":1" }
        case .alike: return numbered(count) { "\"aaaaaaaa\($0)zzzzzzzz\":1" }
        case .objects:
            let members = (0..<20).map { "\"member\($0)\":0" }.joined(separator: ",")
            return repeating("{\(members)}", "[", ",", "]", count)
        case .escapes: return repeating("\\n", "\"", "", "\"", count)
        case .unicode: return repeating("\\u00e9", "\"", "", "\"", count)
        case .surrogates: return repeating("\\ud83d\\ude00", "\"", "", "\"", count)
        case .number: return repeating("7", "[", "", "]", count)
        case .exponent: return repeating("9", "[1e", "", "]", count)
        case .string: return repeating("x", "\"", "", "\"", count)
        case .multibyte: return repeating("é€😀", "\"", "", "\"", count)
        case .space: return repeating(" ", "[", "", "]", count)
        case .lines: return repeating("\r\n\t", "[", "", "]", count)
        case .deep: return repeating("[", "", "", "", count)
        case .empty: return repeating("[]", "[", ",", "]", count)
        }
    }

    private func repeating(
        _ unit: String, _ open: String, _ separator: String, _ close: String, _ count: Int
    ) -> [UInt8] {
        let piece = Array((unit + separator).utf8)
        var bytes = Array(open.utf8)
        bytes.reserveCapacity(count + piece.count)
        while bytes.count + piece.count < count { bytes += piece }
        return bytes + Array(unit.utf8) + Array(close.utf8)
    }

    private func numbered(_ count: Int, _ member: (Int) -> String) -> [UInt8] {
        var bytes = Array("{".utf8)
        bytes.reserveCapacity(count + 64)
        var number = 0
        while bytes.count < count {
            bytes += Array(member(number).utf8)
            bytes.append(0x2C)
            number += 1
        }
        bytes.removeLast()
        return bytes + Array("}".utf8)
    }

    /// CPU to read the document, the arenas' memory included; the best of three.
    func nanoseconds(_ count: Int) -> Int {
        let source = bytes(count)
        var best = Int.max
        for _ in 0..<3 {
            let start = Clock.now()
            let document = source.withUnsafeBytes { try? Document.reading($0) }
            best = min(best, Clock.now() - start)
            _ = document
        }
        return best
    }
}
