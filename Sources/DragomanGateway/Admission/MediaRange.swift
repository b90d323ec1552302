// SPDX-License-Identifier: Apache-2.0
// Which media types a request brings and takes: Content-Type and Accept (RFC 9110, 8.3 and
// 12.5.1), read from the octets as they stand.

package import DragomanHTTP

package enum MediaType {
    /// `application/json` or `…+json`, whatever parameters follow but another charset than UTF-8.
    package static func isJSON(_ value: UnsafeRawBufferPointer) -> Bool {
        let type = essence(value)
        guard type.equalsIgnoringCase("application/json") || hasJSONSuffix(type) else {
            return false
        }
        return isUTF8(value, after: type.count)
    }

    /// Type and subtype, without parameters.
    package static func essence(_ value: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        let end = value.firstIndex(of: 0x3B) ?? value.count
        return UnsafeRawBufferPointer(rebasing: value[..<end]).withoutOuterSpace
    }

    private static func hasJSONSuffix(_ type: UnsafeRawBufferPointer) -> Bool {
        guard type.count > 6, type.contains(0x2F) else { return false }
        return UnsafeRawBufferPointer(rebasing: type.suffix(5)).equalsIgnoringCase("+json")
    }

    private static func isUTF8(_ value: UnsafeRawBufferPointer, after start: Int) -> Bool {
        var isUTF8 = true
        forEachParameter(value, after: start) { name, text in
            guard name.equalsIgnoringCase("charset") else { return }
            isUTF8 =
                text.equalsIgnoringCase("utf-8") || text.equalsIgnoringCase("\"utf-8\"")
                || text.equalsIgnoringCase("utf8")
        }
        return isUTF8
    }

    static func forEachParameter(
        _ value: UnsafeRawBufferPointer, after start: Int,
        _ body: (UnsafeRawBufferPointer, UnsafeRawBufferPointer) -> Void
    ) {
        var index = start
        while index < value.count {
            let end = value[index...].firstIndex(of: 0x3B) ?? value.count
            let part = UnsafeRawBufferPointer(rebasing: value[index..<end]).withoutOuterSpace
            if let equals = part.firstIndex(of: 0x3D) {
                body(
                    UnsafeRawBufferPointer(rebasing: part[..<equals]),
                    UnsafeRawBufferPointer(rebasing: part[(equals + 1)...]))
            }
            index = end + 1
        }
    }
}

package enum Accept {
    /// Whether the request takes an answer of that type. No Accept takes everything; of several
    /// ranges that match, the most specific decides.
    ///
    /// `type`: `application`, in lower case.
    /// `subtype`: `json`, in lower case.
    package static func admits(
        _ type: StaticString, _ subtype: StaticString, _ fields: HeaderFields
    ) -> Bool {
        admits(fields) { specificity($0, type, subtype) }
    }

    /// The same, of a media type that a mapping names: `application/pdf`, in any case.
    package static func admits(
        _ essence: UnsafeRawBufferPointer, _ fields: HeaderFields
    ) -> Bool {
        admits(fields) { specificity($0, essence) }
    }

    /// The most specific range decides. `rank`: a range's, -1 where it does not match.
    @inline(__always)
    private static func admits(
        _ fields: HeaderFields, rank: (UnsafeRawBufferPointer) -> Int
    ) -> Bool {
        guard var index = fields.firstIndex("accept") else { return true }
        var best = -1
        var isAdmitted = false
        while true {
            fields.withValue(at: index) { value in
                if value.equals("*/*") {
                    if best < 0 { (best, isAdmitted) = (0, true) }
                    return
                }
                _ = value.firstListMember { range in
                    let rank = rank(range)
                    if rank > best {
                        best = rank
                        isAdmitted = isWanted(range)
                    }
                    return false
                }
            }
            guard let next = fields.firstIndex("accept", from: index + 1) else { break }
            index = next
        }
        return isAdmitted
    }

    private static func specificity(
        _ range: UnsafeRawBufferPointer, _ essence: UnsafeRawBufferPointer
    ) -> Int {
        let range = MediaType.essence(range)
        func isEqual(_ count: Int) -> Bool {
            range.count >= count && essence.count >= count
                && (0..<count).allSatisfy { lower(range[$0]) == lower(essence[$0]) }
        }
        func lower(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }
        if range.equals("*/*") { return 0 }
        guard let slash = essence.firstIndex(of: 0x2F) else { return -1 }
        if range.count == slash + 2, range[slash + 1] == 0x2A, isEqual(slash + 1) { return 1 }
        return range.count == essence.count && isEqual(range.count) ? 2 : -1
    }

    /// -1: does not match; then `*/*`, `type/*`, `type/subtype`.
    static func specificity(
        _ range: UnsafeRawBufferPointer, _ type: StaticString, _ subtype: StaticString
    ) -> Int {
        let essence = MediaType.essence(range)
        guard let slash = essence.firstIndex(of: 0x2F) else { return -1 }
        let left = UnsafeRawBufferPointer(rebasing: essence[..<slash])
        let right = UnsafeRawBufferPointer(rebasing: essence[(slash + 1)...])
        if left.equals("*"), right.equals("*") { return 0 }
        guard left.equalsIgnoringCase(type) else { return -1 }
        if right.equals("*") { return 1 }
        return right.equalsIgnoringCase(subtype) ? 2 : -1
    }

    /// The weight is not zero.
    private static func isWanted(_ range: UnsafeRawBufferPointer) -> Bool {
        var isWanted = true
        MediaType.forEachParameter(range, after: range.firstIndex(of: 0x3B) ?? range.count) {
            name, text in
            guard name.equalsIgnoringCase("q") else { return }
            isWanted = text.contains { $0 >= 0x31 && $0 <= 0x39 }
        }
        return isWanted
    }
}
