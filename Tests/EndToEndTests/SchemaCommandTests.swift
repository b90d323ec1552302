// SPDX-License-Identifier: Apache-2.0
// JSON Schema from outside: the Bowtie harness spoken to as a runner does, and `dragoman validate`
// with files as people have them.

import Foundation
import Testing

@Suite("JSON Schema from outside")
struct SchemaCommandTests {
    private static let harness = Project.binary + "-harness"
    private static let hasHarness = FileManager.default.isExecutableFile(atPath: harness)

    private func shell(_ command: String, in folder: TemporaryFolder) throws -> (
        code: Int32, output: String, errors: String
    ) {
        let (code, _, _) = try RunningProcess.run(
            "sh", ["-c", "cd '\(folder.path)' && { \(command); } > .out 2> .err"])
        func text(_ name: String) throws -> String {
            try String(contentsOfFile: folder.path + "/" + name, encoding: .utf8)
        }
        return (code, try text(".out"), try text(".err"))
    }

    private func validate(_ arguments: String, in folder: TemporaryFolder) throws -> (
        code: Int32, output: String, errors: String
    ) {
        try shell("'\(Project.binary)' validate \(arguments)", in: folder)
    }

    // MARK: bowtie

    private func bowtie(_ lines: [String], _ arguments: String = "") throws -> (
        code: Int32, output: [String], errors: String
    ) {
        let folder = try TemporaryFolder()
        try folder.write(lines.joined(separator: "\n"), to: "in")
        let result = try shell("'\(Self.harness)' bowtie \(arguments) < in", in: folder)
        return (
            result.code, result.output.split(separator: "\n").map(String.init), result.errors
        )
    }

    private static let start = #"{"cmd":"start","version":1}"#

