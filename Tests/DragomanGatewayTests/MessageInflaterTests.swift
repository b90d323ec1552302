// SPDX-License-Identifier: Apache-2.0
// Compressed messages: in pieces, behind one another, damaged, and too large.
// Compressed gRPC messages, and those that grow too large.

import DragomanDocument
import Testing

@testable import DragomanGateway

@Suite("MessageInflater")
struct MessageInflaterTests {
    /// `{"a":1}` by Python's gzip and zlib.
    private static let gzip: [UInt8] = [
        0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xAB, 0x56, 0x4A, 0x54, 0xB2,
        0x32, 0xAC, 0x05, 0x00, 0xAF, 0xAC, 0x1B, 0x56, 0x07, 0x00, 0x00, 0x00,
    ]

    private func inflate(_ bytes: [UInt8], size: Int, bytesMax: Int = 1000) throws -> String? {
        let inflater = MessageInflater()
        let output = OutputBuffer()
        try inflater.begin()
        for start in stride(from: 0, to: bytes.count, by: size) {
            let piece = Array(bytes[start..<min(start + size, bytes.count)])
            try piece.withUnsafeBytes {
                try inflater.feed($0, into: output, bytesMax: bytesMax)
            }
        }
        return inflater.isComplete ? output.string : nil
    }

    @Test("gzip in pieces of any size, and one stream behind the other", arguments: [1, 5, 100])
    func pieces(size: Int) throws {
        #expect(try inflate(Self.gzip, size: size) == "{\"a\":1}")
        #expect(try inflate(Self.gzip + Self.gzip, size: size) == "{\"a\":1}{\"a\":1}")
        #expect(try inflate(Array(Self.gzip.dropLast(3)), size: size) == nil)
    }

    @Test("damage and size are refused")
    func refused() {
        #expect(throws: InflateError.self) { try inflate([1, 2, 3, 4], size: 1) }
        #expect(throws: InflateError.self) { try inflate(Self.gzip, size: 100, bytesMax: 6) }
    }
}
