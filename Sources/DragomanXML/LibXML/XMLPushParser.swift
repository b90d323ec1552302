// SPDX-License-Identifier: Apache-2.0
// libxml2's push parser behind a fence: bytes in as they arrive, SAX2 events out; no tree, no
// DTD, no entities but XML's own five, no network, everything bounded. The only place where
// libxml2 is called.

internal import CLibXML2
package import DragomanDocument

/// Reads XML documents one after the other. Owns its libxml2 context, which is used again; belongs
/// to one event loop, and must not be fed from inside its own handler.
package final class XMLPushParser {
    /// Receives the events; kept alive by this.
    package let handler: XMLEventHandler
    package var limits: XMLLimits

    /// Elements that are open, the one being started included.
    package private(set) var depth = 0
    /// Where the document stopped being XML; nil while it has not.
    package private(set) var failure: XMLSyntaxFailure?

    /// Counts the contexts made so far: pointers of `intern` are good for one of them.
    package private(set) var generation = 0

    private let values = AttributeValues()
    private var context: xmlParserCtxtPtr?
    private var internedCount = 0
    /// What `position` found last, from where it counts on: documents of megabytes stand in one
    /// line.
    private var lastPosition = (offset: -1, column: 1)
    private var parked: TranslationError?
    private var scope: [DeclaredNamespace] = []
    /// The innermost element that declares namespaces.
    private var scopeDepth = 0
    /// A document's first bytes, held until its encoding can be told from them.
    private var head: [UInt8] = []
    private var isStarted = false
    var encoding: String?
    /// The transport says UTF-8, whatever the document says of itself.
    var isUTF8Said = false
    /// The encoding that the document's byte order mark says.
    private var marked: StaticString?

    private struct DeclaredNamespace {
        let depth: Int
        let prefix: UnsafePointer<UInt8>?
        let uri: UnsafePointer<UInt8>?
    }

    /// xmlInitParser must have run before contexts are made on several threads.
    private static let initialised: Void = xmlInitParser()

    /// Names beyond this are the backend's doing: the context's dictionary is made anew.
    private static let dictionaryMax = 20_000

    /// libxml2 refuses to look further ahead than 10 MB in one piece.
    private static let pieceBytesMax = 1 << 18

    package init(handler: XMLEventHandler, limits: XMLLimits = XMLLimits()) {
        self.handler = handler
        self.limits = limits
        _ = XMLPushParser.initialised
    }

    deinit { freeContext() }

    private func freeContext() {
        guard let context else { return }
        // A document is made only by handlers that are not set here; libxml2 makes none.
        xmlFreeParserCtxt(context)
        self.context = nil
    }

    // MARK: Names

    /// The pointer by which `local` and `uri` of start tags stand for that name. Valid as long as
    /// `generation` stays.
    package func intern(_ name: UnsafeRawBufferPointer) -> UnsafePointer<UInt8>? {
        guard let context = ensureContext(),
            let bytes = name.baseAddress?.assumingMemoryBound(to: UInt8.self)
        else { return nil }
        internedCount += 1
        // NULL when memory or the dictionary's own limit is exhausted.
        return xmlDictLookup(context.pointee.dict, bytes, Int32(clamping: name.count))
    }

    /// The namespace that `prefix` stands for here (nil: the default one); nil where there is
    /// none. `isDeclared` tells an undeclared prefix.
    package func namespace(
        _ prefix: UnsafeRawBufferPointer
    ) -> (uri: UnsafePointer<UInt8>?, isDeclared: Bool) {
        var index = scope.count
        while index > 0 {
            index -= 1
            let entry = scope[index]
            if Bytes.equal(XMLText.bytes(entry.prefix), prefix) {
                if let uri = entry.uri, uri[0] != 0 { return (uri, true) }
                return (nil, prefix.isEmpty)
            }
        }
        return (nil, prefix.isEmpty)
    }

    /// Calls `body` for each namespace in scope, the innermost first; prefixes may come again.
    package func forEachNamespace(
        _ body: (UnsafePointer<UInt8>?, UnsafePointer<UInt8>?) -> Void
    ) {
        for entry in scope.reversed() { body(entry.prefix, entry.uri) }
    }

    // MARK: Documents

    /// Starts a document, whatever became of the last one. `encoding`: what the transport says,
    /// which wins over the document's own; nil for none. `isUTF8`: it says UTF-8, as most are.
    package func begin(encoding: String? = nil, isUTF8: Bool = false) {
        depth = 0
        failure = nil
        parked = nil
        scope.removeAll(keepingCapacity: true)
        scopeDepth = 0
        head.removeAll(keepingCapacity: true)
        lastPosition = (-1, 1)
        isStarted = false
        // XML_PARSE_IGNORE_ENC can not be taken back from a context.
        if self.encoding != nil, encoding == nil { freeContext() }
        self.encoding = encoding
        isUTF8Said = isUTF8
        guard let context else { return }
        guard Int(xmlDictSize(context.pointee.dict)) <= XMLPushParser.dictionaryMax + internedCount
        else {
            freeContext()
            return
        }
    }

    /// Takes the document's next bytes. Events happen before it returns.
    package func feed(_ bytes: UnsafeRawBufferPointer) throws(TranslationError) {
        if parked == nil, bytes.count > 0 {
            if isStarted {
                parse(bytes)
            } else if head.isEmpty, isHead(bytes) {
                if isUTF8Said { overrule(bytes) }
                start(UnsafeRawBufferPointer(rebasing: bytes[0..<4]))
                parse(UnsafeRawBufferPointer(rebasing: bytes[4...]))
            } else {
                head.append(contentsOf: bytes)
                if head.withUnsafeBytes({ isHead($0) }) { startWithHead() }
            }
        }
        if let parked { throw parked }
    }

    /// Ends the document: throws where it is not complete.
    package func finish() throws(TranslationError) {
        if parked == nil {
            if !isStarted { startWithHead() }
            if parked == nil, let context { check(xmlParseChunk(context, nil, 0, 1)) }
        }
        if let parked { throw parked }
    }

    private func startWithHead() {
        let first = head
        head.removeAll(keepingCapacity: true)
        first.withUnsafeBytes { all in
            if isUTF8Said { overrule(all) }
            start(UnsafeRawBufferPointer(rebasing: all[0..<min(4, all.count)]))
            if all.count > 4 { parse(UnsafeRawBufferPointer(rebasing: all[4...])) }
        }
    }

    private func ensureContext() -> xmlParserCtxtPtr? {
        if let context { return context }
        var table = XMLPushParser.handlerTable()
        let made = xmlCreatePushParserCtxt(
            &table, Unmanaged.passUnretained(self).toOpaque(), nil, 0, nil)
        guard let made else { return nil }
        context = made
        generation += 1
        internedCount = 0
        return made
    }

    private func refuseForMemory() {
        fail(TranslationError(.size, keyword: "xml", "The XML parser could not get memory."))
    }

    private func start(_ bytes: UnsafeRawBufferPointer) {
        isStarted = true
        marked =
            bytes.starts(with: [0xEF, 0xBB, 0xBF])
            ? "utf-8"
            : bytes.starts(with: [0xFE, 0xFF]) || bytes.starts(with: [0xFF, 0xFE])
                ? "utf-16" : nil
        guard let context = ensureContext() else { return refuseForMemory() }
        // 0, or 1 where memory is missing.
        let code = xmlCtxtResetPush(
            context, bytes.baseAddress?.assumingMemoryBound(to: CChar.self),
            Int32(bytes.count), nil, encoding)
        guard code == 0 else { return refuseForMemory() }
        // What is not set is as it should be: no entities replaced from a DTD, none loaded.
        var options = Int32(XML_PARSE_NONET.rawValue)
        if encoding != nil { options |= Int32(XML_PARSE_IGNORE_ENC.rawValue) }
        _ = xmlCtxtUseOptions(context, options)
    }

    private func parse(_ bytes: UnsafeRawBufferPointer) {
        guard let context else { return refuseForMemory() }
        var rest = bytes
        while rest.count > 0, parked == nil {
            let size = min(rest.count, XMLPushParser.pieceBytesMax)
            check(
                xmlParseChunk(
                    context, rest.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(size),
                    0))
            rest = UnsafeRawBufferPointer(rebasing: rest[size...])
        }
    }

    /// - Parameter code: xmlParseChunk's: 0, or the number of the last error or warning. Every
    ///   error has come to `reported` before; a code without one is memory (XML_ERR_NO_MEMORY)
    ///   or libxml2's own guard (XML_ERR_INTERNAL_ERROR).
    private func check(_ code: Int32) {
        guard parked == nil, code != 0, let context,
            context.pointee.wellFormed == 0 || context.pointee.disableSAX != 0
        else { return }
        park(line: 0, column: 0, message: "the parser gave up (libxml2 error \(code))")
    }

    // MARK: What libxml2 reports

    /// Ends the document with `error`, which `feed` throws. For handlers that find out outside of
    /// an event; inside of one they throw.
    package func fail(_ error: TranslationError) {
        if parked == nil { parked = error }
        if let context { xmlStopParser(context) }
    }

    private func park(line: Int, column: Int, message: String) {
        if failure == nil {
            failure = XMLSyntaxFailure(line: line, column: column, message: message)
        }
        let place = line > 0 ? " at line \(line), column \(column)" : ""
        fail(
            TranslationError(
                .message, keyword: "xml", "The XML is not well-formed\(place): \(message)."))
    }

    func reported(_ error: xmlError) {
        // XML 1.1, of which libxml2 warns, has characters and names that XML 1.0 has no place for.
        let isOtherVersion = error.code == XML_WAR_UNKNOWN_VERSION.rawValue
        guard parked == nil, isOtherVersion || error.level.rawValue >= XML_ERR_ERROR.rawValue
        else { return }
        // A namespace that is no URI is found in real contracts, and is only a name.
        if error.code == XML_WAR_NS_URI.rawValue || error.code == XML_WAR_NS_URI_RELATIVE.rawValue {
            return
        }
        var message = error.message.map { String(cString: $0) } ?? "unknown error"
        while message.utf8.last == 0x0A || message.utf8.last == 0x20 { message.removeLast() }
        if message.utf8.count > 300 { message = String(message.prefix(300)) + "…" }
        park(line: Int(error.line), column: Int(error.int2), message: message)
    }

    /// The XML declaration has been read: it may not contradict the byte order mark (XML 1.0,
    /// 4.3.3), where the transport does not win over both.
    func declared() {
        guard encoding == nil, let marked, let context,
            let name = context.pointee.encoding ?? context.pointee.input?.pointee.encoding
        else { return }
        let text = XMLText.string(name).lowercased()
        if !text.hasPrefix(marked.description), text != "utf8" || marked.description != "utf-8" {
            park(
                line: 1, column: 1,
                message: "it is declared to be \(text), and its byte order mark says \(marked)")
        }
    }

    func foundDoctype() {
        let position = position
        if failure == nil {
            failure = XMLSyntaxFailure(
                line: position.line, column: position.column, message: "a DOCTYPE is refused",
                isDoctype: true)
        }
        fail(
            TranslationError(
                .message, keyword: "xml",
                "The XML has a DOCTYPE at line \(position.line), which is refused."))
    }

    @inline(__always)
    func started(_ written: XMLStartTag) {
        guard parked == nil else { return }
        depth &+= 1
        if written.attributeCount | written.namespaceCount == 0, depth <= limits.depthMax {
            do throws(TranslationError) {
                if try handler.takeStart(written) { return }
            } catch {
                return fail(error)
            }
        }
        startedAny(written)
    }

    @inline(never)
    private func startedAny(_ written: XMLStartTag) {
        let tag = values.decoded(written)
        if depth > limits.depthMax || tag.attributeCount > limits.attributesMax
            || isLong(tag.local)
        {
            return refuse(tag)
        }
        if tag.namespaceCount > 0 {
            for index in 0..<tag.namespaceCount {
                let declared = tag.namespace(index)
                scope.append(
                    DeclaredNamespace(depth: depth, prefix: declared.prefix, uri: declared.uri))
            }
            scopeDepth = depth
        }
        do throws(TranslationError) {
            try handler.startElement(tag, in: self)
        } catch {
            fail(error)
        }
    }

    @inline(__always)
    func ended() {
        guard parked == nil else { return }
        do throws(TranslationError) {
            try handler.endElement(in: self)
        } catch {
            fail(error)
        }
        if scopeDepth == depth { leaveScope() }
        depth &-= 1
    }

    private func leaveScope() {
        while let last = scope.last, last.depth == depth { scope.removeLast() }
        scopeDepth = scope.last?.depth ?? 0
    }

    @inline(__always)
    func characters(_ bytes: UnsafeRawBufferPointer) {
        guard parked == nil else { return }
        switch TextScan.form(bytes) {
        case .plain: if handler.takeText(bytes, isPlain: true) { return }
        case .escaped: if handler.takeText(bytes, isPlain: false) { return }
        case .broken: return parkNoUTF8()
        }
        do throws(TranslationError) {
            try handler.text(bytes, in: self)
        } catch {
            fail(error)
        }
    }

    @inline(never)
    private func parkNoUTF8() {
        let position = position
        park(line: position.line, column: position.column, message: "bytes that are no UTF-8")
    }

    /// Where the tag begins whose event is being handled; columns in Unicode scalars.
    package var position: (line: Int, column: Int) {
        guard let input = context?.pointee.input, let base = input.pointee.base,
            let current = input.pointee.cur
        else { return (0, 0) }
        var line = Int(input.pointee.line)
        var place = current
        while place > base, place.pointee != 0x3C {
            place -= 1
            if place.pointee == 0x0A { line -= 1 }
        }
        var column = 1
        var start = place
        let consumed = Int(input.pointee.consumed)
        while start > base, (start - 1).pointee != 0x0A {
            if consumed + (start - base) == lastPosition.offset {
                column += lastPosition.column - 1
                break
            }
            start -= 1
            if start.pointee & 0xC0 != 0x80 { column += 1 }
        }
        lastPosition = (consumed + (place - base), column)
        return (max(line, 1), column)
    }
}
