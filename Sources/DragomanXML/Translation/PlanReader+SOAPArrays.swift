// SPDX-License-Identifier: Apache-2.0
// Arrays of SOAP encoding (SOAP 1.1, 5.4.2; SOAP 1.2 part 2, 3.1): one run of items into JSON
// arrays nested by dimension, gaps of `offset` and `position` as null.
//
//     <X soapenc:arrayType="xs:string[2,2]"><item>a</item>…<item>d</item></X>
//     [["a", "b"], ["c", "d"]]

internal import DragomanDocument

/// The sizes of an array of several dimensions whose items are being read.
struct ArrayShape {
    /// Outermost first; the first is -1 where the message leaves it open.
    let sizes: [Int]

    /// Items below one step of the dimension `index`.
    func stride(_ index: Int) -> Int { sizes[(index + 1)...].reduce(1, *) }

    /// nil where the outermost size is open.
    var total: Int? { sizes[0] < 0 ? nil : sizes.reduce(1, *) }
}

extension PlanReader {
    /// At most so many nulls stand for items that a message says are elsewhere.
    private static let gapMax = 10_000
    /// Items that an array of several dimensions may say it has.
    private static let arrayMax = 1 << 32

    /// `frame.expected`: how many arrays of the type are around this one.
    /// `frame.scope`: index into `shapes` where there are several dimensions; -1 for one.
    func beginArray(
        _ frame: inout ReadFrame, _ tag: XMLStartTag, level: Int32 = 0
    ) throws(TranslationError) {
        frame.kind = .array
        frame.expected = level
        frame.occurrence = 0
        document.beginArray()
        let plan = plans.soapArrays[Int(tables.types[frame.type].soapArray)]
        let rank = plan.dimensions[Int(level)]
        var sizes: [Int] = []
        var offset: [Int] = []
        for index in 0..<tag.attributeCount {
            let attribute = tag.attribute(index)
            guard attribute.uri != nil else { continue }
            if XMLText.equals(attribute.local, "offset") {
                offset = PlanReader.bracketed(attribute.value)
            } else if rank > 1, XMLText.equals(attribute.local, "arrayType") {
                sizes = PlanReader.bracketed(attribute.value)
            } else if rank > 1, XMLText.equals(attribute.local, "arraySize") {
                sizes = PlanReader.sizes(attribute.value)
            }
        }
        if rank > 1 { try beginShape(&frame, sizes, rank) }
        if !offset.isEmpty { try skip(&frame, to: offset) }
    }

    private func beginShape(
        _ frame: inout ReadFrame, _ sizes: [Int], _ rank: Int
    ) throws(TranslationError) {
        guard sizes.count == rank, sizes.dropFirst().allSatisfy({ $0 >= 0 }) else {
            throw misfit("an array of \(rank) dimensions must say their sizes")
        }
        // An open outermost size counts as one.
        var total = 1
        for size in sizes {
            let (product, isOver) = total.multipliedReportingOverflow(by: max(size, 1))
            guard !isOver, product <= PlanReader.arrayMax else {
                throw misfit("the array's sizes are too large")
            }
            total = product
        }
        frame.scope = Int32(shapes.count)
        shapes.append(ArrayShape(sizes: sizes))
    }

    /// Arrays of inner dimensions end and begin before the item that comes next.
    private func nest(_ frame: inout ReadFrame) {
        guard frame.scope >= 0 else { return }
        let shape = shapes[Int(frame.scope)]
        let position = Int(frame.occurrence)
        for index in 0..<(shape.sizes.count - 1) where position % max(shape.stride(index), 1) == 0 {
            let depth = shape.sizes.count - 1 - index
            if position > 0 { for _ in 0..<depth { document.endArray() } }
            for _ in 0..<depth { document.beginArray() }
            return
        }
    }

