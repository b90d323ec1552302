// SPDX-License-Identifier: Apache-2.0
// The value that a form stands for, made once all of it is there: an object with one member for
// each name, and beside it what is known of each part. In slices, as large JSON is read.

internal import DragomanDocument
internal import DragomanHTTP
internal import DragomanMapping
internal import DragomanSchema

extension FormIntake {
    /// What has been done of it.
    struct Progress {
        enum Stage { case begin, json, value, information, end }

        var stage = Stage.begin
        /// The part, or the group and its part, that is next.
        var group = 0
        var part = -1
        /// What a slice may still do, about: parts, or values of JSON.
        var left = 0
    }

    /// Makes the value of `body`, and of `info` what is known of each part beside its content.
    ///
    /// - Returns: whether that is done; else it is to be called again, and nothing else done
    ///   with the Documents.
    func finish(
        _ body: Document, info: Document, pausingAfter entries: Int
    ) throws(FormFailure) -> Bool {
        progress.left = entries
        if progress.stage == .begin {
            try end(body)
            if form == .bytes {
                body.append(text: textStart..<body.beginText(), isPlain: true)
                progress.stage = .end
            } else {
                progress.stage = .json
            }
        }
        if progress.stage == .json {
            guard try readParts() else { return false }
            try beginValue(body)
        }
        if progress.stage == .value {
            guard goOn(body, text: 0..<0) else { return false }
            body.endObject()
            begin(.information)
            info.beginObject()
        }
        if progress.stage == .information {
            guard describeOn(info) else { return false }
            info.endObject()
            progress.stage = .end
        }
        return true
    }

    private func end(_ body: Document) throws(FormFailure) {
        switch form {
        case .json: break
        case .bytes: encoder.finish(body)
        case .fields: try endFields(body)
        case .multipart: try endParts()
        }
    }

    private func begin(_ stage: Progress.Stage) {
        progress.stage = stage
        progress.group = 0
        progress.part = -1
    }

    private func readParts() throws(FormFailure) -> Bool {
        while progress.group < parts.count {
            if case .json(let document) = parts[progress.group].content {
                let isRead = try readJSON(progress.group, pausingAfter: max(1, progress.left))
                progress.left -= isRead ? document.sourceCount >> 4 + 1 : progress.left
                if !isRead { return false }
            }
            progress.group += 1
            if progress.left < 1 { return false }
        }
        return true
    }

    private func beginValue(_ body: Document) throws(FormFailure) {
        for group in groups where group.count > 1 && group.member?.isList != true {
            throw .malformed(
                "the form has \(group.count) parts \(parts[group.first].head.name), and may have "
                    + "one", offset: 0)
        }
        begin(.value)
        body.beginObject()
    }

    /// The whole value at once; `piece`: the text of the file that goes on as it comes.
    func build(_ body: Document, piece: Range<Int>) throws(FormFailure) {
        try beginValue(body)
        progress.left = .max
        _ = goOn(body, text: piece)
        body.endObject()
    }

    private func goOn(_ body: Document, text: Range<Int>) -> Bool {
        while progress.group < groups.count {
            let group = groups[progress.group]
            let isList = group.member?.isList == true
            if progress.part < 0 {
                body.key(text: group.name)
                if isList { body.beginArray() }
                progress.part = group.first
            }
            while progress.part >= 0 {
                guard progress.left > 0 else { return false }
                progress.left -= 1
                let part = parts[progress.part]
                append(part, text, to: body)
                progress.part = part.next
                // The last one's is -1, which is also where the next group begins.
            }
            if isList { body.endArray() }
            progress.group += 1
        }
        return true
    }

    private func append(_ part: Part, _ piece: Range<Int>, to body: Document) {
        switch part.content {
        case .streamed: body.append(text: piece, isPlain: true)
        case .text(let member):
            ParameterPlan.append(text: part.text, member?.types ?? .string, to: body)
        case .bytes: body.append(text: part.text, isPlain: true)
        case .json(let document):
            if let root = document.root { body.append(copy: root) } else { body.appendNull() }
        }
    }

    // MARK: What is known of the parts

    /// The whole of it at once.
    func describe(_ info: Document) {
        begin(.information)
        progress.left = .max
        info.beginObject()
        _ = describeOn(info)
        info.endObject()
    }

    private func describeOn(_ info: Document) -> Bool {
        while progress.group < groups.count {
            let group = groups[progress.group]
            let isList = group.member?.isList == true
            if progress.part < 0 {
                info.key(parts[group.first].head.name)
                if isList { info.beginArray() }
                progress.part = group.first
            }
            while progress.part >= 0 {
                guard progress.left > 0 else { return false }
                progress.left -= 1
                describe(parts[progress.part], info)
                progress.part = parts[progress.part].next
            }
            if isList { info.endArray() }
            progress.group += 1
        }
        return true
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
        if case .streamed = part.content {
            // Nobody knows it yet.
        } else {
            info.key("size")
            info.append(Int64(part.count))
        }
        info.endObject()
    }
}
