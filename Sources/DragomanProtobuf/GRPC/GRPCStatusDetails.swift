// SPDX-License-Identifier: Apache-2.0
// The details of a status, google.rpc.Status's third field: each an Any, typed by the contract or
// by the types built in.

package import DragomanDocument

/// One field that a backend found fault with (google.rpc.BadRequest).
package struct GRPCFieldViolation: Sendable, Equatable {
    /// A path in the backend's terms, such as `order.items[0].sku`.
    package let field: String
    package let description: String
    package let reason: String

    package init(field: String, description: String, reason: String = "") {
        self.field = field
        self.description = description
        self.reason = reason
    }
}

/// The details of one status, taken apart once.
package struct GRPCStatusDetails: Sendable {
    private struct Detail: Sendable {
        let url: String
        let bytes: [UInt8]

        var type: Substring { url.split(separator: "/").last ?? "" }
    }

    private let details: [Detail]

    /// Of the bytes of a google.rpc.Status; none where they are not one.
    package init(_ status: GRPCStatus) {
        var details: [Detail] = []
        try? WireSlice.with(status.detailBytes) { slice throws(WireFailure) in
            try slice.forEachBytesField { number, slice throws(WireFailure) in
                if number == 3 { details.append(try GRPCStatusDetails.detail(slice)) }
            }
        }
        self.details = details
    }

    package var isEmpty: Bool { details.isEmpty }

    /// Appends the details as an array of Anys in their JSON form. A type that nobody knows is
    /// there with its bytes, as `value` in base64. google.rpc.DebugInfo is left out: it is for
    /// the log (`debugInfo`), never for a client.
    package func append(
        to document: Document, _ contract: ProtobufContract?,
        _ options: ProtoJSONOptions = ProtoJSONOptions()
    ) {
        document.beginArray()
        for detail in details where detail.type != "google.rpc.DebugInfo" {
            append(detail, to: document, contract, options)
        }
        document.endArray()
    }

    /// google.rpc.DebugInfo's as JSON text.
    package func debugInfo(_ contract: ProtobufContract?) -> [String] {
        details.filter { $0.type == "google.rpc.DebugInfo" }.compactMap { detail in
            let document = Document()
            append(detail, to: document, contract, ProtoJSONOptions())
            return document.root?.json
        }
    }

    private func append(
        _ detail: Detail, to document: Document, _ contract: ProtobufContract?,
        _ options: ProtoJSONOptions
    ) {
        let mark = document.mark
        document.beginObject()
        document.key("@type")
        document.append(string: detail.url)
        let name = String(detail.type)
        let index = contract?.messageIndex(named: name)
        let owner = index != nil ? contract : BuiltInTypes.contract
        do throws(TranslationError) {
            guard let plan = owner?.plan(named: name) else {
                throw TranslationError(.message, "unknown type")
            }
            try plan.readAnyContent(detail.bytes, into: document, options)
            document.endObject()
        } catch {
            document.rewind(to: mark)
            document.beginObject()
            document.key("@type")
            document.append(string: detail.url)
            document.key("value")
            appendBase64(detail.bytes, to: document)
            document.endObject()
        }
    }

    private func appendBase64(_ bytes: [UInt8], to document: Document) {
        let start = document.beginText()
        let count = Base64.encodedCount(bytes.count)
        document.continueText(atMost: count) { place in
            bytes.withUnsafeBytes { Base64.encode($0, to: place) }
            return count
        }
        document.endString(from: start, isPlain: true)
    }

    // MARK: What the gateway acts upon

    /// google.rpc.BadRequest's, in their order.
    package var fieldViolations: [GRPCFieldViolation] {
        var violations: [GRPCFieldViolation] = []
        read("google.rpc.BadRequest") { number, slice throws(WireFailure) in
            guard number == 1 else { return }
            var texts = ["", "", ""]
            try slice.forEachBytesField { number, slice throws(WireFailure) in
                if (1...3).contains(number) {
                    texts[Int(number) - 1] = String(decoding: slice.bytes, as: UTF8.self)
                }
            }
            violations.append(
                GRPCFieldViolation(field: texts[0], description: texts[1], reason: texts[2]))
        }
        return violations
    }

    /// google.rpc.RetryInfo's delay in whole seconds, rounded up; nil without one.
    package var retryAfterSeconds: Int64? {
        var seconds: Int64?
        read("google.rpc.RetryInfo") { number, slice throws(WireFailure) in
            guard number == 1 else { return }
            var time: (Int64, Int64) = (0, 0)
            var cursor = WireCursor(slice)
            while true {
                let tag = try cursor.tag()
                if tag == 0 { break }
                switch tag {
                case 1 << 3: time.0 = Int64(bitPattern: try cursor.varint())
                case 2 << 3: time.1 = Int64(bitPattern: try cursor.varint())
                default: try cursor.skip(tag)
                }
            }
            if time.0 >= 0, time.0 < 1 << 40 { seconds = time.0 + (time.1 > 0 ? 1 : 0) }
        }
        return seconds
    }

    private func read(
        _ type: String, _ body: (UInt32, WireSlice) throws(WireFailure) -> Void
    ) {
        for detail in details where detail.type == type {
            try? WireSlice.with(detail.bytes) { slice throws(WireFailure) in
                try slice.forEachBytesField(body)
            }
        }
    }

    // MARK: Wire

    private static func detail(_ slice: WireSlice) throws(WireFailure) -> Detail {
        var url = ""
        var bytes: [UInt8] = []
        try slice.forEachBytesField { number, slice throws(WireFailure) in
            if number == 1 { url = String(decoding: slice.bytes, as: UTF8.self) }
            if number == 2 { bytes = Array(slice.bytes) }
        }
        return Detail(url: url, bytes: bytes)
    }
}

extension MessagePlan {
    /// As the rest of an Any's object that is open and has its `@type` already.
    func readAnyContent(
        _ bytes: [UInt8], into document: Document, _ options: ProtoJSONOptions
    ) throws(TranslationError) {
        do throws(WireFailure) {
            try WireSlice.with(bytes) { slice throws(WireFailure) in
                var reader = WireReader(
                    document: document, options: options, limits: DocumentLimits(),
                    tables: tables)
                reader.isCareful = true
                defer { reader.release() }
                if table.pointee.wellKnown == .none {
                    try reader.readFields(slice, table, 1)
                } else {
                    document.key("value")
                    try reader.readMessage(slice, table, depth: 1)
                }
            }
        } catch {
            throw TranslationError(.message, error.detail)
        }
    }
}
