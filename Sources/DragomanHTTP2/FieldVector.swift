// SPDX-License-Identifier: Apache-2.0
// Header fields in the form nghttp2 takes them: an array of pointers to names and values.

internal import CNGHTTP2
internal import DragomanHTTP

/// The fields of one header block under construction. The owner uses one vector again and again.
/// The text is copied in here and stays until `removeAll`, so nghttp2 need not copy it where the
/// block is written out before that.
struct FieldVector: ~Copyable {
    private(set) var entries: UnsafeMutablePointer<nghttp2_nv>
    private(set) var count = 0
    private var entriesMax = 32
    private var text: UnsafeMutablePointer<UInt8>
    private var textCount = 0
    private var textMax = 2048
    /// The library copies names and values, for blocks that go out some later time.
    private let isCopied: Bool

    init(isCopied: Bool = false) {
        self.isCopied = isCopied
        entries = .allocate(capacity: entriesMax)
        text = .allocate(capacity: textMax)
    }

    deinit {
        entries.deallocate()
        text.deallocate()
    }

    /// Empties it, with room for `fields` fields of `bytes` octets in all. Pointers handed out
    /// before are dead.
    mutating func removeAll(roomFor fields: Int, bytes: Int) {
        count = 0
        textCount = 0
        if fields > entriesMax {
            entries.deallocate()
            entriesMax = fields
            entries = .allocate(capacity: entriesMax)
        }
        if bytes > textMax || textMax > 1 << 16 {
            text.deallocate()
            textMax = Swift.max(bytes, 2048)
            text = .allocate(capacity: textMax)
        }
    }

    mutating func append(_ name: StaticString, _ value: StaticString) {
        append(
            UnsafeMutablePointer(mutating: name.utf8Start), name.utf8CodeUnitCount,
            UnsafeMutablePointer(mutating: value.utf8Start), value.utf8CodeUnitCount,
            isIndexed: true)
    }

    mutating func append(_ name: StaticString, _ value: String, isIndexed: Bool = true) {
        var value = value
        let start = text + textCount
        let valueCount = value.withUTF8 { copy(UnsafeRawBufferPointer($0)) }
        append(
            UnsafeMutablePointer(mutating: name.utf8Start), name.utf8CodeUnitCount, start,
            valueCount, isIndexed: isIndexed)
    }

    mutating func append(contentsOf fields: borrowing HeaderFields) {
        for index in fields.indices {
            fields.withField(at: index) { name, value in
                let start = text + textCount
                let nameCount = copy(name)
                let valueCount = copy(value)
                append(
                    start, nameCount, start + nameCount, valueCount,
                    isIndexed: !Self.isDifferentEachTime(name))
            }
        }
    }

    /// Copies what fits; `removeAll` was told the size, so all of it does.
    private mutating func copy(_ bytes: UnsafeRawBufferPointer) -> Int {
        let part = Swift.min(bytes.count, textMax - textCount)
        guard part > 0, let base = bytes.baseAddress else { return 0 }
        UnsafeMutableRawPointer(text + textCount).copyMemory(from: base, byteCount: part)
        textCount += part
        return part
    }

    private mutating func append(
        _ name: UnsafeMutablePointer<UInt8>, _ nameCount: Int,
        _ value: UnsafeMutablePointer<UInt8>, _ valueCount: Int, isIndexed: Bool
    ) {
        guard count < entriesMax else { return }
        var flags =
            isCopied
            ? 0
            : NGHTTP2_NV_FLAG_NO_COPY_NAME.rawValue | NGHTTP2_NV_FLAG_NO_COPY_VALUE.rawValue
        if !isIndexed { flags |= NGHTTP2_NV_FLAG_NO_INDEX.rawValue }
        (entries + count).initialize(
            to: nghttp2_nv(
                name: name, value: value, namelen: nameCount, valuelen: valueCount,
                flags: UInt8(truncatingIfNeeded: flags)))
        count += 1
    }

    /// Fields whose value no other request repeats: in the peer's table they would only push out
    /// what is repeated.
    private static func isDifferentEachTime(_ name: UnsafeRawBufferPointer) -> Bool {
        switch name.count {
        case 11: name.equals("traceparent")
        case 12: name.equals("grpc-timeout") || name.equals("x-request-id")
        default: false
        }
    }
}
