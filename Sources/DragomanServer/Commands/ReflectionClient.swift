// SPDX-License-Identifier: Apache-2.0
// Asks a running gRPC server for its contract: `import grpc://host:port`. One call after another on
// an event loop of its own; the command waits.

internal import DragomanBackends
internal import DragomanDocument
internal import DragomanHTTP
internal import DragomanProtobuf
internal import NIOCore
internal import NIOPosix

/// What a server told.
struct ReflectedContract {
    /// A descriptor set.
    let set: [UInt8]
    /// Full names of the services, without those that every server has for its tools.
    let services: Set<String>
    /// `http://host:port` or `https://host:port`, as an upstream's `url`.
    let url: String
    /// `host:port`, to name things by.
    let address: String
}

struct ReflectionClient {
    /// `grpc://host[:port]` or, over TLS, `grpcs://host[:port]`.
    let source: String

    /// Files that one server may have.
    private static let filesMax = 10_000
    /// Services that tell of the server, and are not what it is for.
    private static let tools = ["grpc.reflection.", "grpc.health.", "grpc.channelz."]

    func fetch() throws(ImportFailure) -> ReflectedContract {
        let isSecure = source.hasPrefix("grpcs://")
        let text = source.dropFirst(isSecure ? 8 : 7)
        guard let (host, port) = Self.split(text, defaultPort: isSecure ? 443 : 80) else {
            throw ImportFailure(
                text: "\(source) is no address; expected grpc://host:port or grpcs://host:port")
        }
        let line = ReflectionLine(
            endpoint: Endpoint(.host(host, port: port)), tls: try tls(isSecure))
        defer { line.close() }
        let service = try version(line)
        guard case .services(let all) = try ask(.services, service, line) else {
            throw ImportFailure(text: "\(source): the server does not list its services")
        }
        let services = all.filter { name in !Self.tools.contains { name.hasPrefix($0) } }
        guard !services.isEmpty else {
            throw ImportFailure(text: "\(source): the server has no services of its own")
        }
        var builder = DescriptorSetBuilder()
        for name in services { try add(.fileOfSymbol(name), service, line, &builder) }
        var asked = 0
        while let name = builder.missing.first {
            asked += 1
            guard asked <= Self.filesMax else {
                throw ImportFailure(text: "\(source): more than \(Self.filesMax) files")
            }
            try add(.file(name), service, line, &builder)
            guard builder.missing.first != name else {
                throw ImportFailure(text: "\(source): the server does not have the file \(name)")
            }
        }
        let authority = host.contains(":") ? "[\(host)]" : host
        return ReflectedContract(
            set: builder.set, services: Set(services),
            url: "\(isSecure ? "https" : "http")://\(authority):\(port)",
            address: "\(authority):\(port)")
    }

    static func split(
        _ text: Substring, defaultPort: Int
    ) -> (host: String, port: Int)? {
        let text = text.hasSuffix("/") ? text.dropLast() : text
        var host = text
        var port = defaultPort
        if let colon = text.lastIndex(of: ":"), !text[colon...].contains("]") {
            guard let number = Int(text[text.index(after: colon)...]), (1...65_535).contains(number)
            else { return nil }
            (host, port) = (text[..<colon], number)
        }
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        guard !host.isEmpty, !host.contains("/"), !host.contains("@") else { return nil }
        return (String(host), port)
    }

    private func tls(_ isSecure: Bool) throws(ImportFailure) -> BackendTLS? {
        guard isSecure else { return nil }
        do throws(BackendTLSError) {
            return try BackendTLS(TLSSettings(), backendProtocol: .http2)
        } catch {
            throw ImportFailure(text: "\(source): \(error.detail)")
        }
    }

    // MARK: Questions

    /// The newest version of the reflection service that the server has.
    private func version(_ line: ReflectionLine) throws(ImportFailure) -> String {
        for service in ServerReflection.services {
            let outcome = line.ask(.services, path: ServerReflection.path(service))
            if case .refused(12, _) = outcome { continue }
            _ = try answer(outcome)
            return service
        }
        throw ImportFailure(
            text: "\(source): the server has no reflection service; give its .proto files, or a "
                + "descriptor set")
    }

    private func ask(
        _ question: ReflectionQuestion, _ service: String, _ line: ReflectionLine
    ) throws(ImportFailure) -> ReflectionAnswer {
        try answer(line.ask(question, path: ServerReflection.path(service)))
    }

    private func answer(
        _ outcome: ReflectionLine.Outcome
    ) throws(ImportFailure) -> ReflectionAnswer {
        switch outcome {
        case .answered(.error(let code, let text)):
            throw ImportFailure(text: "\(source): the server said \(code): \(text)")
        case .answered(let answer): return answer
        case .refused(let code, let text):
            throw ImportFailure(text: "\(source): the server said \(code): \(text)")
        case .failed(let text): throw ImportFailure(text: "\(source): \(text)")
        }
    }

