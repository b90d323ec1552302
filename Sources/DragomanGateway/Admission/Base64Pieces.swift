// SPDX-License-Identifier: Apache-2.0
// Base64 written while its bytes come: groups of three do not end where pieces do.

internal import DragomanDocument
internal import DragomanProtobuf

/// Base64 of bytes that come in pieces.
struct Base64Pieces {
    private var rest: (UInt8, UInt8) = (0, 0)
    private var restCount = 0

    mutating func append(_ bytes: UnsafeRawBufferPointer, to document: Document) {
        var bytes = bytes
        while restCount > 0, let first = bytes.first {
            bytes = UnsafeRawBufferPointer(rebasing: bytes.dropFirst())
            guard restCount == 2 else {
                rest.1 = first
                restCount = 2
                continue
            }
            write([rest.0, rest.1, first], to: document)
            restCount = 0
        }
        let whole = bytes.count / 3 * 3
        write(UnsafeRawBufferPointer(rebasing: bytes[..<whole]), to: document)
        for byte in bytes[whole...] {
            if restCount == 0 { rest.0 = byte } else { rest.1 = byte }
            restCount += 1
        }
    }

    mutating func finish(_ document: Document) {
        if restCount > 0 { write(restCount == 1 ? [rest.0] : [rest.0, rest.1], to: document) }
        restCount = 0
    }

    private func write(_ bytes: [UInt8], to document: Document) {
        bytes.withUnsafeBytes { write($0, to: document) }
    }

    private func write(_ bytes: UnsafeRawBufferPointer, to document: Document) {
        guard !bytes.isEmpty else { return }
        let count = Base64.encodedCount(bytes.count)
        document.continueText(atMost: count) { place in
            Base64.encode(bytes, to: place)
            return count
        }
    }
}
