// SPDX-License-Identifier: Apache-2.0
// Draining at every point where it may happen gives the same JSON as writing the whole.

import Testing

@testable import DragomanDocument

@Suite("DocumentDrain")
struct DocumentDrainTests {
    /// Builds `node` anew, draining wherever an array is open.
    private func build(
        _ node: Node, _ document: Document, _ drain: DocumentDrain, _ text: OutputBuffer,
        every step: Int, _ count: inout Int
    ) {
        switch node.kind {
        case .array:
            document.beginArray()
            for item in node.items {
                build(item, document, drain, text, every: step, &count)
                count += 1
                if count % step == 0 {
                    drain.drain(document)
                    text.append(drain.output.bytes)
                    drain.output.removeAll()
                }
            }
            document.endArray()
        case .object:
            document.beginObject()
            for member in node.members {
                document.key(member.name.bytes)
                build(member.value, document, drain, text, every: step, &count)
            }
            document.endObject()
        default: document.append(copy: node)
        }
    }

    @Test(
        "what is drained is what is written",
        arguments: [
            #"{"a":[1,2,{"b":[{"c":"x","d":[[],[1,[2,3]],[]]},"t"],"e":null}],"f":{"g":[true]},"h":1}"#,
            #"[[[[1],2],3],4]"#, #"{"a":{"b":{"c":[{"d":"\u00e9\n"},{"d":"2"}]},"z":"end"}}"#,
            #"[]"#, #"[1]"#,
        ])
    func drains(_ json: String) throws {
        let whole = Document()
        Array(json.utf8).withUnsafeBytes { whole.append(source: $0) }
        try whole.readJSON()
        let root = try #require(whole.root)
        for step in 1...4 {
            let document = Document()
            let drain = DocumentDrain()
            let text = OutputBuffer()
            var count = 0
            build(root, document, drain, text, every: step, &count)
            if drain.hasBegun {
                drain.finish(document)
                text.append(drain.output.bytes)
            } else if let root = document.root {
                JSONWriter.write(root, to: text)
            }
            #expect(text.string == root.json, "every \(step)")
        }
        withExtendedLifetime(whole) {}
    }
}