    private func add(
        _ question: ReflectionQuestion, _ service: String, _ line: ReflectionLine,
        _ builder: inout DescriptorSetBuilder
    ) throws(ImportFailure) {
        guard case .files(let files) = try ask(question, service, line) else {
            throw ImportFailure(text: "\(source): the server answered another question")
        }
        for file in files where builder.add(file) == nil {
            throw ImportFailure(text: "\(source): the server sent a file that is no descriptor")
        }
    }
}

/// The connection, and one call at a time on it.
final class ReflectionLine: Sendable {
    enum Outcome: Sendable {
        case answered(ReflectionAnswer)
        /// A gRPC status that is not OK.
        case refused(Int32, String)
        case failed(String)
    }

    /// What one answer may be long.
    fileprivate static let messageBytesMax = 64 * 1024 * 1024

    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    private let pool: NIOLoopBound<BackendPool>?
    private let loop: any EventLoop

    init(endpoint: Endpoint, tls: BackendTLS?) {
        loop = group.next()
        let configuration = UpstreamConfiguration(
            name: "reflection", endpoints: [endpoint], backendProtocol: .http2, tls: tls)
        let loop = loop
        pool = try? loop.submit {
            NIOLoopBound(BackendPool(loop: loop, upstreams: [configuration]), eventLoop: loop)
        }.wait()
    }

    func ask(_ question: ReflectionQuestion, path: String) -> Outcome {
        guard let pool else { return .failed("no event loop can be started") }
        let loop = loop
        let future = loop.flatSubmit { () -> EventLoopFuture<Outcome> in
            let promise = loop.makePromise(of: Outcome.self)
            let output = OutputBuffer()
            ServerReflection.write(question, to: output)
            var fields = HeaderFields()
            fields.append("content-type", "application/grpc" as StaticString)
            fields.append("te", "trailers" as StaticString)
            let request = BackendRequest(
                method: "POST", path: path, fields: fields,
                body: .bytes(ByteBuffer(bytes: output.bytes)), announcesLength: false,
                deadline: .now() + .seconds(15))
            let receiver = ReflectionReceiver(promise)
            receiver.call = pool.value.start(request, upstream: 0, receiver: receiver)
            return promise.futureResult
        }
        return (try? future.wait()) ?? .failed("the event loop has ended")
    }

    func close() {
        if let pool { try? loop.submit { pool.value.close() }.wait() }
        try? group.syncShutdownGracefully()
    }
}

/// Gathers one answer.
private final class ReflectionReceiver: BackendReceiver {
    private let promise: EventLoopPromise<ReflectionLine.Outcome>
    private var reader = GRPCMessageReader(messageBytesMax: ReflectionLine.messageBytesMax)
    private var head = HeaderFields()
    private var answer: ReflectionAnswer?
    private var isOver = false
    /// Held while it lasts.
    var call: BackendCall?

    init(_ promise: EventLoopPromise<ReflectionLine.Outcome>) { self.promise = promise }

    private func end(_ outcome: ReflectionLine.Outcome) {
        guard !isOver else { return }
        isOver = true
        call?.cancel()
        call = nil
        promise.succeed(outcome)
    }

    func backendReceivedHead(status: Int, fields: HeaderFields) {
        head = fields
        if status != 200, !fields.contains("grpc-status") {
            end(.failed("this is no gRPC server: it answered with the HTTP status \(status)"))
        }
    }

    func backendReceivedBody(_ bytes: ByteBuffer) {
        guard !isOver else { return }
        bytes.withUnsafeReadableBytes { octets in
            var piece = octets
            do throws(GRPCFrameError) {
                while let message = try reader.next(from: &piece) {
                    guard !message.isCompressed else { continue }
                    answer = answer ?? ServerReflection.answer(message.bytes)
                }
            } catch {
                end(.failed("the server sent \(error.detail)"))
            }
        }
    }

    func backendReceivedEnd(trailers: HeaderFields?) {
        let fields = trailers.flatMap { $0.contains("grpc-status") ? $0 : nil } ?? head
        let status = GRPCStatus(
            status: fields.first("grpc-status"), message: fields.first("grpc-message"),
            details: nil)
        if let status, status.code != .ok {
            return end(.refused(Int32(status.code.rawValue), status.message))
        }
        guard let answer else { return end(.failed("the server sent no answer")) }
        end(.answered(answer))
    }

    func backendFailed(_ failure: BackendFailure) { end(.failed(failure.detail)) }
}
