// SPDX-License-Identifier: Apache-2.0
// Path variables, query parameters and bodies into one message.

import DragomanDocument
import DragomanProtobuf
import Testing

@Suite("RequestAssembly", .enabled(if: Suites.arePresent, "no suites or no protoc here"))
struct RequestAssemblyTests {
    static let contract = Result {
        try Protoc.contract(
            source: """
                syntax = "proto3";
                package t;
                import "google/protobuf/field_mask.proto";
                import "google/protobuf/struct.proto";
                import "google/protobuf/timestamp.proto";
                import "google/protobuf/duration.proto";
                import "google/protobuf/wrappers.proto";
                enum Color { COLOR_RED = 0; COLOR_GREEN = 1; }
                message Book { string name = 1; string title = 2; Author author = 3; }
                message Author { string full_name = 1; repeated string names = 2; }
                message Request {
                  string name = 1;
                  Book book = 2;
                  int32 page_size = 3;
                  int64 big = 4;
                  bool deep = 5;
                  Color color = 6;
                  repeated Color colors = 7;
                  repeated string tags = 8;
                  map<string, int32> counts = 9;
                  map<string, Book> books = 10;
                  google.protobuf.FieldMask update_mask = 11;
                  google.protobuf.Timestamp at = 12;
                  google.protobuf.Duration wait = 13;
                  google.protobuf.Int64Value limit = 14;
                  google.protobuf.Struct data = 15;
                  google.protobuf.Value any_value = 16;
                  double ratio = 17;
                  bytes raw = 18;
                  oneof one { string left = 19; int32 right = 20; }
                  repeated Book list = 21;
                  map<bool, string> flags = 22;
                  repeated google.protobuf.Int32Value wrapped = 23;
                }
                """)
    }

    static func assemble(
        path: [(String, String)] = [], query: [(String, String)] = [],
        body: HTTPBindingBody = .none, json: String? = nil,
        unknown: UnknownParameters = .refuse
    ) throws -> String {
        let contract = try contract.get()
        let message = try #require(contract.messageIndex(named: "t.Request"))
        let assembly = try RequestAssembly(
            contract, message: message, pathVariables: path.map(\.0), body: body,
            unknown: unknown)
        let assembler = RequestAssembler()
        let source = try json.map { try Document.reading($0) }
        let document = Document()
        // Twice: nothing of one request may stay for the next.
        for _ in 0..<2 {
            document.removeAll()
            assembler.begin(assembly)
            for (index, value) in path.enumerated() {
                Array(value.1.utf8).withUnsafeBytes { assembler.set(pathVariable: index, $0) }
            }
            for (name, value) in query {
                Array(name.utf8).withUnsafeBytes { name in
                    Array(value.utf8).withUnsafeBytes { assembler.set(query: name, $0) }
                }
            }
            try assembler.assemble(body: source?.root, into: document)
        }
        let root = try #require(document.root)
        // Whatever is assembled can be written, but for what only the body is to blame for.
        let output = OutputBuffer()
        try contract.plan(at: message).write(root, to: output)
        return root.json
    }

