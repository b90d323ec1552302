// SPDX-License-Identifier: Apache-2.0
// Fields of a form that come in pieces are what the same text is as a query, wherever it is cut.

import Testing

@testable import DragomanHTTP

@Suite("Fields of a form, as they come")
struct FormFieldsReaderTests {
    /// `name=value` of each field; nil where it is malformed.
    private func read(_ pieces: [[UInt8]]) -> [String]? {
        var reader = FormFieldsReader()
        var found: [String] = []
        var value: [UInt8] = []
        func take(_ event: FormFieldsReader.Event, _ reader: FormFieldsReader) {
            switch event {
            case .field: value = []
            case .content: value += reader.decoded
            case .fieldEnd: found.append("\(reader.name)=\(String(decoding: value, as: UTF8.self))")
            }
        }
        do {
            for piece in pieces {
                try piece.withUnsafeBytes { octets in
                    var index = 0
                    while let event = try reader.next(octets, from: &index) { take(event, reader) }
                }
            }
            while let event = try reader.finish() { take(event, reader) }
        } catch {
            return nil
        }
        return found
    }

    private func asQuery(_ text: [UInt8]) -> [String]? {
        var found: [String] = []
        let isFine = text.withUnsafeBytes { octets in
            QueryFields.forEach(octets) { name, value in
                found.append("\(name)=\(value)")
                return true
            }
        }
        return isFine ? found : nil
    }

    @Test(
        "as a query, cut anywhere",
        arguments: [
            "", "a", "a=", "=", "=b", "a=b", "&", "&&a=b&&c=d&", "a&b", "a=b=c&d", "a+b=c+d",
            "%41%20=%c3%a4%26", "a%3Db=%3d", "n=1&n=2", "%", "a=%", "a=%4", "a=%zz", "%00=a",
            "a=%00", "a&b=%C3%A4&", "%FF=a", "a=\u{0}", "ä=ö",
        ])
    func pieces(_ text: String) {
        let bytes = Array(text.utf8)
        let wanted = asQuery(bytes)
        #expect(read([bytes]) == wanted)
        for cut in 0...bytes.count {
            #expect(read([Array(bytes[..<cut]), Array(bytes[cut...])]) == wanted, "\(cut)")
        }
        #expect(read(bytes.map { [$0] }) == wanted)
    }

    @Test("a value of any length is handed out as it comes")
    func long() {
        let value = String(repeating: "a+%26", count: 100_000)
        let wanted = "x=" + String(repeating: "a &", count: 100_000)
        #expect(read([Array("x=\(value)&y=1".utf8)]) == [wanted, "y=1"])
    }
}
