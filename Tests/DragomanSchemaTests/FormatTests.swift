// SPDX-License-Identifier: Apache-2.0
// Formats that the suite at hand has no cases for.
import Testing

@testable import DragomanDocument
@testable import DragomanSchema

@Suite("Format")
struct FormatTests {
    static let cases: [(Format, String, Bool)] = [
        (.idnEmail, "실례@실례.테스트", true), (.idnEmail, "2962", false),
        (.idnEmail, "joe@例え.jp", true), (.email, "실례@실례.테스트", false),
        (.idnHostname, "실례.테스트", true), (.idnHostname, "〮실례.테스트", false),
        (.idnHostname, "-> $1.00 <--", false), (.idnHostname, "xn--ihqwcrb4cv8a8dqg056pqjye", true),
        (.idnHostname, "xn--X", false), (.idnHostname, "XN--aa---o47jg78q", false),
        (.idnHostname, "-hello", false), (.idnHostname, "hello-", false),
        (.idnHostname, "\u{0903}hello", false), (.idnHostname, "l·l", true),
        (.idnHostname, "a·l", false), (.idnHostname, "例。例", true), (.idnHostname, "", false),
        (.idnHostname, "ß", true), (.idnHostname, "a..b", false), (.idnHostname, "example", true),
        (.uriReference, "/abc", true), (.uriReference, "#frag", true),
        (.uriReference, "//foo.bar/?baz=qux#quux", true), (.uriReference, "\\\\WINDOWS", false),
        (.uriReference, "abc", true), (.uriReference, "#frag\\ment", false),
        (.uriReference, "a:b", true), (.uriReference, "1:b", false), (.uriReference, "./1:b", true),
        (.uriReference, "", true), (.uriReference, "/foobar®.txt", false),
        (.iri, "http://ƒøø.ßår/?∂éœ=πîx#πîüx", true), (.iri, "http://ƒøø.com/blah", true),
        (.iri, "/abc", false), (.iri, "http://2001:0db8:85a3::7334", false),
        (.iri, "http://[2001:db8::1]", true), (.iri, "âππ", false),
        (.iriReference, "/âππ", true), (.iriReference, "âππ", true),
        (.iriReference, "#ƒräg\\mênt", false),
        (.uriTemplate, "http://example.com/dictionary/{term:1}/{term}", true),
        (.uriTemplate, "http://example.com/dictionary/{term:1}/{term", false),
        (.uriTemplate, "http://example.com/dictionary", true), (.uriTemplate, "{?a*,b:3}", true),
        (.uriTemplate, "a}b", false), (.uriTemplate, "{a b}", false), (.uriTemplate, "{}", false),
        (.jsonPointer, "/foo/bar~0/baz~1/%a", true), (.jsonPointer, "/foo/bar~", false),
        (.jsonPointer, "", true), (.jsonPointer, "a", false), (.jsonPointer, "#/", false),
        (.jsonPointer, "/~2", false), (.jsonPointer, "/ /\"", true),
        (.relativeJSONPointer, "1", true), (.relativeJSONPointer, "0/foo/bar", true),
        (.relativeJSONPointer, "2/0/baz/1/zip", true), (.relativeJSONPointer, "0#", true),
        (.relativeJSONPointer, "/foo", false), (.relativeJSONPointer, "-1/a", false),
        (.relativeJSONPointer, "+1/a", false), (.relativeJSONPointer, "0##", false),
        (.relativeJSONPointer, "01/a", false), (.relativeJSONPointer, "01#", false),
        (.relativeJSONPointer, "", false), (.relativeJSONPointer, "120/foo", true),
        (.regex, "([abc])+\\s+$", true), (.regex, "^(abc]", false), (.regex, "\\a", false),
        (.regex, "^\\S(|(.|\\n)*\\S)\\Z", false),
        (.uri, "http://[::1]:80/", true), (.uri, "http://[v1.a:b]/", true),
        (.uri, "http://[::1", false), (.uri, "http://a@b@c/", false), (.uri, "urn:", true),
        (.ipv6, "::ffff:0:192.168.0.1", true), (.ipv6, "1:2:3:4:5:6:7::", true),
        (.ipv6, "1:2:3:4:5:6:7:8::", false), (.ipv6, "::1:2:3:4:5:6:7:8", false),
        (.ipv6, ":", false), (.ipv6, ":::", false), (.ipv6, "", false),
        (.email, "a@b", true), (.email, "\"a\\\"b\"@c", true), (.email, "a@-b", false),
        (.email, "a@[IPv6:1::]", true), (.email, "a@[1]", false), (.hostname, "a.b-", false),
    ]

    @Test("accepts what is one and nothing else", arguments: cases)
    func accepts(_ format: Format, _ text: String, _ expected: Bool) {
        var text = text
        let found = text.withUTF8 { format.accepts(UnsafeRawBufferPointer($0)) }
        #expect(found == expected)
    }

    @Test("annotates where that is asked for, asserts else")
    func policy() throws {
        var options = SchemaOptions()
        #expect(try !compile(#"{"format":"uuid"}"#, options).isValid("\"x\""))
        #expect(try compile(#"{"format":"no-such-format"}"#, options).isValid("\"x\""))
        #expect(try compile(#"{"format":"uuid"}"#, options).isValid("1"))
        options.formats = .annotate
        #expect(try compile(#"{"format":"uuid"}"#, options).isValid("\"x\""))
    }
}
