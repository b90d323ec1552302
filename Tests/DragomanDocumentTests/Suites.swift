// SPDX-License-Identifier: Apache-2.0
// Where the shared suites are, and reading their files.

import Foundation

enum Suites {
    /// `$DRAGOMAN_SUITES`, else `../shared/suites` beside the package; nil where neither is there.
    static let root: URL? = {
        let named = ProcessInfo.processInfo.environment["DRAGOMAN_SUITES"]
        let beside = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "../shared/suites")
        let candidates = named.map { [URL(filePath: $0)] } ?? [beside.standardizedFileURL]
        return candidates.first { FileManager.default.fileExists(atPath: $0.path) }
    }()

    static func files(in folder: String) -> [URL] {
        guard let root else { return [] }
        let names =
            (try? FileManager.default.contentsOfDirectory(
                at: root.appending(path: folder), includingPropertiesForKeys: nil)) ?? []
        return names.sorted { $0.path < $1.path }
    }
}
