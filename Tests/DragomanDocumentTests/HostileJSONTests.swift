// SPDX-License-Identifier: Apache-2.0
// Documents made to be slow or to break the reader: what they cost is counted, not timed.

import DragomanDocument
import Testing

private func read(_ bytes: [UInt8], _ limits: DocumentLimits = .none) -> Document? {
    bytes.withUnsafeBytes { try? Document.reading($0, limits) }
}

/// The document written again; nil where it is refused.
private func written(_ json: String) -> String? {
    guard let document = read(Array(json.utf8)) else { return nil }
    return withExtendedLifetime(document) { document.root?.json }
}

/// The value of a document that is a string.
private func text(_ json: String) -> String? {
    guard let document = read(Array(json.utf8)) else { return nil }
    return withExtendedLifetime(document) { document.root?.string }
}

@Suite("JSONReader under attack")
struct HostileJSONTests {
    @Test("millions of names cost no comparison, however alike they are", arguments: [0, 1, 2])
    func names(_ kind: Int) throws {
        let count = 60_000
        let names = (0..<count).map { number in
            switch kind {
            case 0: "\(number)"
            // Alike in what a cheap hash looks at.
            case 1: "aaaaaaaa\(number + count)zzzzzzzz"
            default: String(repeating: "x", count: number % 300 + 1) + "\(number)"
            }
        }
        let json = "{" + names.map { "\"\($0)\":0" }.joined(separator: ",") + "}"
        let document = try Document.reading(json)
        #expect(document.root?.count == count)
        // The first sixteen with one another; and of hashes of 32 bits under a secret, a handful
        // may be the same by chance.
        #expect(document.nameComparisons < 120 + 50)
        for twice in [0, 17, count / 2, count - 1] {
            let again = "\"\(names[twice])\""
            let error = try #require(failure("\(json.dropLast()),\(again):0}"))
            #expect(error.offset == json.utf8.count)
            #expect(error.detail.contains("stands twice"))
        }
    }

    @Test("an object of few members compares no name with more than fifteen others")
    func smallObjects() throws {
        // All of one length, and equal but for what stands in the middle.
        for count in 2...16 {
            let members = (0..<count).map { "\"aaaaaaaa\(10 + $0)zzzzzzzz\":0" }
            let document = try Document.reading("{\(members.joined(separator: ","))}")
            #expect(document.nameComparisons <= count * (count - 1) / 2)
            let doubled = "{\(members.joined(separator: ",")),\(members[0])}"
            #expect(failure(doubled)?.offset == doubled.utf8.count - 1 - members[0].utf8.count)
        }
    }

    @Test("finds the first name that stands twice in a large object, after its escapes too")
    func largeObjects() throws {
        for count in [17, 40, 5000, 9000] {
            let names = (0..<count).map { "\"é\($0)\":{\"é\($0)\":[]}" }.joined(separator: ",")
            let json = "{\(names),\"\\u00e91\":1,\"é3\":1}"
            let error = try #require(failure(json))
            #expect(error.offset == names.utf8.count + 2)
            #expect(error.detail == "the name \"é1\" stands twice")
        }
    }

    @Test("containers inside one another are refused where the limit is reached")
    func depth() {
        for depth in [1, 31, 32, 33, 64, 65, 500] {
            let open = String(repeating: "[", count: depth)
            let close = String(repeating: "]", count: depth)
            #expect(failure(open + close, DocumentLimits(depthMax: depth)) == nil)
            let error = failure("[\(open + close)]", DocumentLimits(depthMax: depth))
            #expect(error?.reason == .depth)
            #expect(error?.offset == depth)
        }
        #expect(failure("1", DocumentLimits(depthMax: 0)) == nil)
        #expect(failure("{}", DocumentLimits(depthMax: 0))?.reason == .depth)
    }

