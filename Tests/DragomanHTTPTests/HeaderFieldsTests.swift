// SPDX-License-Identifier: Apache-2.0
// Fields keep order and repetition, are found in any case, and refuse what would end a line.

import DragomanHTTP
import Testing

@Suite("HeaderFields")
struct HeaderFieldsTests {
    @Test("keeps order and repetition, and finds names in any case")
    func lookup() {
        var fields = HeaderFields()
        fields.append("accept", "a" as String)
        fields.append("X-Thing" as String, "1")
        fields.append("x-tHING" as String, "2")
        fields.append("etag", "" as String)
        #expect(fields.count == 4 && !fields.isEmpty)
        #expect(fields.name(at: 1) == "x-thing" && fields.value(at: 2) == "2")
        #expect(fields.values("X-THING") == ["1", "2"])
        #expect(fields.first("x-thing") == "1" && fields.first("X-Thing" as String) == "1")
        #expect(fields.firstIndex("x-thing", from: 2) == 2)
        #expect(fields.first("etag")?.isEmpty == true && fields.first("absent") == nil)
        #expect(fields.contains("accept") && !fields.contains("accep"))
        #expect(fields.nameEquals(at: 0, "accept") && !fields.nameEquals(at: 0, "acceptt"))
        #expect(fields.valueEquals(at: 0, "a") && !fields.valueEquals(at: 0, "A"))
        #expect(fields.valueEqualsIgnoringCase(at: 0, "A"))
        fields.remove("X-thing" as String)
        #expect(ParsedField.all(fields) == [ParsedField("accept", "a"), ParsedField("etag", "")])
        fields.set("Accept", "b")
        #expect(ParsedField.all(fields) == [ParsedField("etag", ""), ParsedField("accept", "b")])
        var other = HeaderFields()
        other.append(contentsOf: fields)
        other.append("a", "b" as StaticString)
        #expect(other.count == 3 && fields.count == 2 && other.byteCount == 13)
        fields.removeAll()
        #expect(fields.isEmpty && other.value(at: 1) == "b")
    }

    @Test("compares members of lists")
    func lists() {
        var fields = HeaderFields()
        fields.append("accept", "text/html;q=\"a,b\\\",c\", */*" as String)
        fields.append("te", ", trailers ,gzip" as String)
        #expect(fields.listContains("te", "TRAILERS") && fields.listContains("te", "gzip"))
        #expect(!fields.listContains("te", "trailer") && !fields.listContains("accept", "c\""))
        #expect(fields.listContains("accept", "*/*"))
    }

    @Test("takes out the fields of one connection")
    func hopByHop() {
        var fields = HeaderFields()
        for name in [
            "Connection", "Keep-Alive", "Proxy-Connection", "TE", "Trailer", "Upgrade", "X-One",
            "Transfer-Encoding", "Proxy-Authorization", "X-Two", "x-three",
        ] {
            fields.append(name, name == "Connection" ? "close, X-one,, x-TWO" : "v")
        }
        fields.removeHopByHop()
        #expect(ParsedField.all(fields) == [ParsedField("x-three", "v")])
    }

    @Test("knows valid names and values")
    func validity() {
        for name in ["a", "X-1", "!#$%&'*+-.^_`|~"] { #expect(HeaderFields.isValidName(name)) }
        for name in ["", "a b", "a:", "ä", "a\n", "(", "a/b", "\u{7F}"] {
            #expect(!HeaderFields.isValidName(name))
        }
        for value in ["", "a", "a b\tc", "é", "12345678901234567\u{80}"] {
            #expect(HeaderFields.isValidValue(value))
        }
        for value in [
            "a\r\nb", "a\nb", "\r", "12345678\u{00}", "1234567\u{7F}9", " a", "a ", "\ta", "\u{1F}",
        ] {
            #expect(!HeaderFields.isValidValue(value))
        }
    }
}
