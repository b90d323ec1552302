// SPDX-License-Identifier: Apache-2.0
// A backend's message against the one that an example has: XML as infosets, protobuf by what it
// says, JSON by its value.

internal import DragomanDocument
internal import DragomanMapping
internal import DragomanProtobuf
internal import DragomanXML

enum MessageComparison {
    /// Fails where `wanted` is no message of that kind.
    static func compare(
        _ wanted: [UInt8], _ backend: Explanation.Backend, _ call: CallPlan?
    ) -> Result<[ValueDifference], ExampleTextProblem> {
        switch call {
        case .grpc(let plan) where plan.method.isClientStreaming:
            compareStream(wanted, backend.body, plan)
        case .grpc(let plan): compareGRPC(wanted, backend.body, plan)
        case .soap, .xml: compareXML(wanted, backend.body)
        case .http: compareHTTP(wanted, backend)
        case nil: .success([])
        }
    }

    private static func compareGRPC(
        _ wanted: [UInt8], _ body: [UInt8], _ call: GRPCCall
    ) -> Result<[ValueDifference], ExampleTextProblem> {
        switch wire(wanted, call) {
        case .failure(let problem): return .failure(problem)
        case .success(let bytes):
            guard let expected = ProtoJSONText.document(bytes, call.originalRequest),
                let actual = ProtoJSONText.document(body, call.originalRequest)
            else { return .failure(ExampleTextProblem(message: "the message can not be read")) }
            return .success(differences(expected, actual))
        }
    }

    private static func wire(
        _ wanted: [UInt8], _ call: GRPCCall
    ) -> Result<[UInt8], ExampleTextProblem> {
        ProtoJSONText.wire(wanted, call.originalRequest, call.options).mapError { failure in
            let name = call.contract.messages[call.method.input].fullName
            return ExampleTextProblem(
                message: failure.isJSON
                    ? "this is no \(name): \(failure.detail)" : failure.detail)
        }
    }

    /// A list of messages, or one, against all that the client stream has sent.
    private static func compareStream(
        _ wanted: [UInt8], _ frames: [UInt8], _ call: GRPCCall
    ) -> Result<[ValueDifference], ExampleTextProblem> {
        let expected = Document()
        let actual = Document()
        expected.beginArray()
        for text in StreamTexts.split(wanted) {
            switch wire(text, call) {
            case .failure(let problem): return .failure(problem)
            case .success(let bytes):
                let isRead = bytes.withUnsafeBytes {
                    (try? call.originalRequest.read($0, into: expected)) != nil
                }
                guard isRead else {
                    return .failure(ExampleTextProblem(message: "the message can not be read"))
                }
            }
        }
        expected.endArray()
        actual.beginArray()
        frames.withUnsafeBytes { call.append(messagesIn: $0, to: actual) }
        actual.endArray()
        return .success(differences(expected, actual))
    }

    private static func compareXML(
        _ wanted: [UInt8], _ body: [UInt8]
    ) -> Result<[ValueDifference], ExampleTextProblem> {
        do throws(DragomanXML.ContractProblem) {
            let expected = try XMLFragment(wanted)
            let actual = try XMLFragment(body)
            // Body's own names differ by version; an Envelope is compared as a whole.
            return .success(
                expected.isEnvelope
                    ? XMLDifference.find(expected: expected.elements, actual: actual.elements)
                    : XMLDifference.find(expected: expected.elements, actual: actual.body))
        } catch {
            return .failure(ExampleTextProblem(message: "`sends` is no XML: \(error.message)"))
        }
    }

    /// JSON by its value; a text that begins as a request line does is the request.
    private static func compareHTTP(
        _ wanted: [UInt8], _ backend: Explanation.Backend
    ) -> Result<[ValueDifference], ExampleTextProblem> {
        var found: [ValueDifference] = []
        var body = wanted
        if let request = HTTPExample(wanted) {
            let line = "\(backend.method) \(backend.path)"
            if request.line != line {
                found.append(
                    ValueDifference(
                        "", "is another request", expected: request.line, actual: line))
            }
            for (name, value) in request.headers {
                let values = backend.headers.filter { $0.name == name.lowercased() }.map(\.value)
                if !values.contains(value) {
                    found.append(
                        ValueDifference(
                            name, values.isEmpty ? "is missing" : "differs", expected: value,
                            actual: values.isEmpty ? nil : values.joined(separator: ", ")))
                }
            }
            guard let own = request.body else { return .success(found) }
            body = own
        }
        return .success(found + compareTexts(body, backend.body))
    }

    /// As JSON where both are, else byte by byte.
    static func compareTexts(_ wanted: [UInt8], _ body: [UInt8]) -> [ValueDifference] {
        if let expected = JSONExample.document(wanted), let actual = JSONExample.document(body) {
            return differences(expected, actual)
        }
        let expected = String(decoding: wanted, as: UTF8.self)
        let actual = String(decoding: body, as: UTF8.self)
        if expected == actual || expected == actual + "\n" { return [] }
        return [ValueDifference("", "differs", expected: expected, actual: actual)]
    }

    private static func differences(_ expected: Document, _ actual: Document) -> [ValueDifference] {
        withExtendedLifetime((expected, actual)) {
            guard let first = expected.root, let second = actual.root else { return [] }
            return JSONDifference.find(expected: first, actual: second)
        }
    }
}

struct ExampleTextProblem: Error { let message: String }

enum JSONExample {
    static func document(_ bytes: [UInt8]) -> Document? {
        let document = Document()
        bytes.withUnsafeBytes { document.append(source: $0) }
        return (try? document.readJSON()) == nil ? nil : document
    }
}

/// `GET /items/3`, header lines, an empty line and a body: as much of it as is written.
private struct HTTPExample {
    let line: String
    var headers: [(name: String, value: String)] = []
    var body: [UInt8]?

    init?(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard let first = lines.first else { return nil }
        let words = first.split(separator: " ")
        guard words.count >= 2, words[1].hasPrefix("/"), words[0].allSatisfy(\.isUppercase) else {
            return nil
        }
        line = "\(words[0]) \(words[1])"
        var index = 1
        while index < lines.count, !lines[index].isEmpty {
            let parts = lines[index].split(separator: ":", maxSplits: 1)
            if parts.count == 2 {
                headers.append((String(parts[0]), String(parts[1].drop { $0 == " " })))
            }
            index += 1
        }
        let rest = lines.dropFirst(index + 1).joined(separator: "\n")
        if !rest.allSatisfy(\.isWhitespace) { body = Array(rest.utf8) }
    }
}
