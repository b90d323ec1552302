// SPDX-License-Identifier: Apache-2.0
// How far the answer to one request has come, and the head that is written for it: status line,
// date, the handler's fields, framing (RFC 9112, sections 4 and 6).

internal import DragomanHTTP
internal import NIOCore

struct ResponseState {
    /// The request was HEAD: the answer has a head only.
    private(set) var isHead = false
    private(set) var isHTTP10 = false
    /// The connection ends with this answer.
    var closesAfter = false
    private(set) var isHeadSent = false
    var isComplete = false
    /// It will never be whole: the connection ends instead.
    var isBrokenOff = false
    private(set) var isChunked = false
    private(set) var mayHaveBody = true

    init() {}

    init(for head: RequestHead) {
        isHead = head.method == .head
        isHTTP10 = head.version == .http10
        closesAfter = !head.keepAlive
    }

    /// Whether a body follows the head of an answer with that status (RFC 9110, 6.4.1).
    func hasBody(_ status: Int) -> Bool {
        !isHead && status != 204 && status != 304 && status >= 200
    }

    /// `length`: nil: not known, so the body is in chunks, or ends with the connection.
    mutating func writeHead(
        status: Int, fields: HeaderFields, length: Int?, date: [UInt8], to buffer: inout ByteBuffer
    ) {
        isHeadSent = true
        mayHaveBody = hasBody(status)
        StatusLine.write(status, to: &buffer)
        if !fields.contains("date") { buffer.writeBytes(date) }
        for index in fields.indices {
            fields.withField(at: index) { name, value in
                buffer.writeBytes(name)
                buffer.writeStaticString(": ")
                buffer.writeBytes(value)
                buffer.writeStaticString("\r\n")
            }
        }
        if status != 204, status >= 200 {
            if let length {
                if status != 304 || length > 0 {
                    buffer.writeStaticString("content-length: ")
                    buffer.writeDecimal(length)
                    buffer.writeStaticString("\r\n")
                }
            } else if mayHaveBody {
                if isHTTP10 {
                    closesAfter = true
                } else {
                    isChunked = true
                    buffer.writeStaticString("transfer-encoding: chunked\r\n")
                }
            }
        }
        if closesAfter {
            buffer.writeStaticString("connection: close\r\n\r\n")
        } else if isHTTP10 {
            buffer.writeStaticString("connection: keep-alive\r\n\r\n")
        } else {
            buffer.writeStaticString("\r\n")
        }
    }

    /// The connection has another protocol from here on (RFC 9110, 7.8).
    mutating func writeSwitch(fields: HeaderFields, date: [UInt8], to buffer: inout ByteBuffer) {
        isHeadSent = true
        mayHaveBody = false
        closesAfter = true
        buffer.writeStaticString("HTTP/1.1 101 Switching Protocols\r\n")
        buffer.writeBytes(date)
        for index in fields.indices {
            fields.withField(at: index) { name, value in
                buffer.writeBytes(name)
                buffer.writeStaticString(": ")
                buffer.writeBytes(value)
                buffer.writeStaticString("\r\n")
            }
        }
        buffer.writeStaticString("\r\n")
    }

    /// The size line of a chunk.
    static func chunkHead(_ size: Int, _ allocator: ByteBufferAllocator) -> ByteBuffer {
        var buffer = allocator.buffer(capacity: 20)
        buffer.writeString(String(size, radix: 16))
        buffer.writeStaticString("\r\n")
        return buffer
    }
}

extension ByteBuffer {
    mutating func writeDecimal(_ value: Int) {
        if value < 10 {
            writeInteger(UInt8(truncatingIfNeeded: 0x30 + value))
        } else {
            writeDecimal(value / 10)
            writeInteger(UInt8(truncatingIfNeeded: 0x30 + value % 10))
        }
    }
}

/// Status lines as they stand on the wire.
enum StatusLine {
    private static let lines: [ByteBuffer?] = (0..<600).map { status in
        reasons[status].map { ByteBuffer(string: "HTTP/1.1 \(status) \($0)\r\n") }
    }

    /// The registered reason phrases (IANA), and 499 as nginx has named it.
    private static let reasons: [Int: String] = [
        200: "OK", 201: "Created", 202: "Accepted", 203: "Non-Authoritative Information",
        204: "No Content", 205: "Reset Content", 206: "Partial Content", 207: "Multi-Status",
        300: "Multiple Choices", 301: "Moved Permanently", 302: "Found", 303: "See Other",
        304: "Not Modified", 307: "Temporary Redirect", 308: "Permanent Redirect",
        400: "Bad Request", 401: "Unauthorized", 402: "Payment Required", 403: "Forbidden",
        404: "Not Found", 405: "Method Not Allowed", 406: "Not Acceptable",
        407: "Proxy Authentication Required", 408: "Request Timeout", 409: "Conflict",
        410: "Gone", 411: "Length Required", 412: "Precondition Failed", 413: "Content Too Large",
        414: "URI Too Long", 415: "Unsupported Media Type", 416: "Range Not Satisfiable",
        417: "Expectation Failed", 421: "Misdirected Request", 422: "Unprocessable Content",
        423: "Locked", 424: "Failed Dependency", 425: "Too Early", 426: "Upgrade Required",
        428: "Precondition Required", 429: "Too Many Requests",
        431: "Request Header Fields Too Large", 451: "Unavailable For Legal Reasons",
        499: "Client Closed Request", 500: "Internal Server Error", 501: "Not Implemented",
        502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout",
        505: "HTTP Version Not Supported", 507: "Insufficient Storage",
    ]

    static func write(_ status: Int, to buffer: inout ByteBuffer) {
        if status >= 0, status < lines.count, let line = lines[status] {
            buffer.writeImmutableBuffer(line)
        } else {
            buffer.writeString("HTTP/1.1 \(status) \r\n")
        }
    }
}
