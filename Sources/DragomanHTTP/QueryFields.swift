// SPDX-License-Identifier: Apache-2.0
// A query taken as `name=value` pairs joined by `&` (as application/x-www-form-urlencoded is),
// one after another, undecoded until asked for.

internal import DragomanDocument

/// The pairs of one query, in order. Empty pairs (`a&&b`) are passed over; a pair without `=` has
/// an empty value. Ranges are of the octets given to `next`.
package struct QueryFields {
    package struct Field: Sendable, Equatable {
        package var name: Range<Int>
        package var value: Range<Int>
        /// There was a `=`.
        package var hasValue: Bool
    }

    private var position = 0

    package init() {}

    /// The next pair of `query`, the octets after `?`; nil at the end.
    package mutating func next(_ query: UnsafeRawBufferPointer) -> Field? {
        while position < query.count {
            let start = position
            var end = start
            var equals: Int?
            while end < query.count, query[end] != 0x26 {
                if query[end] == Octet.equals, equals == nil { equals = end }
                end += 1
            }
            position = end + 1
            if end == start { continue }
            guard let equals else {
                return Field(name: start..<end, value: end..<end, hasValue: false)
            }
            return Field(name: start..<equals, value: (equals + 1)..<end, hasValue: true)
        }
        return nil
    }

    /// Calls `body` with each pair decoded, `+` a space, until it answers false.
    ///
    /// - Returns: false where a pair has a malformed escape, a NUL or no UTF-8.
    package static func forEach(
        _ query: UnsafeRawBufferPointer, _ body: (_ name: String, _ value: String) -> Bool
    ) -> Bool {
        var fields = QueryFields()
        while let field = fields.next(query) {
            let name = UnsafeRawBufferPointer(rebasing: query[field.name])
            let value = UnsafeRawBufferPointer(rebasing: query[field.value])
            guard let nameText = PercentCoding.decoded(name, plusIsSpace: true),
                let valueText = PercentCoding.decoded(value, plusIsSpace: true)
            else { return false }
            if !body(nameText, valueText) { break }
        }
        return true
    }
}
