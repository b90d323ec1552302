// SPDX-License-Identifier: Apache-2.0
// Where the shared suites are, and how their files are read.
import Foundation

@testable import DragomanDocument
@testable import DragomanSchema

enum Suites {
    /// `$DRAGOMAN_SUITES`, or `../shared/suites` beside the package; nil where neither is there.
    static let root: String? = {
        let here = URL(filePath: #filePath).deletingLastPathComponent()
        let package = here.deletingLastPathComponent().deletingLastPathComponent()
        let candidates = [
            ProcessInfo.processInfo.environment["DRAGOMAN_SUITES"],
            package.deletingLastPathComponent().appending(path: "shared/suites").path(),
        ]
        return candidates.compactMap { $0 }.first {
            FileManager.default.fileExists(atPath: $0 + "/json-schema/README.md")
        }
    }()

    static let isHere = root != nil

    static func files(_ folder: String) -> [String] {
        guard let root else { return [] }
        let names = try? FileManager.default.contentsOfDirectory(atPath: root + "/" + folder)
        return (names ?? []).filter { $0.hasSuffix(".json") }.sorted().map { folder + "/" + $0 }
    }

    static func read(_ path: String) -> Document? {
        guard let root, let data = FileManager.default.contents(atPath: root + "/" + path) else {
            return nil
        }
        return try? data.withUnsafeBytes { try Document.reading($0) }
    }

    /// A copy of a value, as a document of its own.
    static func copy(_ node: Node) -> Document {
        let document = Document()
        document.append(copy: node)
        return document
    }

    /// The remotes of the JSON Schema suite, which stand for http://localhost:1234/.
    static func remote(_ uri: String) -> Document? {
        let base = "http://localhost:1234/"
        guard uri.hasPrefix(base) else { return nil }
        return read("json-schema/remotes/" + uri.dropFirst(base.count))
    }
}

/// A document of a JSON text that is known to be one.
func json(_ text: String) -> Document {
    do {
        return try Document.reading(text)
    } catch {
        let document = Document()
        document.append(string: "\(error)")
        return document
    }
}

/// The program of a schema; the problems are thrown.
func compile(
    _ schema: String, _ options: SchemaOptions = SchemaOptions(),
    resolver: @escaping (String) -> Document? = { _ in nil }
) throws -> SchemaProgram {
    try SchemaCompiler(options: options, resolver: resolver)
        .compile(document: json(schema), baseURI: "test:schema")
}

extension SchemaProgram {
    func isValid(_ text: String) -> Bool {
        let document = json(text)
        guard let root = document.root else { return false }
        return isValid(root, EvaluationContext())
    }

    /// `pointer keyword: detail` of each violation.
    func complaints(_ text: String) -> [String] {
        let document = json(text)
        guard let root = document.root else { return [] }
        return violations(of: root, EvaluationContext()).violations.map {
            "\(document.pointer(to: $0.place) ?? "?") \($0.keyword): \($0.detail)"
        }
    }
}
