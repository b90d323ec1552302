// SPDX-License-Identifier: Apache-2.0
// A body that is no JSON, made into the JSON value that it stands for while it comes
// (docs/decisions/0008-bodies.md): files are base64 as soon as they are here and nothing else, so
// that an upload is held once.

internal import DragomanDocument
internal import DragomanHTTP
internal import DragomanMapping
internal import DragomanProtobuf
internal import DragomanSchema

/// Why a body can not be taken for what its Content-Type says.
enum FormFailure: Error {
    case malformed(String, offset: Int)
    /// A part that says that it is JSON, and is not.
    case json(part: String, JSONSyntaxError)
    case members
    /// More names than an object may have.
    case names
    /// One value is longer than can be held.
    case text
}

/// One body. All its texts go into the Document given, whose value is made at the end.
final class FormIntake {
    /// A part whose content has come, or comes.
    private struct Part {
        var head: FormPart
        var content: Content
        /// Bytes as they came.
        var count = 0
        var text = 0..<0
    }

    private enum Content {
        case text(BodyForms.Member?)
        case bytes
        case json(Document)
    }

    private let forms: BodyForms
    private let form: BodyForms.Form
    private let limits: DocumentLimits
    /// Bytes of one value, base64 where it is bytes.
    private let textMax: Int
    private var reader: MultipartReader?
    private var parts: [Part] = []
    /// Places of the parts, by name.
    private var places: [String: [Int]] = [:]
    private var encoder = Base64Pieces()
    private var textStart = 0
    /// Of a form that is one text.
    private let fields = OutputBuffer(capacity: 64)

    /// `form`: not JSON. `contentType`: as the client says it.
    init(
        _ forms: BodyForms, _ form: BodyForms.Form, contentType: String, _ limits: DocumentLimits
    ) throws(FormFailure) {
        self.forms = forms
        self.form = form
        self.limits = limits
        textMax = min(
            max(limits.textMax, DocumentLimits.smallest), Document.textBytesMax - 4)
        guard form == .multipart else { return }
        do throws(MultipartError) {
            let boundaries = HeaderParameters(contentType).all("boundary")
            reader = try MultipartReader(boundary: boundaries.count == 1 ? boundaries[0] : "")
        } catch {
            throw .malformed(error.detail, offset: 0)
        }
    }

    // MARK: What comes

    func feed(_ piece: UnsafeRawBufferPointer, into body: Document) throws(FormFailure) {
        switch form {
        case .json: return
        case .fields: fields.append(piece)
        case .bytes:
            encoder.append(piece, to: body)
            try checkLength(body)
        case .multipart: try feedParts(piece, into: body)
        }
    }

    private func checkLength(_ body: Document) throws(FormFailure) {
        if body.beginText() - textStart > textMax { throw .text }
    }

    private func feedParts(
        _ piece: UnsafeRawBufferPointer, into body: Document
    ) throws(FormFailure) {
        var index = 0
        while let event = try nextEvent(piece, &index) {
            switch event {
            case .part: try beginPart(body)
            case .content(let range):
                try content(UnsafeRawBufferPointer(rebasing: piece[range]), body)
            case .held(let range):
                let bytes = Array(reader?.delimiter[range] ?? [])
                try bytes.withUnsafeBytes { octets -> Result<Void, FormFailure> in
                    do throws(FormFailure) {
                        return .success(try content(octets, body))
                    } catch {
                        return .failure(error)
                    }
                }.get()
            case .partEnd: try endPart(body)
            }
        }
    }

    private func nextEvent(
        _ piece: UnsafeRawBufferPointer, _ index: inout Int
    ) throws(FormFailure) -> MultipartReader.Event? {
        do throws(MultipartError) {
            return try reader?.next(piece, from: &index)
        } catch {
            throw .malformed(error.detail, offset: error.offset)
        }
    }

