// SPDX-License-Identifier: Apache-2.0
// Bodies of client streams, cut into their messages however the bytes come.
// Client streams cut into elements, wherever the pieces of the body end.

import DragomanDocument
import Testing

@testable import DragomanGateway

@Suite("ElementSplitter")
struct ElementSplitterTests {
    /// The elements of `text`, given in pieces of `size`; a failure as its offset.
    private func elements(
        _ text: String, _ framing: ElementSplitter.Framing = .array, size: Int, limit: Int = 1000
    ) -> [String] {
        var splitter = ElementSplitter(framing, bytesMax: limit)
        let document = Document()
        var found: [String] = []
        func take() {
            found.append(String(decoding: document.source, as: UTF8.self))
            document.removeAll()
        }
        let bytes = Array(text.utf8)
        do throws(ElementSplitter.Failure) {
            for start in stride(from: 0, to: bytes.count, by: size) {
                let piece = Array(bytes[start..<min(start + size, bytes.count)])
                try piece.withUnsafeBytes { octets -> Result<Void, ElementSplitter.Failure> in
                    var index = 0
                    do throws(ElementSplitter.Failure) {
                        while try splitter.next(octets, from: &index, into: document) { take() }
                        return .success(())
                    } catch {
                        return .failure(error)
                    }
                }.get()
            }
            if try splitter.finish() { take() }
        } catch {
            found.append("! \(error.reason) \(error.place.offset)")
        }
        return found
    }

    @Test(
        "an array's items, however the bytes are cut", arguments: [1, 2, 3, 5, 1000])
    func array(size: Int) {
        let text = " [ {\"a\":[1,{}]} ,\"x\\\"],\" , 1.5e3,null ,[[]], {\"b\":\"}\"}] \n"
        #expect(
            elements(text, size: size) == [
                "{\"a\":[1,{}]}", "\"x\\\"],\"", "1.5e3", "null", "[[]]", "{\"b\":\"}\"}",
            ])
        #expect(elements("[]", size: size).isEmpty)
        #expect(elements("", size: size).isEmpty)
    }

    @Test("lines, the last without its end, blank ones passed over", arguments: [1, 3, 1000])
    func lines(size: Int) {
        #expect(
            elements("{\"a\":1}\r\n\n  \n[2]\n3", .lines, size: size)
                == ["{\"a\":1}\r", "[2]", "3"])
        #expect(elements("{}\n{}", .either, size: size) == ["{}", "{}"])
        #expect(elements(" [{},{}]", .either, size: size) == ["{}", "{}"])
    }

    @Test(
        "what is wrong between items has its place",
        arguments: [
            ("[1 2]", ["1", "! syntax 3"]), ("[1,2", ["1", "! syntax 4"]),
            ("[1]x", ["1", "! syntax 3"]), ("{}", ["! noArray 0"]), (" x", ["! syntax 1"]),
            ("  ", ["! syntax 2"]), ("[{}", ["{}", "! syntax 3"]), ("[", ["! syntax 1"]),
        ])
    func failures(_ text: String, _ wanted: [String]) {
        #expect(elements(text, size: 1) == wanted)
        #expect(elements(text, size: 100) == wanted)
    }

    @Test("an element is bounded, all of them together are not")
    func bound() {
        let item = "\"" + String(repeating: "a", count: 18) + "\""
        #expect(elements("[\(item),\(item),\(item)]", size: 7, limit: 20).count == 3)
        #expect(elements("[\"a\(item.dropFirst())]", size: 7, limit: 20) == ["! tooLarge 1"])
    }
}
