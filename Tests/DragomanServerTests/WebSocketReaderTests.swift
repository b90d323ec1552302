// SPDX-License-Identifier: Apache-2.0
// Frames of WebSockets: whole, in pieces of any size, and against the rules.
// Frames of RFC 6455 as clients send them, whole and in pieces.

import NIOCore
import Testing

@testable import DragomanServer

@Suite("WebSocketReader")
struct WebSocketReaderTests {
    private func frame(_ first: UInt8, _ payload: [UInt8], mask: [UInt8] = [7, 0, 255, 3])
        -> [UInt8]
    {
        var frame: [UInt8] = [first]
        if payload.count < 126 {
            frame.append(0x80 | UInt8(payload.count))
        } else {
            frame += [0x80 | 126, UInt8(payload.count >> 8), UInt8(payload.count & 255)]
        }
        return frame + mask + payload.enumerated().map { $1 ^ mask[$0 % 4] }
    }

    /// The events of `bytes` in pieces of `size`.
    private func events(
        _ bytes: [UInt8], size: Int, limit: Int = 1000
    ) throws(WebSocketError) -> [WebSocketReader.Event] {
        var reader = WebSocketReader(messageBytesMax: limit)
        var events: [WebSocketReader.Event] = []
        for start in stride(from: 0, to: bytes.count, by: size) {
            var piece = ByteBuffer(bytes: bytes[start..<min(start + size, bytes.count)])
            while let event = try reader.next(&piece) { events.append(event) }
        }
        return events
    }

    @Test("messages, whole, in frames, and in pieces of any size", arguments: [1, 2, 3, 7, 1000])
    func messages(size: Int) throws {
        let text = Array("{\"a\":\"\u{FC}\"}".utf8)
        let long = [UInt8](repeating: 0x61, count: 300)
        let bytes =
            frame(0x81, text) + frame(0x01, Array(text.prefix(3))) + frame(0x89, [1, 2])
            + frame(0x00, []) + frame(0x80, Array(text.dropFirst(3))) + frame(0x81, [])
            + frame(0x81, long) + frame(0x8A, []) + frame(0x88, [3, 232, 0x6F])
        let found = try events(bytes, size: size)
        #expect(
            found == [
                .message(ByteBuffer(bytes: text)), .ping(ByteBuffer(bytes: [1, 2])),
                .message(ByteBuffer(bytes: text)), .message(ByteBuffer()),
                .message(ByteBuffer(bytes: long)), .pong, .close(1000),
            ])
    }

    @Test(
        "what breaks the rules names its code",
        arguments: [
            ([0x81, 0x02, 0x7B, 0x7D], 1002), ([0xC1, 0x80], 1002), ([0x83, 0x80], 1002),
            ([0x80, 0x80], 1002), ([0x09, 0x80], 1002), ([0x89, 0xFE], 1002),
            ([0x82, 0x80], 1003), ([0x81, 0x81, 0, 0, 0, 0, 0xFF], 1007),
            ([0x81, 0xFE, 0x04, 0x00, 0, 0, 0, 0], 1009),
            ([0x81, 0xFF, 255, 255, 255, 255, 255, 255, 255, 255, 0, 0, 0, 0], 1009),
            ([0x88, 0x81, 0, 0, 0, 0, 3], 1002), ([0x88, 0x82, 0, 0, 0, 0, 3, 237], 1002),
        ] as [([UInt8], UInt16)])
    func violations(_ bytes: [UInt8], _ code: UInt16) {
        for size in [1, 100] {
            #expect {
                try events(bytes, size: size)
            } throws: { error in
                (error as? WebSocketError)?.code == code
            }
        }
    }

    @Test("the fragments of one message together are bounded")
    func fragments() {
        let half = [UInt8](repeating: 0x20, count: 600)
        #expect(throws: WebSocketError.self) {
            try events(frame(0x01, half) + frame(0x80, half), size: 64)
        }
    }
}
