// SPDX-License-Identifier: Apache-2.0
// Reads JSON text into a Document, in one pass: RFC 8259 to the letter, UTF-8 checked, names of
// one object all different (after their escapes), everything bounded.

extension Document {
    /// Reads all bytes given by `append(source:)` as one JSON value.
    ///
    /// On an error the Document holds no value, and its source is as it was.
    package func readJSON(_ limits: DocumentLimits = .none) throws(JSONSyntaxError) {
        try prepare()
        do throws(JSONFault) {
            _ = try readTape(begin(limits), limits, pausesAfter: nil)
        } catch {
            throw refused(error, limits)
        }
    }

    /// The same in pieces of so many entries: the value is there once this has answered true;
    /// until then it is to be called again, and nothing else done with the Document.
    package func readJSON(
        _ limits: DocumentLimits, pausingAfter entries: Int
    ) throws(JSONSyntaxError) -> Bool {
        if pausedCursor == nil { try prepare() }
        do throws(JSONFault) {
            let start: JSONCursor
            if let pausedCursor { start = pausedCursor } else { start = try begin(limits) }
            pausedCursor = try readTape(start, limits, pausesAfter: entries)
            return pausedCursor == nil
        } catch {
            throw refused(error, limits)
        }
    }

    private func refused(_ fault: JSONFault, _ limits: DocumentLimits) -> JSONSyntaxError {
        let located = located(fault, limits)
        tapeCount = 0
        textCount = sourceCount
        pausedCursor = nil
        return located
    }

    private func prepare() throws(JSONSyntaxError) {
        pausedCursor = nil
        tapeCount = 0
        open = Entry.noParent
        guard sourceCount <= Entry.offsetMax / 2 - 8 else {
            throw JSONSyntaxError(
                reason: .syntax, offset: 0, line: 1, column: 1,
                detail: "a document of more than 2 GiB can not be read")
        }
        endSource()
    }

    /// A Document of one JSON text.
    package static func reading(
        _ bytes: UnsafeRawBufferPointer, _ limits: DocumentLimits = .none
    ) throws(JSONSyntaxError) -> Document {
        let document = Document(textCapacity: bytes.count + 64)
        document.append(source: bytes)
        try document.readJSON(limits)
        return document
    }

    /// A Document of one JSON text.
    package static func reading(
        _ json: String, _ limits: DocumentLimits = .none
    ) throws(JSONSyntaxError) -> Document {
        let document = Document(textCapacity: json.utf8.count + 64)
        var json = json
        json.withUTF8 { document.append(source: UnsafeRawBufferPointer($0)) }
        try document.readJSON(limits)
        return document
    }

    /// Puts NULs behind the source, and makes room for about as many entries as it will take.
    private func endSource() {
        textCount = sourceCount
        reserveText(8)
        UnsafeMutableRawPointer(text + sourceCount).storeBytes(of: 0, as: UInt64.self)
        textCount = sourceCount + 8
        reserveTape(sourceCount / 8 + 16)
    }

    /// Reads one value with everything in it, without recursion. - Returns: where it goes on; nil
    /// where the value is whole.
    ///
    /// Inlined into both of its callers: a cursor that may be handed out stays in no register.
    @inline(__always)
    private func readTape(
        _ start: JSONCursor, _ limits: DocumentLimits, pausesAfter entries: Int?
    ) throws(JSONFault) -> JSONCursor? {
        var cursor = start
        let pause = entries.map { cursor.tapeCount + $0 } ?? .max
        if entries != nil { cursor.tapeRoom = min(tapeCapacity &- 2, pause) }
        values: while true {
            // One value is due.
            if cursor.tapeCount > cursor.tapeRoom {
                tapeCount = cursor.tapeCount
                if entries != nil, cursor.tapeCount > pause { return cursor }
                growTape(&cursor, pause)
            }
            let byte = cursor.byte
            if byte == 0x22 {
                try readString(&cursor)
            } else if byte &- 0x30 <= 9 || byte == 0x2D {
                try cursor.readNumber()
            } else if byte | 0x20 == 0x7B {
                try enter(&cursor, limits)
                let close: UInt8 = cursor.isObject ? 0x7D : 0x5D
                if cursor.byte != close {
                    if cursor.isObject {
                        try readName(&cursor)
                    } else {
                        try cursor.countMember()
                    }
                    continue values
                }
                cursor.index &+= 1
                leave(&cursor)
            } else {
                try cursor.readLiteral()
            }
            // A value has ended: close containers until another value is due.
            while true {
                if cursor.container < 0 {
                    try end(cursor)
                    return nil
                }
                cursor.skipSpace()
                if cursor.byte == 0x2C {
                    cursor.index &+= 1
                    cursor.skipSpace()
                    if cursor.isObject {
                        try readName(&cursor)
                    } else {
                        try cursor.countMember()
                    }
                    continue values
                }
                guard cursor.byte == (cursor.isObject ? 0x7D : 0x5D) else {
                    throw JSONFault(cursor.isObject ? .memberEnd : .itemEnd, cursor.index)
                }
                cursor.index &+= 1
                if cursor.count > JSONCursor.smallObject { try checkLarge(cursor, limits) }
                leave(&cursor)
            }
        }
    }

