// SPDX-License-Identifier: Apache-2.0
// Writing JSON: what is read comes out again, whatever its lengths and wherever the buffer grows.

import DragomanDocument
import Testing

@Suite("JSONWriter")
struct JSONWriterTests {
    @Test("texts of every length are written whole, between others")
    func lengths() throws {
        for length in 0..<80 {
            let run = String(repeating: "x", count: length)
            let digits = "1" + String(repeating: "2", count: length)
            let json =
                "[{\"\(run)\":\"\(run)\",\"é\(run)\":\(digits)},\"\(run)é\",\"\(run)\\n\",-\(digits)]"
            let document = try Document.reading(json)
            let root = try #require(document.root)
            let output = OutputBuffer(capacity: 64)
            for _ in 0..<3 { JSONWriter.write(root, to: output) }
            #expect(output.string == json + json + json)
            withExtendedLifetime(document) {}
        }
    }

    @Test("only punctuation, deeper than a buffer has room to spare")
    func punctuation() throws {
        for depth in [1, 47, 48, 49, 100, 5000] {
            let arrays =
                String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
            let objects =
                String(repeating: "{\"\":", count: depth) + "null"
                + String(repeating: "}", count: depth)
            let many = "[" + String(repeating: "[],{},true,false,null,0,", count: depth) + "1]"
            for json in [arrays, objects, many] {
                let document = try Document.reading(json)
                #expect(document.root?.json == json)
                withExtendedLifetime(document) {}
            }
        }
    }

    @Test("constants of plans and values of other Documents are written where they stand")
    func references() throws {
        let pool = ConstantPool()
        let other = try Document.reading(#"{"a":["b",1.50,"\n"]}"#)
        let document = Document()
        document.beginObject()
        for length in [0, 1, 7, 8, 31, 32, 33, 300] {
            let text = pool.text(String(repeating: "k", count: length))
            document.key(text)
            document.append(constant: text)
        }
        document.key(pool.text("\"quoted\""))
        document.append(reference: try #require(other.root))
        document.endObject()
        let expected = [0, 1, 7, 8, 31, 32, 33, 300].map {
            let text = String(repeating: "k", count: $0)
            return "\"\(text)\":\"\(text)\","
        }
        #expect(
            document.root?.json
                == "{\(expected.joined())\"\\\"quoted\\\"\":{\"a\":[\"b\",1.50,\"\\n\"]}}")
        withExtendedLifetime((pool, other, document)) {}
    }
}
