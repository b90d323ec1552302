// SPDX-License-Identifier: Apache-2.0
// Header and trailer fields (RFC 9110 section 5), in the order received, in flat storage: all
// octets in one array, one small record a field. No String is made unless one is asked for.

/// Ordered fields; several of one name are several fields, never joined. Names are stored in
/// lower case, values without surrounding white space, as octets.
package struct HeaderFields: Sendable {
    /// Where a field's name and value stand in `bytes`.
    @usableFromInline
    struct Record: Sendable {
        @usableFromInline var nameStart: UInt32
        @usableFromInline var nameCount: UInt32
        @usableFromInline var valueStart: UInt32
        @usableFromInline var valueCount: UInt32
    }

    /// The octets of all fields; a parsed head's other octets may stand between them.
    @usableFromInline var bytes: [UInt8]
    @usableFromInline var records: [Record]

    package init() {
        bytes = []
        records = []
    }

    /// Room for about `fields` fields of `bytes` octets in all.
    package init(reservingFields fields: Int, bytes octets: Int) {
        self.init()
        records.reserveCapacity(fields)
        bytes.reserveCapacity(octets)
    }

    @inlinable package var count: Int { records.count }
    @inlinable package var isEmpty: Bool { records.isEmpty }
    @inlinable package var indices: Range<Int> { 0..<records.count }

    /// The octets of names and values together.
    package var byteCount: Int {
        records.reduce(0) { $0 + Int($1.nameCount) + Int($1.valueCount) }
    }

    // MARK: Reading

    /// Lends the octets of the name and of the value of the field at `index`.
    @inlinable
    package func withField<Result>(
        at index: Int,
        _ body: (_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) -> Result
    ) -> Result {
        let record = records[index]
        return bytes.withUnsafeBytes { all in
            body(
                UnsafeRawBufferPointer(
                    rebasing: all[Int(record.nameStart)..<Int(record.nameStart &+ record.nameCount)]
                ),
                UnsafeRawBufferPointer(
                    rebasing: all[
                        Int(record.valueStart)..<Int(record.valueStart &+ record.valueCount)]))
        }
    }

    /// Lends the octets of the value of the field at `index`.
    @inlinable
    package func withValue<Result>(
        at index: Int, _ body: (UnsafeRawBufferPointer) -> Result
    ) -> Result {
        withField(at: index) { _, value in body(value) }
    }

    /// The name, in lower case.
    package func name(at index: Int) -> String {
        withField(at: index) { name, _ in String(decoding: name, as: UTF8.self) }
    }

    /// The value; octets that are not UTF-8 become replacement characters.
    package func value(at index: Int) -> String {
        withField(at: index) { _, value in String(decoding: value, as: UTF8.self) }
    }

    // MARK: Writing

    /// Adds a field; `name` is in lower case. Validity is the caller's, see `isValidValue`.
    package mutating func append(_ name: StaticString, _ value: String) {
        var value = value
        value.withUTF8 { text in
            append(
                name: UnsafeRawBufferPointer(
                    start: name.utf8Start, count: name.utf8CodeUnitCount),
                value: UnsafeRawBufferPointer(text))
        }
    }

    /// Adds a field. Validity is the caller's, see `isValidName` and `isValidValue`.
    package mutating func append(_ name: String, _ value: String) {
        var name = name
        var value = value
        name.withUTF8 { nameText in
            value.withUTF8 { text in
                append(
                    name: UnsafeRawBufferPointer(nameText), value: UnsafeRawBufferPointer(text))
            }
        }
    }

    /// Adds a field with a value known when the program was built; `name` is in lower case.
    package mutating func append(_ name: StaticString, _ value: StaticString) {
        append(
            name: UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount),
            value: UnsafeRawBufferPointer(start: value.utf8Start, count: value.utf8CodeUnitCount))
    }

    /// Adds a field; the name's letters are made lower case, the value is taken as it is.
    package mutating func append(name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer) {
        let start = bytes.count
        bytes.append(contentsOf: name)
        bytes.append(contentsOf: value)
        bytes.withUnsafeMutableBufferPointer { all in
            for index in start..<(start + name.count) { all[index] = Octet.lower(all[index]) }
        }
        records.append(
            Record(
                nameStart: UInt32(truncatingIfNeeded: start),
                nameCount: UInt32(truncatingIfNeeded: name.count),
                valueStart: UInt32(truncatingIfNeeded: start + name.count),
                valueCount: UInt32(truncatingIfNeeded: value.count)))
    }

    /// Adds the field at `index` of `other`.
    package mutating func append(fieldAt index: Int, of other: HeaderFields) {
        other.withField(at: index) { name, value in append(name: name, value: value) }
    }

    /// Adds all fields of `other`.
    package mutating func append(contentsOf other: HeaderFields) {
        for index in other.indices { append(fieldAt: index, of: other) }
    }

    /// Takes out the field at `index`; those after it move up by one.
    package mutating func remove(at index: Int) { records.remove(at: index) }

    package mutating func removeAll(keepingCapacity: Bool = true) {
        bytes.removeAll(keepingCapacity: keepingCapacity)
        records.removeAll(keepingCapacity: keepingCapacity)
    }
}
