// SPDX-License-Identifier: Apache-2.0
// ProtoJSON's scalars: what is accepted for each type, and the bits that go on the wire.

internal import DragomanDocument

#if canImport(Glibc)
    internal import Glibc
#endif

extension WireWriter {
    /// The value as it goes on the wire: a varint's value, or the bits of a fixed field. Nil
    /// where an unknown enum member is ignored. Not for texts and messages.
    @inline(__always)
    func bits(_ node: Node, _ field: Field) throws(TranslationError) -> UInt64? {
        switch field.pointee.kind {
        case .bool: return try bool(node) ? 1 : 0
        case .int32, .sfixed32:
            return UInt64(bitPattern: try signed32(node, field))
        case .int64, .sfixed64: return UInt64(bitPattern: try signed64(node, field))
        case .uint32, .fixed32:
            let value = try unsigned64(node, field)
            guard value <= UInt64(UInt32.max) else { throw outOfRange(node, field) }
            return value
        case .uint64, .fixed64: return try unsigned64(node, field)
        case .sint32:
            let value = try signed32(node, field)
            return UInt64(UInt32(truncatingIfNeeded: value &<< 1 ^ value &>> 31))
        case .sint64:
            let value = try signed64(node, field)
            return UInt64(bitPattern: value &<< 1 ^ value &>> 63)
        case .double: return try double(node, field).bitPattern
        case .float: return UInt64(try float(node, field).bitPattern)
        case .enumeration: return try enumeration(node, field)
        case .string, .bytes, .message, .group: return nil
        }
    }

    private func bool(_ node: Node) throws(TranslationError) -> Bool {
        switch node.kind {
        case .true: return true
        case .false: return false
        default: break
        }
        if takesText, node.isText {
            if node.textEquals("true") { return true }
            if node.textEquals("false") { return false }
        }
        throw mismatch(node, "a boolean")
    }

    // MARK: Integers

    private func signed32(_ node: Node, _ field: Field) throws(TranslationError) -> Int64 {
        let value = try signed64(node, field)
        guard value == Int64(Int32(truncatingIfNeeded: value)) else {
            throw outOfRange(node, field)
        }
        return value
    }

    @inline(__always)
    private func signed64(_ node: Node, _ field: Field) throws(TranslationError) -> Int64 {
        let bytes = node.bytes
        // Of the other kinds only a decimal has text, and a point or an exponent in it.
        if let value = SmallInteger.parse(bytes) { return value }
        try checkInteger(node, field)
        guard let value = ExactNumber(bytes).int64 else { throw outOfRange(node, field) }
        return value
    }

    @inline(__always)
    private func unsigned64(_ node: Node, _ field: Field) throws(TranslationError) -> UInt64 {
        let bytes = node.bytes
        if let value = SmallInteger.parse(bytes), value >= 0 { return UInt64(value) }
        try checkInteger(node, field)
        guard let value = ExactNumber(bytes).uint64 else { throw outOfRange(node, field) }
        return value
    }

    /// The value is an integer, however it is written; its size is not looked at.
    private func checkInteger(_ node: Node, _ field: Field) throws(TranslationError) {
        switch node.kind {
        case .integer: return
        case .decimal: break
        case .string where NumberText.isNumber(node.bytes): break
        default: throw mismatch(node, TypeWords.of(field.pointee.kind))
        }
        guard ExactNumber(node.bytes).isInteger else {
            throw TranslationError(
                .value, "\(ValueWords.of(node)) is not a whole number", at: node)
        }
    }

    // MARK: Floating point

    private func double(_ node: Node, _ field: Field) throws(TranslationError) -> Double {
        switch node.kind {
        case .integer, .decimal: break
        case .string:
            if node.textEquals("NaN") { return .nan }
            if node.textEquals("Infinity") { return .infinity }
            if node.textEquals("-Infinity") { return -.infinity }
            guard NumberText.isNumber(node.bytes) else { fallthrough }
        default: throw mismatch(node, TypeWords.of(field.pointee.kind))
        }
        let value = Doubles.parse(node.bytes)
        guard value.isFinite else { throw outOfRange(node, field) }
        return value == 0 && node.bytes.first == 0x2D ? -0.0 : value
    }

    private func float(_ node: Node, _ field: Field) throws(TranslationError) -> Float {
        let double = try double(node, field)
        var value = Float(double)
        // A double that stands exactly between two floats has lost which of them was nearer.
        if double.bitPattern & 0x1FFF_FFFF == 0x1000_0000 || !value.isNormal && double != 0,
            double.isFinite
        {
            value = strtofOf(node.bytes)
        }
        guard value.isFinite || !double.isFinite else { throw outOfRange(node, field) }
        return value
    }

