// SPDX-License-Identifier: Apache-2.0
// Looks at many bytes at once find what a look at each finds, at every place and length.

import DragomanDocument
import Testing

@Suite("TextScan")
struct TextScanTests {
    static func form(_ bytes: [UInt8]) -> TextScan.Form {
        bytes.withUnsafeBytes { TextScan.form($0) }
    }

    @Test("a byte that needs an escape is seen at every place of texts of every length")
    func escapes() {
        for length in 0..<41 {
            let plain = [UInt8](repeating: 0x61, count: length)
            #expect(TextScanTests.form(plain) == .plain)
            for place in 0..<length {
                for byte: UInt8 in [0x00, 0x1F, 0x22, 0x5C] {
                    var bytes = plain
                    bytes[place] = byte
                    #expect(TextScanTests.form(bytes) == .escaped)
                }
                for byte: UInt8 in [0x20, 0x21, 0x23, 0x5B, 0x5D, 0x7F] {
                    var bytes = plain
                    bytes[place] = byte
                    #expect(TextScanTests.form(bytes) == .plain)
                }
            }
        }
    }

    @Test("what is no UTF-8 is seen at every place, and what is UTF-8 is plain")
    func encodings() {
        for length in 0..<25 {
            for place in 0...length {
                var bytes = [UInt8](repeating: 0x61, count: length)
                bytes.insert(contentsOf: Array("–".utf8), at: place)
                #expect(TextScanTests.form(bytes) == .plain)
                #expect(
                    TextScanTests.form(Array(bytes.dropLast()))
                        == (place == length ? .broken : .plain))
                bytes[place + 1] = 0x22
                #expect(TextScanTests.form(bytes) == .broken)
                bytes[place] = 0xC0
                #expect(TextScanTests.form(bytes) == .broken)
            }
        }
        #expect(TextScanTests.form(Array("\"–".utf8)) == .escaped)
    }

    @Test("texts of plans are equal byte for byte, whatever stands behind them")
    func equality() {
        let pool = ConstantPool()
        for length in 0..<30 {
            let text = String(repeating: "k", count: length)
            let left = pool.text(text)
            #expect(Bytes.equalPadded(left.bytes, pool.text(text).bytes))
            #expect(!Bytes.equalPadded(left.bytes, pool.text(text + "k").bytes))
            for place in 0..<length {
                var other = Array(text.utf8)
                other[place] = 0x6C
                let right = other.withUnsafeBytes { pool.text($0) }
                #expect(!Bytes.equalPadded(left.bytes, right.bytes))
            }
        }
    }
}
