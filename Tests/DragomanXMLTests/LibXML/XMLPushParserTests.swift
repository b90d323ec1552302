// SPDX-License-Identifier: Apache-2.0
// The fence around libxml2: what is refused, what is bounded, and that pieces make no difference.

import DragomanDocument
import Testing

@testable import DragomanXML

/// Events as one line of text.
final class EventLog: XMLEventHandler {
    var text = ""

    override func startElement(
        _ tag: XMLStartTag, in parser: XMLPushParser
    ) throws(TranslationError) {
        text += "<\(tag.name)"
        for index in 0..<tag.attributeCount {
            let attribute = tag.attribute(index)
            text +=
                " \(XMLText.string(attribute.local))="
                + "[\(String(decoding: attribute.value, as: UTF8.self))]"
        }
        text += ">"
    }

    override func endElement(in parser: XMLPushParser) throws(TranslationError) { text += "/" }

    override func text(
        _ bytes: UnsafeRawBufferPointer, in parser: XMLPushParser
    ) throws(TranslationError) {
        text += String(decoding: bytes, as: UTF8.self)
    }

    /// The events of a document fed in pieces of `step` bytes, or how it was refused.
    static func run(
        _ bytes: [UInt8], step: Int, parser: XMLPushParser, encoding: String? = nil
    ) -> String {
        guard let log = parser.handler as? EventLog else { return "" }
        log.text = ""
        parser.begin(encoding: encoding)
        var start = 0
        while start < bytes.count {
            let piece = bytes[start..<min(start + step, bytes.count)]
            start += step
            let error = piece.withUnsafeBytes { all -> TranslationError? in
                do throws(TranslationError) {
                    try parser.feed(all)
                    return nil
                } catch {
                    return error
                }
            }
            if let error { return "refused: \(error.reason) \(error.detail)" }
        }
        do {
            try parser.finish()
        } catch {
            return "refused: \(error.reason) \(error.detail)"
        }
        return log.text
    }
}

@Suite("XMLPushParser")
struct XMLPushParserTests {
    static let documents = [
        "<a x=\"1 &amp; 2 &#38;#38; &lt;\">b<c xmlns=\"urn:c\"/>d<![CDATA[<&>]]></a>",
        "\u{FEFF}<?xml version=\"1.0\" encoding=\"UTF-8\"?><é>ü&#8364;</é>",
        "<a>" + String(repeating: "äöü€😀", count: 300) + "</a>",
        "<a" + String(repeating: " ", count: 500) + "b='" + String(repeating: "é", count: 400)
            + "'/>",
        "<a><!-- c --><?p i?>\r\n<b/>\n</a>",
    ]

    @Test("pieces of any size give the same events", arguments: documents)
    func pieces(_ document: String) {
        let parser = XMLPushParser(handler: EventLog())
        let bytes = Array(document.utf8)
        let whole = EventLog.run(bytes, step: bytes.count, parser: parser)
        #expect(!whole.hasPrefix("refused"))
        for step in [1, 2, 3, 5, 17, 300] {
            #expect(EventLog.run(bytes, step: step, parser: parser) == whole)
        }
    }

    @Test("ampersands in attributes come as they are")
    func ampersands() {
        let parser = XMLPushParser(handler: EventLog())
        let read = EventLog.run(Array(Self.documents[0].utf8), step: 1000, parser: parser)
        #expect(read == "<a x=[1 & 2 &#38; <]>b<{urn:c}c>/d<&>/")
    }

    @Test(
        "what is no XML of ours is refused",
        arguments: [
            "", " ", "x", "<a>", "<a></b>", "<a/><b/>", "<a b='1' b='2'/>", "<p:a/>", "<a>&e;</a>",
            "<a>\u{1}</a>", "<!DOCTYPE a><a/>", "<!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>",
            "<a>&#0;</a>", "<a>]]></a>", "<a xmlns:p=''/>", "<1/>", "<?xml version='1.1'?><a/>",
        ])
    func refused(_ document: String) {
        let parser = XMLPushParser(handler: EventLog())
        for step in [1, 1000] {
            let read = EventLog.run(Array(document.utf8), step: step, parser: parser)
            #expect(read.hasPrefix("refused: message"), "\(read)")
        }
        #expect(EventLog.run(Array("<a/>".utf8), step: 9, parser: parser) == "<a>/")
    }