    @Test(
        "binds parameters by the type of their field",
        arguments: [
            ("page_size", "5", #"{"pageSize":5}"#), ("pageSize", "1e2", #"{"pageSize":1e2}"#),
            ("big", "9007199254740993", #"{"big":9007199254740993}"#),
            ("deep", "true", #"{"deep":true}"#),
            ("color", "COLOR_GREEN", #"{"color":"COLOR_GREEN"}"#),
            ("color", "1", #"{"color":1}"#), ("color", "77", #"{"color":77}"#),
            ("tags", "a,b", #"{"tags":["a,b"]}"#),
            ("counts[a.b]", "3", #"{"counts":{"a.b":3}}"#),
            ("counts[]", "3", #"{"counts":{"":3}}"#),
            ("flags[true]", "x", #"{"flags":{"true":"x"}}"#),
            ("books[x].author.full_name", "N", #"{"books":{"x":{"author":{"fullName":"N"}}}}"#),
            ("books[x][author][fullName]", "N", #"{"books":{"x":{"author":{"fullName":"N"}}}}"#),
            ("book.author.names", "N", #"{"book":{"author":{"names":["N"]}}}"#),
            ("book[title]", "T", #"{"book":{"title":"T"}}"#),
            ("update_mask", "a.display_name,b", #"{"updateMask":"a.displayName,b"}"#),
            ("updateMask", "displayName", #"{"updateMask":"displayName"}"#),
            ("at", "2024-02-29T00:00:00Z", #"{"at":"2024-02-29T00:00:00Z"}"#),
            ("wait", "1.5s", #"{"wait":"1.5s"}"#), ("limit", "12", #"{"limit":12}"#),
            ("wrapped", "1", #"{"wrapped":[1]}"#),
            ("data", #"{"a":[1]}"#, #"{"data":{"a":[1]}}"#),
            ("any_value", "null", #"{"anyValue":null}"#),
            ("ratio", "NaN", #"{"ratio":"NaN"}"#), ("raw", "-_8", #"{"raw":"-_8"}"#),
            ("book", #"{"title":"T"}"#, #"{"book":{"title":"T"}}"#),
            ("list", #"{"title":"T"}"#, #"{"list":[{"title":"T"}]}"#),
            ("counts", #"{"a":1}"#, #"{"counts":{"a":1}}"#),
            ("left", "", #"{"left":""}"#),
        ])
    func binds(_ name: String, _ value: String, _ json: String) throws {
        #expect(try RequestAssemblyTests.assemble(query: [(name, value)]) == json)
    }

    @Test(
        "names the parameter that does not fit",
        arguments: [
            ("page_size", "x"), ("page_size", "99999999999"), ("page_size", "1.5"),
            ("page_size", ""), ("deep", "yes"), ("color", "BLUE"), ("at", "today"), ("wait", "1"),
            ("limit", "x"), ("data", "[]"), ("data", "{"), ("any_value", "x"), ("raw", "*"),
            ("book", "x"), ("counts.a", "1"), ("counts[a", "1"), ("counts[a]b", "1"),
            ("counts[a].b", "1"), ("counts[a]", "x"), ("flags[x]", "1"), ("nope", "1"),
            ("book.nope", "1"), ("name.x", "1"), ("tags.x", "1"), ("", "1"), ("book.", "1"),
            (".book", "1"), ("list.title", "1"), ("update_mask", "a,,b"),
        ])
    func violations(_ name: String, _ value: String) throws {
        do {
            _ = try RequestAssemblyTests.assemble(query: [("name", "n"), (name, value)])
            Issue.record("assembled")
        } catch let error as RequestAssemblyError {
            #expect(error.parameters.map(\.parameter) == [name])
        } catch let error as TranslationError {
            // Keys of maps are judged with the whole.
            #expect(name.hasPrefix("flags"))
            #expect(error.reason == .value)
        }
    }

    @Test("joins lists and messages, and refuses what is set twice")
    func joins() throws {
        typealias Tests = RequestAssemblyTests
        #expect(
            try Tests.assemble(query: [
                ("tags", "a"), ("book.title", "T"), ("colors", "1"), ("tags", "b"),
                ("book.author.full_name", "N"), ("colors", "COLOR_RED"), ("counts[x]", "1"),
                ("counts[y]", "2"),
            ])
                == #"{"tags":["a","b"],"book":{"title":"T","author":{"fullName":"N"}},"#
                + #""colors":[1,"COLOR_RED"],"counts":{"x":1,"y":2}}"#)
        let twice: [[(String, String)]] = [
            [("name", "a"), ("name", "b")], [("page_size", "1"), ("pageSize", "1")],
            [("book", "{}"), ("book.title", "T")], [("book.title", "T"), ("book", "{}")],
            [("counts[a]", "1"), ("counts[a]", "2")], [("left", "a"), ("right", "1")],
            [("counts", "{}"), ("counts[a]", "1")],
        ]
        for query in twice {
            #expect(throws: RequestAssemblyError.self) { try Tests.assemble(query: query) }
        }
    }

    @Test("puts path and body together, and refuses what both set")
    func bodies() throws {
        typealias Tests = RequestAssemblyTests
        #expect(
            try Tests.assemble(
                path: [("name", "shelves/1")], query: [("page_size", "3")], body: .field("book"),
                json: #"{"title":"T"}"#)
                == #"{"name":"shelves/1","pageSize":3,"book":{"title":"T"}}"#)
        #expect(
            try Tests.assemble(
                path: [("book.name", "b/1")], body: .field("book.author"),
                json: #"{"fullName":"N"}"#)
                == #"{"book":{"name":"b/1","author":{"fullName":"N"}}}"#)
        #expect(
            try Tests.assemble(
                path: [("book.name", "b/1")], body: .whole,
                json: #"{"book":{"title":"T","name":null},"tags":["a"]}"#)
                == #"{"book":{"title":"T","name":"b/1"},"tags":["a"]}"#)
        #expect(
            try Tests.assemble(
                path: [("book.name", "b/1")], query: [("update_mask", "title")],
                body: .field("book"), json: #"{"title":"T"}"#)
                == #"{"book":{"title":"T","name":"b/1"},"updateMask":"title"}"#)
        #expect(
            try Tests.assemble(path: [("book.name", "b/1")], body: .field("book"))
                == #"{"book":{"name":"b/1"}}"#)
        #expect(
            try Tests.assemble(path: [("book.name", "b")], body: .whole, json: "{}")
                == #"{"book":{"name":"b"}}"#)
        #expect(try Tests.assemble(path: [("name", "n")], body: .whole) == #"{"name":"n"}"#)
        #expect(try Tests.assemble(body: .whole, json: #"{"tags":[]}"#) == #"{"tags":[]}"#)
        let conflicts: [([(String, String)], HTTPBindingBody, String)] = [
            ([("name", "n")], .whole, #"{"name":"m"}"#),
            ([("book.name", "n")], .whole, #"{"book":{"name":"m"}}"#),
            ([("book.name", "n")], .field("book"), #"{"name":"m"}"#),
            ([("book.name", "n")], .field("book"), "[]"),
            ([("name", "n")], .whole, "[]"), ([("name", "n")], .whole, #"{"nope":1}"#),
        ]
        for (path, body, json) in conflicts {
            #expect(throws: RequestAssemblyError.self) {
                try Tests.assemble(path: path, body: body, json: json)
            }
        }
        #expect(throws: RequestAssemblyError.self) {
            try Tests.assemble(query: [("book.title", "x")], body: .field("book"), json: "{}")
        }
    }

    @Test("refuses query parameters beside a whole body, unless told to ignore them")
    func unknown() throws {
        typealias Tests = RequestAssemblyTests
        #expect(throws: RequestAssemblyError.self) {
            try Tests.assemble(query: [("page_size", "1")], body: .whole, json: "{}")
        }
        #expect(try Tests.assemble(query: [("x", "1")], unknown: .ignore) == "{}")
        #expect(try Tests.assemble(query: [("x", "1")], unknown: .ignoreOnly(["x"])) == "{}")
        #expect(throws: RequestAssemblyError.self) {
            try Tests.assemble(query: [("y", "1")], unknown: .ignoreOnly(["x"]))
        }
    }

    @Test("refuses bindings that name no field, a map or a message")
    func load() throws {
        let contract = try RequestAssemblyTests.contract.get()
        let message = try #require(contract.messageIndex(named: "t.Request"))
        for path in ["nope", "book", "counts", "book.nope", "name.x", "data"] {
            #expect(throws: ContractLoadError.self) {
                try RequestAssembly(contract, message: message, pathVariables: [path], body: .none)
            }
        }
        #expect(throws: ContractLoadError.self) {
            try RequestAssembly(
                contract, message: message, pathVariables: [], body: .field("nope"))
        }
        _ = try RequestAssembly(
            contract, message: message, pathVariables: ["at", "limit"], body: .none)
    }

    @Test("turns a backend's field path into a pointer")
    func pointers() throws {
        let contract = try RequestAssemblyTests.contract.get()
        let message = try #require(contract.messageIndex(named: "t.Request"))
        #expect(
            contract.pointer(toField: "book.author.full_name", of: message)
                == "/book/author/fullName")
        #expect(contract.pointer(toField: "page_size", of: message) == "/pageSize")
        #expect(
            contract.pointer(toField: "list[2].author.full_name", of: message)
                == "/list/2/author/fullName")
        #expect(
            contract.pointer(toField: "books[\"a/b\"].author.full_name", of: message)
                == "/books/a~1b/author/fullName")
        #expect(contract.pointer(toField: "odd.path", of: message) == "/odd/path")
    }
}
