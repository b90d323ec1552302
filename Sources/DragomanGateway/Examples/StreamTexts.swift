// SPDX-License-Identifier: Apache-2.0
// The messages of a gRPC stream as examples and `--reply` write them, and as they are on the wire.

internal import DragomanDocument
internal import DragomanProtobuf

enum StreamTexts {
    /// The texts of the messages: items of an array, or lines that are JSON; else the one text.
    static func split(_ bytes: [UInt8]) -> [[UInt8]] {
        if let document = JSONExample.document(bytes) {
            return withExtendedLifetime(document) {
                guard let root = document.root, root.isArray else { return [bytes] }
                return root.items.map { Array($0.json.utf8) }
            }
        }
        let lines = bytes.split(separator: 0x0A).map(Array.init).filter { line in
            !line.allSatisfy { $0 <= 0x20 }
        }
        guard lines.count > 1, lines.allSatisfy({ JSONExample.document($0) != nil }) else {
            return [bytes]
        }
        return lines
    }
}

enum GRPCFrames {
    /// The messages of a body, without their prefixes; what breaks the framing ends them.
    static func messages(_ body: [UInt8]) -> [[UInt8]] {
        var messages: [[UInt8]] = []
        body.withUnsafeBytes { bytes in
            var reader = GRPCMessageReader(messageBytesMax: max(1, bytes.count))
            var piece = bytes
            while let message = try? reader.next(from: &piece) {
                messages.append(Array(message.bytes))
            }
        }
        return messages
    }
}