    private func begin(_ limits: DocumentLimits) throws(JSONFault) -> JSONCursor {
        if text[0] == 0xEF && text[1] == 0xBB && text[2] == 0xBF {
            throw JSONFault(.byteOrderMark, 0)
        }
        let index = TextScan.endOfSpace(text, from: 0)
        if index == sourceCount { throw JSONFault(.empty, index) }
        nameComparisons = 0
        let frames = frames.base(JSONCursor.framesAtFirst)
        return JSONCursor(
            base: UnsafePointer(text), index: index, tape: tape, tapeRoom: tapeCapacity &- 2,
            frame: frames, frameLimit: frameLimit(frames, limits), remaining: limits.membersMax,
            textMax: JSONCursor.textMax(limits))
    }

    private func frameLimit(
        _ frames: UnsafeMutablePointer<UInt64>, _ limits: DocumentLimits
    ) -> UnsafeMutablePointer<UInt64> {
        frames + min(self.frames.capacity, max(limits.depthMax, 0)) * JSONCursor.frameWords
    }

    private func end(_ cursor: JSONCursor) throws(JSONFault) {
        tapeCount = cursor.tapeCount
        let index = TextScan.endOfSpace(cursor.base, from: cursor.index)
        if index != sourceCount { throw JSONFault(.trailing, index) }
    }

    @inline(__always)
    private func growTape(_ cursor: inout JSONCursor, _ pause: Int) {
        growTape(2)
        cursor.tape = tape
        cursor.tapeRoom = min(tapeCapacity &- 2, pause)
    }

    /// Opens the container whose first byte is here, and goes on to what is in it.
    @inline(__always)
    private func enter(_ cursor: inout JSONCursor, _ limits: DocumentLimits) throws(JSONFault) {
        if cursor.frame == cursor.frameLimit {
            cursor.frame = try deepen(cursor.frame, cursor.index, limits)
            cursor.frameLimit = frameLimit(frames.base(0), limits)
        }
        let frame = cursor.frame
        frame[0] = UInt64(bitPattern: Int64(cursor.container &<< 1)) | (cursor.isObject ? 1 : 0)
        frame[1] = UInt64(truncatingIfNeeded: cursor.count)
        cursor.frame = frame + JSONCursor.frameWords
        cursor.container = cursor.tapeCount
        cursor.count = 0
        cursor.isObject = cursor.byte == 0x7B
        if cursor.isObject {
            for word in 0..<4 { frame[JSONCursor.frameNames &+ word] = 0 }
        }
        cursor.push(0)
        cursor.index &+= 1
        cursor.skipSpace()
    }

    /// Makes room for more frames; the place where the next one stands now.
    @inline(never)
    private func deepen(
        _ frame: UnsafeMutablePointer<UInt64>, _ index: Int, _ limits: DocumentLimits
    ) throws(JSONFault) -> UnsafeMutablePointer<UInt64> {
        let depth = (frame - frames.base(0)) / JSONCursor.frameWords
        guard depth < limits.depthMax else { throw JSONFault(.depth, index) }
        return frames.base(depth * 2) + depth * JSONCursor.frameWords
    }

    @inline(__always)
    private func leave(_ cursor: inout JSONCursor) {
        cursor.tape[cursor.container] = Entry.make(
            cursor.isObject ? .object : .array, length: cursor.count, offset: cursor.tapeCount)
        let frame = cursor.frame - JSONCursor.frameWords
        cursor.frame = frame
        let around = frame[0]
        cursor.container = Int(truncatingIfNeeded: Int64(bitPattern: around) &>> 1)
        cursor.isObject = around & 1 != 0
        cursor.count = Int(truncatingIfNeeded: frame[1])
    }
}