    private func beginPart(_ body: Document) throws(FormFailure) {
        guard let reader else { return }
        let head: FormPart
        do throws(FormPartError) {
            head = try FormPart(reader.fields, number: reader.partCount)
        } catch {
            throw .malformed(error.detail, offset: 0)
        }
        guard parts.count < limits.membersMax else { throw .members }
        places[head.name, default: []].append(parts.count)
        textStart = body.beginText()
        parts.append(Part(head: head, content: try kind(of: head)))
    }

    /// A file, or what the route takes for bytes, is bytes; JSON is what says so; the rest is text.
    private func kind(of head: FormPart) throws(FormFailure) -> Content {
        let member = forms.member(head.name)
        if head.fileName != nil || member?.isBytes == true {
            encoder = Base64Pieces()
            return .bytes
        }
        guard let type = head.contentType else { return .text(member) }
        let parameters = HeaderParameters(type)
        let essence = parameters.value.lowercased()
        if essence == "application/json" || essence.hasSuffix("+json") {
            return .json(Document(tapeCapacity: 32, textCapacity: 256))
        }
        guard essence.hasPrefix("text/") || essence.isEmpty else {
            encoder = Base64Pieces()
            return .bytes
        }
        let charsets = parameters.all("charset").map { $0.lowercased() }
        guard charsets.allSatisfy({ ["utf-8", "utf8", "us-ascii"].contains($0) }) else {
            throw .malformed(
                "the part \(head.name) of the form has charset \(charsets[0]); texts are "
                    + "UTF-8", offset: 0)
        }
        return .text(member)
    }

    private func content(
        _ bytes: UnsafeRawBufferPointer, _ body: Document
    ) throws(FormFailure) {
        guard !parts.isEmpty else { return }
        let last = parts.count - 1
        parts[last].count += bytes.count
        switch parts[last].content {
        case .text: body.continueText(bytes)
        case .bytes: encoder.append(bytes, to: body)
        case .json(let document): return document.append(source: bytes)
        }
        if body.beginText() - textStart > textMax { throw .text }
    }

    private func endPart(_ body: Document) throws(FormFailure) {
        guard !parts.isEmpty else { return }
        let last = parts.count - 1
        let head = parts[last].head
        switch parts[last].content {
        case .text:
            let range = textStart..<body.beginText()
            guard TextScan.firstInvalidUTF8(body.text(in: range)) == nil else {
                throw .malformed(
                    "the part \(head.name) of the form is a text, and not UTF-8", offset: 0)
            }
            parts[last].text = range
        case .bytes:
            encoder.finish(body)
            parts[last].text = textStart..<body.beginText()
        case .json(let document):
            do throws(JSONSyntaxError) {
                try document.readJSON(limits)
            } catch {
                throw .json(part: head.name, error)
            }
        }
    }

    // MARK: All has come

    /// Makes the value of `body`, and of `info` what is known of each part beside its content.
    func finish(_ body: Document, info: Document) throws(FormFailure) {
        switch form {
        case .json: return
        case .bytes:
            encoder.finish(body)
            body.append(text: textStart..<body.beginText(), isPlain: true)
        case .fields: try finishFields(body)
        case .multipart:
            do throws(MultipartError) { try reader?.finish() } catch {
                throw .malformed(error.detail, offset: error.offset)
            }
            try build(body)
            describe(info)
        }
    }

    private func finishFields(_ body: Document) throws(FormFailure) {
        var isTooMuch = false
        var isTooLong = false
        let isFine = QueryFields.forEach(fields.bytes) { name, value in
            guard parts.count < limits.membersMax else {
                isTooMuch = true
                return false
            }
            guard value.utf8.count <= textMax else {
                isTooLong = true
                return false
            }
            let start = body.beginText()
            Array(value.utf8).withUnsafeBytes { body.continueText($0) }
            places[name, default: []].append(parts.count)
            parts.append(
                Part(
                    head: FormPart(name: name), content: .text(forms.member(name)),
                    text: start..<body.beginText()))
            return true
        }
        if isTooMuch { throw .members }
        if isTooLong { throw .text }
        guard isFine else {
            throw .malformed("a field is not percent-encoded UTF-8", offset: 0)
        }
        fields.removeAll(keepingAtMost: 64)
        try build(body)
    }