    private func strtofOf(_ bytes: UnsafeRawBufferPointer) -> Float {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: bytes.count + 1) { copy in
            for index in 0..<bytes.count { copy[index] = CChar(bitPattern: bytes[index]) }
            copy[bytes.count] = 0
            return copy.baseAddress.map { strtof($0, nil) } ?? 0
        }
    }

    // MARK: Enums

    private func enumeration(_ node: Node, _ field: Field) throws(TranslationError) -> UInt64? {
        // Enumeration kinds always have one (PlanTables.row).
        let table = field.pointee.enumeration.unsafelyUnwrapped
        switch node.kind {
        case .string:
            let place = table.pointee.place(
                named: node.bytes, acceptsShort: options.enums == .short)
            if place >= 0 {
                return UInt64(bitPattern: Int64(table.pointee.values[place].number))
            }
            if takesText, NumberText.isCanonicalInteger(node.bytes) {
                return try enumNumber(node, table, Int64(node.string))
            }
        case .integer, .decimal:
            return try enumNumber(node, table, node.int64)
        case .null where table.pointee.isNullValue: return 0
        default:
            throw mismatch(node, "a name or number of the enum \(table.pointee.fullName.string)")
        }
        if options.unknown == .ignore { return nil }
        throw TranslationError(
            .value, keyword: "enum",
            "\(ValueWords.of(node)) is not a name of the enum \(table.pointee.fullName.string)",
            at: node)
    }

    private func enumNumber(
        _ node: Node, _ table: UnsafeMutablePointer<EnumTable>, _ number: Int64?
    ) throws(TranslationError) -> UInt64? {
        guard let number, let value = Int32(exactly: number) else {
            throw TranslationError(
                .value, "\(ValueWords.of(node)) is not the number of an enum", at: node)
        }
        if table.pointee.isClosed, table.pointee.place(number: value) < 0 {
            if options.unknown == .ignore { return nil }
            throw TranslationError(
                .value, keyword: "enum",
                "\(value) is not a number of the enum \(table.pointee.fullName.string)", at: node)
        }
        return UInt64(bitPattern: Int64(value))
    }

    // MARK: Bytes

    mutating func writeBase64(_ node: Node, _ field: Field) throws(TranslationError) {
        let text = node.bytes
        guard let size = Base64.decodedCount(text) else { throw notBase64(node) }
        wire.tag(field)
        wire.varint(UInt64(size))
        var isGood = true
        wire.append(exactly: size) { isGood = Base64.decode(text, to: $0) }
        if !isGood { throw notBase64(node) }
    }

    private func notBase64(_ node: Node) -> TranslationError {
        TranslationError(.value, "\(ValueWords.of(node)) is not base64", at: node)
    }

    // MARK: What is wrong

    func mismatch(_ node: Node, _ expected: String) -> TranslationError {
        TranslationError(.value, "\(ValueWords.of(node)) is not \(expected)", at: node)
    }

    func outOfRange(_ node: Node, _ field: Field) -> TranslationError {
        TranslationError(
            .value,
            "\(ValueWords.of(node)) is out of the range of \(TypeWords.of(field.pointee.kind))",
            at: node)
    }
}

/// Integers of at most 18 digits in their one spelling.
enum SmallInteger {
    /// Nil where the text is anything else, which may still be an integer.
    @inline(__always)
    static func parse(_ bytes: UnsafeRawBufferPointer) -> Int64? {
        guard let base = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return nil }
        let count = bytes.count
        var index = base[0] == 0x2D ? 1 : 0
        guard index < count, count <= 18, base[index] != 0x30 || count == 1 else { return nil }
        var value: Int64 = 0
        let isNegative = index == 1
        while index < count {
            let digit = base[index] &- 0x30
            guard digit <= 9 else { return nil }
            value = value &* 10 &+ Int64(digit)
            index &+= 1
        }
        return isNegative ? 0 &- value : value
    }
}

/// A type, for a sentence.
enum TypeWords {
    static func of(_ kind: FieldKind) -> String {
        switch kind {
        case .double: "a double"
        case .float: "a float"
        case .int64, .sfixed64, .sint64: "an int64"
        case .uint64, .fixed64: "a uint64"
        case .int32, .sfixed32, .sint32: "an int32"
        case .uint32, .fixed32: "a uint32"
        case .bool: "a boolean"
        case .string: "a string"
        case .group, .message: "an object"
        case .bytes: "a base64 string"
        case .enumeration: "an enum"
        }
    }
}

/// A value, for a sentence: cut short, and never the inside of an object.
enum ValueWords {
    static func of(_ node: Node) -> String {
        switch node.kind {
        case .null: "null"
        case .true: "true"
        case .false: "false"
        case .integer, .decimal: short(node.string)
        case .string: JSONText.quoted(short(node.string))
        case .array: "an array"
        default: "an object"
        }
    }

    private static func short(_ text: String) -> String {
        text.count <= 40 ? text : text.prefix(39) + "…"
    }
}
