// SPDX-License-Identifier: Apache-2.0
// Mapping files as written: the example of MAPPING.md, every key, and what is wrong with a file.

import Foundation
import Testing

@testable import DragomanMapping

/// Loads a directory with these files; `orders.binpb`, `a.wsdl` and `s.json` are schemas.
func mappings(_ texts: [String: String]) throws -> (
    mappings: [MappingFile], collector: DiagnosticCollector, folder: TemporaryFolder
) {
    let folder = try TemporaryFolder()
    for name in ["orders.binpb", "sub/a.wsdl", "s.json", "x.proto"] {
        try folder.write("schemas/" + name, "x")
    }
    try folder.write("outside.json", "x")
    try FileManager.default.createSymbolicLink(
        atPath: folder.path + "/schemas/link.json",
        withDestinationPath: folder.path + "/outside.json")
    try FileManager.default.createSymbolicLink(
        atPath: folder.path + "/schemas/inner.json", withDestinationPath: "s.json")
    for (name, text) in texts { try folder.write("mappings/" + name, text) }
    let collector = DiagnosticCollector()
    let loaded = MappingLoader.load(directory: folder.path, into: collector)
    return (loaded.mappings, collector, folder)
}

private let head = "service: s\nbackend: { grpc: { contract: orders.binpb } }\n"

@Suite("MappingReader")
struct MappingReaderTests {
    @Test("reads the example of MAPPING.md")
    func example() throws {
        let (files, collector, _) = try mappings([
            "countries.yaml": """
            # yaml-language-server: $schema=../schemas/dragoman/mapping.schema.json
            service: countries
            backend:
              soap: { contract: sub/a.wsdl, port: CountryInfoServiceSoap12 }
              upstream: countries
            routes:
              GET /countries/{code}/capital:
                summary: The capital of a country
                call: CapitalCity
                request:
                  sCountryISOCode: ${path.code}
                response:
                  country: ${path.code}
            """
        ])
        #expect(collector.diagnostics.isEmpty, "\(collector.diagnostics)")
        let file = try #require(files.first)
        #expect(file.service.text == "countries" && file.upstream?.text == "countries")
        guard case .soap(let soap) = file.backend.kind else {
            Issue.record("no soap")
            return
        }
        #expect(soap.port?.text == "CountryInfoServiceSoap12")
        #expect(soap.contract.path?.hasSuffix("/schemas/sub/a.wsdl") == true)
        let route = try #require(file.routes?.first)
        #expect(route.method == "GET" && route.call?.text == "CapitalCity")
        #expect(route.template.variables.map(\.name) == ["code"])
        #expect(route.request?["sCountryISOCode"]?.text == "${path.code}")
        #expect(route.request?["sCountryISOCode"]?.position == SourcePosition(line: 11, column: 24))
        #expect(route.entry(hosts: file.hosts).method == "GET")
    }

    private static let everyKey = """
        service: all-1
        backend: { grpc: { contract: orders.binpb, service: o.S, rules: s.json }, upstream: u }
        hosts: [API.example.com, '*.example.com']
        base: /v1
        timeout: 3s
        limits: { body: 1KiB }
        use: [p]
        naming: camelCase
        types:
          OrderLine:
            rename: { ItemNo: sku }
            omit: [Internal]
            unwrap: [Tags]
            as: { Zip: string }
        json: { int64: number, enums: short, names: proto, defaults: print, unknown: ignore }
        namespaces: { a: "urn:a" }
        tables: { t: { 1: one, k: 2 }, f: s.json }
        errors: [{ when: "${grpc.code == 5}", status: 404, members: { a: "${path.id}" } }]
        annotated: keep
        routes:
          POST /orders/{id}:
            description: long
            match: { headers: { X-Version: 2 } }
            call: Create
            accepts: s.json
            parameters:
              id: { in: path, schema: { type: integer } }
              q: { in: query, required: true, default: 7 }
              h:
            unknown_parameters: [utm]
            metadata: { a: "${header.x}" }
            soap_header: {}
            status: 201
            headers: { Location: "/orders/${reply.id}" }
            returns: { type: object }
            on_mismatch: refuse
            idempotent: true
            examples:
              - name: one
                request: { path: /orders/1, headers: {} }
                responds: { status: 201, body: {} }
            idle: 5s
            retry: { attempts: 1 }
            decompress: true
            format: annotate
          GET /:
          GET /many:
            steps:
              one: { call: crm.Get, request: { id: "${path.id}" } }
              two: { call: x.Y, optional: true, timeout: 300ms, fallback: {}, parallel: 8 }
            response: { a: "${one}" }
        """

