// SPDX-License-Identifier: Apache-2.0
// Where the shared suites are, and reading their JSON.

import Foundation

enum SuiteCases {
    static var root: URL {
        if let path = ProcessInfo.processInfo.environment["DRAGOMAN_SUITES"] {
            return URL(fileURLWithPath: path)
        }
        var package = URL(fileURLWithPath: #filePath)
        for _ in 0..<3 { package.deleteLastPathComponent() }
        return package.deletingLastPathComponent().appendingPathComponent("shared/suites")
    }

    static var isThere: Bool {
        FileManager.default.fileExists(atPath: root.appendingPathComponent("http2").path)
    }

    static func object(_ path: String) throws -> [String: Any] {
        let data = try Data(contentsOf: root.appendingPathComponent(path))
        return try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:]
    }

    static func bytes(hexadecimal text: String) -> [UInt8] {
        let digits = text.utf8.map { digit -> UInt8 in
            digit > 57 ? digit & 15 + 9 : digit & 15
        }
        return stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }
}