    private func run(_ schema: String, _ instances: [String], registry: String = "{}") -> String {
        let tests = instances.map { #"{"description":"t","instance":\#($0)}"# }
        return #"{"cmd":"run","seq":"s","case":{"description":"c","schema":\#(schema),"#
            + #""registry":\#(registry),"tests":[\#(tests.joined(separator: ","))]}}"#
    }

    @Test("bowtie: start, dialect, run, stop", .enabled(if: hasHarness, "no harness is built"))
    func protocolOfBowtie() throws {
        let refers = ##"{"$ref":"http://e.x/a"}"##
        let registry = ##"{"http://e.x/a":{"type":"string"},"http://e.x/broken":{"type":7}}"##
        let result = try bowtie([
            Self.start,
            #"{"cmd":"dialect","dialect":"http://json-schema.org/draft-04/schema#"}"#,
            run(#"{"maximum":3,"exclusiveMaximum":true}"#, ["2", "3", "3.0"]),
            run(refers, ["1", #""a""#], registry: registry),
            #"{"cmd":"dialect","dialect":"http://json-schema.org/draft-03/schema#"}"#,
            run("{}", ["1"]), #"{"cmd":"stop"}"#, "this is never read",
        ])
        #expect(result.code == 0, "\(result.errors)")
        #expect(result.output.count == 6)
        #expect(result.output[0].hasPrefix(#"{"version":1,"implementation":{"language":"swift","#))
        #expect(result.output[1] == #"{"ok":true}"#)
        #expect(
            result.output[2]
                == #"{"seq":"s","results":[{"valid":true},{"valid":false},{"valid":false}]}"#)
        #expect(result.output[3] == #"{"seq":"s","results":[{"valid":false},{"valid":true}]}"#)
        #expect(result.output[4] == #"{"ok":false}"#)
        #expect(result.output[5].contains(#""errored":true,"context":{"message":"#))
    }

    @Test(
        "bowtie: format as asked, wrong schemas told, the protocol kept",
        .enabled(if: hasHarness, "no harness is built"))
    func choicesOfBowtie() throws {
        let lines = [Self.start, run(#"{"format":"ipv4"}"#, [#""x""#]), run(#"{"type":1}"#, ["1"])]
        let annotating = try bowtie(lines)
        #expect(annotating.output[1] == #"{"seq":"s","results":[{"valid":true}]}"#)
        #expect(annotating.output[2].contains("#/type: must be"))
        let asserting = try bowtie(lines, "--format assert")
        #expect(asserting.output[1] == #"{"seq":"s","results":[{"valid":false}]}"#)
        for wrong in ["run first", #"{"cmd":"run"}"#, #"{"cmd":"start","version":2}"#] {
            let result = try bowtie([wrong])
            #expect(result.code == 2 && result.errors.hasPrefix("error: "))
        }
    }

    // MARK: validate

    private static let schema = #"""
        {"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object",
         "properties":{"size":{"$ref":"parts.yaml#/$defs/size"},
          "tag":{"$ref":"https://e.x/tag"}},
         "additionalProperties":false}
        """#

    private func folder() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try folder.write(Self.schema, to: "order.json")
        try folder.write("$defs:\n  size: { enum: [small, large] }\n", to: "parts.yaml")
        try folder.write(#"{"$id":"https://e.x/tag","type":"string"}"#, to: "any name.json")
        try folder.write(#"{"size":"small","tag":"a"}"#, to: "good.json")
        try folder.write("{\n\t\"size\": \"smal\",\n  \"siz\": 1\n}", to: "bad.json")
        try folder.write("size: large\ntag: 7\n", to: "bad.yaml")
        return folder
    }

    @Test("validate shows the place, in JSON and YAML, with schemas in several files")
    func text() throws {
        let folder = try folder()
        let result = try validate("order.json good.json bad.json bad.yaml", in: folder)
        #expect(result.code == 1)
        #expect(result.errors == "")
        #expect(
            result.output == """
                good.json: valid
                bad.json: invalid

                enum at /size: must be one of "small" or "large"; did you mean "small"?
                  2 |  "size": "smal",
                    |          ^

                additionalProperties at /siz: the member "siz" is not allowed here
                  3 |   "siz": 1
                    |   ^
                bad.yaml: invalid

                type at /tag: must be a string, not a number
                  2 | tag: 7
                    |      ^

                """)
    }

    @Test("validate: output forms, several instances as an array, standard input")
    func forms() throws {
        let folder = try folder()
        let flag = try validate("order.json good.json - --output flag < bad.json", in: folder)
        #expect(flag.code == 1)
        let flags = try JSONSerialization.jsonObject(with: Data(flag.output.utf8))
        #expect((flags as? [[String: Bool]]) == [["valid": true], ["valid": false]])
        let nested = try validate("order.json bad.json --output hierarchical", in: folder)
        #expect(nested.output.contains(#""evaluationPath": "/properties/size/$ref""#))
        #expect(nested.output.contains("/parts.yaml#/$defs/size"))
        let basic = try validate("order.json bad.json --output basic", in: folder)
        #expect(basic.output.contains(#""keywordLocation": "/properties/size/$ref/enum""#))
        let json = try validate("order.json bad.json --format json", in: folder)
        #expect(json.output.contains(#""pointer": "/siz""#))
    }

    static let wrong: [(String, String, String)] = [
        (#"{"$ref":"https://e.x/elsewhere"}"#, "good.json", "nothing is ever fetched"),
        (#"{"type":"strin"}"#, "good.json", "or \"string\"\n --> wrong.json:1:2"),
        (#"{"$schema":"https://e.x/dialect"}"#, "good.json", "dialect https://e.x/dialect is not"),
        (#"{"type":}"#, "good.json", "wrong.json:1:9"),
        ("{}", "missing.json", "missing.json: No such file"),
        ("{}", "wrong.txt", "wrong.txt:2:1: this is no JSON"),
    ]

    @Test("validate: what can not be used is told with its place, exit code 2", arguments: wrong)
    func refuses(_ schema: String, _ instance: String, _ message: String) throws {
        let folder = try folder()
        try folder.write(schema, to: "wrong.json")
        try folder.write("{\n", to: "wrong.txt")
        let result = try validate("wrong.json \(instance)", in: folder)
        #expect(result.code == 2)
        #expect(result.errors.contains(message), "\(result.errors)")
    }

    @Test("validate: what has no effect is told, and changes nothing")
    func withoutEffect() throws {
        let folder = try folder()
        try folder.write(#"{"maxlenght":1}"#, to: "odd.json")
        let result = try validate("odd.json good.json", in: folder)
        #expect(result.code == 0)
        #expect(result.output == "good.json: valid\n")
        #expect(result.errors.contains("did you mean `maxLength`?"))
    }
}
