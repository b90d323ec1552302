// SPDX-License-Identifier: Apache-2.0
// A message again, with what was encrypted in it, or stood in other parts, put in its place: the
// same events, written as text, and those of the deciphered pieces between them.

package import DragomanDocument

/// Writes messages whose encrypted pieces are known.
package final class MessageRewriter {
    /// Names of XML Encryption, WSS 1.1.
    package enum Names {
        package static let encryption = "http://www.w3.org/2001/04/xmlenc#"
        package static let encryption11 = "http://www.w3.org/2009/xmlenc11#"
        package static let security11 =
            "http://docs.oasis-open.org/wss/oasis-wss-wssecurity-secext-1.1.xsd"
    }

    private let output: OutputBuffer
    private let bytesMax: Int

    /// `bytesMax`: of the message that comes out.
    package init(to output: OutputBuffer, bytesMax: Int) {
        self.output = output
        self.bytesMax = bytesMax
    }

    /// `pieces`: what stands in place of each EncryptedData, by its number in the order of the
    /// document from 0, those inside of another one not counted; of others the element stays.
    /// `attachments`: what XOP's Include stands for, which is written as base64, since that is what
    /// is signed and encrypted (XOP 1.0, 5); nil for a message of one part.
    /// Throws where the message is none, a piece is not one of XML, balanced in itself, or a part
    /// is not there.
    package func write(
        _ bytes: UnsafeRawBufferPointer, pieces: [Int: [UInt8]],
        attachments: MultipartMessage? = nil
    ) throws(TranslationError) {
        let events = RewriterEvents(pieces: pieces, output: output, bytesMax: bytesMax)
        events.attachments = attachments
        let parser = XMLPushParser(handler: events, limits: XMLLimits(depthMax: 200))
        parser.begin()
        try parser.feed(bytes)
        try parser.finish()
    }
}

private final class RewriterEvents: XMLEventHandler {
    private let pieces: [Int: [UInt8]]
    private let output: OutputBuffer
    private let bytesMax: Int
    private var open: [String] = []
    /// Of an element that another text stands for; 0 outside of one.
    private var depthOfLeftOut = 0
    private var number = 0
    /// Levels of `open` whose tags are left out, and whose content is not.
    private var unwrapped: Set<Int> = []
    private var isInHeader = false
    /// Inside of an EncryptedData that stays; 0 outside of one.
    private var depthOfKept = 0
    var attachments: MultipartMessage?
    /// This is a piece: its outermost element is a frame of ours.
    private let isPiece: Bool

    init(pieces: [Int: [UInt8]], output: OutputBuffer, bytesMax: Int, isPiece: Bool = false) {
        self.pieces = pieces
        self.output = output
        self.bytesMax = bytesMax
        self.isPiece = isPiece
    }

    override func startElement(
        _ tag: XMLStartTag, in parser: XMLPushParser
    ) throws(TranslationError) {
        if depthOfLeftOut > 0 {
            depthOfLeftOut += 1
            return
        }
        guard output.count <= bytesMax else {
            throw TranslationError(.size, "The backend's answer is larger than it may be.")
        }
        if let attachments, isInclude(tag) {
            depthOfLeftOut = 1
            let reference = tag.attribute("href").map { String(decoding: $0, as: UTF8.self) }
            guard attachments.appendBase64(of: reference ?? "", to: output) else {
                throw TranslationError(
                    .message, keyword: "xop", "The reply refers to a part that is not there.")
            }
            return
        }
        if !isPiece, depthOfKept == 0, isEncryptedData(tag) {
            defer { number += 1 }
            if let piece = pieces[number] {
                depthOfLeftOut = 1
                return try splice(piece, insteadOf: tag, parser)
            }
            depthOfKept = open.count + 1
        }
        let prefix = XMLText.string(tag.prefix)
        let local = XMLText.string(tag.local)
        open.append(prefix.isEmpty ? local : "\(prefix):\(local)")
        if !isPiece, open.count == 2 { isInHeader = local == "Header" }
        let isWrapper =
            !isPiece && open.count == 3 && isInHeader && local == "EncryptedHeader"
            && XMLText.string(tag.uri) == MessageRewriter.Names.security11
        if isWrapper { unwrapped.insert(open.count) }
        if isWrapper || (isPiece && open.count == 1) { return }
        writeTag(tag)
    }

    private func isEncryptedData(_ tag: XMLStartTag) -> Bool {
        XMLText.equals(tag.local, "EncryptedData")
            && XMLText.string(tag.uri) == MessageRewriter.Names.encryption
    }

    private func isInclude(_ tag: XMLStartTag) -> Bool {
        XMLText.equals(tag.local, "Include")
            && XMLText.string(tag.uri) == "http://www.w3.org/2004/08/xop/include"
    }

    private func writeTag(_ tag: XMLStartTag) {
        output.append("<\(open[open.count - 1])")
        for index in 0..<tag.namespaceCount {
            let (prefix, uri) = tag.namespace(index)
            let name = XMLText.string(prefix)
            output.append(name.isEmpty ? " xmlns=\"" : " xmlns:\(name)=\"")
            CanonicalText.write(XMLText.bytes(uri), isAttribute: true, output)
            output.append("\"")
        }
        for index in 0..<tag.attributeCount {
            CanonicalText.writeAttribute(tag.attribute(index), output)
        }
        output.append(">")
    }

    override func text(
        _ bytes: UnsafeRawBufferPointer, in parser: XMLPushParser
    ) throws(TranslationError) {
        guard depthOfLeftOut == 0, !open.isEmpty else { return }
        CanonicalText.write(bytes, isAttribute: false, output)
    }

    override func endElement(in parser: XMLPushParser) throws(TranslationError) {
        if depthOfLeftOut > 0 {
            depthOfLeftOut -= 1
            return
        }
        let depth = open.count
        if depthOfKept == depth { depthOfKept = 0 }
        let name = open.removeLast()
        if unwrapped.remove(depth) != nil || (isPiece && depth == 1) { return }
        output.append("</\(name)>")
    }

    /// A piece means what it says where it stands: in the namespaces around it, of which those that
    /// `tag` declares are none.
    private func splice(
        _ piece: [UInt8], insteadOf tag: XMLStartTag, _ parser: XMLPushParser
    ) throws(TranslationError) {
        let frame = OutputBuffer(capacity: piece.count + 512)
        frame.append("<piece")
        var seen: Set<String> = ["xml"]
        var own = tag.namespaceCount
        parser.forEachNamespace { prefix, uri in
            own -= 1
            let name = XMLText.string(prefix)
            guard own < 0, seen.insert(name).inserted else { return }
            let bytes = XMLText.bytes(uri)
            guard !bytes.isEmpty else { return }
            frame.append(name.isEmpty ? " xmlns=\"" : " xmlns:\(name)=\"")
            CanonicalText.write(bytes, isAttribute: true, frame)
            frame.append("\"")
        }
        frame.append(">")
        piece.withUnsafeBytes { frame.append($0) }
        frame.append("</piece>")
        let events = RewriterEvents(
            pieces: [:], output: output, bytesMax: bytesMax, isPiece: true)
        let inner = XMLPushParser(handler: events, limits: XMLLimits(depthMax: 200))
        inner.begin(isUTF8: true)
        try inner.feed(frame.bytes)
        try inner.finish()
    }
}
