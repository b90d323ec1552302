// SPDX-License-Identifier: Apache-2.0
// What google.api.http binds, bodies of any media type, errors that name fields, and a contract
// that the server itself tells: through the release binary, against Python's grpcio.

import Foundation
import Testing

/// The Files service, imported and served.
private final class FilesShop {
    static let googleapis = "\(Suites.path)/googleapis"

    let folder = Result { try TemporaryFolder() }
    let backend: RunningProcess
    let port: Int
    let descriptors: String

    init(_ options: [String] = []) throws {
        let folder = try folder.get()
        let descriptors = folder.path + "/files.binpb"
        let compiled = try RunningProcess.run(
            "protoc",
            [
                "-I", Project.support, "-I", Self.googleapis, "--include_imports", "-o",
                descriptors, "files.proto",
            ])
        try #require(compiled.code == 0, "\(compiled.errors)")
        self.descriptors = descriptors
        backend = try RunningProcess(
            Project.python,
            [Project.support + "/contract_server.py", descriptors, "dragoman.files.v1.Files"]
                + options)
        port = Int(try backend.line()) ?? 0
    }

    func gateway(_ mapping: String) throws -> TestGateway {
        try TestGateway(
            upstreams: "{ files: { url: 'http://127.0.0.1:\(port)' } }",
            files: ["mappings/files.yaml": mapping],
            copies: ["schemas/files.binpb": descriptors])
    }

    static let annotated = "service: files\nbackend: { grpc: { contract: files.binpb } }\n"
}

@Suite("gRPC contracts, end to end", .serialized, .enabled(if: Suites.isPresent, "no suites here"))
struct GRPCContractTests {
    @Test("a body of any media type goes there and comes back as it is")
    func httpBody() throws {
        let shop = try FilesShop()
        let gateway = try shop.gateway(FilesShop.annotated)
        let turned = try gateway.ask(
            "POST", "/v1/turn", body: "<a>\u{1}</a>",
            headers: ["content-type: application/xml", "accept: application/xml"])
        #expect(turned.status == 200 && turned.text == "<a>\u{1}</a>")
        #expect(turned.field("content-type") == "application/xml")
        let nothing = try gateway.ask("POST", "/v1/turn")
        #expect(nothing.status == 200 && nothing.text == "")
        let attached = try gateway.ask(
            "PUT", "/v1/files/a.txt?meta.displayName=A", body: "text",
            headers: ["content-type: text/plain; charset=utf-8"])
        #expect(attached.status == 200 && attached.text == "text")
        #expect(attached.field("content-type") == "text/plain; charset=utf-8")
    }