    /// One member for each name, in the order in which the names came.
    private func build(_ body: Document) throws(FormFailure) {
        if places.count > max(limits.namesMax, DocumentLimits.smallest) { throw .names }
        let firsts = parts.indices.filter { places[parts[$0].head.name]?.first == $0 }
        for place in firsts {
            let name = parts[place].head.name
            let count = places[name]?.count ?? 1
            guard count > 1, forms.member(name)?.isList != true else { continue }
            throw .malformed(
                "the form has \(count) parts \(name), and may have one", offset: 0)
        }
        var names: [Range<Int>] = []
        for place in firsts {
            let start = body.beginText()
            Array(parts[place].head.name.utf8).withUnsafeBytes { body.continueText($0) }
            names.append(start..<body.beginText())
        }
        body.beginObject()
        for (place, name) in zip(firsts, names) {
            body.key(text: name)
            let isList = forms.member(parts[place].head.name)?.isList == true
            if isList { body.beginArray() }
            for index in places[parts[place].head.name] ?? [] { append(parts[index], to: body) }
            if isList { body.endArray() }
        }
        body.endObject()
    }

    private func append(_ part: Part, to body: Document) {
        switch part.content {
        case .text(let member):
            ParameterPlan.append(text: part.text, member?.types ?? .string, to: body)
        case .bytes: body.append(text: part.text, isPlain: true)
        case .json(let document):
            if let root = document.root { body.append(copy: root) } else { body.appendNull() }
        }
    }

    private func describe(_ info: Document) {
        info.beginObject()
        for place in parts.indices where places[parts[place].head.name]?.first == place {
            let name = parts[place].head.name
            info.key(name)
            let isList = forms.member(name)?.isList == true
            if isList { info.beginArray() }
            for index in places[name] ?? [] { describe(parts[index], info) }
            if isList { info.endArray() }
        }
        info.endObject()
    }

    private func describe(_ part: Part, _ info: Document) {
        info.beginObject()
        if let fileName = part.head.fileName {
            info.key("filename")
            info.append(string: fileName)
        }
        if let type = part.head.contentType {
            info.key("type")
            info.append(string: type)
        }
        info.key("size")
        info.append(Int64(part.count))
        info.endObject()
    }
}

/// Base64 of bytes that come in pieces.
struct Base64Pieces {
    private var rest: (UInt8, UInt8) = (0, 0)
    private var restCount = 0

    mutating func append(_ bytes: UnsafeRawBufferPointer, to document: Document) {
        var bytes = bytes
        while restCount > 0, let first = bytes.first {
            bytes = UnsafeRawBufferPointer(rebasing: bytes.dropFirst())
            guard restCount == 2 else {
                rest.1 = first
                restCount = 2
                continue
            }
            write([rest.0, rest.1, first], to: document)
            restCount = 0
        }
        let whole = bytes.count / 3 * 3
        write(UnsafeRawBufferPointer(rebasing: bytes[..<whole]), to: document)
        for byte in bytes[whole...] {
            if restCount == 0 { rest.0 = byte } else { rest.1 = byte }
            restCount += 1
        }
    }

    mutating func finish(_ document: Document) {
        if restCount > 0 { write(restCount == 1 ? [rest.0] : [rest.0, rest.1], to: document) }
        restCount = 0
    }

    private func write(_ bytes: [UInt8], to document: Document) {
        bytes.withUnsafeBytes { write($0, to: document) }
    }

    private func write(_ bytes: UnsafeRawBufferPointer, to document: Document) {
        guard !bytes.isEmpty else { return }
        let count = Base64.encodedCount(bytes.count)
        document.continueText(atMost: count) { place in
            Base64.encode(bytes, to: place)
            return count
        }
    }
}
