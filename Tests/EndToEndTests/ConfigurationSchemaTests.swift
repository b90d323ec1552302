// SPDX-License-Identifier: Apache-2.0
// The JSON Schemas of our own files, as editors read them: Python's jsonschema and `dragoman check`
// agree about what is a right file, and every key has a description and an example that fits.

import Foundation
import Testing

@Suite("The JSON Schemas that editors complete from")
struct ConfigurationSchemaTests {
    /// Reads a schema and files; prints a line for each: `ok` or what is wrong. With `--keys`, the
    /// keys without description or example, and examples that do not fit.
    private static let judge = """
        import json, sys
        try:
            import jsonschema, yaml
        except ImportError:
            print("no jsonschema"); sys.exit(0)
        class Core(yaml.SafeLoader): pass
        Core.yaml_implicit_resolvers = {k: [(t, r) for t, r in v if t != "tag:yaml.org,2002:timestamp"]
            for k, v in yaml.SafeLoader.yaml_implicit_resolvers.items()}
        schema = json.load(open(sys.argv[1]))
        validator = jsonschema.Draft202012Validator(schema)
        validator.check_schema(schema)
        def keys(node, path):
            for name, value in node.get("properties", {}).items():
                if "description" not in value: print("no description:", path + name)
                if "examples" not in value: print("no example:", path + name)
                part = dict(value, **{"$defs": schema["$defs"]})
                for example in value.get("examples", []):
                    for error in jsonschema.Draft202012Validator(part).iter_errors(example):
                        print("example of", path + name, error.message)
        if sys.argv[2] == "--keys":
            keys(schema, "")
            for name, node in schema["$defs"].items(): keys(node, name + ".")
            sys.exit(0)
        for file in sys.argv[2:]:
            errors = list(validator.iter_errors(yaml.load(open(file), Core)))
            print("ok" if not errors else errors[0].message)
        """

    private static func files(_ kind: String) throws -> (folder: TemporaryFolder, schema: String) {
        let folder = try TemporaryFolder()
        let schema = try RunningProcess.run(Project.binary, ["schema", kind])
        try folder.write(schema.output, to: "schema.json")
        try folder.write(judge, to: "judge.py")
        return (folder, folder.path + "/schema.json")
    }

    private static func python(_ folder: TemporaryFolder, _ arguments: [String]) throws -> String {
        let result = try RunningProcess.run(
            Project.python, [folder.path + "/judge.py"] + arguments)
        #expect(result.code == 0, "\(result.errors)")
        return result.output
    }

    @Test(
        "every key has a description, and an example that fits", arguments: ["gateway", "mapping"])
    func complete(kind: String) throws {
        let (folder, schema) = try Self.files(kind)
        let output = try Self.python(folder, [schema, "--keys"])
        #expect(output.isEmpty || output.hasPrefix("no jsonschema"), "\(output)")
    }

    private static let mappings: [(text: String, isRight: Bool)] = [
        ("service: a\nbackend: { http: {} }\nroutes: { GET /: {} }", true),
        ("service: a\nbackend: { http: {} }\nroutes: { GET /: { statuss: 3 } }", false),
        ("service: a\nbackend: { htpp: {} }\nroutes: { GET /: {} }", false),
        ("service: a\nbackend: { http: {}, grpc: { contract: a } }\nroutes: { GET /: {} }", false),
        ("service: A!\nbackend: { http: {} }\nroutes: { GET /: {} }", false),
        ("backend: { http: {} }\nroutes: { GET /: {} }", false),
        ("service: a\nbackend: { http: {} }\nroutes: { GET /: { timeout: fast } }", false),
        (
            "service: a\nbackend: { http: {} }\nroutes: { GET /: { timeout: 3s, status: 201 } }",
            true
        ),
        ("service: a\nbackend: { http: {} }\nroutes: { GET /: { status: 700 } }", false),
        ("service: a\nbackend: { http: {} }\nroutes: { GET /: { examples: [{ name: x }] } }", true),
        (
            "service: a\nbackend: { http: {} }\n"
                + "routes: { GET /: { examples: [{ request: { pth: / } }] } }", false
        ),
        ("service: a\nbackend: { http: {} }\nhosts: api.example.com\nroutes: {}", false),
        ("service: a\nbackend: { http: {} }\nhosts: [api.example.com]\nroutes: {}", true),
    ]

    @Test(
        "the repository's own copy is what the program prints (else print it there)",
        arguments: ["gateway", "mapping"])
    func copy(kind: String) throws {
        let printed = try RunningProcess.run(Project.binary, ["schema", kind])
        let path = Project.root.appending(path: "schemas/dragoman/\(kind).schema.json").path
        #expect(try String(contentsOfFile: path, encoding: .utf8) == printed.output)
    }

    @Test("the copies that mappings name are there, and fit the mappings")
    func named() throws {
        let root = Project.root.path
        let (folder, schema) = try Self.files("mapping")
        let all =
            try FileManager.default.subpathsOfDirectory(atPath: root + "/docs/cookbook")
            .map { "docs/cookbook/" + $0 }
            + FileManager.default.contentsOfDirectory(atPath: root + "/mappings")
            .map { "mappings/" + $0 }
        let mappings = all.filter { $0.contains("mappings/") && $0.hasSuffix(".yaml") }.sorted()
        #expect(mappings.count >= 16)
        for mapping in mappings {
            let text = try String(contentsOfFile: "\(root)/\(mapping)", encoding: .utf8)
            let first = text.prefix { $0 != "\n" }
            let named = try #require(
                first.split(separator: "=").last.map(String.init), "\(mapping)")
            let at = URL(filePath: "\(root)/\(mapping)").deletingLastPathComponent()
            let path = at.appending(path: named).standardizedFileURL.path
            #expect(FileManager.default.fileExists(atPath: path), "\(mapping): \(first)")
        }
        let output = try Self.python(folder, [schema] + mappings.map { "\(root)/\($0)" })
        let isJudged = !output.hasPrefix("no jsonschema")
        #expect(!isJudged || output.split(separator: "\n").allSatisfy { $0 == "ok" }, "\(output)")
    }

    @Test("jsonschema and check agree about mapping files")
    func agreement() throws {
        let (folder, schema) = try Self.files("mapping")
        var paths: [String] = []
        for (index, mapping) in Self.mappings.enumerated() {
            try folder.write(
                "upstreams: { a: { url: 'http://127.0.0.1:1' } }", to: "\(index)/gateway.yaml")
            try folder.write(mapping.text, to: "\(index)/mappings/a.yaml")
            paths.append("\(folder.path)/\(index)/mappings/a.yaml")
        }
        let output = try Self.python(folder, [schema] + paths)
        let lines = output.split(separator: "\n")
        for (index, mapping) in Self.mappings.enumerated() {
            let check = try RunningProcess.run(
                Project.binary, ["check", "--config", "\(folder.path)/\(index)/gateway.yaml"])
            #expect((check.code == 0) == mapping.isRight, "\(mapping.text): \(check.output)")
            guard !output.hasPrefix("no jsonschema"), lines.indices.contains(index) else {
                continue
            }
            #expect((lines[index] == "ok") == mapping.isRight, "\(mapping.text): \(lines[index])")
        }
    }
}
