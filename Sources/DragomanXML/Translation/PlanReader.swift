// SPDX-License-Identifier: Apache-2.0
// Turns XML into JSON forms from events as they arrive, straight onto a Document's tape: a stack
// of frames, one for each open element and each open item of a repeated group; no tree.
//
//     <o:Order currency="EUR"><o:Amount>12.99</o:Amount></o:Order>
//     {"currency": "EUR", "Amount": 12.99}

package import DragomanDocument

/// How a reply is judged (MAPPING.md, on_mismatch).
package struct ReadOptions: Sendable, Equatable {
    /// Unknown elements go to `@any`, missing ones are missing; else both are errors.
    package var reportsMismatch = true
    /// The facets of values, and how often elements stand, together with which others.
    package var checksFacets = false

    package init() {}
}

/// Reads one element after the other. Driven by an `XMLEventHandler` that knows what is around
/// them: on the element's start tag `begin`, then each further event to `start`, `text` or `end`,
/// until `end` answers true. Belongs to one loop; `plans` are its own for good.
package final class PlanReader {
    package let plans: PlanSet
    let tables: PlanTables
    let words: PlanWords
    let printsEmptyArrays: Bool
    package var options = ReadOptions() {
        didSet {
            simple.checksFacets = options.checksFacets
            narrowMax = isCounting ? 0 : 64
        }
    }
    /// What stands before the element in the paths of errors, e.g. `/soap:Envelope/soap:Body`.
    package var pathPrefix = ""
    /// Sentences about what did not fit and was passed in report mode; at most `mismatchesMax`.
    package internal(set) var mismatches: [String] = []
    package static let mismatchesMax = 20

    /// Kept alive by `documentOwner`.
    var document: DocumentHandle
    private var documentOwner: Document
    let simple: SimpleReader

    /// The element's first child is its first member, whatever its name: the return value of an
    /// encoded reply, whose name says nothing (SOAP 1.1, 7.1). Set after `begin`, for one element.
    package var takesFirst = false

    /// Frames from the element that `begin` began to the one that is open.
    var frames: UnsafeMutablePointer<ReadFrame>
    var frameCount = 0
    private(set) var frameCapacity = 64
    /// The element whose start tag is being read, and which has no frame yet; -1 for none.
    var starting: Int32 = -1

    /// Bits of members that have been read, for frames of more members than `narrowMax`; where
    /// occurrences are counted, a count for each member behind them.
    var seen: [UInt64] = []
    /// Members of which a frame itself holds the bits.
    private(set) var narrowMax = 64

    /// Of arrays of several dimensions that are open.
    var shapes: [ArrayShape] = []

    /// The parser's pointers for the plans' names and namespaces, of `generation`.
    var locals: [UnsafePointer<UInt8>?] = []
    var uris: [UnsafePointer<UInt8>?] = []
    /// The names of the routes and of the attributes, one for each.
    let routeNames: UnsafeMutablePointer<InternedName>
    let attributeNames: UnsafeMutablePointer<InternedName>
    private var internedBy: ObjectIdentifier?
    private var generation = -1

    /// Some member came in several runs; the value is put in order at the end.
    var needsMerge = false
    private var mark: DocumentMark
    lazy var merger = Document()

    var serializer = FragmentSerializer()
    var captured = OutputBuffer(capacity: 256)
    var capturedText = OutputBuffer(capacity: 256)

    package init(plans: PlanSet) {
        self.plans = plans
        tables = plans.tables
        words = plans.words
        printsEmptyArrays = plans.printsEmptyArrays
        documentOwner = Document(tapeCapacity: 16, textCapacity: 64)
        document = DocumentHandle(documentOwner)
        simple = SimpleReader(plans: plans)
        mark = documentOwner.mark
        frames = .allocate(capacity: frameCapacity)
        routeNames = .allocate(capacity: max(tables.routes.count, 1))
        attributeNames = .allocate(capacity: max(tables.attributes.count, 1))
    }

    deinit {
        frames.deallocate()
        routeNames.deallocate()
        attributeNames.deallocate()
    }

    // MARK: Driving

    /// Whether the tag is this element's; in no namespace where one is due, or the reverse, is
    /// accepted.
    package func matches(
        _ element: ElementPlan, _ tag: XMLStartTag, in parser: XMLPushParser
    ) -> Bool {
        prepare(parser)
        return fit(tables.elements[element.index].name, tag) != .none
            || substitute(for: element.index, tag) != nil
    }

    /// The member of an element's substitution group that the tag is; nil for none.
    private func substitute(for element: Int32, _ tag: XMLStartTag) -> Alternative? {
        let entry = tables.elements[element]
        for offset in 0..<entry.substituteCount {
            let other = tables.substitutes[entry.firstSubstitute + offset]
            if fit(other.name, tag) == .exact { return other }
        }
        return nil
    }

    /// The start tag `tag` begins `element`; its JSON form is appended to `document`, into
    /// which nothing else may go until it ends.
    package func begin(
        _ element: ElementPlan, _ tag: XMLStartTag, in parser: XMLPushParser,
        into document: Document
    ) throws(TranslationError) {
        reset(parser, document)
        if tables.elements[element.index].substituteCount > 0,
            fit(tables.elements[element.index].name, tag) == .none,
            let other = substitute(for: element.index, tag)
        {
            return try beginElement(other.target, tag, parser, substitute: other.json)
        }
        try beginElement(element.index, tag, parser)
    }

    /// The tag begins an element of no plan: appends the whole element as a string of XML.
    package func beginAny(
        _ tag: XMLStartTag, in parser: XMLPushParser, into document: Document
    ) throws(TranslationError) {
        reset(parser, document)
        beginCapture(tag, parser)
    }

    private func reset(_ parser: XMLPushParser, _ document: Document) {
        prepare(parser)
        documentOwner = document
        self.document = DocumentHandle(document)
        mark = document.mark
        frameCount = 0
        starting = -1
        needsMerge = false
        takesFirst = false
        seen.removeAll(keepingCapacity: true)
        shapes.removeAll(keepingCapacity: true)
    }

    /// Forgets the mismatches of the last message.
    package func clearMismatches() {
        if !mismatches.isEmpty { mismatches = [] }
    }

    package func start(
        _ tag: XMLStartTag, in parser: XMLPushParser
    ) throws(TranslationError) {
        guard frameCount > 0 else { return }
        if try startDirectly(tag) { return }
        try startChild(tag, parser)
    }

    package func text(
        _ bytes: UnsafeRawBufferPointer, in parser: XMLPushParser
    ) throws(TranslationError) {
        guard frameCount > 0 else { return }
        let top = frames + (frameCount &- 1)
        switch top.pointee.kind {
        case .text: document.continueText(bytes)
        case .string:
            document.continueText(bytes)
            if !TextScan.isPlain(bytes) { top.pointee.isPlain = false }
        case .object, .item, .content, .unwrap, .array:
            guard XMLCharacters.isSpace(bytes) else {
                throw misfit("text stands where only elements may")
            }
        case .mixed:
            if top.pointee.textStart < 0 {
                openContent(top)
                top.pointee.textStart = document.beginText()
            }
            document.continueText(bytes)
        case .any:
            capturedText.append(bytes)
            serializer.text(bytes, in: parser, to: captured)
        case .capture: serializer.text(bytes, in: parser, to: captured)
        case .skip, .empty: break
        }
    }

    /// - Returns: whether this was the end of the element that `begin` began.
    package func end(in parser: XMLPushParser) throws(TranslationError) -> Bool {
        guard frameCount > 0 else { return true }
        if endDirectly() { return false }
        try endElement(parser)
        guard frameCount == 0 else { return false }
        if needsMerge { mergeRuns() }
        return true
    }

    private func mergeRuns() {
        guard let value = documentOwner.value(after: mark) else { return }
        merger.removeAll()
        RunMerger.copy(value, to: merger, depth: 0)
        documentOwner.rewind(to: mark)
        if let root = merger.root { documentOwner.append(copy: root) }
        merger.removeAll()
    }

    // MARK: Names

    /// Makes the pointer tables for the parser, once for each of its contexts.
    @inline(__always)
    func prepare(_ parser: XMLPushParser) {
        if internedBy == ObjectIdentifier(parser), generation == parser.generation { return }
        simple.parser = parser
        intern(parser)
    }

    @inline(never)
    private func intern(_ parser: XMLPushParser) {
        uris = (0..<tables.namespacePlans.count).map {
            parser.intern(tables.namespacePlans[Int32($0)].uri.bytes)
        }
        locals = (0..<tables.names.count).map {
            parser.intern(tables.names[Int32($0)].local.bytes)
        }
        internNames(nameBytesMax: parser.limits.nameBytesMax)
        internedBy = ObjectIdentifier(parser)
        generation = parser.generation
    }

    enum Fit { case none, loose, exact }

    /// How well a tag's name fits a name of the plans.
    @inline(__always)
    func fit(_ name: Int32, _ tag: XMLStartTag) -> Fit {
        guard locals[Int(name)] == tag.local else { return .none }
        let namespace = tables.names.base[Int(name)].namespace
        if namespace < 0 { return tag.uri == nil ? .exact : .loose }
        if uris[Int(namespace)] == tag.uri { return .exact }
        return tag.uri == nil ? .loose : .none
    }

    // MARK: Frames

    @inline(__always)
    func push(_ frame: ReadFrame) {
        if frameCount == frameCapacity { growFrames() }
        (frames + frameCount).initialize(to: frame)
        starting = -1
        frameCount &+= 1
    }

    @inline(never)
    func growFrames() {
        let larger = UnsafeMutablePointer<ReadFrame>.allocate(capacity: frameCapacity * 2)
        larger.moveInitialize(from: frames, count: frameCount)
        frames.deallocate()
        frames = larger
        frameCapacity *= 2
    }

    /// The frame that is open; callers have checked that there is one.
    @inline(__always)
    var top: UnsafeMutablePointer<ReadFrame> { frames + (frameCount &- 1) }

    // MARK: Problems

    /// What the message has that its contract does not allow, with the path of where it stands.
    func misfit(_ detail: String, name: String? = nil) -> TranslationError {
        TranslationError(.message, detail, path: path(name))
    }

    /// A mismatch that report mode lets pass.
    func report(_ detail: String, name: String? = nil) throws(TranslationError) {
        guard options.reportsMismatch else { throw misfit(detail, name: name) }
        if mismatches.count < PlanReader.mismatchesMax {
            mismatches.append("\(path(name)): \(detail)")
        }
    }

    /// XPath of the open element, or of `name` in it.
    func path(_ name: String? = nil) -> String {
        var path = pathPrefix
        var position: Int32 = 0
        for index in 0..<frameCount {
            let frame = frames[index]
            if frame.kind == .item {
                position = 0
                continue
            }
            if frame.entry >= 0 { path += step(frame.entry, position) }
            position = frame.occurrence
        }
        if starting >= 0 { path += step(starting, position) }
        return name.map { "\(path)/\($0)" } ?? path
    }
}

