// SPDX-License-Identifier: Apache-2.0
// Order, methods, hosts, headers and captures of the route table, one behaviour a test.

import Testing

@testable import DragomanMapping

/// `"GET /a/{x}"`, `"GET /a [host]"`, `"GET /a <name=value>"`
func entry(_ text: String) throws -> RouteEntry {
    let parts = text.split(separator: " ").map(String.init)
    var hosts: [String] = []
    var conditions: [RouteHeaderCondition] = []
    for part in parts.dropFirst(2) {
        let inner = String(part.dropFirst().dropLast())
        if part.hasPrefix("[") {
            hosts = inner.split(separator: ",").map(String.init)
        } else {
            let pair = inner.split(separator: "=").map(String.init)
            conditions.append(RouteHeaderCondition(name: pair[0], value: pair[1]))
        }
    }
    return RouteEntry(
        method: parts[0], hosts: hosts, template: try PathTemplate(parts[1]),
        conditions: conditions)
}

func table(_ texts: [String]) throws -> RouteTable {
    RouteTable(try texts.map(entry))
}

/// The captures as text.
func bindings(_ table: RouteTable, _ method: String, _ path: String) -> [String]? {
    let (match, captures) = table.match(method, path)
    guard case .found = match else { return nil }
    return Array(path.utf8).withUnsafeBytes { bytes in
        captures.map { PathText.decoded($0.bytes(of: bytes), $0.decoding) }
    }
}

@Suite("RouteTable")
struct RouteTableTests {
    @Test("prefers the literal segment, then `*`, then `**`")
    func order() throws {
        let table = try table(["GET /a/**", "GET /a/*", "GET /a/b", "GET /a/b/**", "GET /**"])
        #expect(table.match("GET", "/a/b").match == .found(2))
        #expect(table.match("GET", "/a/c").match == .found(1))
        #expect(table.match("GET", "/a/c/d").match == .found(0))
        #expect(table.match("GET", "/a/b/d").match == .found(3))
        #expect(table.match("GET", "/x").match == .found(4))
        #expect(table.match("GET", "/").match == .found(4))
    }

    @Test("steps back where a literal leads nowhere")
    func backtracking() throws {
        let table = try table(["GET /a/b/c", "GET /a/{x}/d", "GET /{y=**}/e"])
        #expect(table.match("GET", "/a/b/d").match == .found(1))
        #expect(table.match("GET", "/a/b/e").match == .found(2))
        #expect(bindings(table, "GET", "/a/b/e") == ["a/b"])
        #expect(bindings(table, "GET", "/e") == [""])
    }

    @Test("prefers more literals after `**`")
    func suffixes() throws {
        let table = try table(["GET /**/c", "GET /**/b/c", "GET /**", "GET /x/**/c"])
        #expect(table.match("GET", "/a/b/c").match == .found(1))
        #expect(table.match("GET", "/a/c").match == .found(0))
        #expect(table.match("GET", "/b/c").match == .found(1))
        #expect(table.match("GET", "/b").match == .found(2))
        #expect(table.match("GET", "/x/b/c").match == .found(3))
    }

    @Test("lets a verb that ends the path go first")
    func verbs() throws {
        let table = try table(["GET /a/{x}", "GET /{y=**}:go", "POST /a/b:stop"])
        #expect(table.match("GET", "/a/b:go").match == .found(1))
        #expect(bindings(table, "GET", "/a/b:go") == ["a/b"])
        #expect(bindings(table, "GET", "/a/b:stop") == ["b:stop"])
        #expect(bindings(table, "GET", "/a/b:other") == ["b:other"])
        #expect(bindings(table, "GET", "/a/x%3Ago") == ["x:go"])
        #expect(table.match("GET", "/a:go/b").match == .notFound)
        #expect(table.match("POST", "/a/b:stop").match == .found(2))
    }