    @Test("reads every key")
    func everything() throws {
        let (files, collector, _) = try mappings(["all.yaml": Self.everyKey])
        #expect(collector.diagnostics.isEmpty, "\(collector.diagnostics)")
        let file = try #require(files.first)
        #expect(file.hosts == ["api.example.com", "*.example.com"] && file.naming == .camelCase)
        #expect(file.policy.timeout == .seconds(3) && file.policy.use?.map(\.text) == ["p"])
        #expect(file.types.first?.textual.first?.type.text == "string")
        #expect(file.json.enums == .short && file.json.int64 == .number && file.keepsAnnotated)
        #expect(file.tables.count == 2 && file.namespaces.first?.uri == "urn:a")
        let routes = try #require(file.routes)
        #expect(routes.map(\.template.text) == ["/v1/orders/{id}", "/v1", "/v1/many"])
        #expect(routes[0].conditions == [RouteHeaderCondition(name: "x-version", value: "2")])
        #expect(routes[0].parameters.map(\.place) == [.path, .query, nil])
        #expect(routes[0].unknownParameters == .ignoreNames(["utm"]))
        #expect(routes[0].onMismatch == .refuse && routes[0].idempotent == true)
        #expect(routes[0].policy.idle == .seconds(5) && routes[0].policy.format == .annotate)
        #expect(routes[2].steps?.map(\.name.text) == ["one", "two"])
        #expect(routes[2].steps?[1].parallel == 8)
        #expect(routes[2].steps?[1].timeout == .milliseconds(300))
    }

    @Test(
        "locates what is wrong",
        arguments: [
            ("service: S\nbackend: { http: {} }", "wrong-value 1:10"),
            ("backend: { http: {} }", "missing-key 1:1"), ("service: s", "missing-key 1:1"),
            ("service: s\nbackend: {}", "missing-key 2:10"),
            (
                "service: s\nbackend: { http: {}, grpc: { contract: orders.binpb } }",
                "too-many-keys 2:22"
            ),
            ("service: s\nbackend: { grpc: { contract: none.binpb } }", "missing-file 2:30"),
            (
                "service: s\nbackend: { grpc: { contract: ../outside.json } }",
                "outside-schemas 2:30"
            ),
            ("service: s\nbackend: { grpc: { contract: link.json } }", "outside-schemas 2:30"),
            ("service: s\nbackend: { grpc: { contract: /etc/passwd } }", "outside-schemas 2:30"),
            ("service: s\nbackend: { grpc: { contract: sub } }", "missing-file 2:30"),
            ("service: s\nbackend: { grpc: { contract: x.proto } }", "proto-contract 2:30"),
            (
                "service: s\nbackend: { soap: { contract: sub/a.wsdl, version: 1.3 } }",
                "wrong-value 2:51"
            ),
            (head + "hosts: []", "wrong-value 3:8"),
            (head + "hosts: [a.b, A.B]", "duplicate-host 3:14"),
            (head + "hosts: ['*.*.x']", "wrong-value 3:9"), (head + "base: v1", "wrong-value 3:7"),
            (head + "base: /v1/", "wrong-value 3:7"), (head + "base: \"/{a}\"", "wrong-value 3:7"),
            (head + "routes: { /a: {} }", "route-key 3:11"),
            (head + "routes: { get /a: {} }", "route-key 3:11"),
            (head + "routes:\n  GET /a/{x: {}", "path-template 4:10"),
            (head + "base: /v1\nroutes:\n  GET /a//b: {}", "path-template 5:10"),
            (head + "routes:\n  GET /a: { reqest: {} }", "unknown-key 4:13"),
            (head + "routes:\n  GET /a: { accepts: none.json }", "missing-file 4:22"),
            (
                head + "routes:\n  GET /a: { parameters: { x: { in: path } } }",
                "unknown-parameter 4:27"
            ),
            (head + "routes:\n  GET /a: { status: 99 }", "wrong-value 4:21"),
            (head + "routes:\n  GET /a: { status: [1] }", "wrong-value 4:21"),
            (head + "routes:\n  GET /a: { steps: { body: { call: X } } }", "step-name 4:22"),
            (
                head + "routes:\n  GET /a: { call: X, steps: { a: { call: X } } }",
                "too-many-keys 4:13"
            ),
            (head + "routes:\n  GET /a: {}\n  GET /a: {}", "duplicate-key 5:3"),
            (head + "routes:\n  GET /a: { limit: { rate: 1/s } }", "not-yet-supported 4:13"),
            (
                head + "routes:\n  GET /a: { match: { headers: { a: '1', A: '2' } } }",
                "duplicate-key 4:41"
            ),
            (head + "timeout: { env: X }", "wrong-value 3:10"), ("", "missing-key 1:1"),
            (head + "errors: [{ staus: 404 }]", "unknown-key 3:12"),
        ])
    func locates(_ text: String, _ problem: String) throws {
        let (_, collector, _) = try mappings(["a.yaml": text])
        let problems = collector.sorted.map { "\($0.code) \($0.line):\($0.column)" }
        #expect(problems.contains(problem), "\(problems)")
    }

