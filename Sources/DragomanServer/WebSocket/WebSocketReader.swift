// SPDX-License-Identifier: Apache-2.0
// Takes a client's octets apart into WebSocket frames, and those into messages (RFC 6455,
// section 5). No I/O; what breaks the rules ends the connection with the code that it names.

internal import DragomanDocument
internal import NIOCore

/// Why a WebSocket can not go on: the code and the reason of the Close frame.
struct WebSocketError: Error, Equatable {
    var code: UInt16
    var reason: String

    static func violation(_ reason: String) -> WebSocketError {
        WebSocketError(code: 1002, reason: reason)
    }
}

/// What a client sends, in pieces of any size.
struct WebSocketReader {
    enum Event: Equatable {
        /// Text, checked to be UTF-8; may be empty.
        case message(ByteBuffer)
        case ping(ByteBuffer)
        case pong
        /// 1005: the frame names no code.
        case close(UInt16)
    }

    private enum Opcode: UInt8 {
        case continuation = 0, text = 1, binary = 2, close = 8, ping = 9, pong = 10
    }

    private let messageBytesMax: Int
    /// The head of a frame that is not complete: two to fourteen octets.
    private var head: [UInt8] = []
    /// Octets of the payload to come; -1 inside a head.
    private var left = -1
    private var opcode = Opcode.continuation
    private var isFinal = false
    private var mask: (UInt8, UInt8, UInt8, UInt8) = (0, 0, 0, 0)
    private var maskIndex = 0
    /// A message has begun and has not ended.
    private var isInsideMessage = false
    private var message = ByteBuffer()
    private var control = ByteBuffer()

    init(messageBytesMax: Int) {
        self.messageBytesMax = messageBytesMax
        head.reserveCapacity(14)
    }

    /// The next event; nil where the octets are used up first.
    mutating func next(_ bytes: inout ByteBuffer) throws(WebSocketError) -> Event? {
        while true {
            if left < 0 {
                guard try readHead(&bytes) else { return nil }
            }
            readPayload(&bytes)
            if left > 0 { return nil }
            left = -1
            if let event = try frameEnded() { return event }
        }
    }

    /// - Returns: whether the head is complete.
    private mutating func readHead(_ bytes: inout ByteBuffer) throws(WebSocketError) -> Bool {
        while true {
            if head.count >= 2, head.count == headCount { break }
            guard let byte = bytes.readInteger(as: UInt8.self) else { return false }
            head.append(byte)
            if head.count == 2 { try checkHead() }
        }
        let length = payloadLength
        let end = head.count
        mask = (head[end - 4], head[end - 3], head[end - 2], head[end - 1])
        maskIndex = 0
        head.removeAll(keepingCapacity: true)
        let isControl = opcode.rawValue >= 8
        if !isControl,
            length > UInt64(messageBytesMax - min(message.readableBytes, messageBytesMax))
        {
            throw WebSocketError(
                code: 1009, reason: "a message may have \(messageBytesMax) bytes")
        }
        left = Int(length)
        return true
    }

    private var headCount: Int {
        switch head[1] & 0x7F {
        case 126: 8
        case 127: 14
        default: 6
        }
    }

