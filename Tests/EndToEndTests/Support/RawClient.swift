// SPDX-License-Identifier: Apache-2.0
// A client that sends exactly the bytes that a test says, and a server that does the same.

import Foundation

struct RawFailure: Error, CustomStringConvertible {
    let description: String
}

/// One response as it came.
struct RawResponse {
    var status = 0
    /// Names in lower case.
    var fields: [(name: String, value: String)] = []
    var body: [UInt8] = []

    func field(_ name: String) -> String? { fields.first { $0.name == name }?.value }
    var text: String { String(decoding: body, as: UTF8.self) }
    /// The body as JSON; an empty object where it is none.
    var json: [String: Any] {
        (try? JSONSerialization.jsonObject(with: Data(body))) as? [String: Any] ?? [:]
    }
}

/// One TCP connection, blocking, with `patience`.
final class RawClient {
    private let descriptor: Int32
    private var buffer: [UInt8] = []

    init(port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port).bigEndian)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw RawFailure(description: "connect: errno \(errno)") }
        var time = timeval(tv_sec: Int(patience), tv_usec: 0)
        setsockopt(
            descriptor, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { close(descriptor) }

    func send(_ text: String) throws { try send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.send(
                    descriptor, $0.baseAddress?.advanced(by: sent), bytes.count - sent,
                    Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw RawFailure(description: "send: errno \(errno)") }
            sent += count
        }
    }

    /// Returns false at the end of the stream.
    private func fill() throws -> Bool {
        var chunk = [UInt8](repeating: 0, count: 65536)
        let count = recv(descriptor, &chunk, chunk.count, 0)
        if count < 0, errno == ECONNRESET { return false }
        guard count >= 0 else { throw RawFailure(description: "nothing came: errno \(errno)") }
        buffer += chunk.prefix(count)
        return count > 0
    }

    private func line() throws -> String {
        while true {
            if let end = buffer.firstIndex(of: 0x0A) {
                let line = String(decoding: buffer[..<end].filter { $0 != 0x0D }, as: UTF8.self)
                buffer.removeSubrange(...end)
                return line
            }
            guard try fill() else { throw RawFailure(description: "closed inside a head") }
        }
    }

    private func take(_ count: Int) throws -> [UInt8] {
        while buffer.count < count {
            guard try fill() else { throw RawFailure(description: "closed inside a body") }
        }
        let taken = Array(buffer.prefix(count))
        buffer.removeFirst(count)
        return taken
    }

    /// The next response; interim ones (1xx) are answers of their own.
    func response(toHead: Bool = false) throws -> RawResponse {
        var response = RawResponse()
        let start = try line().split(separator: " ")
        response.status = start.count > 1 ? Int(start[1]) ?? 0 : 0
        while true {
            let field = try line()
            if field.isEmpty { break }
            let parts = field.split(separator: ":", maxSplits: 1)
            response.fields.append(
                (parts[0].lowercased(), parts[1].trimmingCharacters(in: .whitespaces)))
        }
        if toHead || response.status < 200 || response.status == 204 { return response }
        if let length = response.field("content-length").flatMap({ Int($0) }) {
            response.body = try take(length)
        } else if response.field("transfer-encoding") == "chunked" {
            while true {
                let size = Int(try line(), radix: 16) ?? -1
                guard size >= 0 else { throw RawFailure(description: "a bad chunk size") }
                response.body += try take(size)
                _ = try line()
                if size == 0 { break }
            }
        } else {
            while try fill() {}
            response.body = buffer
            buffer = []
        }
        return response
    }

    /// The peer has closed, and nothing more came.
    func isClosed() throws -> Bool { try buffer.isEmpty && !fill() }

    /// Ends the sending side.
    func finish() { shutdown(descriptor, Int32(SHUT_WR)) }
}

extension RawClient {
    /// One request on a connection of its own.
    static func ask(
        _ port: Int, _ method: String = "GET", _ path: String, body: String? = nil,
        headers: [String] = []
    ) throws -> RawResponse {
        let client = try RawClient(port: port)
        var head = "\(method) \(path) HTTP/1.1\r\nHost: localhost\r\n"
        for header in headers { head += header + "\r\n" }
        if let body {
            if !headers.contains(where: { $0.lowercased().hasPrefix("content-type") }) {
                head += "Content-Type: application/json\r\n"
            }
            head += "Content-Length: \(body.utf8.count)\r\n"
        }
        try client.send(head + "\r\n" + (body ?? ""))
        return try client.response(toHead: method == "HEAD")
    }
}

/// A server that answers every connection by a script, in a thread of its own.
final class RawServer: @unchecked Sendable {
    // Sendable: the descriptor is set once; closing it ends the thread.
    private let descriptor: Int32
    let port: Int

    /// `serve`: is given the connection; it is closed when that returns.
    init(_ serve: @escaping @Sendable (RawConnection) -> Void) throws {
        let listening = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        descriptor = listening
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer -> Bool in
                bind(listening, pointer, size) == 0 && listen(listening, 64) == 0
                    && getsockname(listening, pointer, &size) == 0
            }
        }
        guard bound else { throw RawFailure(description: "bind: errno \(errno)") }
        port = Int(UInt16(bigEndian: address.sin_port))
        Thread.detachNewThread {
            while true {
                let connection = accept(listening, nil, nil)
                guard connection >= 0 else { return }
                Thread.detachNewThread {
                    let raw = RawConnection(descriptor: connection)
                    serve(raw)
                    close(connection)
                }
            }
        }
    }

    deinit {
        shutdown(descriptor, Int32(SHUT_RDWR))
        close(descriptor)
    }
}

struct RawConnection: Sendable {
    let descriptor: Int32

    func send(_ bytes: [UInt8]) {
        _ = bytes.withUnsafeBytes {
            Glibc.send(descriptor, $0.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
        }
    }

    func send(_ text: String) { send(Array(text.utf8)) }

    /// What has come, at most 64 KiB; empty at the end.
    func receive() -> [UInt8] {
        var chunk = [UInt8](repeating: 0, count: 65536)
        let count = recv(descriptor, &chunk, chunk.count, 0)
        return Array(chunk.prefix(max(0, count)))
    }

    /// A reset instead of an end.
    func reset() {
        var linger = linger(l_onoff: 1, l_linger: 0)
        setsockopt(
            descriptor, SOL_SOCKET, SO_LINGER, &linger,
            socklen_t(MemoryLayout<Glibc.linger>.size))
    }
}
