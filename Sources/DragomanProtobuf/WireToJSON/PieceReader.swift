// SPDX-License-Identifier: Apache-2.0
// A large message read piece by piece, so that whoever reads it can do something else in between,
// and let go of what is read already. The same result as in one go: only what is complete and in
// order is taken in pieces, which is looked at first; anything else is read as a whole.

package import DragomanDocument

/// Reads one message into a Document. Between two calls of `read` nothing else may build there,
/// but a `DocumentDrain` may empty it. The message's bytes must stay where they are meanwhile.
package final class PieceReader {
    /// A message that is read field by field.
    private struct Frame {
        let slice: WireSlice
        let table: WireReader.Table
        /// What it is the value of; nil for the outermost.
        let field: WireReader.Field?
        /// Containers around its members.
        let depth: Int
        var order: WireOrder
        var isOrdered = false
        var cursor: WireCursor
        var tag: UInt32 = 0
        /// Place of the field after the last one read.
        var next = 0
        var requiredCount = 0
        /// The array of that field is open.
        var list: WireReader.Field?
        /// The open array has items.
        var hasItems = false
        /// Before the open array's name.
        var mark: DocumentMark?

        init(
            _ slice: WireSlice, _ table: WireReader.Table, _ field: WireReader.Field?, depth: Int
        ) {
            self.slice = slice
            self.table = table
            self.field = field
            self.depth = depth
            order = WireOrder(slice)
            cursor = WireCursor(slice)
        }
    }

    /// Messages inside of less bytes are read in one go.
    private let frameBytesMin: Int
    private let plan: MessagePlan
    private let document: Document
    private var reader: WireReader
    private var frames: [Frame] = []

    /// `bytes`: not empty, and kept by the caller until `isFinished` or the reader is gone.
    package init(
        _ plan: MessagePlan, _ bytes: UnsafeRawBufferPointer, into document: Document,
        _ options: ProtoJSONOptions, limits: DocumentLimits, frameBytesMin: Int = 1 << 15
    ) {
        self.plan = plan
        self.frameBytesMin = frameBytesMin
        self.document = document
        reader = WireReader(
            document: document, options: options, limits: limits, tables: plan.tables)
        document.beginObject()
        guard let start = bytes.assumingMemoryBound(to: UInt8.self).baseAddress else {
            document.endObject()
            return
        }
        let slice = WireSlice(start: start, end: start + bytes.count)
        frames.append(Frame(slice, plan.table, nil, depth: 1))
    }

    deinit { reader.release() }

    /// The value is complete.
    package var isFinished: Bool { frames.isEmpty }

    /// An array is open that has items: what is complete may be taken away.
    package var mayDrain: Bool { frames.last?.hasItems ?? false }

    /// Reads on for about so many bytes of the message.
    ///
    /// - Throws: as `MessagePlan.read`; the reader is of no more use then.
    package func read(about bytes: Int) throws(TranslationError) {
        var left = bytes
        do throws(WireFailure) {
            while left > 0, !frames.isEmpty {
                var frame = frames.removeLast()
                do throws(WireFailure) {
                    if !frame.isOrdered {
                        try look(&frame, &left)
                    } else if frame.list != nil {
                        try readItem(&frame, &left)
                    } else {
                        try readField(&frame, &left)
                    }
                } catch {
                    throw placed(error, frame)
                }
            }
        } catch {
            throw MessagePlan.translationError(error, plan.fullName)
        }
    }

    private func placed(_ failure: WireFailure, _ frame: Frame) -> WireFailure {
        var failure = failure
        for frame in [frame] + frames.reversed() {
            if let field = frame.field { failure = WireReader.within(field, failure) }
        }
        return failure
    }

    // MARK: Order

    /// Looks whether the frame's fields can be taken as they come.
    private func look(_ frame: inout Frame, _ left: inout Int) throws(WireFailure) {
        switch try frame.order.look(frame.table, &left) {
        case .going: frames.append(frame)
        case .ordered:
            frame.isOrdered = true
            frame.tag = try frame.cursor.tag()
            frames.append(frame)
        case .unordered:
            left -= frame.slice.count
            let wasCareful = reader.isCareful
            reader.isCareful = true
            try reader.readFieldsCarefully(frame.slice, frame.table, frame.depth)
            reader.isCareful = wasCareful
            document.endObject()
        }
    }

    // MARK: Fields

    private func readField(_ frame: inout Frame, _ left: inout Int) throws(WireFailure) {
        guard frame.tag != 0 else { return try end(frame) }
        let table = frame.table
        let place = table.pointee.place(number: frame.tag >> 3)
        let start = frame.cursor.place
        guard place >= 0, WireReader.takes(table.pointee.fields + place, frame.tag) else {
            try frame.cursor.skip(frame.tag)
            frame.tag = try frame.cursor.tag()
            left -= frame.cursor.place - start + 1
            return frames.append(frame)
        }
        if isPrinting { try reader.printDefaults(table, frame.next, place) }
        let field = WireReader.Field(table.pointee.fields + place)
        if field.pointee.isRequired { frame.requiredCount += 1 }
        frame.next = place + 1
        do throws(WireFailure) {
            switch field.pointee.form {
            case .implicit, .explicit, .item:
                if let inner = try descend(&frame, field) {
                    frames.append(frame)
                    return frames.append(inner)
                }
                try readSingle(&frame, field)
            case .repeated, .packed: return try openList(frame, field, &left)
            case .map: try readMap(&frame, field)
            }
        } catch {
            throw WireReader.within(field, error)
        }
        left -= frame.cursor.place - start + 1
        frames.append(frame)
    }

    private var isPrinting: Bool {
        reader.options.defaults == .print || reader.options.arrays == .print
    }

    private func end(_ frame: Frame) throws(WireFailure) {
        if isPrinting {
            try reader.printDefaults(frame.table, frame.next, frame.table.pointee.fieldCount)
        }
        guard frame.requiredCount == frame.table.pointee.requiredCount else {
            throw reader.missingField(frame.slice, frame.table)
        }
        document.endObject()
    }

    /// A frame for a large message that is the value of a field.
    private func descend(
        _ frame: inout Frame, _ field: WireReader.Field
    ) throws(WireFailure) -> Frame? {
        guard field.pointee.kind == .message else { return nil }
        let table = WireReader.table(field)
        var cursor = frame.cursor
        let slice = try cursor.slice()
        guard slice.count >= frameBytesMin, table.pointee.canBeReadInPieces else {
            return nil
        }
        frame.cursor = cursor
        frame.tag = try frame.cursor.tag()
        try reader.countMember()
        reader.writeKey(field)
        try reader.checkDepth(frame.depth)
        document.beginObject()
        return Frame(slice, table, field, depth: frame.depth + 1)
    }

    private func readSingle(
        _ frame: inout Frame, _ field: WireReader.Field
    ) throws(WireFailure) {
        try twice(&frame) { reader, cursor, depth throws(WireFailure) in
            try reader.readSingle(&cursor, field, depth)
        }
        frame.tag = try frame.cursor.tag()
    }

    private func readMap(_ frame: inout Frame, _ field: WireReader.Field) throws(WireFailure) {
        let first = frame.tag
        var tag = first
        try twice(&frame) { reader, cursor, depth throws(WireFailure) in
            if reader.isCareful {
                tag = try reader.readMapCarefully(&cursor, field, first, depth)
            } else {
                tag = try reader.readMap(&cursor, field, first, depth)
            }
        }
        frame.tag = tag
    }

    /// Reads a value that is complete in itself: as it usually is, and where it is not, with care.
    private func twice(
        _ frame: inout Frame,
        _ body: (inout WireReader, inout WireCursor, _ depth: Int) throws(WireFailure) -> Void
    ) throws(WireFailure) {
        let mark = document.mark
        let members = reader.members
        var cursor = frame.cursor
        do throws(WireFailure) {
            try body(&reader, &cursor, frame.depth)
        } catch {
            guard error.reason == .disorder || error.reason == .malformed else { throw error }
            document.rewind(to: mark)
            reader.members = members
            cursor = frame.cursor
            reader.isCareful = true
            try body(&reader, &cursor, frame.depth)
            reader.isCareful = false
        }
        frame.cursor = cursor
    }

    // MARK: Lists

    private func openList(
        _ frame: Frame, _ field: WireReader.Field, _ left: inout Int
    ) throws(WireFailure) {
        var frame = frame
        try reader.checkDepth(frame.depth)
        frame.mark = document.mark
        try reader.countMember()
        reader.writeKey(field)
        document.beginArray()
        frame.list = field
        frame.hasItems = false
        frames.append(frame)
    }

    private func readItem(_ frame: inout Frame, _ left: inout Int) throws(WireFailure) {
        guard let field = frame.list else { return }
        guard frame.tag >> 3 == field.pointee.number else { return closeList(frame) }
        let start = frame.cursor.place
        do throws(WireFailure) {
            if frame.tag == field.pointee.tag {
                try twice(&frame) { reader, cursor, depth throws(WireFailure) in
                    try reader.readItem(&cursor, field, depth)
                }
            } else if WireReader.takes(field, frame.tag) {
                try reader.readRun(try frame.cursor.slice(), field)
            } else {
                try frame.cursor.skip(frame.tag)
            }
            frame.tag = try frame.cursor.tag()
        } catch {
            throw WireReader.within(field, error)
        }
        if document.openCount > 0 { frame.hasItems = true }
        left -= frame.cursor.place - start
        frames.append(frame)
    }

    private func closeList(_ frame: Frame) {
        var frame = frame
        document.endArray()
        if !frame.hasItems, let mark = frame.mark, reader.options.arrays == .omit {
            document.rewind(to: mark)
        }
        frame.list = nil
        frame.hasItems = false
        frame.mark = nil
        frames.append(frame)
    }
}

