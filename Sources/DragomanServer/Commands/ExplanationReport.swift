// SPDX-License-Identifier: Apache-2.0
// An explanation as JSON, in PRODUCT.md's form.

internal import DragomanDocument
internal import DragomanGateway
internal import DragomanMapping

struct ExplanationReport {
    let explanation: Explanation

    init(_ explanation: Explanation) { self.explanation = explanation }

    var json: String {
        let document = Document()
        document.beginObject()
        appendRoute(to: document)
        appendViolations(to: document)
        appendFailure(to: document)
        appendValues(to: document)
        appendBackends(to: document)
        appendResponse(to: document)
        document.endObject()
        return document.root?.indentedJSON ?? "{}"
    }

    private func member(_ name: String, _ value: String, _ document: Document) {
        document.key(name)
        document.append(string: value)
    }

    private func appendRoute(to document: Document) {
        document.key("route")
        if let route = explanation.route {
            document.beginObject()
            member("method", route.method, document)
            member("path", route.path, document)
            member("service", route.service, document)
            member("operation", route.operation, document)
            member("file", route.file, document)
            document.key("line")
            document.append(Int64(route.line))
            document.endObject()
        } else {
            document.appendNull()
        }
        document.key("parameters")
        document.beginObject()
        for (name, value) in explanation.parameters {
            document.key(name)
            append(json: Array(value.utf8), to: document)
        }
        document.endObject()
    }

    private func appendViolations(to document: Document) {
        document.key("violations")
        document.beginArray()
        for violation in explanation.violations {
            document.beginObject()
            switch violation.place {
            case .pointer(let pointer): member("pointer", pointer, document)
            case .parameter(let name): member("parameter", name, document)
            }
            member("keyword", violation.keyword, document)
            member("detail", violation.detail, document)
            document.endObject()
        }
        document.endArray()
    }

    private func appendFailure(to document: Document) {
        guard let failure = explanation.failure else { return }
        document.key("failed")
        document.beginObject()
        member("source", failure.source, document)
        member("file", failure.file, document)
        document.key("line")
        document.append(Int64(failure.line))
        document.key("column")
        document.append(Int64(failure.column))
        document.endObject()
    }

    private func appendValues(to document: Document) {
        guard !explanation.values.isEmpty else { return }
        document.key("expressions")
        document.beginArray()
        for value in explanation.values {
            document.beginObject()
            member("source", value.source, document)
            document.key("line")
            document.append(Int64(value.line))
            document.key("column")
            document.append(Int64(value.column))
            member("value", value.value, document)
            document.endObject()
        }
        document.endArray()
    }

    /// `backend` of one call, `backends` by step of several; a list where a step has `each`.
    private func appendBackends(to document: Document) {
        guard let first = explanation.calls.first else { return }
        guard first.step != nil else {
            document.key("backend")
            return append(first, to: document)
        }
        document.key("backends")
        document.beginObject()
        var seen: Set<String> = []
        for call in explanation.calls {
            guard let step = call.step, seen.insert(step).inserted else { continue }
            let calls = explanation.calls.filter { $0.step == step }
            document.key(step)
            if call.item != nil { document.beginArray() }
            for call in calls { append(call, to: document) }
            if call.item != nil { document.endArray() }
        }
        document.endObject()
    }

    private func append(_ call: Explanation.Call, to document: Document) {
        let backend = call.backend
        document.beginObject()
        member("protocol", backend.protocolName, document)
        member("upstream", backend.upstream, document)
        member("method", backend.method, document)
        member("path", backend.path, document)
        append(headers: backend.headers, to: document)
        if let message = backend.message {
            document.key("message")
            append(json: Array(message.utf8), to: document)
            member("body_base64", Base64Text.encode(backend.body), document)
        } else if !backend.body.isEmpty {
            member("body", String(decoding: backend.body, as: UTF8.self), document)
        }
        if let compression = backend.compression {
            document.key("compression")
            document.beginObject()
            member("encoding", compression.encoding, document)
            document.key("bytes")
            document.append(Int64(compression.bytes))
            if let sent = compression.sentBytes {
                document.key("sent_bytes")
                document.append(Int64(sent))
            }
            document.endObject()
        }
        if !call.mismatches.isEmpty {
            document.key("mismatches")
            document.beginArray()
            for mismatch in call.mismatches { document.append(string: mismatch) }
            document.endArray()
        }
        document.endObject()
    }

    private func appendResponse(to document: Document) {
        guard let response = explanation.response else { return }
        document.key("response")
        document.beginObject()
        document.key("status")
        document.append(Int64(response.status))
        append(headers: response.headers, to: document)
        if !response.body.isEmpty {
            document.key("body")
            append(json: response.body, to: document)
        }
        if response.breaksOff {
            document.key("broken_off")
            document.append(true)
        }
        document.endObject()
    }

    private func append(headers: [(name: String, value: String)], to document: Document) {
        document.key("headers")
        document.beginObject()
        var seen: Set<String> = []
        for (name, _) in headers where seen.insert(name).inserted {
            document.key(name)
            document.beginArray()
            for header in headers where header.name == name {
                document.append(string: header.value)
            }
            document.endArray()
        }
        document.endObject()
    }

    /// The value itself, or a string where the text is no JSON.
    private func append(json bytes: [UInt8], to document: Document) {
        let value = Document()
        bytes.withUnsafeBytes { value.append(source: $0) }
        if (try? value.readJSON()) != nil, let root = value.root {
            document.append(copy: root)
        } else {
            document.append(string: String(decoding: bytes, as: UTF8.self))
        }
    }
}

enum Base64Text {
    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// RFC 4648, 4, with padding.
    static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        var index = 0
        while index < bytes.count {
            let left = bytes.count - index
            let second = left > 1 ? bytes[index + 1] : 0
            let third = left > 2 ? bytes[index + 2] : 0
            let bits = UInt32(bytes[index]) << 16 | UInt32(second) << 8 | UInt32(third)
            text.append(alphabet[Int(bits >> 18 & 63)])
            text.append(alphabet[Int(bits >> 12 & 63)])
            text.append(left > 1 ? alphabet[Int(bits >> 6 & 63)] : 0x3D)
            text.append(left > 2 ? alphabet[Int(bits & 63)] : 0x3D)
            index += 3
        }
        return String(decoding: text, as: UTF8.self)
    }
}
