// SPDX-License-Identifier: Apache-2.0
// Where the suites of real cases are.

import Foundation

enum Suites {
    /// `$DRAGOMAN_SUITES`, else ../shared/suites beside the package.
    static let path =
        ProcessInfo.processInfo.environment["DRAGOMAN_SUITES"]
        ?? Project.root.deletingLastPathComponent().appending(path: "shared/suites").path

    static var isPresent: Bool { FileManager.default.fileExists(atPath: path) }
}
