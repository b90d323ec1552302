// SPDX-License-Identifier: Apache-2.0
// Reading JSON: what is accepted, what is refused, and where an error is said to be.

import DragomanDocument
import Foundation
import Testing

private func written(_ json: String, _ limits: DocumentLimits = .none) throws -> String {
    let document = try Document.reading(json, limits)
    return document.root?.json ?? ""
}

@Suite("JSONReader")
struct JSONReaderTests {
    @Test(
        "keeps every value as it was sent",
        arguments: [
            "null", "true", "[]", "{}", #""""#, "0", "-0", "1e400", "1.50",
            "12345678901234567890123",
            #"{"a":[1,{"b":[]},"x"],"c":{"d":null}}"#, #""é😀""#, "[[[[1]]]]",
        ])
    func roundTrip(_ json: String) throws {
        #expect(try written(json) == json)
    }

    @Test("decodes escapes and writes back only what must be escaped")
    func escapes() throws {
        let json = #""\u0041\/\n\"\\\ud83d\ude00\u0000\t\b\f\r""#
        #expect(try written(json) == #""A/\n\"\\😀\u0000\t\b\f\r""#)
    }

    @Test(
        "says where an error stands",
        arguments: [
            ("", 0, 1, 1), ("[1,\n 2,,]", 7, 2, 4), ("{\"a\":1,\"a\":2}", 7, 1, 8),
            ("[1] x", 4, 1, 5), ("\"a\u{1}\"", 2, 1, 3), ("\u{FEFF}1", 0, 1, 1), ("01", 0, 1, 1),
            (#"["\ud800"]"#, 2, 1, 3), ("{\"a\" 1}", 5, 1, 6), ("[1", 2, 1, 3), ("tru", 0, 1, 1),
        ])
    func errors(_ json: String, _ offset: Int, _ line: Int, _ column: Int) throws {
        let error = try #require(failure(json))
        #expect(error.offset == offset)
        #expect(error.line == line)
        #expect(error.column == column)
    }

    @Test("refuses a name that stands twice, also after its escapes and in large objects")
    func duplicates() {
        #expect(failure(#"{"a":1,"\u0061":2}"#) != nil)
        for count in [3, 15, 16, 17, 18, 64, 65, 300] {
            let names = (0..<count).map { "\"n\($0)\":{\"n\($0)\":1}" }
            let body = names.joined(separator: ",")
            #expect(failure("{\(body)}") == nil)
            for twice in [0, count / 2, count - 1] {
                #expect(failure("{\(body),\"n\(twice)\":0}") != nil)
            }
        }
    }

    @Test("names of objects inside one another do not disturb each other")
    func nestedLargeObjects() {
        func object(_ value: String) -> String {
            "{" + (0..<40).map { "\"m\($0)\":\(value)" }.joined(separator: ",") + "}"
        }
        #expect(failure(object(object("1"))) == nil)
        #expect(failure(object(object("{\"x\":1,\"x\":2}"))) != nil)
    }

    @Test("bounds depth and members")
    func limits() {
        let limits = DocumentLimits(depthMax: 3, membersMax: 4)
        #expect(failure("[[[1]]]", limits) == nil)
        #expect(failure("[[[[]]]]", limits)?.reason == .depth)
        #expect(failure("[1,2,3,4]", limits) == nil)
        #expect(failure(#"{"a":1,"b":[1,2,3]}"#, limits)?.reason == .members)
        let deep = String(repeating: "[", count: 100_000)
        #expect(failure(deep, DocumentLimits(depthMax: 500))?.reason == .depth)
    }

    @Test("reads text cut at any byte without a crash, and refuses it")
    func truncated() {
        let json = #"{"a":[1.5e3,true,null,"é\u00e9\n",{"b":-0}],"c":"x"}"#
        for length in 0..<json.utf8.count {
            let bytes = Array(json.utf8.prefix(length))
            let isRead = bytes.withUnsafeBytes { (try? Document.reading($0)) != nil }
            #expect(!isRead, "\(length) bytes")
        }
    }

    @Test("a Document can be used again after success and after failure")
    func reuse() throws {
        let document = Document()
        for json in [#"{"a":"\n"}"#, "[1,", #"["x"]"#] {
            document.removeAll()
            Array(json.utf8).withUnsafeBytes { document.append(source: $0) }
            try? document.readJSON()
            #expect((document.root == nil) == (json == "[1,"))
        }
        #expect(document.root?.json == #"["x"]"#)
    }

    @Test(
        "in pieces it is what it is in one go, and refused where it is", arguments: [1, 2, 7, 100])
    func pieces(_ entries: Int) throws {
        let items = (0..<200).map { #"{"n\#($0)":[\#($0),"t",{"x":null}],"m":{}}"# }
        let text = "[" + items.joined(separator: ",") + "]"
        let document = Document()
        for json in [
            text, "7", "{}", String(text.dropLast()), text + "]", "[1,[2,[3,{\"a\":1,\"a\":2}]]]",
        ] {
            document.removeAll()
            let bytes = Array(json.utf8)
            bytes.withUnsafeBytes { document.append(source: $0) }
            let expected = Result { () throws(JSONSyntaxError) in
                try Document.reading(json, .none)
            }
            var calls = 1
            let given = Result { () throws(JSONSyntaxError) in
                while try !document.readJSON(.none, pausingAfter: entries) { calls += 1 }
            }
            switch (expected, given) {
            case (.success(let whole), .success):
                #expect(document.root?.json == whole.root?.json)
                #expect(calls > 1 || json.count < 10)
            case (.failure(let first), .failure(let second)):
                #expect(first.offset == second.offset && first.detail == second.detail)
                #expect(document.root == nil)
            default: Issue.record("\(json.prefix(20)): \(expected), \(given)")
            }
        }
    }

    @Test("JSONTestSuite", .enabled(if: Suites.root != nil, "../shared/suites is absent"))
    func suite() throws {
        let files = Suites.files(in: "json-parsing/test_parsing")
        #expect(files.count > 150)
        for file in files {
            let name = file.lastPathComponent
            let bytes = try Data(contentsOf: file)
            let isRead = bytes.withUnsafeBytes { bytes in
                (try? Document.reading(bytes, DocumentLimits(depthMax: 1000))) != nil
            }
            if name.hasPrefix("y_object_duplicated_key") || name.hasPrefix("n_") {
                #expect(!isRead, "\(name)")
            } else if name.hasPrefix("y_") {
                #expect(isRead, "\(name)")
            }
        }
    }
}
