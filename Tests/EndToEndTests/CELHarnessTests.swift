// SPDX-License-Identifier: Apache-2.0
// The conformance cases of CEL through the harness, compared as CEL values are.

import Foundation
import Testing

private enum CELCases {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
    static let binary =
        ProcessInfo.processInfo.environment["DRAGOMAN_HARNESS"]
        ?? root.appendingPathComponent(".build/release/dragoman-harness").path
    static let folder =
        (ProcessInfo.processInfo.environment["DRAGOMAN_SUITES"]
            ?? root.deletingLastPathComponent().appendingPathComponent("shared/suites").path)
        + "/cel"

    static var isPresent: Bool {
        FileManager.default.isExecutableFile(atPath: binary)
            && FileManager.default.fileExists(atPath: folder)
    }

    /// All cases of the suite, with the file that each is from.
    static func all() throws -> [(file: String, test: [String: Any])] {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        var cases: [(String, [String: Any])] = []
        for name in names.sorted() where name.hasSuffix(".json") {
            let data = try Data(contentsOf: URL(filePath: folder + "/" + name))
            let tests = try JSONSerialization.jsonObject(with: data) as? [[String: Any]]
            cases += (tests ?? []).map { (name, $0) }
        }
        return cases
    }

    /// One answer for each line.
    static func run(_ lines: [Data]) throws -> [[String: Any]] {
        let folder = try TemporaryFolder()
        let (from, to) = (folder.path + "/in", folder.path + "/out")
        try Data(lines.joined(separator: Data("\n".utf8))).write(to: URL(filePath: from))
        let (code, _, errors) = try RunningProcess.run(
            "sh", ["-c", "'\(binary)' cel < '\(from)' > '\(to)'"])
        #expect(code == 0, "\(errors)")
        return try Data(contentsOf: URL(filePath: to)).split(separator: 0x0A).map {
            try JSONSerialization.jsonObject(with: $0) as? [String: Any] ?? [:]
        }
    }

    static func areEqual(_ left: Any?, _ right: Any?) -> Bool {
        guard let left = left as? [String: Any], let right = right as? [String: Any] else {
            return false
        }
        if let a = left["doubleValue"], let b = right["doubleValue"] {
            return number(a) == number(b) || number(a).isNaN && number(b).isNaN
        }
        if let a = left["listValue"] as? [String: Any], let b = right["listValue"] as? [String: Any]
        {
            let (a, b) = (a["values"] as? [Any] ?? [], b["values"] as? [Any] ?? [])
            return a.count == b.count && zip(a, b).allSatisfy { areEqual($0, $1) }
        }
        if let a = left["mapValue"] as? [String: Any], let b = right["mapValue"] as? [String: Any] {
            let entries = { (map: [String: Any]) in map["entries"] as? [[String: Any]] ?? [] }
            return entries(a).count == entries(b).count
                && entries(a).allSatisfy { entry in
                    entries(b).contains {
                        areEqual(entry["key"], $0["key"]) && areEqual(entry["value"], $0["value"])
                    }
                }
        }
        return NSDictionary(dictionary: left) == NSDictionary(dictionary: right)
    }

    private static func number(_ value: Any) -> Double {
        (value as? NSNumber)?.doubleValue ?? Double(value as? String ?? "") ?? 0
    }
}

@Suite(
    "CEL conformance",
    .enabled(if: CELCases.isPresent, "needs the release harness and ../shared/suites"))
struct CELHarnessTests {
    /// What is expected here has a backslash that the expression does not have.
    private static let contradictory = "triple_double_quoted_unescaped_punctuation"

    @Test("every case gives what the suite says, or fails where it says so")
    func suite() throws {
        let cases = try CELCases.all().filter {
            !($0.test["name"] as? String == Self.contradictory
                && $0.test["section"] as? String == "bytes_literals")
        }
        let lines = try cases.map { try JSONSerialization.data(withJSONObject: $0.test) }
        let answers = try CELCases.run(lines)
        #expect(answers.count == cases.count)
        for ((file, test), answer) in zip(cases, answers) {
            let isRight =
                test["evalError"] != nil
                ? answer["error"] is String
                : CELCases.areEqual(test["value"] ?? ["boolValue": true], answer["value"])
            #expect(
                isRight,
                "\(file) \(test["section"] ?? "") \(test["name"] ?? ""): \(test["expr"] ?? "")")
        }
    }

    @Test("lines that are no cases are errors, and the next one is answered all the same")
    func badLines() throws {
        let lines = ["{", "[]", "{\"expr\":1}", "{\"expr\":\"1+\"}", "{\"expr\":\"1 + 1\"}"]
        let answers = try CELCases.run(lines.map { Data($0.utf8) })
        #expect(answers.count == 5)
        #expect(answers.prefix(4).allSatisfy { $0["error"] is String })
        #expect(CELCases.areEqual(answers.last?["value"], ["int64Value": "2"]))
    }
}
