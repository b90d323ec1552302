// SPDX-License-Identifier: Apache-2.0
// What the binary carries of the sample is what the repository has.

import DragomanServer
import Foundation
import Testing

@Suite("DemoFiles")
struct DemoFilesTests {
    @Test("the embedded sample is the repository's (else run .ci/embed)")
    func same() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        #expect(DemoFiles.all.count >= 6)
        for (path, bytes) in DemoFiles.all {
            let file = try Data(contentsOf: root.appending(path: path))
            #expect(Array(file) == bytes, "\(path)")
        }
    }
}
