// SPDX-License-Identifier: Apache-2.0
// The well-known types from the wire to their JSON forms. Their few fields are read in any
// order: the last of each counts.

internal import DragomanDocument

extension WireReader {
    mutating func readWellKnown(
        _ slice: WireSlice, _ table: Table, _ depth: Int
    ) throws(WireFailure) {
        switch table.pointee.wellKnown {
        case .none: break
        case .any: try readAny(slice, depth)
        case .timestamp: try readTimestamp(slice)
        case .duration: try readDuration(slice)
        case .fieldMask: try readFieldMask(slice)
        case .structure: try readStructure(slice, table, depth)
        case .value: try readValue(slice, table, depth)
        case .listValue: try readListValue(slice, table, depth)
        case .unwrapped: try readUnwrapped(slice, table, depth)
        case .wrapper: try readWrapper(slice, table)
        }
    }

    // MARK: Times

    private func readTime(_ slice: WireSlice) throws(WireFailure) -> ProtobufTime {
        var time = ProtobufTime(seconds: 0, nanoseconds: 0)
        var cursor = WireCursor(slice)
        while true {
            let tag = try cursor.tag()
            switch tag {
            case 0: return time
            case 1 << 3: time.seconds = Int64(bitPattern: try cursor.varint())
            case 2 << 3: time.nanoseconds = Int32(truncatingIfNeeded: try cursor.varint())
            default: try cursor.skip(tag)
            }
        }
    }

    private func readTimestamp(_ slice: WireSlice) throws(WireFailure) {
        let time = try readTime(slice)
        let start = document.beginText()
        var isGood = false
        document.continueText(atMost: TimestampText.countMax) { place in
            let count = TimestampText.write(time, to: place)
            isGood = count != nil
            return count ?? 0
        }
        guard isGood else {
            throw WireFailure(.malformed, "a timestamp outside the years 1 to 9999")
        }
        document.endString(from: start, isPlain: true)
    }

    private func readDuration(_ slice: WireSlice) throws(WireFailure) {
        let time = try readTime(slice)
        let start = document.beginText()
        var isGood = false
        document.continueText(atMost: DurationText.countMax) { place in
            let count = DurationText.write(time, to: place)
            isGood = count != nil
            return count ?? 0
        }
        guard isGood else {
            throw WireFailure(.malformed, "a duration that is out of range or has two signs")
        }
        document.endString(from: start, isPlain: true)
    }

    // MARK: FieldMask

    /// Field 1, repeated, to one text: user_name, address.zip_code to
    /// `"userName,address.zipCode"`.
    private func readFieldMask(_ slice: WireSlice) throws(WireFailure) {
        let start = document.beginText()
        var isFirst = true
        var cursor = WireCursor(slice)
        while true {
            let tag = try cursor.tag()
            if tag == 0 { break }
            guard tag == 1 << 3 | 2 else {
                try cursor.skip(tag)
                continue
            }
            let path = try cursor.slice()
            _ = try WireText.check(path)
            var isGood = true
            document.continueText(atMost: path.count + 1) { place in
                var count = 0
                if !isFirst {
                    place[0] = 0x2C
                    count = 1
                }
                let written = FieldMaskText.camelCase(path.bytes, to: place + count)
                isGood = written != nil
                return count + (written ?? 0)
            }
            guard isGood else {
                throw WireFailure(
                    .malformed, "a field mask whose paths have no JSON form that reads back")
            }
            isFirst = false
        }
        document.endString(from: start)
    }

    // MARK: Wrappers

    private mutating func readWrapper(
        _ slice: WireSlice, _ table: Table
    ) throws(WireFailure) {
        let field = UnsafePointer(table.pointee.fields)
        var text: WireSlice?
        var bits: UInt64 = 0
        var cursor = WireCursor(slice)
        while true {
            let tag = try cursor.tag()
            if tag == 0 { break }
            if tag != field.pointee.tag {
                try cursor.skip(tag)
            } else if field.pointee.wireType == WireType.bytes {
                text = try cursor.slice()
            } else {
                bits = try readBits(&cursor, field)
            }
        }
        if let text {
            try appendText(text, field)
        } else if field.pointee.wireType == WireType.bytes {
            appendDefault(field)
        } else {
            append(bits, field)
        }
    }

    // MARK: Struct, Value, ListValue

    private mutating func readStructure(
        _ slice: WireSlice, _ table: Table, _ depth: Int
    ) throws(WireFailure) {
        try checkDepth(depth)
        let field = UnsafePointer(table.pointee.fields)
        document.beginObject()
        var cursor = WireCursor(slice)
        var tag = try cursor.tag()
        if isCareful {
            var slices: [WireSlice] = []
            while tag != 0 {
                if tag == field.pointee.tag {
                    slices.append(try cursor.slice())
                } else {
                    try cursor.skip(tag)
                }
                tag = try cursor.tag()
            }
            try readEntriesCarefully(slices, field, depth &+ 1)
        } else {
            var isRead = false
            while tag != 0 {
                if tag != field.pointee.tag {
                    try cursor.skip(tag)
                    tag = try cursor.tag()
                } else if isRead {
                    throw .disorder
                } else {
                    tag = try readEntries(&cursor, field, tag, depth &+ 1)
                    isRead = true
                }
            }
        }
        document.endObject()
    }

