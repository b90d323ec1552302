// SPDX-License-Identifier: Apache-2.0
// Every recipe of the cookbook: nothing to complain about, and all its examples come true.

import Foundation
import Testing

@Suite("Cookbook")
struct CookbookTests {
    private static let folder = Project.root.appending(path: "docs/cookbook").path

    static let recipes: [String] = {
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return entries.filter {
            FileManager.default.fileExists(atPath: "\(folder)/\($0)/gateway.yaml")
        }.sorted()
    }()

    @Test("there are a dozen recipes, and the overview names them all")
    func overview() throws {
        #expect(Self.recipes.count >= 12)
        let text = try String(contentsOfFile: Self.folder + "/README.md", encoding: .utf8)
        for recipe in Self.recipes { #expect(text.contains("](\(recipe)/)"), "\(recipe)") }
    }

    @Test("check is content, and every example comes true", arguments: recipes)
    func recipe(_ name: String) throws {
        let configuration = "\(Self.folder)/\(name)/gateway.yaml"
        let checked = try RunningProcess.run(
            Project.binary, ["check", "--strict", "--config", configuration])
        #expect(checked.code == 0, "\(checked.output)")
        let tested = try RunningProcess.run(
            Project.binary, ["test", "--config", configuration])
        #expect(tested.code == 0, "\(tested.output)\(tested.errors)")
        #expect(tested.output.contains("all fine"), "\(tested.output)")
    }
}
