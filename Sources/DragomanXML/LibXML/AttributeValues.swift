// SPDX-License-Identifier: Apache-2.0
// An ampersand in an attribute's value comes from libxml2 as `&#38;`, as long as it is not told to
// substitute entities, which it never is here; this puts the ampersand back.

#if canImport(Glibc)
    internal import Glibc
#endif

/// Start tags whose attributes hold ampersands, with values of their own. What it gives is valid
/// until the next start tag.
final class AttributeValues {
    private var pointers: UnsafeMutablePointer<UnsafePointer<UInt8>?>
    private var pointerCapacity = 40
    private var bytes: UnsafeMutablePointer<UInt8>
    private var byteCapacity = 512

    init() {
        pointers = .allocate(capacity: pointerCapacity)
        bytes = .allocate(capacity: byteCapacity)
    }

    deinit {
        pointers.deallocate()
        bytes.deallocate()
    }

    /// The tag itself where no value holds an ampersand.
    @inline(__always)
    func decoded(_ tag: XMLStartTag) -> XMLStartTag {
        var size = 0
        for index in 0..<tag.attributeCount {
            let value = tag.attribute(index).value
            if let start = value.baseAddress, memchr(start, 0x26, value.count) != nil {
                size &+= value.count
            }
        }
        return size == 0 ? tag : copy(tag, size)
    }

    @inline(never)
    private func copy(_ tag: XMLStartTag, _ size: Int) -> XMLStartTag {
        guard let attributes = tag.attributes else { return tag }
        reserve(tag.attributeCount * 5, size)
        var used = 0
        for index in 0..<tag.attributeCount {
            let place = pointers + index * 5
            place.update(from: attributes + index * 5, count: 5)
            let value = tag.attribute(index).value
            guard let start = value.baseAddress, memchr(start, 0x26, value.count) != nil else {
                continue
            }
            let first = bytes + used
            used += decode(value, to: first)
            place[3] = UnsafePointer(first)
            place[4] = UnsafePointer(bytes + used)
        }
        return XMLStartTag(
            local: tag.local, uri: tag.uri, prefix: tag.prefix, namespaces: tag.namespaces,
            namespaceCount: tag.namespaceCount, attributes: pointers,
            attributeCount: tag.attributeCount)
    }

    /// - Returns: bytes written, at most as many as there are.
    private func decode(
        _ value: UnsafeRawBufferPointer, to place: UnsafeMutablePointer<UInt8>
    ) -> Int {
        var written = 0
        var index = 0
        while index < value.count {
            place[written] = value[index]
            written += 1
            let isReference =
                value[index] == 0x26 && index + 4 < value.count && value[index + 1] == 0x23
                && value[index + 2] == 0x33 && value[index + 3] == 0x38 && value[index + 4] == 0x3B
            index += isReference ? 5 : 1
        }
        return written
    }

    private func reserve(_ pointerCount: Int, _ byteCount: Int) {
        if pointerCount > pointerCapacity {
            pointers.deallocate()
            pointerCapacity = pointerCount * 2
            pointers = .allocate(capacity: pointerCapacity)
        }
        if byteCount > byteCapacity || byteCapacity > 1 << 20 {
            bytes.deallocate()
            byteCapacity = byteCount * 2
            bytes = .allocate(capacity: byteCapacity)
        }
    }
}