    private mutating func readListValue(
        _ slice: WireSlice, _ table: Table, _ depth: Int
    ) throws(WireFailure) {
        try checkDepth(depth)
        let value = WireReader.table(UnsafePointer(table.pointee.fields))
        document.beginArray()
        var cursor = WireCursor(slice)
        while true {
            let tag = try cursor.tag()
            if tag == 0 { break }
            if tag == 1 << 3 | 2 {
                try countMember()
                try readMessage(try cursor.slice(), value, depth: depth &+ 1)
            } else {
                try cursor.skip(tag)
            }
        }
        document.endArray()
    }

    private mutating func readUnwrapped(
        _ slice: WireSlice, _ table: Table, _ depth: Int
    ) throws(WireFailure) {
        try checkDepth(depth)
        let field = UnsafePointer(table.pointee.fields)
        document.beginArray()
        var cursor = WireCursor(slice)
        while true {
            let tag = try cursor.tag()
            if tag == 0 { break }
            if tag == field.pointee.tag {
                try readItem(&cursor, field, depth)
            } else if WireReader.takes(field, tag) {
                try readRun(try cursor.slice(), field)
            } else {
                try cursor.skip(tag)
            }
        }
        document.endArray()
    }

    /// A oneof: null 1, number 2, string 3, bool 4, struct 5, list 6. None of them is null.
    private mutating func readValue(
        _ slice: WireSlice, _ table: Table, _ depth: Int
    ) throws(WireFailure) {
        var number: UInt32 = 0
        var bits: UInt64 = 0
        var content = slice
        var cursor = WireCursor(slice)
        while true {
            let tag = try cursor.tag()
            if tag == 0 { break }
            switch tag {
            case 1 << 3, 4 << 3: bits = try cursor.varint()
            case 2 << 3 | 1: bits = try cursor.fixed64()
            case 3 << 3 | 2: content = try cursor.slice()
            case 5 << 3 | 2, 6 << 3 | 2:
                let more = try cursor.slice()
                content = number == tag &>> 3 ? concatenated([content, more]) : more
            default:
                try cursor.skip(tag)
                continue
            }
            number = tag &>> 3
        }
        switch number {
        case 2:
            let value = Double(bitPattern: bits)
            guard value.isFinite else {
                throw WireFailure(.malformed, "a google.protobuf.Value that is not a finite number")
            }
            append(bits, WireReader.numberField(table))
        case 3:
            let isPlain = try WireText.check(content)
            document.append(string: content.bytes, isPlain: isPlain)
        case 4: document.append(bits != 0)
        case 5, 6:
            let place = table.pointee.place(number: number)
            try readMessage(
                content, WireReader.table(UnsafePointer(table.pointee.fields + place)),
                depth: depth)
        default: document.appendNull()
        }
    }

    private static func numberField(_ table: Table) -> Field {
        UnsafePointer(table.pointee.fields + table.pointee.place(number: 2))
    }

    // MARK: Any

    /// Field 1, the type's URL, and field 2, its bytes, to `{"@type": URL, …}`.
    private mutating func readAny(_ slice: WireSlice, _ depth: Int) throws(WireFailure) {
        try checkDepth(depth)
        var url: WireSlice?
        var content: WireSlice?
        var cursor = WireCursor(slice)
        while true {
            let tag = try cursor.tag()
            if tag == 0 { break }
            switch tag {
            case 1 << 3 | 2: url = try cursor.slice()
            case 2 << 3 | 2: content = try cursor.slice()
            default: try cursor.skip(tag)
            }
        }
        document.beginObject()
        if let url, url.count > 0 {
            guard let table = AnyType.table(url.bytes, tables) else {
                _ = try WireText.check(url)
                throw WireFailure(
                    .malformed,
                    "an Any of \(String(decoding: url.bytes, as: UTF8.self).prefix(200)), "
                        + "which is no type of the contract")
            }
            let isPlain = try WireText.check(url)
            try countMember()
            document.key("@type")
            document.append(string: url.bytes, isPlain: isPlain)
            try readAnyContent(content, table, depth)
        } else if let content, content.count > 0 {
            throw WireFailure(.malformed, "an Any without the URL of its type")
        }
        document.endObject()
    }

    private mutating func readAnyContent(
        _ content: WireSlice?, _ table: Table, _ depth: Int
    ) throws(WireFailure) {
        let bytes = content?.bytes ?? UnsafeRawBufferPointer(start: nil, count: 0)
        try WireSlice.with(bytes) { slice throws(WireFailure) in
            if table.pointee.wellKnown == .none {
                try readFields(slice, table, depth &+ 1)
            } else {
                try countMember()
                document.key("value")
                try readMessage(slice, table, depth: depth &+ 1)
            }
        }
    }
}

enum FieldMaskText {
    /// `user_name` to `userName`.
    ///
    /// `place`: has room for the path.
    /// - Returns: bytes written; nil where the JSON form would not read back as the same path.
    static func camelCase(
        _ path: UnsafeRawBufferPointer, to place: UnsafeMutablePointer<UInt8>
    ) -> Int? {
        guard !path.isEmpty else { return nil }
        var count = 0
        var index = 0
        while index < path.count {
            var byte = path[index]
            if byte >= 0x41 && byte <= 0x5A || byte == 0x2C { return nil }
            if byte == 0x5F {
                index += 1
                guard index < path.count, path[index] >= 0x61, path[index] <= 0x7A else {
                    return nil
                }
                byte = path[index] & 0xDF
            }
            place[count] = byte
            count += 1
            index += 1
        }
        return count
    }
}
