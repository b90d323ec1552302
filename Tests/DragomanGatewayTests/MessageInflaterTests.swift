// SPDX-License-Identifier: Apache-2.0
// Compressed messages: in pieces, behind one another, damaged, and too large.
// Compressed gRPC messages, and those that grow too large.

import DragomanDocument
import DragomanHTTP
import DragomanProtobuf
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

@Suite("MessageDeflater")
struct MessageDeflaterTests {
    private func packed(
        _ bytes: [UInt8], _ compression: GRPCCompression, _ deflater: MessageDeflater
    ) -> (output: OutputBuffer, isCompressed: Bool) {
        let output = OutputBuffer()
        output.append("before")
        bytes.withUnsafeBytes { output.append($0) }
        return (output, deflater.deflate(output, from: 6, compression))
    }

    @Test("what it makes is read again, one after the other, in each coding")
    func both() throws {
        let deflater = MessageDeflater()
        for compression in [GRPCCompression.gzip, .deflate, .gzip, .deflate] {
            let plain = (0..<5000).map { UInt8(truncatingIfNeeded: $0 / 3) }
            let (output, isCompressed) = packed(plain, compression, deflater)
            #expect(isCompressed)
            #expect(output.count < 2000)
            #expect(output.bytes.prefix(6).elementsEqual("before".utf8))
            let first: UInt8 = compression == .gzip ? 0x1F : 0x78
            #expect(output.bytes[6] == first)
            let back = OutputBuffer()
            try MessageInflater().inflate(
                UnsafeRawBufferPointer(rebasing: output.bytes[6...]), into: back, bytesMax: 5000)
            #expect(back.bytes.elementsEqual(plain))
        }
    }

    @Test("small messages, and those that would grow, stay as they are")
    func plain() {
        let deflater = MessageDeflater()
        let small = [UInt8](repeating: 1, count: 1023)
        var state: UInt64 = 1
        let noise = (0..<3000).map { _ -> UInt8 in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 33)
        }
        for bytes in [small, noise] {
            let (output, isCompressed) = packed(bytes, .gzip, deflater)
            #expect(!isCompressed)
            #expect(output.bytes.dropFirst(6).elementsEqual(bytes))
        }
        #expect(packed(small + [1], .gzip, deflater).isCompressed)
    }
}