extension PlanReader {
    /// One step of a path; `position` from 1, or 0 where there is one element alone.
    private func step(_ element: Int32, _ position: Int32) -> String {
        let plan = tables.names[tables.elements[element].name]
        let prefix =
            plan.namespace < 0
            ? "" : tables.namespacePlans[plan.namespace].prefix.string + ":"
        return "/\(prefix)\(plan.local.string)" + (position > 0 ? "[\(position)]" : "")
    }
}

/// Puts together the runs of members that came interleaved: `{a: [1], b: [2], a: [3]}` to
/// `{a: [1, 3], b: [2]}`.
enum RunMerger {
    static func copy(_ node: Node, to document: Document, depth: Int) {
        switch node.kind {
        case .array:
            document.beginArray()
            var items = node.items
            while let item = items.next() { copy(item, to: document, depth: depth + 1) }
            document.endArray()
        case .object:
            var order: [(name: Node, values: [Node])] = []
            var places: [String: Int] = [:]
            var members = node.members
            while let member = members.next() {
                let name = member.name.string
                if let place = places[name] {
                    order[place].values.append(member.value)
                } else {
                    places[name] = order.count
                    order.append((member.name, [member.value]))
                }
            }
            document.beginObject()
            for entry in order {
                document.key(entry.name.bytes, isPlain: entry.name.isPlain)
                if entry.values.count == 1 {
                    copy(entry.values[0], to: document, depth: depth + 1)
                    continue
                }
                document.beginArray()
                for value in entry.values {
                    var items = value.items
                    while let item = items.next() { copy(item, to: document, depth: depth + 1) }
                }
                document.endArray()
            }
            document.endObject()
        default: document.append(copy: node)
        }
    }
}
