// SPDX-License-Identifier: Apache-2.0
// A directory of a test's own, removed at its end.

import Foundation

struct TemporaryDirectory {
    let path: String

    init?() {
        let name = "dragoman-\(UUID().uuidString)"
        path = FileManager.default.temporaryDirectory.appending(path: name).path
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true)
        } catch {
            return nil
        }
    }

    func write(_ bytes: [UInt8], to file: String) {
        let url = URL(filePath: file)
        try? FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try? Data(bytes).write(to: url)
    }

    func remove() { try? FileManager.default.removeItem(atPath: path) }
}