    private var payloadLength: UInt64 {
        let short = head[1] & 0x7F
        guard short > 125 else { return UInt64(short) }
        return head[2..<(short == 126 ? 4 : 10)].reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// The first two octets.
    private mutating func checkHead() throws(WebSocketError) {
        guard head[0] & 0x70 == 0 else {
            throw .violation("reserved bits, and no extension was agreed")
        }
        guard let opcode = Opcode(rawValue: head[0] & 0x0F) else {
            throw .violation("a frame of unknown kind")
        }
        isFinal = head[0] & 0x80 != 0
        guard head[1] & 0x80 != 0 else { throw .violation("a frame that is not masked") }
        switch opcode {
        case .close, .ping, .pong:
            guard isFinal, head[1] & 0x7F <= 125 else {
                throw .violation("a control frame that is long or in pieces")
            }
            control.clear()
        case .continuation:
            guard isInsideMessage else { throw .violation("a continuation of nothing") }
        case .text:
            guard !isInsideMessage else { throw .violation("a message inside a message") }
            isInsideMessage = true
            message.clear()
        case .binary:
            throw WebSocketError(code: 1003, reason: "messages are JSON text")
        }
        self.opcode = opcode
    }

    private mutating func readPayload(_ bytes: inout ByteBuffer) {
        let count = min(left, bytes.readableBytes)
        guard count > 0, let part = bytes.readSlice(length: count) else { return }
        left -= count
        let masks = [mask.0, mask.1, mask.2, mask.3]
        let start = maskIndex
        func unmask(into target: inout ByteBuffer) {
            _ = target.writeWithUnsafeMutableBytes(minimumWritableBytes: count) { place in
                part.withUnsafeReadableBytes { source in
                    masks.withUnsafeBufferPointer { masks in
                        for index in 0..<count {
                            place[index] = source[index] ^ masks[(start &+ index) & 3]
                        }
                    }
                }
                return count
            }
        }
        if opcode.rawValue >= 8 { unmask(into: &control) } else { unmask(into: &message) }
        maskIndex = (start + count) & 3
    }

    private mutating func frameEnded() throws(WebSocketError) -> Event? {
        switch opcode {
        case .ping: return .ping(control)
        case .pong: return .pong
        case .close: return .close(try closeCode())
        case .text, .continuation, .binary:
            guard isFinal else { return nil }
            isInsideMessage = false
            let whole = message
            message = ByteBuffer()
            guard Self.isUTF8(whole) else {
                throw WebSocketError(code: 1007, reason: "a message that is not UTF-8")
            }
            return .message(whole)
        }
    }

    private static func isUTF8(_ bytes: ByteBuffer) -> Bool {
        bytes.withUnsafeReadableBytes { TextScan.firstInvalidUTF8($0) == nil }
    }

    /// Section 7.4: what may stand in a Close frame.
    private mutating func closeCode() throws(WebSocketError) -> UInt16 {
        guard control.readableBytes > 0 else { return 1005 }
        guard let code = control.readInteger(as: UInt16.self) else {
            throw .violation("a Close frame with half a code")
        }
        switch code {
        case 1000...1003, 1007...1014, 3000...4999: break
        default: throw .violation("a Close frame with a code that may not be sent")
        }
        guard Self.isUTF8(control) else {
            throw WebSocketError(code: 1007, reason: "a reason that is not UTF-8")
        }
        return code
    }
}

/// Writes frames of a server: never masked.
enum WebSocketFrame {
    static func text(_ payload: UnsafeRawBufferPointer) -> ByteBuffer { frame(1, payload) }
    static func pong(_ payload: ByteBuffer) -> ByteBuffer {
        payload.withUnsafeReadableBytes { frame(10, $0) }
    }
    static let ping = frame(9, UnsafeRawBufferPointer(start: nil, count: 0))

    /// `reason` is cut to what fits. 1005 stands for a frame without a code.
    static func close(_ code: UInt16, _ reason: String) -> ByteBuffer {
        guard code != 1005 else { return frame(8, UnsafeRawBufferPointer(start: nil, count: 0)) }
        var payload = ByteBuffer(integer: code)
        for character in reason where payload.readableBytes + character.utf8.count <= 125 {
            payload.writeString(String(character))
        }
        return payload.withUnsafeReadableBytes { frame(8, $0) }
    }

    private static func frame(_ opcode: UInt8, _ payload: UnsafeRawBufferPointer) -> ByteBuffer {
        var buffer = ByteBufferAllocator().buffer(capacity: payload.count + 10)
        buffer.writeInteger(0x80 | opcode)
        if payload.count < 126 {
            buffer.writeInteger(UInt8(payload.count))
        } else if payload.count < 1 << 16 {
            buffer.writeInteger(UInt8(126))
            buffer.writeInteger(UInt16(payload.count))
        } else {
            buffer.writeInteger(UInt8(127))
            buffer.writeInteger(UInt64(payload.count))
        }
        buffer.writeBytes(payload)
        return buffer
    }
}
