// SPDX-License-Identifier: Apache-2.0
// Multipart bodies, however they are cut, and those that are none.

import Testing

@testable import DragomanHTTP

@Suite("MultipartReader")
struct MultipartReaderTests {
    /// Each part as its fields and content; a failure as its text and offset.
    private func parts(_ text: String, boundary: String = "b", size: Int = 10_000) -> [String] {
        var found: [String] = []
        var content: [UInt8] = []
        do throws(MultipartError) {
            var reader = try MultipartReader(boundary: boundary)
            let bytes = Array(text.utf8)
            for start in stride(from: 0, to: bytes.count, by: size) {
                let piece = Array(bytes[start..<min(start + size, bytes.count)])
                var index = 0
                while let event = try next(&reader, piece, &index) {
                    switch event {
                    case .part: content = []
                    case .content(let range): content += piece[range]
                    case .held(let range): content += reader.delimiter[range]
                    case .partEnd:
                        let fields = reader.fields.map { "\($0.name)=\($0.value)" }
                        found.append(
                            fields.joined(separator: ";") + "|"
                                + String(decoding: content, as: UTF8.self))
                    }
                }
            }
            try reader.finish()
        } catch {
            found.append("! \(error.detail) @\(error.offset)")
        }
        return found
    }

    private func next(
        _ reader: inout MultipartReader, _ piece: [UInt8], _ index: inout Int
    ) throws(MultipartError) -> MultipartReader.Event? {
        var result: Result<MultipartReader.Event?, MultipartError> = .success(nil)
        piece.withUnsafeBytes { octets in
            do throws(MultipartError) {
                result = .success(try reader.next(octets, from: &index))
            } catch {
                result = .failure(error)
            }
        }
        return try result.get()
    }

    @Test("parts, however the bytes are cut", arguments: [1, 2, 3, 5, 7, 10_000])
    func pieces(size: Int) {
        let text =
            "preamble\r\n--b\r\nA: 1\r\nB:  two \r\n\r\nx\r\n--not\r\r\n-\r\n--b \t\r\n\r\n\r\n--b\r\n"
            + "C: 3\r\n\r\n--b\r\nD: 4\r\n\r\n\r\n\r\n--b--epilogue\r\n--b\r\n"
        #expect(
            parts(text, size: size) == [
                "a=1;b=two|x\r\n--not\r\r\n-", "|", "c=3|", "d=4|\r\n",
            ])
    }

    @Test(
        "what is no multipart body says why, and where",
        arguments: [
            ("", "! the boundary that Content-Type names is not in the body @0"),
            (
                "--c\r\n\r\nx\r\n--c--",
                "! the boundary that Content-Type names is not in the body @15"
            ),
            ("--b\r\nA: 1\r\n\r\nx", "! the body ends without the closing boundary @14"),
            ("--b\r\n\r\nx\r\n--b", "|x ! the body ends without the closing boundary @13"),
            ("--b\r\n\r\nx\r\n--b-", "|x ! the body ends without the closing boundary @14"),
            ("--b\nA: 1\n\nx\n--b--", "! the boundary's line does not end with CRLF @3"),
            ("--bc\r\n\r\n", "! the boundary's line does not end with CRLF @3"),
            ("--b\r\nA: 1\n\r\n", "! a line of a part's fields ends with LF, not CRLF @9"),
            ("--b\r\nA: 1\rB: 2\r\n\r\n", "! a CR without LF in a part's fields @10"),
            ("--b\r\nA: \u{0}\r\n\r\n", "! a part's fields hold a control character @8"),
            ("--b\r\nA: 1\r\n folded\r\n\r\n", "! a part's field is folded over two lines @19"),
            ("--b\r\nnothing\r\n\r\n", "! a line of a part's fields is no header field @13"),
            ("--b\r\nA B: 1\r\n\r\n", "! a line of a part's fields is no header field @12"),
        ])
    func malformed(_ text: String, _ expected: String) {
        for size in [1, 10_000] {
            #expect(parts(text, size: size).joined(separator: " ") == expected)
        }
    }

    @Test("fields are bounded in number and in bytes")
    func bounds() {
        let many = String(repeating: "A: 1\r\n", count: 40)
        #expect(
            parts("--b\r\n\(many)\r\nx\r\n--b--").first?
                .hasPrefix("! a part has more than 32 ") == true)
        let long = String(repeating: "a", count: 9_000)
        #expect(
            parts("--b\r\nA: \(long)\r\n\r\nx\r\n--b--").first?
                .hasPrefix("! a part has more than 8192 bytes") == true)
    }

    @Test(
        "boundaries are 1 to 70 characters of those that they may have",
        arguments: [
            ("", false), ("a b", true), ("a ", false), ("a\r\n", false), ("ä", false),
            (String(repeating: "x", count: 70), true), (String(repeating: "x", count: 71), false),
        ])
    func boundary(_ text: String, _ isFine: Bool) {
        let reader = try? MultipartReader(boundary: text)
        #expect((reader != nil) == isFine)
    }

    private func part(_ fields: (String, String)...) -> Result<FormPart, FormPartError> {
        do throws(FormPartError) {
            return .success(try FormPart(fields.map { (name: $0.0, value: $0.1) }, number: 2))
        } catch {
            return .failure(error)
        }
    }

    @Test("names and file names as browsers, curl and others write them")
    func names() throws {
        let disposition = "content-disposition"
        var found = try part((disposition, "form-data; name=\"a;b\\\"c\"; filename=\"C:\\x.png\""))
            .get()
        #expect(found.name == "a;b\"c")
        #expect(found.fileName == "C:\\x.png")
        found = try part(
            (disposition, "Form-Data; NAME=a ; filename*=UTF-8''%e2%82%ac.txt"),
            ("content-type", "text/plain")
        ).get()
        #expect(found.name == "a")
        #expect(found.fileName == "€.txt")
        #expect(found.contentType == "text/plain")
        #expect(try part((disposition, "form-data; name=\"\u{e4}\"")).get().name == "ä")
        #expect(
            try part((disposition, "form-data; name=\"a\"; filename=\"\"")).get().fileName == "")
    }

    @Test(
        "a part that is no form's part says what is wrong with it",
        arguments: [
            ([("a", "1")], "has no Content-Disposition"),
            ([("content-disposition", "attachment; name=a")], "is not form-data"),
            ([("content-disposition", "form-data")], "has no name"),
            ([("content-disposition", "form-data; name=\"\"")], "has no name"),
            ([("content-disposition", "form-data; name=a; name=b")], "has two names"),
            ([("content-disposition", "form-data; name=\"a")], "is not form-data"),
            ([("content-disposition", "form-data; name=\"a\"x")], "is not form-data"),
            (
                [("content-disposition", "form-data; name=a"), ("content-disposition", "x")],
                "two fields content-disposition"
            ),
            (
                [("content-disposition", "form-data; name=a; filename=b; filename=c")],
                "two file names"
            ),
            (
                [
                    ("content-disposition", "form-data; name=a"),
                    ("content-transfer-encoding", "base64"),
                ], "Content-Transfer-Encoding base64"
            ),
            (
                [
                    ("content-disposition", "form-data; name=a"),
                    ("content-type", "multipart/mixed; boundary=c"),
                ], "is itself multipart"
            ),
        ])
    func wrongParts(_ fields: [(String, String)], _ expected: String) {
        do throws(FormPartError) {
            _ = try FormPart(fields.map { (name: $0.0, value: $0.1) }, number: 2)
            Issue.record("taken")
        } catch {
            #expect(error.detail.contains(expected), "\(error.detail)")
        }
    }
}