    /// Null for each item up to a place, one number for each dimension.
    private func skip(_ frame: inout ReadFrame, to place: [Int]) throws(TranslationError) {
        var position = place.first ?? 0
        if frame.scope >= 0 {
            let shape = shapes[Int(frame.scope)]
            guard place.count == shape.sizes.count else { return }
            position = 0
            for (index, part) in place.enumerated() {
                guard part <= 1 << 20 else { throw misfit("the array's gap is too large") }
                position += part * shape.stride(index)
            }
            if let total = shape.total { position = min(position, total) }
        }
        guard position - Int(frame.occurrence) <= PlanReader.gapMax else {
            throw misfit("the array leaves out more than \(PlanReader.gapMax) items")
        }
        while Int(frame.occurrence) < position {
            nest(&frame)
            document.appendNull()
            frame.occurrence &+= 1
        }
    }

    /// The numbers between the last pair of brackets.
    static func bracketed(_ text: UnsafeRawBufferPointer) -> [Int] {
        guard let open = text.lastIndex(of: 0x5B), let close = text.lastIndex(of: 0x5D),
            open < close
        else { return [] }
        return text[(open + 1)..<close].split(separator: 0x2C).compactMap {
            Int(XMLCharacters.trim(String(decoding: $0, as: UTF8.self))).flatMap {
                $0 < 0 ? nil : $0
            }
        }
    }

    /// SOAP 1.2's arraySize: numbers, the first of which may be `*`.
    private static func sizes(_ text: UnsafeRawBufferPointer) -> [Int] {
        XMLCharacters.tokens(String(decoding: text, as: UTF8.self)).map {
            $0 == "*" ? -1 : Int($0) ?? -1
        }
    }

    func startArrayItem(
        _ tag: XMLStartTag, _ parser: XMLPushParser
    ) throws(TranslationError) {
        let frame = top
        for index in 0..<tag.attributeCount {
            let attribute = tag.attribute(index)
            guard XMLText.equals(attribute.local, "position"), attribute.uri != nil else {
                continue
            }
            try skip(&frame.pointee, to: PlanReader.bracketed(attribute.value))
        }
        if frame.pointee.scope >= 0,
            let total = shapes[Int(frame.pointee.scope)].total,
            Int(frame.pointee.occurrence) >= total
        {
            throw misfit("the array has more items than its sizes say")
        }
        nest(&frame.pointee)
        frame.pointee.occurrence &+= 1
        let type = frame.pointee.type
        let level = frame.pointee.expected + 1
        let dimensions = plans.soapArrays[Int(tables.types[type].soapArray)].dimensions
        guard Int(level) < dimensions.count else {
            return try beginElement(tables.types[type].item, tag, parser)
        }
        var inner = ReadFrame(kind: .array, entry: frame.pointee.entry, type: type)
        if instance(of: tag).isNil {
            document.appendNull()
            inner.kind = .empty
        } else {
            try beginArray(&inner, tag, level: level)
        }
        push(inner)
    }

    func endArray(_ frame: UnsafeMutablePointer<ReadFrame>) throws(TranslationError) {
        if frame.pointee.scope >= 0 {
            let shape = shapes[Int(frame.pointee.scope)]
            if let total = shape.total, total > 0 {
                try skip(&frame.pointee, to: shape.sizes.map { $0 - 1 })
                if Int(frame.pointee.occurrence) < total {
                    nest(&frame.pointee)
                    document.appendNull()
                    frame.pointee.occurrence &+= 1
                }
            } else if frame.pointee.occurrence == 0 {
                appendEmpty(shape.sizes[...])
                _ = shapes.popLast()
                return document.endArray()
            }
            for _ in 1..<shape.sizes.count { document.endArray() }
            _ = shapes.popLast()
        }
        document.endArray()
    }

    /// `[2,0]` is two empty arrays. The outermost array is open.
    private func appendEmpty(_ sizes: ArraySlice<Int>) {
        guard let size = sizes.first, sizes.count > 1, size > 0 else { return }
        for _ in 0..<min(size, PlanReader.gapMax) {
            document.beginArray()
            appendEmpty(sizes.dropFirst())
            document.endArray()
        }
    }
}
