// SPDX-License-Identifier: Apache-2.0
// What may be sent in a field, and which fields belong to one connection only.

extension HeaderFields {
    /// A token (RFC 9110 section 5.1), so not empty.
    package static func isValidName(_ name: UnsafeRawBufferPointer) -> Bool {
        let table = tokenTable
        for byte in name where table[Int(byte)] == 0 { return false }
        return !name.isEmpty
    }

    /// No control but HTAB, no white space at either end (RFC 9110 section 5.5): with that,
    /// nobody can end the line and start another.
    package static func isValidValue(_ value: UnsafeRawBufferPointer) -> Bool {
        guard let base = value.baseAddress?.assumingMemoryBound(to: UInt8.self), !value.isEmpty
        else { return true }
        return OctetScan.firstControl(base, 0, value.count) == value.count
            && !Octet.isSpaceOrTab(value[0]) && !Octet.isSpaceOrTab(value[value.count - 1])
    }

    package static func isValidName(_ name: String) -> Bool {
        var name = name
        return name.withUTF8 { isValidName(UnsafeRawBufferPointer($0)) }
    }

    package static func isValidValue(_ value: String) -> Bool {
        var value = value
        return value.withUTF8 { isValidValue(UnsafeRawBufferPointer($0)) }
    }

    /// Takes out the fields that hold for one connection only (RFC 9110 section 7.6.1): those
    /// that `Connection` names, and the known ones whether named or not.
    package mutating func removeHopByHop() {
        var nominated: [String] = []
        var index = firstIndex("connection")
        while let at = index {
            withValue(at: at) { value in
                _ = value.firstListMember { member in
                    nominated.append(String(decoding: member, as: UTF8.self))
                    return false
                }
            }
            index = firstIndex("connection", from: at + 1)
        }
        for name in nominated where !name.isEmpty { remove(name) }
        var kept = 0
        for at in records.indices where !isHopByHop(at: at) {
            records[kept] = records[at]
            kept += 1
        }
        records.removeLast(records.count - kept)
    }

    /// Whether the field at `index` never goes beyond one connection, named by `Connection` or
    /// not.
    package func isHopByHop(at index: Int) -> Bool {
        switch records[index].nameCount {
        case 2: nameEquals(at: index, "te")
        case 7: nameEquals(at: index, "trailer") || nameEquals(at: index, "upgrade")
        case 10: nameEquals(at: index, "connection") || nameEquals(at: index, "keep-alive")
        case 14: nameEquals(at: index, "http2-settings")
        case 16: nameEquals(at: index, "proxy-connection")
        case 17: nameEquals(at: index, "transfer-encoding")
        case 18: nameEquals(at: index, "proxy-authenticate")
        case 19: nameEquals(at: index, "proxy-authorization")
        default: false
        }
    }
}