    @Test("loads every file in byte order and finds twins")
    func directory() throws {
        let (files, collector, _) = try mappings([
            "b/x.yaml": head, "b-y.yaml": head.replacing("service: s", with: "service: t"),
            "z.yaml": head, "note.yml": "x: 1", ".hidden.yaml": "broken: [",
        ])
        #expect(files.map(\.path) == ["mappings/b-y.yaml", "mappings/b/x.yaml", "mappings/z.yaml"])
        #expect(collector.sorted.map(\.code) == ["ignored-file", "duplicate-service"])
        #expect(collector.sorted.last?.related.first?.file == "mappings/b/x.yaml")
    }

    @Test("survives every changed byte of a file")
    func fuzz() {
        var random = SeededGenerator(state: 11)
        let files = ContractFiles(root: "/nonexistent")
        for _ in 0..<1_000 {
            var bytes = Array(Self.everyKey.utf8)
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                let index = Int.random(in: 0..<bytes.count, using: &random)
                bytes[index] = UInt8.random(in: 0x0A...0x7E, using: &random)
            }
            let collector = DiagnosticCollector()
            let source = SourceText(path: "t.yaml", bytes: bytes)
            _ = MappingReader.read(source, files: files, into: collector)
            _ = DiagnosticReport(collector).text()
        }
    }

    @Test("suggests the nearest contract, and takes links that stay inside")
    func contracts() throws {
        let (_, collector, folder) = try mappings([
            "a.yaml": "service: s\nbackend: { grpc: { contract: order.binpb } }",
            "b.yaml": "service: t\nbackend: { soap: { contract: a.wsdl } }",
        ])
        #expect(collector.sorted.map(\.suggestion) == ["orders.binpb", "sub/a.wsdl"])
        let files = ContractFiles(root: folder.path + "/schemas")
        let inner = try files.resolve("sub/a.wsdl").get()
        #expect(files.resolve("../s.json", from: inner) != .failure(.outside))
        #expect(files.resolve("../../outside.json", from: inner) == .failure(.outside))
        #expect((try? files.resolve("inner.json").get()) != nil)
        #expect(files.resolve("../nowhere") == .failure(.outside))
    }

    @Test("reports routes of two files that are alike")
    func conflicts() throws {
        let route = "routes:\n  GET /a/{x}: {}\n"
        let (files, collector, _) = try mappings([
            "a.yaml": head + route,
            "b.yaml": head.replacing("service: s", with: "service: t") + route,
        ])
        let routes = files.flatMap { file in (file.routes ?? []).map { (file, $0) } }
        let table = RouteTable(routes.map { $0.1.entry(hosts: $0.0.hosts) })
        MappingLoader.report(table.conflicts, into: collector) { index in
            (routes[index].0.path, routes[index].1.key)
        }
        let diagnostic = try #require(collector.diagnostics.first)
        #expect(diagnostic.code == "duplicate-route" && diagnostic.file == "mappings/b.yaml")
        #expect(diagnostic.related.first?.file == "mappings/a.yaml")
        #expect(diagnostic.related.first?.position == SourcePosition(line: 4, column: 3))
    }
}

@Suite("ConfigurationSchemas")
struct ConfigurationSchemaTests {
    @Test(
        "are JSON, name every key and describe it",
        arguments: [
            ConfigurationSchemas.gateway, ConfigurationSchemas.mapping,
        ])
    func areJSON(_ text: String) throws {
        let schema = try JSONDecoder().decode(Schema.self, from: Data(text.utf8))
        #expect(schema.dialect == "https://json-schema.org/draft/2020-12/schema")
        #expect(schema.properties.count >= 10)
        #expect(schema.properties.values.allSatisfy { !$0.description.isEmpty })
        for part in text.split(separator: "\"#/$defs/").dropFirst() {
            let name = String(part.prefix { $0 != "\"" })
            #expect(schema.definitions[name] != nil, "\(name)")
        }
    }

    private struct Schema: Decodable {
        struct Property: Decodable {
            let description: String
        }

        struct Definition: Decodable {}

        let dialect: String
        let properties: [String: Property]
        let definitions: [String: Definition]

        enum CodingKeys: String, CodingKey {
            case dialect = "$schema"
            case properties
            case definitions = "$defs"
        }
    }
}