    @Test("depth, attributes and names are bounded")
    func bounds() {
        let parser = XMLPushParser(handler: EventLog(), limits: XMLLimits(depthMax: 3))
        #expect(
            EventLog.run(Array("<a><a><a/></a></a>".utf8), step: 99, parser: parser)
                == "<a><a><a>///")
        let deep = Array("<a><a><a><a/></a></a></a>".utf8)
        #expect(EventLog.run(deep, step: 99, parser: parser).hasPrefix("refused: depth"))
        let attributes = (0..<300).map { " a\($0)=''" }.joined()
        let wide = Array("<a\(attributes)/>".utf8)
        #expect(EventLog.run(wide, step: 99, parser: parser).hasPrefix("refused: size"))
        let long = Array("<\(String(repeating: "a", count: 2000))/>".utf8)
        #expect(EventLog.run(long, step: 99, parser: parser).hasPrefix("refused: size"))
    }

    @Test("encodings by mark, declaration and transport")
    func encodings() {
        let parser = XMLPushParser(handler: EventLog())
        let latin =
            Array("<?xml version='1.0' encoding='ISO-8859-1'?><a>".utf8) + [0xE9]
            + Array("</a>".utf8)
        let utf16: [UInt8] =
            [0xFF, 0xFE] + "<a>é</a>".utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        let plain = Array("<a>".utf8) + [0xE9] + Array("</a>".utf8)
        for step in [1, 1000] {
            #expect(EventLog.run(latin, step: step, parser: parser) == "<a>é/")
            #expect(EventLog.run(utf16, step: step, parser: parser) == "<a>é/")
            #expect(EventLog.run(plain, step: step, parser: parser).hasPrefix("refused"))
            #expect(
                EventLog.run(plain, step: step, parser: parser, encoding: "ISO-8859-1") == "<a>é/")
        }
    }

    @Test("bytes at random never crash, and pieces make no difference")
    func random() {
        let parser = XMLPushParser(handler: EventLog())
        var state: UInt64 = 42
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        let seeds = Self.documents.map { Array($0.utf8) }
        for _ in 0..<400 {
            var bytes = seeds[next(seeds.count)]
            for _ in 0..<(1 + next(4)) { bytes[next(bytes.count)] = UInt8(next(256)) }
            let whole = EventLog.run(bytes, step: bytes.count, parser: parser)
            let dripped = EventLog.run(bytes, step: 1, parser: parser)
            #expect(whole.hasPrefix("refused") == dripped.hasPrefix("refused"))
            if !whole.hasPrefix("refused") { #expect(whole == dripped) }
        }
    }

    @Test("a declaration may not contradict the byte order mark")
    func byteOrderMark() {
        let parser = XMLPushParser(handler: EventLog())
        func read(_ bytes: [UInt8]) -> String {
            EventLog.run(bytes, step: bytes.count, parser: parser)
        }
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        func wide(_ text: String) -> [UInt8] { [0xFE, 0xFF] + text.utf8.flatMap { [0, $0] } }
        #expect(!read(mark + "<?xml version='1.0' encoding='UTF-8'?><x/>".utf8).hasPrefix("ref"))
        #expect(!read(mark + "<?xml version='1.0'?><x/>".utf8).hasPrefix("refused"))
        #expect(
            read(mark + "<?xml version='1.0' encoding='iso-8859-1'?><x/>".utf8).hasPrefix("ref"))
        #expect(!read(wide("<?xml version='1.0' encoding='utf-16'?><x/>")).hasPrefix("refused"))
        #expect(!read(wide("<?xml version='1.0'?><x/>")).hasPrefix("refused"))
        #expect(read(wide("<?xml version='1.0' encoding='utf-8'?><x/>")).hasPrefix("refused"))
        #expect(!read(Array("<x/>".utf8)).hasPrefix("refused"))
    }

    @Test("places are counted on in one long line, and begin again with the next")
    func longLine() throws {
        let pieces = (0..<300).map { "é<e n=\"\($0) \u{1F600}\"/>" }
        let text = "<r>" + pieces.joined() + "\n<e/></r>"
        let root = try XMLTreeReader.read(Array(text.utf8), file: "f")
        try #require(root.elements.count == 301)
        var column = 4
        for (element, piece) in zip(root.elements, pieces) {
            #expect([element.line, element.column] == [1, column + 1])
            column += piece.unicodeScalars.count
        }
        #expect([root.elements[300].line, root.elements[300].column] == [2, 1])
    }

    @Test("a tree knows its places and namespaces")
    func tree() throws {
        let text = "<a xmlns:p=\"urn:p\">\n  é <p:b\n c=\"p:d\"/>\n</a>"
        let root = try XMLTreeReader.read(Array(text.utf8), file: "f")
        let child = try #require(root.elements.first)
        #expect(child.name == XMLName("urn:p", "b"))
        #expect([child.line, child.column] == [2, 5])
        #expect(child.resolve(child.attribute("c") ?? "") == XMLName("urn:p", "d"))
        #expect(child.resolve("q:x") == nil)
        #expect(throws: ContractProblem.self) {
            try XMLTreeReader.read(Array("<a>\n<b></a>".utf8), file: "f")
        }
    }
}
