// SPDX-License-Identifier: Apache-2.0
// Splitting and decoding of paths, queries and hosts.

import DragomanDocument
import DragomanHTTP
import Testing

@Suite("Targets")
struct TargetTests {
    static func segments(_ path: String) -> [String] {
        let path = octets(path)
        var ranges: [Range<Int>] = [0..<9]
        withOctets(path) { RequestTarget.segments(of: $0, into: &ranges) }
        return ranges.map { latin1(path[$0]) }
    }

    @Test("splits without decoding")
    func splitting() {
        #expect(Self.segments("/a%2Fb//c/") == ["a%2Fb", "", "c", ""])
        #expect(Self.segments("/") == [""])
        #expect(Self.segments("") == [])
        #expect(Self.segments(String(repeating: "/", count: 64_000)).count == 64_000)
        let parts = withOctets(octets("/a?b?c")) { RequestTarget.split($0) }
        #expect(parts.path == 0..<2 && parts.query == 3..<6)
        #expect(withOctets(octets("/a")) { RequestTarget.split($0) }.query == nil)
        #expect(withOctets(octets("/a?")) { RequestTarget.split($0) }.query == 3..<3)
    }

    @Test(
        "knows paths that could be read in two ways",
        arguments: [
            ("/", true), ("/a.b/...", true), ("/a%2Eb", true), ("/.a/a./..a", true),
            ("/%41%ff", true), ("/.", false), ("/..", false), ("/a/./b", false),
            ("/a/%2e/b", false), ("/a/.%2E", false), ("/a%2f..", false), ("/%00", false),
            ("/%", false), ("/%1", false), ("/%g0", false), ("/12345678/..", false),
            ("/1234567%2", false),
        ])
    func safety(_ path: String, _ isSafe: Bool) {
        #expect(withOctets(octets(path)) { RequestTarget.isSafePath($0) } == isSafe)
    }

    @Test("reads queries pair by pair")
    func queries() {
        func pairs(_ query: String) -> [String]? {
            var found: [String] = []
            let isGood = withOctets(octets(query)) {
                QueryFields.forEach($0) { name, value in
                    found.append("\(name)|\(value)")
                    return true
                }
            }
            return isGood ? found : nil
        }
        #expect(
            pairs("a=b&c=d+e%26&a=&f&&=g&h=i=j") == ["a|b", "c|d e&", "a|", "f|", "|g", "h|i=j"])
        #expect(pairs("") == [] && pairs("&") == [])
        #expect(pairs("a=%") == nil && pairs("%00=a") == nil && pairs("a=%FF") == nil)
    }

    @Test(
        "reads authorities",
        arguments: [
            ("a", "a"), ("A.Example.:80", "a.example"), ("[::1]:443", "[::1]"), ("a:", "a"),
            ("127.0.0.1:65535", "127.0.0.1"), ("", nil), (":80", nil), ("a:b", nil),
            ("a:65536", nil), ("a b", nil), ("[::1", nil), ("[]", nil), ("[::1]a", nil),
            ("a@b", nil), ("a:1:2", nil), ("é", nil), ("a:+1", nil),
        ] as [(String, String?)])
    func authorities(_ text: String, _ host: String?) {
        #expect(Authority.comparableHost(text) == host)
    }
}
