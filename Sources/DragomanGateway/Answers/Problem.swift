// SPDX-License-Identifier: Apache-2.0
// What a client is told when it does not get what it asked for: a body of type
// application/problem+json (RFC 9457), with members by kind as PRODUCT.md lists them.

package import DragomanDocument
package import DragomanHTTP

/// One entry of `errors`.
package struct ProblemEntry {
    /// Where it stands: in the body, in a parameter, or in the text that is no JSON.
    package enum Place {
        case pointer(String)
        case parameter(String)
        case text(offset: Int, line: Int, column: Int)
    }

    package let place: Place
    package let keyword: String?
    package let detail: String

    package init(_ place: Place, keyword: String?, detail: String) {
        self.place = place
        self.keyword = keyword
        self.detail = detail
    }
}

package struct Problem: @unchecked Sendable {
    // Sendable, so that it can be thrown: it is made, changed and sent on one event loop, and the
    // closures in `members` run there.
    package var kind: ProblemKind
    package var status: Int
    package var type: String
    package var title: String
    package var detail: String?
    package var errors: [ProblemEntry] = []
    package var errorsOmitted = 0
    package var limit: (name: String, value: String)?
    package var upstream: String?
    /// Appends further members, names and values, to the open object.
    package var members: [(Document) -> Void] = []
    /// The mapping's rules have said what it tells: it is shown whatever `expose_errors` says.
    package var isRuled = false
    /// Header fields that belong to it: Allow, Retry-After.
    package var fields = HeaderFields()

    package init(_ kind: ProblemKind, status: Int? = nil, detail: String? = nil) {
        self.kind = kind
        self.status = status ?? kind.status
        type = kind.type
        title = kind.title
        self.detail = detail
    }

    /// Appends the whole as one object.
    package func write(to document: Document) {
        document.beginObject()
        member("type", type, document)
        member("title", title, document)
        document.key("status")
        document.append(Int64(status))
        if let detail { member("detail", detail, document) }
        if let limit {
            document.key("limit")
            document.beginObject()
            member("name", limit.name, document)
            member("value", limit.value, document)
            document.endObject()
        }
        if let upstream { member("upstream", upstream, document) }
        if !errors.isEmpty {
            document.key("errors")
            document.beginArray()
            for entry in errors { write(entry, to: document) }
            document.endArray()
        }
        if errorsOmitted > 0 {
            document.key("omitted")
            document.append(Int64(errorsOmitted))
        }
        for write in members { write(document) }
        document.endObject()
    }

    private func write(_ entry: ProblemEntry, to document: Document) {
        document.beginObject()
        switch entry.place {
        case .pointer(let pointer): member("pointer", pointer, document)
        case .parameter(let name): member("parameter", name, document)
        case .text(let offset, let line, let column):
            for (name, value) in [("offset", offset), ("line", line), ("column", column)] {
                document.key(name)
                document.append(Int64(value))
            }
        }
        if let keyword = entry.keyword { member("keyword", keyword, document) }
        member("detail", entry.detail, document)
        document.endObject()
    }

    private func member(_ name: String, _ value: String, _ document: Document) {
        document.key(name)
        document.append(string: value)
    }

    /// Sends it to a client that has got nothing yet.
    package func send(to client: any ClientSide) {
        let document = Document()
        write(to: document)
        let output = OutputBuffer(capacity: 1024)
        if let root = document.root { JSONWriter.write(root, to: output) }
        var fields = fields
        fields.append("content-type", "application/problem+json" as StaticString)
        client.sendResponse(status: status, fields: fields, body: output.bytes)
    }
}
