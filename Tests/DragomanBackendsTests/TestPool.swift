// SPDX-License-Identifier: Apache-2.0
// A pool on a loop of its own, driven from a test's task.

import DragomanBackends
import DragomanHTTP
import NIOCore
import NIOPosix
import Testing

/// How a call went.
struct CallOutcome: Sendable {
    var status: Int?
    var fields: [[String]] = []
    var body: [UInt8] = []
    var trailers: [[String]]?
    var isEnded = false
    var failure: BackendFailure?

    func field(_ name: String) -> String? { fields.first { $0[0] == name }?[1] }
}

/// Keeps what comes, and tells the task at the end.
final class TestReceiver: BackendReceiver {
    private let promise: EventLoopPromise<CallOutcome>
    private(set) var outcome = CallOutcome()
    var becameWritable = 0
    var onHead: (() -> Void)?
    var onBody: (() -> Void)?
    var onWritable: (() -> Void)?

    init(_ promise: EventLoopPromise<CallOutcome>) { self.promise = promise }

    func backendReceivedHead(status: Int, fields: HeaderFields) {
        #expect(outcome.status == nil && !outcome.isEnded && outcome.failure == nil)
        outcome.status = status
        outcome.fields = Self.pairs(fields)
        onHead?()
    }

    func backendReceivedBody(_ bytes: ByteBuffer) {
        #expect(outcome.status != nil && !outcome.isEnded && outcome.failure == nil)
        #expect(bytes.readableBytes > 0)
        outcome.body += bytes.readableBytesView
        onBody?()
    }

    func backendReceivedEnd(trailers: HeaderFields?) {
        #expect(outcome.status != nil && !outcome.isEnded && outcome.failure == nil)
        outcome.isEnded = true
        outcome.trailers = trailers.map(Self.pairs)
        promise.succeed(outcome)
    }

    func backendFailed(_ failure: BackendFailure) {
        #expect(!outcome.isEnded && outcome.failure == nil)
        outcome.failure = failure
        promise.succeed(outcome)
    }

    func backendBecameWritable() {
        becameWritable += 1
        onWritable?()
    }

    private static func pairs(_ fields: HeaderFields) -> [[String]] {
        fields.indices.map { [fields.name(at: $0), fields.value(at: $0)] }
    }
}

struct TestPool: Sendable {
    let loop: any EventLoop
    private let pool: NIOLoopBound<BackendPool>

    init(_ upstreams: [UpstreamConfiguration]) async throws {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        self.loop = loop
        pool = try await loop.submit {
            NIOLoopBound(BackendPool(loop: loop, upstreams: upstreams), eventLoop: loop)
        }.get()
    }

    init(
        port: Int, host: String = "127.0.0.1", speaks: BackendProtocol = .http2,
        tls: BackendTLS? = nil, limits: UpstreamLimits = .patient
    ) async throws {
        try await self.init([
            UpstreamConfiguration(
                name: "test", endpoints: [Endpoint(.host(host, port: port))],
                backendProtocol: speaks, tls: tls, limits: limits)
        ])
    }

    /// Starts a call and gives its outcome; `steer` runs on the loop once it has begun.
    func call(
        _ path: String = "/", method: String = "POST", body: BackendRequest.Body = .none,
        timeout: TimeAmount? = .seconds(120), isIdempotent: Bool = false,
        fields: [(String, String)] = [],
        steer: @escaping @Sendable (BackendCall, TestReceiver) -> Void = { _, _ in }
    ) async throws -> CallOutcome {
        let pool = pool
        let loop = loop
        return try await loop.flatSubmit {
            let promise = loop.makePromise(of: CallOutcome.self)
            let receiver = TestReceiver(promise)
            var headers = HeaderFields()
            for (name, value) in fields { headers.append(name, value) }
            let request = BackendRequest(
                method: method, path: path, fields: headers, body: body,
                announcesLength: fields.isEmpty, isIdempotent: isIdempotent,
                deadline: timeout.map { .now() + $0 })
            let call = pool.value.start(request, upstream: 0, receiver: receiver)
            #expect(receiver.outcome.failure == nil)
            steer(call, receiver)
            return promise.futureResult
        }.get()
    }

    /// Many calls at a time.
    func calls(_ count: Int, body: BackendRequest.Body = .none) async throws -> [CallOutcome] {
        try await withThrowingTaskGroup(of: CallOutcome.self) { group in
            for index in 0..<count {
                group.addTask { try await call("/\(index)", body: body) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }

    func shutdown() async throws {
        let pool = pool
        try await loop.flatSubmit { pool.value.shutdown() }.get()
    }

    func close() async throws {
        let pool = pool
        try await loop.submit { pool.value.close() }.get()
    }
}

extension UpstreamLimits {
    /// For machines that do much besides: minutes may pass between two calls of one test, while
    /// those that wait for other programs hold the threads.
    static var patient: UpstreamLimits {
        var limits = UpstreamLimits()
        limits.connectTimeout = .minutes(10)
        limits.idleTimeout = .hours(1)
        limits.pingInterval = .hours(1)
        limits.pingTimeout = .minutes(10)
        return limits
    }
}

/// Waits until it holds, for at most a minute.
func eventually(_ holds: () async throws -> Bool) async throws -> Bool {
    for _ in 0..<6000 {
        if try await holds() { return true }
        try await Task.sleep(for: .milliseconds(10))
    }
    return false
}
