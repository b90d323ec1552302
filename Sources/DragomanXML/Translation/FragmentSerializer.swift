// SPDX-License-Identifier: Apache-2.0
// Elements of no plan written anew from their events, each declaring the namespaces that it uses
// and no others, so that the text stands by itself.

internal import DragomanDocument

/// Writes events as XML. One element at a time: `begin`, then its events until `depth` is 0.
struct FragmentSerializer {
    private(set) var depth = 0
    private var declared: [Declaration] = []
    /// Where the outermost start tag's declarations end, for those that its content needs.
    private var rootPlace = 0
    /// Start tags whose `>` is still to come, so that empty elements can be `<x/>`.
    private var isTagOpen = false
    private var names: [UnsafePointer<UInt8>?] = []

    private struct Declaration {
        let depth: Int
        let prefix: [UInt8]
        let uri: [UInt8]
    }

    mutating func begin() {
        depth = 0
        declared.removeAll(keepingCapacity: true)
        names.removeAll(keepingCapacity: true)
        isTagOpen = false
    }

    /// - Returns: false where a character has no place in XML (libxml2 gives none).
    mutating func start(
        _ tag: XMLStartTag, in parser: XMLPushParser, to output: OutputBuffer
    ) {
        closeTag(output)
        depth += 1
        output.append(0x3C)
        if let prefix = tag.prefix {
            output.append(XMLText.bytes(prefix))
            output.append(0x3A)
        }
        output.append(tag.localBytes)
        names.append(tag.prefix)
        names.append(tag.local)
        declare(tag.prefixBytes, tag.uriBytes, output)
        if depth == 1 { rootPlace = output.count }
        for index in 0..<tag.attributeCount {
            let attribute = tag.attribute(index)
            if attribute.prefix != nil {
                declare(XMLText.bytes(attribute.prefix), XMLText.bytes(attribute.uri), output)
            }
            declareName(in: attribute.value, parser, output, atRoot: false)
        }
        if depth == 1 { rootPlace = output.count }
        for index in 0..<tag.attributeCount { write(tag.attribute(index), output) }
        isTagOpen = true
    }

    private func write(_ attribute: XMLAttributeView, _ output: OutputBuffer) {
        output.append(0x20)
        if let prefix = attribute.prefix {
            output.append(XMLText.bytes(prefix))
            output.append(0x3A)
        }
        output.append(XMLText.bytes(attribute.local))
        output.append("=\"")
        _ = XMLTextWriter.append(attribute.value, to: output, inAttribute: true)
        output.append(0x22)
    }

    private mutating func closeTag(_ output: OutputBuffer) {
        guard isTagOpen else { return }
        isTagOpen = false
        output.append(0x3E)
    }

    mutating func text(
        _ bytes: UnsafeRawBufferPointer, in parser: XMLPushParser, to output: OutputBuffer
    ) {
        guard bytes.count > 0 else { return }
        declareName(in: bytes, parser, output, atRoot: true)
        closeTag(output)
        _ = XMLTextWriter.append(bytes, to: output, inAttribute: false)
    }

    mutating func end(to output: OutputBuffer) {
        let local = names.popLast() ?? nil
        let prefix = names.popLast() ?? nil
        if isTagOpen {
            isTagOpen = false
            output.append("/>")
        } else {
            output.append("</")
            if let prefix {
                output.append(XMLText.bytes(prefix))
                output.append(0x3A)
            }
            output.append(XMLText.bytes(local))
            output.append(0x3E)
        }
        while let last = declared.last, last.depth >= depth { declared.removeLast() }
        depth -= 1
    }

    // MARK: Namespaces

    private func uri(of prefix: UnsafeRawBufferPointer) -> [UInt8]? {
        declared.last { $0.prefix.elementsEqual(prefix) }?.uri
    }

    /// Declares the prefix where it does not stand for the namespace already.
    private mutating func declare(
        _ prefix: UnsafeRawBufferPointer, _ uri: UnsafeRawBufferPointer, _ output: OutputBuffer
    ) {
        guard !prefix.elementsEqual("xml".utf8) else { return }
        let known = self.uri(of: prefix)
        if let known, known.elementsEqual(uri) { return }
        if known == nil, prefix.isEmpty, uri.isEmpty { return }
        declared.append(
            Declaration(depth: depth, prefix: Array(prefix), uri: Array(uri)))
        FragmentSerializer.write(prefix, uri, output)
    }

    private static func write(
        _ prefix: UnsafeRawBufferPointer, _ uri: UnsafeRawBufferPointer, _ output: OutputBuffer
    ) {
        output.append(" xmlns")
        if !prefix.isEmpty {
            output.append(0x3A)
            output.append(prefix)
        }
        output.append("=\"")
        _ = XMLTextWriter.append(uri, to: output, inAttribute: true)
        output.append(0x22)
    }

    /// A text that looks like a QName whose prefix is declared may be one: its namespace goes
    /// along, since nobody can tell.
    private mutating func declareName(
        in text: UnsafeRawBufferPointer, _ parser: XMLPushParser, _ output: OutputBuffer,
        atRoot: Bool
    ) {
        guard text.count < 300, let colon = text.firstIndex(of: 0x3A), colon > 0,
            colon + 1 < text.count, text[colon + 1] != 0x2F
        else { return }
        var start = 0
        while XMLCharacters.isSpace(text[start]) { start += 1 }
        guard start < colon else { return }
        let prefix = UnsafeRawBufferPointer(rebasing: text[start..<colon])
        guard uri(of: prefix) == nil, !prefix.elementsEqual("xml".utf8),
            let uri = parser.namespace(prefix).uri
        else { return }
        let bytes = XMLText.bytes(uri)
        guard atRoot, !isTagOpen || depth > 1 else {
            return declare(prefix, bytes, output)
        }
        let piece = OutputBuffer(capacity: 128)
        FragmentSerializer.write(prefix, bytes, piece)
        output.openGap(at: rootPlace, size: piece.count)
        if let source = piece.bytes.baseAddress {
            UnsafeMutableRawPointer(output.pointer(at: rootPlace))
                .copyMemory(from: source, byteCount: piece.count)
        }
        rootPlace += piece.count
        declared.insert(
            Declaration(depth: 1, prefix: Array(prefix), uri: Array(bytes)), at: 0)
    }
}
