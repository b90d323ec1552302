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
    /// More is to be held than a body may have.
    case body
}

/// One body. All its texts go into the Document given, whose value is made at the end; or, where
/// its file goes on as it comes, once for each piece of that (FormIntake+Streaming.swift).
final class FormIntake {
    /// A part whose content has come, or comes.
    struct Part {
        var head: FormPart
        var content: Content
        /// Bytes as they came.
        var count = 0
        var text = 0..<0
        /// The next part of the same name; -1 after the last.
        var next = -1
    }

    /// The parts of one name, in the order in which they came.
    struct Group {
        /// The name, in the body's Document.
        var name: Range<Int>
        let member: BodyForms.Member?
        let first: Int
        var last: Int
        var count = 1
    }

    enum Content {
        case text(BodyForms.Member?)
        case bytes
        case json(Document)
        /// The file that goes on as it comes.
        case streamed
    }

    private let forms: BodyForms
    let form: BodyForms.Form
    let limits: DocumentLimits
    /// Bytes of the file that goes on as it comes; nil where files are held.
    let file: OutputBuffer?
    /// Bytes that are held, of a body whose file is not, and what they may be.
    private(set) var heldBytes = 0
    private let heldBytesMax: Int
    /// The file is one of the parts.
    private(set) var filePlace: Int?
    /// The Document that holds the texts, before the first value was made in it.
    var beforeValue: DocumentMark?
    /// Bytes of one value, base64 where it is bytes.
    private let textMax: Int
    private var reader: MultipartReader?
    private var fields = FormFieldsReader()
    private(set) var parts: [Part] = []
    /// In the order in which the names came.
    private(set) var groups: [Group] = []
    private var groupOfName: [String: Int] = [:]
    var encoder = Base64Pieces()
    private(set) var textStart = 0
    /// Where the text that comes has not been found to be UTF-8 yet.
    private var uncheckedStart = 0
    /// How far the value has been made, once all has come.
    var progress = Progress()

