// SPDX-License-Identifier: Apache-2.0
// JSON to protobuf and back, as a gateway does it: text in, wire bytes out, and the other way.

internal import DragomanDocument
internal import DragomanProtobuf

/// A message of a contract, in both forms.
final class Message {
    let plan: MessagePlan
    let json: [UInt8]
    private(set) var wire: [UInt8] = []
    private let document = Document()
    private let output = OutputBuffer()

    init(contract: [UInt8], type: String, json: [UInt8]) throws {
        guard let plan = try ProtobufContract.load(contract).plan(named: type) else {
            throw BenchError(description: "no message \(type)")
        }
        self.plan = plan
        self.json = json
        try toWire()
        wire = Array(output.bytes)
        try toJSON()
    }

    func toWire() throws {
        document.removeAll(keepingAtMost: 1 << 24)
        json.withUnsafeBytes { document.append(source: $0) }
        try document.readJSON()
        output.removeAll(keepingAtMost: 1 << 24)
        if let root = document.root { try plan.write(root, to: output) }
    }

    func toJSON() throws {
        document.removeAll(keepingAtMost: 1 << 24)
        try wire.withUnsafeBytes { try plan.read($0, into: document, limits: .none) }
        output.removeAll(keepingAtMost: 1 << 24)
        if let root = document.root { JSONWriter.write(root, to: output) }
    }
}
