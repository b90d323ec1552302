// SPDX-License-Identifier: Apache-2.0
// A SOAP fault, 1.1 or 1.2 or a mixture as some servers send, into the form of XML-FORM.md:
// code, subcode, reason, node, role, detail.

internal import DragomanDocument

/// Collects a Fault element's children. Rare and small, so it may make Strings.
struct FaultCollector {
    enum Child { case part, detailChild }

    /// Details, each in a Document of its own; driven by the envelope's handler.
    var annexes = AnnexReader()

    private enum Field { case code, reason, node, role }

    private var depth = 0
    private var field: Field?
    private var fieldDepth = 0
    private var detailDepth = 0
    private var buffer: [UInt8] = []
    private var detailText: [UInt8] = []
    private var codes: [String] = []
    private var reasons: [(language: String, text: String)] = []
    private var language = ""
    private var node: String?
    private var role: String?
    private var hasDetail = false

    /// Bytes of one text that are kept.
    private static let textBytesMax = 1 << 16
    private static let codesMax = 16

    mutating func removeAll() {
        annexes.removeAll()
        depth = 0
        field = nil
        detailDepth = 0
        hasDetail = false
        if codes.isEmpty, reasons.isEmpty, detailText.isEmpty, buffer.isEmpty { return }
        self = FaultCollector()
    }

    mutating func begin(_ declared: [PartPlan]) {
        self = FaultCollector()
        depth = 1
    }

    mutating func start(_ tag: XMLStartTag) -> Child {
        // The handler passes a detail's child on and never shows us its end.
        if detailDepth > 0, depth == detailDepth { return .detailChild }
        depth += 1
        guard field == nil, let found = field(of: tag) else { return .part }
        field = found
        fieldDepth = depth
        buffer.removeAll(keepingCapacity: true)
        if found == .reason {
            let value = tag.attribute("lang", uri: "http://www.w3.org/XML/1998/namespace")
            language = value.map { String(decoding: $0, as: UTF8.self) } ?? ""
        }
        return .part
    }

    /// What the element holds, by its name: no two versions use one name for different things.
    private mutating func field(of tag: XMLStartTag) -> Field? {
        let local = tag.local
        if XMLText.equals(local, "faultcode") || XMLText.equals(local, "Value") { return .code }
        if XMLText.equals(local, "faultstring") || XMLText.equals(local, "Text") {
            return .reason
        }
        if XMLText.equals(local, "faultactor") || XMLText.equals(local, "Node") { return .node }
        if XMLText.equals(local, "Role") { return .role }
        if depth == 2, XMLText.equals(local, "detail") || XMLText.equals(local, "Detail") {
            detailDepth = depth
            hasDetail = true
        }
        return nil
    }

    mutating func text(_ bytes: UnsafeRawBufferPointer) {
        if field != nil {
            let room = FaultCollector.textBytesMax - buffer.count
            buffer.append(contentsOf: bytes.prefix(max(room, 0)))
        } else if detailDepth > 0 {
            let room = FaultCollector.textBytesMax - detailText.count
            detailText.append(contentsOf: bytes.prefix(max(room, 0)))
        }
    }

    /// - Returns: whether this was the end of the Fault.
    mutating func end(_ parser: XMLPushParser) -> Bool {
        if let current = field, depth == fieldDepth {
            close(current, parser)
            field = nil
        }
        if detailDepth > 0, depth == detailDepth { detailDepth = 0 }
        depth -= 1
        return depth == 0
    }

    private mutating func close(_ field: Field, _ parser: XMLPushParser) {
        // A text that was cut may end inside a character: the decoder mends that.
        let text = XMLCharacters.trim(String(decoding: buffer, as: UTF8.self))
        switch field {
        case .code:
            if codes.count < FaultCollector.codesMax { codes.append(code(text, parser)) }
        case .reason: reasons.append((language, text))
        case .node: node = text
        case .role: role = text
        }
    }

    /// The local name, `{uri}Name` outside SOAP's own namespaces.
    private func code(_ text: String, _ parser: XMLPushParser) -> String {
        guard let colon = text.utf8.firstIndex(of: 0x3A) else { return qualified(text, "", parser) }
        let local = String(text[text.index(after: colon)...])
        // Not a QName but, say, a URI: as it stands.
        guard XMLCharacters.isNCName(text[..<colon]), !local.hasPrefix("/") else { return text }
        return qualified(local, String(text[..<colon]), parser)
    }

