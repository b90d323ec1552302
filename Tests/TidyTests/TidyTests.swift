// SPDX-License-Identifier: Apache-2.0
// Keeps the rules of the house, and shows for each rule that it fires.

import Foundation
import Testing

private let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

private func files() -> [SourceFile] {
    ["Sources", "Tests"].flatMap { folder -> [SourceFile] in
        let start = root.appending(path: folder)
        let walker = FileManager.default.enumerator(atPath: start.path)
        let names = (walker?.allObjects as? [String] ?? []).filter { $0.hasSuffix(".swift") }
        return names.sorted().compactMap { name in
            guard let text = try? String(contentsOf: start.appending(path: name), encoding: .utf8)
            else { return nil }
            return SourceFile(path: "\(folder)/\(name)", text: text)
        }
    }
}

@Suite("Tidy")
struct TidyTests {
    @Test("every file keeps the rules of the house")
    func rules() {
        let all = files()
        #expect(all.count > 50)
        for file in all {
            for rule in TidyRules.all {
                for problem in rule(file) { Issue.record(Comment(rawValue: problem)) }
            }
        }
    }

    @Test("arrows between the rooms go down only")
    func arrows() {
        let all = files()
        for file in all {
            for problem in TidyRules.imports(file) { Issue.record(Comment(rawValue: problem)) }
        }
        let rooms = Set(all.filter(\.isSource).map(\.room))
        #expect(rooms == Set(TidyRules.arrows.keys))
    }

    private static let opening = "// SPDX-License-Identifier: Apache-2.0\n// What it is.\n"

    private func problems(_ text: String, path: String = "Sources/DragomanSchema/A.swift") -> Int {
        let file = SourceFile(path: path, text: text)
        return TidyRules.all.flatMap { $0(file) }.count + TidyRules.imports(file).count
    }

    @Test(
        "each rule fires",
        arguments: [
            "let a = 1\n",
            opening + String(repeating: "\n", count: 400),
            opening + "// " + String(repeating: "x", count: 98) + "\n",
            opening + "func long() {\n" + String(repeating: "    work()\n", count: 60) + "}\n",
            opening + "let a = try" + "! b()\n",
            opening + "let a = b as" + "! C\n",
            opening + "fatal" + "Error()\n",
            opening + "// TO" + "DO: later\n",
            opening + "print(1)\n",
            opening + "\nlet c = 0\nstruct A: @unchecked "
                + "Sendable {\n    let a = 1\n    let b = 2\n}\n",
            opening + "internal import NIOCore\n",
        ])
    func fires(_ text: String) {
        #expect(problems(text) == 1)
    }

    @Test("a tidy file has no problem")
    func quiet() {
        let text =
            Self.opening + "internal import DragomanDocument\n\n"
            + "struct A: @unchecked " + "Sendable {\n    // Sendable: never written.\n}\n"
            + "func short() {\n" + String(repeating: "    work()\n", count: 58) + "}\n"
        #expect(problems(text) == 0)
    }
}