/// Looks whether a message's fields come by ascending number, and each but once: then what is read
/// of them stays as it is, whatever follows.
struct WireOrder {
    enum Finding { case going, ordered, unordered }

    private var cursor: WireCursor
    private var last = -1
    /// Of the field before, known or not: the values of a list stand in a row.
    private var number: UInt32 = 0
    private var oneofs: UInt64 = 0

    init(_ slice: WireSlice) { cursor = WireCursor(slice) }

    /// Looks at about `left` bytes, of which those of values count little.
    mutating func look(
        _ table: WireReader.Table, _ left: inout Int
    ) throws(WireFailure) -> Finding {
        while left > 0 {
            let tag = try cursor.tag()
            if tag == 0 { return .ordered }
            let place = table.pointee.place(number: tag >> 3)
            let goesOn = tag >> 3 == number
            number = tag >> 3
            try cursor.skip(tag)
            left -= 8
            guard place >= 0, WireReader.takes(table.pointee.fields + place, tag) else { continue }
            let field = table.pointee.fields + place
            switch field.pointee.form {
            case .implicit, .explicit, .item: if place <= last { return .unordered }
            case .repeated, .packed, .map:
                if place < last || place == last && !goesOn { return .unordered }
            }
            if field.pointee.oneof >= 0, place != last {
                let bit: UInt64 = 1 &<< UInt64(truncatingIfNeeded: field.pointee.oneof)
                if oneofs & bit != 0 { return .unordered }
                oneofs |= bit
            }
            last = place
        }
        return .going
    }
}

extension MessageTable {
    /// Its members come one after the other, and have no other form than that.
    var canBeReadInPieces: Bool { wellKnown == .none && !isReadCarefully }
}

extension MessagePlan {
    /// `PieceReader` can read it.
    package var canBeReadInPieces: Bool { table.pointee.canBeReadInPieces }
}
