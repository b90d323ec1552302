// SPDX-License-Identifier: Apache-2.0
// Elements that stand beside the reply itself (header blocks, details of a fault): each is read
// into a small Document of its own, so that one that does not fit spoils nothing else.

internal import DragomanDocument

/// Reads annexes one at a time and keeps them until they are written out together.
struct AnnexReader {
    private struct Annex {
        /// Nil for one that the contract does not declare.
        let part: PartPlan?
        /// The local name, for an undeclared one.
        let local: String
        let document: Document
    }

    private var annexes: [Annex] = []
    private var open: Annex?
    /// Elements open, the annex's own included.
    private var depth = 0
    private var failure: String?
    private var hasFailed = false

    static let annexesMax = 64

    mutating func removeAll() {
        if !annexes.isEmpty { annexes.removeAll() }
        open = nil
        depth = 0
        failure = nil
        hasFailed = false
    }

    var isEmpty: Bool { annexes.isEmpty }

    /// Returns false where it is passed over, because there are too many.
    mutating func begin(
        _ part: PartPlan?, _ tag: XMLStartTag, _ reader: PlanReader, _ parser: XMLPushParser
    ) -> Bool {
        guard annexes.count < AnnexReader.annexesMax else { return false }
        let document = Document(tapeCapacity: 64, textCapacity: 512)
        open = Annex(part: part, local: XMLText.string(tag.local), document: document)
        depth = 1
        hasFailed = false
        attempt { () throws(TranslationError) in
            if let part {
                try reader.begin(part.element, tag, in: parser, into: document)
            } else {
                try reader.beginAny(tag, in: parser, into: document)
            }
        }
        return true
    }

    mutating func start(_ tag: XMLStartTag, _ reader: PlanReader, _ parser: XMLPushParser) {
        depth += 1
        if !hasFailed {
            attempt { () throws(TranslationError) in try reader.start(tag, in: parser) }
        }
    }

    mutating func text(
        _ bytes: UnsafeRawBufferPointer, _ reader: PlanReader, _ parser: XMLPushParser
    ) {
        if !hasFailed {
            attempt { () throws(TranslationError) in try reader.text(bytes, in: parser) }
        }
    }

    /// Returns whether this was the end of the annex.
    mutating func end(_ reader: PlanReader, _ parser: XMLPushParser) -> Bool {
        depth -= 1
        if !hasFailed {
            attempt { () throws(TranslationError) in _ = try reader.end(in: parser) }
        }
        guard depth == 0 else { return false }
        if let open, !hasFailed { annexes.append(open) }
        open = nil
        return true
    }

    /// Why the last annex was dropped; nil where it was not.
    mutating func takeFailure() -> String? {
        defer { failure = nil }
        return failure
    }

    private mutating func attempt(_ body: () throws(TranslationError) -> Void) {
        do {
            try body()
        } catch {
            hasFailed = true
            failure = "\(open?.local ?? "") does not fit the contract: \(error.detail)"
        }
    }

    /// Appends members: declared annexes by part name, and the others by local name, each name
    /// once.
    func write(to document: Document) {
        var seen: Set<String> = []
        for annex in annexes {
            guard let value = annex.document.root else { continue }
            guard seen.insert(annex.part?.name ?? annex.local).inserted else { continue }
            if let part = annex.part { document.key(part.key) } else { document.key(annex.local) }
            document.append(copy: value)
        }
    }

    /// Appends declared annexes by part name, and the others to an array `@any`.
    /// `text`: stands in `@any` where there is no annex.
    func writeDetail(to document: Document, text: [UInt8]) {
        var seen: Set<String> = []
        var rest: [Node] = []
        for annex in annexes {
            guard let value = annex.document.root else { continue }
            guard let part = annex.part, seen.insert(part.name).inserted else {
                if annex.part == nil { rest.append(value) }
                continue
            }
            document.key(part.key)
            document.append(copy: value)
        }
        guard !rest.isEmpty || (annexes.isEmpty && !text.isEmpty) else { return }
        document.key("@any")
        document.beginArray()
        for value in rest { document.append(copy: value) }
        if rest.isEmpty { text.withUnsafeBytes { document.append(string: $0) } }
        document.endArray()
    }
}