    private func qualified(_ local: String, _ prefix: String, _ parser: XMLPushParser) -> String {
        var prefix = prefix
        let uri = prefix.withUTF8 { parser.namespace(UnsafeRawBufferPointer($0)).uri }
        let space = XMLText.string(uri)
        if space.isEmpty || space == SOAPNames.envelope11 || space == SOAPNames.envelope12 {
            return local
        }
        return "{\(space)}\(local)"
    }

    // MARK: The Document

    /// Makes the fault the whole value of `document`.
    func write(to document: Document, acceptLanguage: UnsafeRawBufferPointer?) {
        document.removeAll()
        document.beginObject()
        document.key("code")
        document.append(string: codes.first ?? "")
        if codes.count > 1 {
            document.key("subcode")
            document.beginArray()
            for code in codes.dropFirst() { document.append(string: code) }
            document.endArray()
        }
        document.key("reason")
        document.append(string: reason(acceptLanguage))
        if let node {
            document.key("node")
            document.append(string: node)
        }
        if let role {
            document.key("role")
            document.append(string: role)
        }
        if hasDetail {
            document.key("detail")
            document.beginObject()
            let text = XMLCharacters.trim(String(decoding: detailText, as: UTF8.self))
            annexes.writeDetail(to: document, text: Array(text.utf8))
            document.endObject()
        }
        document.endObject()
    }

    private func reason(_ acceptLanguage: UnsafeRawBufferPointer?) -> String {
        guard let first = reasons.first else { return "" }
        guard reasons.count > 1, let acceptLanguage else { return first.text }
        let choice = LanguageChoice.best(
            of: reasons.map(\.language), for: String(decoding: acceptLanguage, as: UTF8.self))
        return choice.map { reasons[$0].text } ?? first.text
    }
}

/// Which of several languages an Accept-Language field prefers (RFC 4647, 3.3.1 basic filtering,
/// and a range's own prefixes after it).
enum LanguageChoice {
    /// - Returns: an index, nil where none is acceptable.
    static func best(of languages: [String], for field: String) -> Int? {
        let languages = languages.map { $0.lowercased() }
        for range in ranges(field) {
            if range == "*" { return languages.isEmpty ? nil : 0 }
            var wanted = range
            while true {
                if let index = languages.firstIndex(where: {
                    $0 == wanted || $0.hasPrefix(wanted + "-")
                }) {
                    return index
                }
                guard let hyphen = wanted.lastIndex(of: "-") else { break }
                wanted = String(wanted[..<hyphen])
            }
        }
        return nil
    }

    /// By falling weight, those of weight 0 left out.
    private static func ranges(_ field: String) -> [String] {
        var ranges: [(range: String, weight: Double)] = []
        for item in field.split(separator: ",").prefix(32) {
            let pieces = item.split(separator: ";")
            guard let first = pieces.first else { continue }
            let range = XMLCharacters.trim(String(first)).lowercased()
            var weight = 1.0
            for piece in pieces.dropFirst() {
                let text = XMLCharacters.trim(String(piece))
                if text.hasPrefix("q=") { weight = Double(text.dropFirst(2)) ?? 0 }
            }
            if !range.isEmpty, weight > 0 { ranges.append((range, weight)) }
        }
        return ranges.enumerated().sorted {
            $0.element.weight == $1.element.weight
                ? $0.offset < $1.offset : $0.element.weight > $1.element.weight
        }.map(\.element.range)
    }
}

extension OperationPlan {
    /// Whether a fault code is the client's doing (400): `Client`, `Sender`, `Client.X`; every
    /// other is the backend's.
    package static func isClientFault(_ code: UnsafeRawBufferPointer) -> Bool {
        let end = code.firstIndex(of: 0x2E) ?? code.count
        let first = UnsafeRawBufferPointer(rebasing: code[..<end])
        return equals(first, "Client") || equals(first, "Sender")
    }

    private static func equals(
        _ bytes: UnsafeRawBufferPointer, _ name: StaticString
    ) -> Bool {
        Bytes.equal(
            bytes,
            UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
    }
}
