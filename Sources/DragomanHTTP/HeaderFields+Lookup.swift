// SPDX-License-Identifier: Apache-2.0
// Finding fields by name, and comparing them without making a String.

extension HeaderFields {
    /// Index of the first field of that name; `name` is in lower case.
    package func firstIndex(_ name: StaticString) -> Int? {
        firstIndex(name.utf8Start, name.utf8CodeUnitCount, from: 0)
    }

    /// Index of the first field of that name from `start` on; `name` is in lower case.
    package func firstIndex(_ name: StaticString, from start: Int) -> Int? {
        firstIndex(name.utf8Start, name.utf8CodeUnitCount, from: start)
    }

    /// Index of the first field of that name, in any case, from `start` on.
    package func firstIndex(_ name: String, from start: Int = 0) -> Int? {
        var own = name
        let (isLower, index) = own.withUTF8 { text -> (Bool, Int?) in
            guard let base = text.baseAddress else { return (true, nil) }
            for byte in text where byte &- 0x41 < 26 { return (false, nil) }
            return (true, firstIndex(base, text.count, from: start))
        }
        return isLower ? index : firstIndex(name.lowercased(), from: start)
    }

    /// The first value of that name; `name` is in lower case.
    package func first(_ name: StaticString) -> String? { firstIndex(name).map(value(at:)) }

    /// The first value of that name, in any case.
    package func first(_ name: String) -> String? { firstIndex(name).map(value(at:)) }

    package func contains(_ name: StaticString) -> Bool { firstIndex(name) != nil }

    package func contains(_ name: String) -> Bool { firstIndex(name) != nil }

    /// All values of that name, in any case, in order; never joined or split.
    package func values(_ name: String) -> [String] {
        var found: [String] = []
        var index = firstIndex(name)
        while let at = index {
            found.append(value(at: at))
            index = firstIndex(name, from: at + 1)
        }
        return found
    }

    /// Takes out every field of that name, in any case.
    package mutating func remove(_ name: String) {
        while let index = firstIndex(name) { records.remove(at: index) }
    }

    /// Takes out every field of that name; `name` is in lower case.
    package mutating func remove(_ name: StaticString) {
        while let index = firstIndex(name) { records.remove(at: index) }
    }

    /// Puts one field in place of all of that name.
    package mutating func set(_ name: String, _ value: String) {
        remove(name)
        append(name, value)
    }

    /// Whether the field at `index` has that name; `name` is in lower case.
    package func nameEquals(at index: Int, _ name: StaticString) -> Bool {
        withField(at: index) { own, _ in own.equals(name) }
    }

    /// Whether the value of the field at `index` has exactly these octets.
    package func valueEquals(at index: Int, _ text: StaticString) -> Bool {
        withField(at: index) { _, value in value.equals(text) }
    }

    /// Whether the value of the field at `index` is this, letters compared without case.
    package func valueEqualsIgnoringCase(at index: Int, _ text: StaticString) -> Bool {
        withField(at: index) { _, value in value.equalsIgnoringCase(text) }
    }

    /// Whether a comma-separated list (RFC 9110 section 5.6.1) in any field of that name has this
    /// member, without case; `name` is in lower case.
    package func listContains(_ name: StaticString, _ member: StaticString) -> Bool {
        var index = firstIndex(name)
        while let at = index {
            let found = withField(at: at) { _, value in
                value.firstListMember { $0.equalsIgnoringCase(member) } != nil
            }
            if found { return true }
            index = firstIndex(name, from: at + 1)
        }
        return false
    }

    private func firstIndex(
        _ name: UnsafePointer<UInt8>, _ nameCount: Int, from start: Int
    ) -> Int? {
        bytes.withUnsafeBufferPointer { all in
            guard let base = all.baseAddress else { return nil }
            return records.withUnsafeBufferPointer { records in
                var index = start
                while index < records.count {
                    let record = records[index]
                    if Int(record.nameCount) == nameCount,
                        OctetScan.equal(base + Int(record.nameStart), name, nameCount)
                    {
                        return index
                    }
                    index &+= 1
                }
                return nil
            }
        }
    }
}

extension UnsafeRawBufferPointer {
    /// Exactly these octets.
    package func equals(_ text: StaticString) -> Bool {
        guard count == text.utf8CodeUnitCount else { return false }
        guard let base = baseAddress?.assumingMemoryBound(to: UInt8.self) else { return true }
        return OctetScan.equal(base, text.utf8Start, count)
    }

    /// These octets, ASCII letters compared without case.
    package func equalsIgnoringCase(_ text: StaticString) -> Bool {
        guard count == text.utf8CodeUnitCount else { return false }
        guard let base = baseAddress?.assumingMemoryBound(to: UInt8.self) else { return true }
        return OctetScan.equalIgnoringCase(base, text.utf8Start, count)
    }

    /// The first member of a comma-separated list for which `condition` holds, without the white
    /// space around it; empty members are passed over. A comma inside a quoted string separates
    /// nothing.
    package func firstListMember(
        where condition: (UnsafeRawBufferPointer) -> Bool
    ) -> UnsafeRawBufferPointer? {
        var start = 0
        while start < count {
            var end = start
            var isQuoted = false
            while end < count, isQuoted || self[end] != Octet.comma {
                if self[end] == Octet.quote { isQuoted.toggle() }
                if self[end] == Octet.backslash, isQuoted { end += 1 }
                end += 1
            }
            let member = UnsafeRawBufferPointer(rebasing: self[start..<Swift.min(end, count)])
                .withoutOuterSpace
            if !member.isEmpty, condition(member) { return member }
            start = end + 1
        }
        return nil
    }

    /// Without spaces and tabs at either end.
    package var withoutOuterSpace: UnsafeRawBufferPointer {
        var start = 0
        var end = count
        while start < end, Octet.isSpaceOrTab(self[start]) { start += 1 }
        while end > start, Octet.isSpaceOrTab(self[end - 1]) { end -= 1 }
        return UnsafeRawBufferPointer(rebasing: self[start..<end])
    }
}
