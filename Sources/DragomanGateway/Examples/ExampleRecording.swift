// SPDX-License-Identifier: Apache-2.0
// What a real call was, in the form that examples have: XML indented, protobuf as ProtoJSON.

internal import DragomanDocument
internal import DragomanHTTP
package import DragomanMapping
internal import DragomanProtobuf
internal import DragomanXML

extension ExampleOutcome {
    /// What was seen of each call that came to an answer.
    package var recordings: [ExampleRecording] {
        explanation.calls.compactMap { made in
            guard let recorded = made.recorded, recorded.isWhole,
                let call = route.callPlan(of: made.step)
            else { return nil }
            var recording: ExampleRecording
            switch call {
            case .grpc(let call): recording = Self.grpc(call, made.backend, recorded)
            case .soap, .xml: recording = Self.soap(made.backend, recorded)
            case .http: recording = Self.http(made.backend, recorded)
            }
            recording.step = made.step
            recording.item = made.item
            return recording
        }
    }

    private static func grpc(
        _ call: GRPCCall, _ backend: Explanation.Backend, _ recorded: RecordedReply
    ) -> ExampleRecording {
        var recording = ExampleRecording(sends: backend.message ?? "{}", receives: nil)
        let fields = recorded.trailers.contains("grpc-status") ? recorded.trailers : recorded.fields
        let status = fields.first("grpc-status").flatMap { Int($0) } ?? 0
        guard status == 0 else {
            recording.status = status
            for name in ["grpc-message", "grpc-status-details-bin"] {
                if let value = fields.first(name) { recording.headers.append((name, value)) }
            }
            return recording
        }
        let messages = GRPCFrames.messages(recorded.body).map {
            ProtoJSONText.document($0, call.originalReply)
        }
        guard call.method.isServerStreaming else {
            if let document = messages.first ?? ProtoJSONText.document([], call.originalReply) {
                recording.receives = withExtendedLifetime(document) {
                    document.root?.indentedJSON
                }
            }
            return recording
        }
        let list = Document()
        list.beginArray()
        for case let message? in messages {
            withExtendedLifetime(message) {
                if let root = message.root { list.append(copy: root) }
            }
        }
        list.endArray()
        recording.receives = withExtendedLifetime(list) { list.root?.indentedJSON }
        return recording
    }

    private static func soap(
        _ backend: Explanation.Backend, _ recorded: RecordedReply
    ) -> ExampleRecording {
        var recording = ExampleRecording(sends: content(backend.body) ?? "", receives: nil)
        recording.receives = content(recorded.body)
        let isFault = recording.receives.map { $0.contains("Fault") && recorded.status == 500 }
        if recorded.status != 200, isFault != true { recording.status = recorded.status }
        return recording
    }

    /// What the Body holds; the Envelope as a whole where it has a Header.
    private static func content(_ bytes: [UInt8]) -> String? {
        guard !bytes.isEmpty else { return nil }
        guard let fragment = try? XMLFragment(bytes), fragment.isEnvelope else {
            return String(decoding: bytes, as: UTF8.self)
        }
        let hasHeader = fragment.elements[0].elements.contains { $0.name.local == "Header" }
        let shown = hasHeader ? fragment.elements : fragment.body
        return shown.map { $0.indented }.joined(separator: "\n")
    }

    private static func http(
        _ backend: Explanation.Backend, _ recorded: RecordedReply
    ) -> ExampleRecording {
        let body = backend.body.isEmpty ? "" : "\n\n" + readable(backend.body)
        var recording = ExampleRecording(
            sends: "\(backend.method) \(backend.path)" + body,
            receives: recorded.body.isEmpty ? nil : readable(recorded.body))
        if recorded.status != 200 { recording.status = recorded.status }
        if let type = recorded.fields.first("content-type"), type != "application/json" {
            recording.headers.append(("content-type", type))
        }
        return recording
    }

    private static func readable(_ bytes: [UInt8]) -> String {
        guard let document = JSONExample.document(bytes) else {
            return String(decoding: bytes, as: UTF8.self)
        }
        return withExtendedLifetime(document) { document.root?.indentedJSON ?? "" }
    }
}