    @Test("the routes that import leaves in comments mean what the annotations do")
    func commented() throws {
        let folder = try TemporaryFolder()
        let shop = Project.root.appending(
            path: "Tests/DragomanMappingTests/Fixtures/contracts/shop.binpb"
        ).path
        let imported = try RunningProcess.run(
            Project.binary, ["import", shop, "--into", folder.path])
        #expect(imported.code == 0, "\(imported.errors)")
        func run(_ arguments: String...) throws -> String {
            let configuration = ["--config", folder.path + "/gateway.yaml"]
            let result = try RunningProcess.run(Project.binary, arguments + configuration)
            #expect(result.code == 0, "\(arguments): \(result.output)\(result.errors)")
            return result.output
        }
        func message(_ method: String, _ path: String, _ body: String?) throws -> NSDictionary {
            let text = try run(
                "explain", method, path, "--format", "json", body == nil ? "-H" : "-d",
                body ?? "x-none: 1")
            let json = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
            let backend = json?["backend"] as? [String: Any]
            return backend?["message"] as? NSDictionary ?? ["none": text]
        }
        let requests = [
            ("POST", "/v1/shops/1/orders?dryRun=true", #"{"customer":"c"}"#),
            ("GET", "/v1/orders/7?view=FULL&pages=1&pages=2", nil), ("GET", "/v1/o/7", nil),
            ("PUT", "/v1/orders/7", #"{"note":"n"}"#),
            ("POST", "/shop.v1.Orders/DeleteOrder", #"{"id":"7"}"#),
        ]
        let before = try requests.map { try message($0.0, $0.1, $0.2) }
        let routes = try run("routes")
        let file = folder.path + "/mappings/orders.yaml"
        let mapping = try String(contentsOfFile: file, encoding: .utf8)
        let lines = mapping.split(separator: "\n").map(String.init)
        let start = try #require(lines.firstIndex(of: "# annotated: keep"))
        let taken = lines[start...].map { String($0.dropFirst(2)) }
        try folder.write(
            (lines[..<start] + taken).joined(separator: "\n") + "\n", to: "mappings/orders.yaml")
        #expect(try run("check", "--strict").contains("7 routes"))
        #expect(
            try run("routes").split(separator: "\n").sorted()
                == routes.split(separator: "\n").sorted())
        for (request, old) in zip(requests, before) {
            let new = try message(request.0, request.1, request.2)
            #expect(new == old, "\(request)")
        }
    }

    @Test("nested bindings are routes")
    func bindings() throws {
        let shop = try FilesShop()
        let gateway = try shop.gateway(FilesShop.annotated)
        let described = try gateway.ask("GET", "/v1/files/x:describe?page_size=3")
        #expect(described.text == #"{"name":"x","pageSize":3}"#)
        let posted = try gateway.ask("POST", "/v1/files", body: #"{"name":"y"}"#)
        #expect(posted.text == #"{"name":"y"}"#)
        let plain = try gateway.ask(
            "POST", "/dragoman.files.v1.Files/Unannotated", body: #"{"page_size":1}"#)
        #expect(plain.text == #"{"pageSize":1}"#)
    }

    @Test("a backend's violations point at what the client sent")
    func violations() throws {
        let shop = try FilesShop()
        let gateway = try shop.gateway(
            FilesShop.annotated + """
                annotated: keep
                routes:
                  POST /moved/{id}:
                    call: Unannotated
                    request:
                      name: ${path.id}
                      violations: ["name", "meta.labels[1].the_value", "meta.display_name"]
                      meta: ${body.about}
                """)
        func places(_ answer: RawResponse) -> [String] {
            let errors = answer.json["errors"] as? [[String: String]] ?? []
            return errors.map { $0["pointer"] ?? $0["parameter"].map { "?" + $0 } ?? "none" }
        }
        // Of the path, the body's field by the name that the client used, the query, and nowhere.
        let bound = try gateway.ask(
            "PATCH",
            "/v1/files/x?violations=name&violations=meta.display_name&violations="
                + "meta.labels%5B0%5D.the_value&violations=page_size&violations=content.data"
                + "&page_size=4",
            body: #"{"display_name":"d","labels":[{"theValue":"v"}]}"#)
        #expect(bound.status == 400)
        #expect(bound.field("retry-after") == "2")
        #expect(!bound.text.contains("secret"))
        #expect(
            places(bound) == [
                "?name", "/display_name", "/labels/0/theValue", "?page_size", "?content.data",
            ])
        let whole = try gateway.ask(
            "POST", "/v1/files", body: #"{"violations":["meta.displayName","violations[0]"]}"#)
        #expect(places(whole) == ["/meta/displayName", "/violations/0"])
        let moved = try gateway.ask(
            "POST", "/moved/7",
            body: #"{"about":{"labels":[{},{"theValue":"x"}]}}"#)
        #expect(places(moved) == ["?id", "/about/labels/1/theValue", "/about"])
        let details = (moved.json["errors"] as? [[String: String]] ?? []).map { $0["detail"] ?? "" }
        #expect(details == ["no good", "no good", "meta.display_name: no good"])
    }

    @Test("a server tells its contract", arguments: [[], ["--v1"]])
    func reflection(_ options: [String]) throws {
        let shop = try FilesShop(options)
        let into = try shop.folder.get().path + "/imported"
        let imported = try RunningProcess.run(
            Project.binary, ["import", "grpc://127.0.0.1:\(shop.port)", "--into", into])
        #expect(imported.code == 0, "\(imported.errors)")
        #expect(imported.output.contains("dragoman.files.v1.Files: 4 methods"))
        let checked = try RunningProcess.run(
            Project.binary, ["check", "--strict", "--config", into + "/gateway.yaml"])
        #expect(checked.code == 0, "\(checked.output)\(checked.errors)")
        let configuration = try String(contentsOfFile: into + "/gateway.yaml", encoding: .utf8)
        #expect(configuration.contains("http://127.0.0.1:\(shop.port)"))
        let explained = try RunningProcess.run(
            Project.binary,
            [
                "explain", "POST", "/v1/files", "-d", #"{"name":"n"}"#, "--send", "--format",
                "json",
                "--config", into + "/gateway.yaml",
            ])
        #expect(explained.code == 0 && explained.output.contains(#""n""#), "\(explained)")
    }

    @Test("a protoc without the well-known types is told apart from a missing -I")
    func bareCompiler() throws {
        let folder = try TemporaryFolder()
        // As Debian's says it, without libprotobuf-dev.
        try folder.write(
            "#!/bin/sh\necho 'google/protobuf/any.proto: File not found.' >&2\nexit 1\n",
            to: "protoc")
        chmod(folder.path + "/protoc", 0o755)
        let result = try RunningProcess.run(
            "PROTOC=\(folder.path)/protoc",
            [
                Project.binary, "import", Project.support + "/echo.proto", "--into",
                folder.path + "/x",
            ])
        #expect(result.code == 2 && result.errors.contains("libprotobuf-dev"), "\(result.errors)")
        #expect(!result.errors.contains("name the folder that imports"))
    }

    @Test("no server, and a server that is not gRPC, are named")
    func noReflection() throws {
        let folder = try TemporaryFolder()
        for source in ["grpc://127.0.0.1:1", "grpc://", "grpc://host:port"] {
            let result = try RunningProcess.run(
                Project.binary, ["import", source, "--into", folder.path + "/x"])
            #expect(result.code == 2 && result.errors.contains(source), "\(result.errors)")
        }
    }
}
