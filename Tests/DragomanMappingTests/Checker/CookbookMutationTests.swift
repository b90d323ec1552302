// SPDX-License-Identifier: Apache-2.0
// The recipes of the cookbook, each broken in twenty seeded ways: every break is reported on its
// line, with the right name where there is one, and the unbroken ones give no alarm.

import DragomanMapping
import Foundation
import Testing

@Suite("Every break of a recipe is reported on its line")
struct CookbookMutationTests {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("docs/cookbook")

    static let recipes: [String] = {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter {
            FileManager.default.fileExists(atPath: folder.path + "/\($0)/gateway.yaml")
        }.sorted()
    }()

    /// The files of a recipe by their paths in it.
    static func files(_ recipe: String) throws -> [String: [UInt8]] {
        let root = folder.appendingPathComponent(recipe).path
        var files: [String: [UInt8]] = [:]
        for path in try FileManager.default.subpathsOfDirectory(atPath: root) {
            var isFolder: ObjCBool = false
            _ = FileManager.default.fileExists(atPath: "\(root)/\(path)", isDirectory: &isFolder)
            guard !isFolder.boolValue, path != "README.md" else { continue }
            files[path] = Array(try Data(contentsOf: URL(fileURLWithPath: "\(root)/\(path)")))
        }
        return files
    }

    /// How many breaks each recipe is given; `DRAGOMAN_BREAKS` asks for more.
    static let count =
        ProcessInfo.processInfo.environment["DRAGOMAN_BREAKS"].flatMap { Int($0) } ?? 20

    @Test("the unbroken ones have nothing to complain about", arguments: recipes)
    func unbroken(_ recipe: String) throws {
        let load = GatewayLoader.load(files: try Self.files(recipe))
        #expect(load.plan != nil)
        #expect(load.diagnostics == [])
    }

    @Test("a break is reported where it is", arguments: recipes)
    func broken(_ recipe: String) throws {
        let files = try Self.files(recipe)
        let mappings = files.keys.filter { $0.hasPrefix("mappings/") }.sorted()
        var all: [(file: String, change: LineBreak)] = []
        for file in mappings {
            let text = String(decoding: files[file] ?? [], as: UTF8.self)
            all += BreakFinder(text).breaks.map { (file, $0) }
        }
        #expect(all.count >= 20, "\(recipe) is too small to be broken")
        var generator = SeededGenerator(state: recipe.utf8.reduce(7) { $0 &* 31 &+ UInt64($1) })
        for (file, change) in all.shuffled(using: &generator).prefix(Self.count) {
            var broken = files
            let text = String(decoding: files[file] ?? [], as: UTF8.self)
            broken[file] = Array(change.applied(to: text).utf8)
            let load = GatewayLoader.load(files: broken)
            // What is missing is told at what it is missing from.
            let reach = change.to == nil ? 2 : 0
            let here = load.diagnostics.filter {
                $0.file == file && abs($0.line - change.line) <= reach
            }
            #expect(!here.isEmpty, "\(recipe): \(change): \(load.diagnostics.map(Self.brief))")
            if let suggestion = change.suggestion {
                #expect(
                    here.contains { $0.suggestion?.contains(suggestion) == true },
                    "\(recipe): \(change) wants \(suggestion): \(here.map(Self.brief))")
            }
        }
    }

    private static func brief(_ diagnostic: Diagnostic) -> String {
        "\(diagnostic.line): \(diagnostic.message) [\(diagnostic.suggestion ?? "")]"
    }
}