    /// `form`: not JSON. `contentType`: as the client says it. `holding`: the file goes on as it
    /// comes, and that many bytes beside it are held; nil: all is held, and bounded elsewhere.
    init(
        _ forms: BodyForms, _ form: BodyForms.Form, contentType: String, _ limits: DocumentLimits,
        holding bytesMax: Int? = nil
    ) throws(FormFailure) {
        self.forms = forms
        file = bytesMax == nil ? nil : OutputBuffer(capacity: 256)
        heldBytesMax = bytesMax ?? .max
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
        case .fields: try feedFields(piece, into: body)
        case .bytes:
            if let file { return file.append(piece) }
            encoder.append(piece, to: body)
            try checkLength(body)
        case .multipart: try feedParts(piece, into: body)
        }
    }

    private func hold(_ count: Int) throws(FormFailure) {
        heldBytes += count
        if heldBytes > heldBytesMax { throw .body }
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
        if let filePlace {
            let name = parts[filePlace].head.name
            throw .malformed(
                "the part \(head.name) comes after the file \(name), which is sent on as it comes; "
                    + "all else must come before it, and no second file", offset: 0)
        }
        try add(Part(head: head, content: try kind(of: head)), body)
    }

    private func add(_ part: Part, _ body: Document) throws(FormFailure) {
        guard parts.count < limits.membersMax else { throw .members }
        let name = part.head.name
        try hold(name.utf8.count)
        if let known = groupOfName[name] {
            parts[groups[known].last].next = parts.count
            groups[known].last = parts.count
            groups[known].count += 1
        } else {
            guard groups.count < max(limits.namesMax, DocumentLimits.smallest) else {
                throw .names
            }
            let start = body.beginText()
            var text = name
            text.withUTF8 { body.continueText(UnsafeRawBufferPointer($0)) }
            groupOfName[name] = groups.count
            groups.append(
                Group(
                    name: start..<body.beginText(), member: forms.member(name), first: parts.count,
                    last: parts.count))
        }
        textStart = body.beginText()
        uncheckedStart = textStart
        parts.append(part)
    }

    // MARK: Fields

    private func feedFields(
        _ piece: UnsafeRawBufferPointer, into body: Document
    ) throws(FormFailure) {
        var index = 0
        while let event = try nextField(piece, &index) { try take(event, body) }
    }

    /// What is left of the fields once all has come.
    func endFields(_ body: Document) throws(FormFailure) {
        while true {
            let event: FormFieldsReader.Event?
            do throws(FormFieldsReader.Malformed) {
                event = try fields.finish()
            } catch {
                throw Self.noField(error.offset)
            }
            guard let event else { return }
            try take(event, body)
        }
    }

    private func nextField(
        _ piece: UnsafeRawBufferPointer, _ index: inout Int
    ) throws(FormFailure) -> FormFieldsReader.Event? {
        do throws(FormFieldsReader.Malformed) {
            return try fields.next(piece, from: &index)
        } catch {
            throw Self.noField(error.offset)
        }
    }

    private func take(_ event: FormFieldsReader.Event, _ body: Document) throws(FormFailure) {
        switch event {
        case .field:
            guard fields.name.utf8.count <= textMax else { throw .text }
            let head = FormPart(name: fields.name)
            try add(Part(head: head, content: .text(forms.member(head.name))), body)
        case .content:
            try fields.decoded.withUnsafeBytes { octets -> Result<Void, FormFailure> in
                do throws(FormFailure) {
                    return .success(try content(octets, body))
                } catch {
                    return .failure(error)
                }
            }.get()
        case .fieldEnd: try endPart(body)
        }
    }

    private static func noField(_ offset: Int) -> FormFailure {
        .malformed("a field is not percent-encoded UTF-8", offset: offset)
    }

    /// A file, or what the route takes for bytes, is bytes; JSON is what says so; the rest is text.
    private func kind(of head: FormPart) throws(FormFailure) -> Content {
        let member = forms.member(head.name)
        if head.fileName != nil, file != nil {
            filePlace = parts.count
            return .streamed
        }
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
        if case .streamed = parts[last].content {
            file?.append(bytes)
            return
        }
        try hold(bytes.count)
        switch parts[last].content {
        case .text:
            body.continueText(bytes)
            try checkText(body, parts[last].head.name, isEnd: false)
        case .bytes: encoder.append(bytes, to: body)
        case .json(let document): return document.append(source: bytes)
        case .streamed: break
        }
        if body.beginText() - textStart > textMax { throw .text }
    }

    private func endPart(_ body: Document) throws(FormFailure) {
        guard !parts.isEmpty else { return }
        let last = parts.count - 1
        let head = parts[last].head
        switch parts[last].content {
        case .text:
            try checkText(body, head.name, isEnd: true)
            parts[last].text = textStart..<body.beginText()
        case .bytes:
            encoder.finish(body)
            parts[last].text = textStart..<body.beginText()
        case .json:
            // Of a body that is held it is read with all else, in slices.
            if file != nil { _ = try readJSON(last, pausingAfter: Self.withoutPause) }
        case .streamed: break
        }
    }

    /// As much of the text that comes as is not the beginning of a character.
    private func checkText(
        _ body: Document, _ name: String, isEnd: Bool
    ) throws(FormFailure) {
        let end = body.beginText()
        guard end > uncheckedStart else { return }
        let bytes = body.text(in: uncheckedStart..<end)
        var count = bytes.count
        if !isEnd {
            let tail = bytes.suffix(3)
            if let lead = tail.lastIndex(where: { $0 & 0xC0 != 0x80 }), bytes[lead] >= 0xC0 {
                let wanted = bytes[lead] >= 0xF0 ? 4 : bytes[lead] >= 0xE0 ? 3 : 2
                if bytes.count - lead < wanted { count = lead }
            }
        }
        let checked = UnsafeRawBufferPointer(rebasing: bytes.prefix(count))
        guard TextScan.firstInvalidUTF8(checked) == nil else {
            if form == .fields { throw Self.noField(0) }
            throw .malformed("the part \(name) of the form is a text, and not UTF-8", offset: 0)
        }
        uncheckedStart += count
    }

    /// More than any body has.
    static let withoutPause = 1 << 40

    // MARK: All has come

    /// - Throws: where the closing boundary has not come.
    func endParts() throws(FormFailure) {
        do throws(MultipartError) { try reader?.finish() } catch {
            throw .malformed(error.detail, offset: error.offset)
        }
    }

    /// Reads a part that is JSON. - Returns: whether all of it has been read.
    func readJSON(_ place: Int, pausingAfter entries: Int) throws(FormFailure) -> Bool {
        guard case .json(let document) = parts[place].content else { return true }
        do throws(JSONSyntaxError) {
            return try document.readJSON(limits, pausingAfter: entries)
        } catch {
            throw .json(part: parts[place].head.name, error)
        }
    }
}