    @Test("serves HEAD by GET's route unless it has its own")
    func head() throws {
        let table = try table(["GET /a", "GET /b", "HEAD /b", "POST /c"])
        #expect(table.match("HEAD", "/a").match == .found(0))
        #expect(table.match("HEAD", "/b").match == .found(2))
        #expect(
            table.match("HEAD", "/c").match == .methodNotAllowed(allow: "OPTIONS, POST"))
    }

    @Test("names the methods that a path has")
    func allow() throws {
        let table = try table(["GET /a", "POST /a", "DELETE /{x}", "OPTIONS /o", "PUT /o"])
        #expect(
            table.match("PATCH", "/a").match
                == .methodNotAllowed(allow: "DELETE, GET, HEAD, OPTIONS, POST"))
        #expect(
            table.match("OPTIONS", "/a").match
                == .options(allow: "DELETE, GET, HEAD, OPTIONS, POST"))
        #expect(table.match("OPTIONS", "/o").match == .found(3))
        #expect(table.match("OPTIONS", "/x/y").match == .notFound)
        #expect(
            table.match("get", "/a").match
                == .methodNotAllowed(
                    allow: "DELETE, GET, HEAD, OPTIONS, POST"))
        #expect(table.match("DELETE", "/a").match == .found(2))
    }

    @Test("takes `*` for every method without a route of its own")
    func anyMethod() throws {
        let table = try table(["* /a", "GET /a"])
        #expect(table.match("GET", "/a").match == .found(1))
        #expect(table.match("PURGE", "/a").match == .found(0))
        #expect(table.match("HEAD", "/a").match == .found(1))
    }

    @Test("lets the exact host beat the wildcard and that none")
    func hosts() throws {
        let table = try table([
            "GET /a", "GET /a [*.example.com]", "GET /a [api.example.com]",
            "GET /b [*.b.example.com]", "GET /a [*.b.example.com]", "GET /c [api.example.com]",
            "GET /d [*.example.com]",
        ])
        func match(_ host: String, _ path: String) -> RouteMatch {
            table.match("GET", path, host: host).match
        }
        #expect(match("api.example.com", "/a") == .found(2))
        #expect(match("API.Example.com:8080", "/a") == .found(2))
        #expect(match("api.example.com.", "/a") == .found(2))
        #expect(match("x.example.com", "/a") == .found(1))
        #expect(match("x.b.example.com", "/a") == .found(4))
        #expect(match("example.com", "/a") == .found(0))
        #expect(match("", "/a") == .found(0))
        #expect(match("[::1]:80", "/a") == .found(0))
        #expect(match("notexample.com", "/d") == .notFound)
        #expect(match("x.b.example.com", "/d") == .found(6))
        #expect(match("api.example.com", "/d") == .found(6))
        #expect(match("x.example.com", "/c") == .notFound)
        let long = String(repeating: "a.", count: 10_000) + "example.com"
        #expect(match(long, "/a") == .found(0))
    }

    @Test("lets more header conditions go first")
    func conditions() throws {
        let table = try table([
            "GET /a", "GET /a <x-version=2>", "GET /a <x-version=2> <x-beta=1>",
            "GET /b <x-version=2>", "GET /a <x-version=3>",
        ])
        #expect(table.conflicts.isEmpty)
        func match(_ path: String, _ headers: [String: String]) -> RouteMatch {
            table.match("GET", path, headers: headers).match
        }
        #expect(match("/a", [:]) == .found(0))
        #expect(match("/a", ["x-version": "2"]) == .found(1))
        #expect(match("/a", ["x-version": "2", "x-beta": "1"]) == .found(2))
        #expect(match("/a", ["x-version": "3", "x-beta": "1"]) == .found(4))
        #expect(match("/b", [:]) == .notFound)
    }

    @Test("decodes one segment whole and keeps reserved signs of several")
    func captures() throws {
        let table = try table(["GET /a/{x}", "GET /b/{x=**}", "GET /c/{x=p/*}/{y}/{z=q}"])
        #expect(bindings(table, "GET", "/a/p%20q%2Fr+") == ["p q/r+"])
        #expect(bindings(table, "GET", "/b/p%20q%2Fr+/s") == ["p q%2Fr+/s"])
        #expect(bindings(table, "GET", "/b") == [""])
        #expect(bindings(table, "GET", "/b/") == [""])
        #expect(bindings(table, "GET", "/c/p/1/2/q") == ["p/1", "2", "q"])
    }

    @Test("counts the segments after `**` from the end")
    func capturesAfterRest() throws {
        let table = try table(["GET /a/{x=b/**/c}/d/{y=e}/{z=f/g}:v"])
        #expect(bindings(table, "GET", "/a/b/c/d/e/f/g:v") == ["b/c", "e", "f/g"])
        #expect(bindings(table, "GET", "/a/b/1/2/c/d/e/f/g:v") == ["b/1/2/c", "e", "f/g"])
        #expect(bindings(table, "GET", "/a/b/d/e/f/g:v") == nil)
    }

    @Test("matches no empty segment with `*`, and no slash too many")
    func emptySegments() throws {
        let table = try table(["GET /a", "GET /a/{x}", "GET /c/{x}/d"])
        #expect(table.match("GET", "/a/").match == .notFound)
        #expect(table.match("GET", "//a").match == .notFound)
        #expect(table.match("GET", "/c//d").match == .notFound)
        #expect(table.match("GET", "a").match == .notFound)
        #expect(table.match("GET", "").match == .notFound)
    }

    @Test("compares literals in their canonical form")
    func canonical() throws {
        let table = try table(["GET /café/a-b", "GET /x%2Fy"])
        #expect(table.match("GET", "/caf%c3%A9/%61%2Db").match == .found(0))
        #expect(table.match("GET", "/caf\u{E9}/a-b").match == .found(0))
        #expect(table.match("GET", "/x%2fy").match == .found(1))
        #expect(table.match("GET", "/x/y").match == .notFound)
    }

    @Test("names routes that are alike in everything")
    func conflicts() throws {
        let table = try table([
            "GET /a/{x}", "GET /a/{y}", "POST /a/{x}", "GET /a/{x} [h.example]",
            "GET /a/* [h.example,g.example]", "GET /b <x-a=1>", "GET /b <x-b=1>",
            "GET /a/{x}:v", "GET /a/b",
        ])
        #expect(
            table.conflicts == [
                RouteConflict(first: 0, second: 1), RouteConflict(first: 3, second: 4),
                RouteConflict(first: 5, second: 6),
            ])
    }
}