    @Test("bounds the members of one object, and the bytes of one text")
    func limits() {
        let limits = DocumentLimits(namesMax: 20, textMax: 24)
        func object(_ count: Int) -> String {
            "{" + (0..<count).map { "\"n\($0)\":\($0)" }.joined(separator: ",") + "}"
        }
        #expect(failure(object(20), limits) == nil)
        #expect(failure(object(21), limits)?.reason == .names)
        let items = "[" + (0..<50).map(String.init).joined(separator: ",") + "]"
        #expect(failure(items, limits) == nil)
        for unit in ["x", "é", "\\n", "7"] {
            let width = unit == "é" ? 2 : 1
            let fitting = String(repeating: unit, count: 24 / width)
            for (json, fits) in [
                ("\"\(fitting)\"", true), ("\"\(fitting)\(unit)\"", false),
                ("{\"\(fitting)\":1}", true), ("{\"\(fitting)\(unit)\":1}", false),
            ] {
                #expect((failure(json, limits) == nil) == fits, "\(json)")
            }
        }
        #expect(failure(String(repeating: "7", count: 24), limits) == nil)
        #expect(failure(String(repeating: "7", count: 25), limits)?.reason == .text)
    }

    @Test("reads long numbers, texts, escapes and white space whole")
    func long() throws {
        let count = 200_000
        let digits = String(repeating: "7", count: count)
        for number in [digits, "0.\(digits)", "1e\(digits)", "-\(digits).\(digits)E-\(digits)"] {
            #expect(written("[\(number)]") == "[\(number)]")
        }
        let escapes = String(repeating: #"\n\u00e9\ud83d\ude00é\""#, count: count / 10)
        let decoded = String(repeating: "\n\u{e9}\u{1F600}é\"", count: count / 10)
        #expect(text("\"\(escapes)\"") == decoded)
        for space in [" ", "\n", "\r\n\t "] {
            let json = String(repeating: space, count: count)
            #expect(written("\(json)[\(json)1\(json),\(json)2\(json)]\(json)") == "[1,2]")
            #expect(failure("\(json)[\(json)")?.detail == "the document ends where a value is due")
        }
    }

    @Test("a number's size costs nothing: only its digits are looked at")
    func exponents() {
        func number(_ text: String) -> ExactNumber {
            var text = text
            return text.withUTF8 { ExactNumber(UnsafeRawBufferPointer($0)) }
        }
        let huge = "1e\(String(repeating: "9", count: 1000))"
        for text in ["1e1000000", huge] {
            let copy = Array(text.utf8)
            copy.withUnsafeBytes { bytes in
                let value = ExactNumber(bytes)
                #expect(value.digitCount == 1)
                #expect(ExactNumber.compare(value, value) == 0)
                #expect(value.int64 == nil)
            }
        }
        #expect(number("1e1000000").isInteger)
    }

    @Test("accepts UTF-8 and nothing else, wherever in a text it stands")
    func encoding() {
        // Every pair of first bytes, with tails that are right, wrong, and cut short.
        let tails: [[UInt8]] = [[], [0x80], [0x80, 0x80], [0xBF, 0xBF], [0x80, 0x41], [0x41]]
        for lead in UInt8(0x80)...0xFF {
            for second in [0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xFF] as [UInt8] {
                for tail in tails {
                    let text = [lead, second] + tail
                    let isText = String(validating: text, as: UTF8.self) != nil
                    for padding in [0, 3, 7, 8, 15, 31, 40] {
                        let before = [UInt8](repeating: 0x61, count: padding)
                        let json = [0x22] + before + text + before + [0x22]
                        #expect((read(json) != nil) == isText, "\(text) after \(padding)")
                    }
                }
            }
        }
    }

    @Test("finds what ends a text at every distance from its start")
    func distances() {
        for length in 0..<100 {
            let run = String(repeating: "x", count: length)
            #expect(text("\"\(run)\"") == run)
            #expect(written("{\"\(run)\":1}") == "{\"\(run)\":1}")
            #expect(text("\"\(run)\\t\(run)\"") == "\(run)\t\(run)")
            for byte: UInt8 in [0, 0x1F, 0x0A, 0x80, 0xFF] {
                let json = [0x22] + Array(run.utf8) + [byte] + Array(run.utf8) + [0x22]
                #expect(read(json) == nil)
                #expect(read([0x7B] + json + Array(":1}".utf8)) == nil)
            }
            #expect(failure("\"\(run)")?.offset == length + 1)
            let number = String(repeating: "4", count: length + 1)
            #expect(written(number) == number)
            #expect(written("0.\(number)x") == nil)
            let space = String(repeating: " ", count: length)
            #expect(written("{\(space)\"a\"\(space):\(space)1\(space)}") == "{\"a\":1}")
            #expect(written("[\(space)\u{B}]") == nil)
        }
    }
}
