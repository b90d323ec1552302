// SPDX-License-Identifier: Apache-2.0
// What one event loop of the server owns: its client connections, its clock, its buffers, and
// whoever answers its requests. Used on its loop only.

internal import DragomanBackends
internal import DragomanGateway
internal import NIOCore

#if canImport(Glibc)
    internal import Glibc
#endif

final class ServerWorker {
    /// A buffer larger than this is not kept for the next answer.
    private static let bufferBytesMax = 64 * 1024

    let loop: any EventLoop
    let timers: TimerWheel
    let requests: any RequestHandlerSource
    var connections = ConnectionSet()
    private(set) var isDraining = false
    private var buffer: ByteBuffer?
    /// Connections with streamed output that goes out at the end of this turn of the loop.
    private var unflushed: [ClientConnection] = []
    private var dateSecond = 0
    private var dateLine: [UInt8] = []

    init(loop: any EventLoop, timers: TimerWheel, requests: any RequestHandlerSource) {
        self.loop = loop
        self.timers = timers
        self.requests = requests
    }

    /// Closes the connections that are idle now, and the others with their next answer.
    func drain() {
        isDraining = true
        for connection in connections.all { connection.drain() }
    }

    func closeAll() {
        for connection in connections.all {
            connection.goAway()
            connection.closeNow()
        }
    }

    /// Flushes once for all that is written in this turn of the loop: a backend's head, body and
    /// end mostly come together.
    func flushSoon(_ connection: ClientConnection) {
        if unflushed.isEmpty {
            loop.assumeIsolated().execute { self.flushAll() }
        }
        unflushed.append(connection)
    }

    private func flushAll() {
        let all = unflushed
        unflushed.removeAll(keepingCapacity: true)
        for connection in all { connection.flushIfNeeded() }
    }

    /// An empty buffer for one answer. Its memory is the last one's, where that has been sent.
    func takeBuffer(_ allocator: ByteBufferAllocator) -> ByteBuffer {
        guard var buffer else { return allocator.buffer(capacity: 4096) }
        self.buffer = nil
        buffer.clear()
        return buffer
    }

    func giveBack(_ buffer: ByteBuffer) {
        if buffer.capacity <= Self.bufferBytesMax { self.buffer = buffer }
    }

    /// The Date field (RFC 9110, 6.6.1), made once a second.
    func date() -> [UInt8] {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME_COARSE, &now)
        if now.tv_sec != dateSecond {
            dateSecond = now.tv_sec
            dateLine = Array("date: \(HTTPDate.format(now.tv_sec))\r\n".utf8)
        }
        return dateLine
    }
}

/// The open connections of one loop.
struct ConnectionSet {
    private var members: [ObjectIdentifier: ClientConnection] = [:]

    var count: Int { members.count }
    var all: [ClientConnection] { Array(members.values) }
    mutating func insert(_ connection: ClientConnection) {
        members[ObjectIdentifier(connection)] = connection
    }
    mutating func remove(_ connection: ClientConnection) {
        members.removeValue(forKey: ObjectIdentifier(connection))
    }
}

/// IMF-fixdate (RFC 9110, 5.6.7).
enum HTTPDate {
    private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    static func format(_ seconds: Int) -> String {
        var time = time_t(seconds)
        var parts = tm()
        gmtime_r(&time, &parts)
        func two(_ value: Int32) -> String { value < 10 ? "0\(value)" : "\(value)" }
        let date = "\(two(parts.tm_mday)) \(months[Int(parts.tm_mon)]) \(parts.tm_year + 1900)"
        let clock = "\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec))"
        return "\(days[Int(parts.tm_wday)]), \(date) \(clock) GMT"
    }
}
