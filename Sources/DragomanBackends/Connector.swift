// SPDX-License-Identifier: Apache-2.0
// Opens one connection: the socket, TLS where wanted, ALPN, and then the one who speaks on it.

internal import NIOCore
internal import NIOPosix
internal import NIOSSL
internal import NIOTLS

/// Lives for one attempt.
struct Connector {
    let endpoint: Endpoint
    let configuration: UpstreamConfiguration
    let loop: any EventLoop
    /// See `ClientSession.init`.
    let streamsAssumed: Int

    typealias Outcome = Result<BackendConnection, BackendFailure>

    /// Calls `completion` once, on the loop, never from inside.
    func connect(_ completion: @escaping (Outcome) -> Void) {
        let attempt = Attempt(self, completion)
        attempt.begin()
    }
}

/// One attempt under way.
private final class Attempt {
    private let endpoint: Endpoint
    private let configuration: UpstreamConfiguration
    private let loop: any EventLoop
    private let streamsAssumed: Int
    private var completion: ((Connector.Outcome) -> Void)?
    private var timeout: Scheduled<Void>?
    private var channel: (any Channel)?
    /// A local socket may connect at once.
    private var isBeginning = true

    /// TCP_USER_TIMEOUT, in milliseconds: a peer that acknowledges nothing for so long is gone.
    private static let userTimeout = ChannelOptions.Types.SocketOption(
        level: .tcp, name: NIOBSDSocket.Option(rawValue: 18))

    init(_ connector: Connector, _ completion: @escaping (Connector.Outcome) -> Void) {
        endpoint = connector.endpoint
        configuration = connector.configuration
        loop = connector.loop
        streamsAssumed = connector.streamsAssumed
        self.completion = completion
    }

    func begin() {
        let isolated = loop.assumeIsolated()
        timeout = isolated.scheduleTask(in: configuration.limits.connectTimeout) {
            self.finish(
                .failure(
                    BackendFailure(
                        .connectTimeout, "no connection to \(self.where) in time",
                        mayHaveBeenProcessed: false)))
        }
        let bound = NIOLoopBound(self, eventLoop: loop)
        var bootstrap = ClientBootstrap(group: loop)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(
                .writeBufferWaterMark, value: .init(low: 64 * 1024, high: 256 * 1024)
            )
            // Bounds the host's resolution and each address; the attempt has its own timer.
            .connectTimeout(configuration.limits.connectTimeout)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try bound.value.prepare(channel) }
            }
        let future: EventLoopFuture<any Channel>
        switch endpoint.address {
        case .host(let host, let port):
            #if os(Linux)
                bootstrap = bootstrap.channelOption(Self.userTimeout, value: 30_000)
            #endif
            future = bootstrap.connect(host: host, port: port)
        case .unix(let path): future = bootstrap.connect(unixDomainSocketPath: path)
        }
        future.assumeIsolated().whenComplete { result in
            switch result {
            case .success(let channel): self.connected(channel)
            case .failure(let error): self.fail("\(error)")
            }
        }
        isBeginning = false
    }

    private var `where`: String {
        switch endpoint.address {
        case .host(let host, let port): "\(host):\(port)"
        case .unix(let path): "unix:\(path)"
        }
    }

    /// Happy eyeballs may make several channels; only the one that connects goes on.
    private func prepare(_ channel: any Channel) throws {
        guard let tls = configuration.tls else { return }
        let operations = channel.pipeline.syncOperations
        try operations.addHandler(
            NIOSSLClientHandler(context: tls.context, serverHostname: serverName(tls)))
        try operations.addHandler(HandshakeWatch { result in self.handshakeEnded(result, channel) })
    }

    /// A literal address is no name to ask for; it is then verified as an address.
    private func serverName(_ tls: BackendTLS) -> String? {
        var name = tls.serverName
        if name == nil, case .host(let host, _) = endpoint.address { name = host }
        guard let name, (try? SocketAddress(ipAddress: name, port: 0)) == nil else { return nil }
        return name
    }

    /// What NIOSSL has not verified of the name.
    private func isNameRight(_ channel: any Channel) -> Bool {
        guard let tls = configuration.tls, let name = serverName(tls) else { return true }
        guard let certificate = try? channel.pipeline.syncOperations.nioSSL_peerCertificate()
        else { return false }
        return CertificateName.matches(certificate, name)
    }

    private func connected(_ channel: any Channel) {
        guard completion != nil else { return channel.close(promise: nil) }
        self.channel = channel
        if configuration.tls == nil {
            finish(channel, isHTTP2: configuration.backendProtocol != .http1)
        } else if !channel.isActive {
            fail("TLS: closed during the handshake")
        }
    }

    /// Of the channel that connected; others were too late and are closed by the bootstrap.
    private func handshakeEnded(_ result: Result<String?, any Error>, _ channel: any Channel) {
        guard completion != nil, self.channel === channel else { return }
        switch (result, configuration.backendProtocol) {
        case (.failure(let error), _): fail("TLS: \(error)")
        case (.success, _) where !isNameRight(channel):
            fail("TLS: the certificate is for another name")
        case (.success("h2"), .http2), (.success("h2"), .negotiated):
            finish(channel, isHTTP2: true)
        case (.success(let chosen), .http2):
            fail("ALPN chose \(chosen.map { "'\($0)'" } ?? "nothing") where h2 is needed")
        case (.success, .http1), (.success, .negotiated): finish(channel, isHTTP2: false)
        }
    }

    private func finish(_ channel: any Channel, isHTTP2: Bool) {
        let connection: BackendConnection?
        let isTLS = configuration.tls != nil
        if isHTTP2 {
            connection = HTTP2Connection.make(
                channel: channel, limits: configuration.limits, isTLS: isTLS,
                streamsAssumed: streamsAssumed)
        } else {
            connection = HTTP1Connection(
                channel: channel, limits: configuration.limits, isTLS: isTLS)
        }
        guard let connection, channel.isActive else { return fail("closed at once") }
        do {
            try connection.install()
        } catch {
            return fail("\(error)")
        }
        // The channel is the connection's now.
        self.channel = nil
        finish(.success(connection))
    }

    private func fail(_ what: String) {
        finish(
            .failure(
                BackendFailure(
                    .connect, "no connection to \(self.where): \(what)",
                    mayHaveBeenProcessed: false)))
    }

    private func finish(_ outcome: Connector.Outcome) {
        guard let completion else { return }
        self.completion = nil
        timeout?.cancel()
        timeout = nil
        channel?.close(promise: nil)
        channel = nil
        guard isBeginning else { return completion(outcome) }
        loop.assumeIsolated().execute { completion(outcome) }
    }
}

/// Waits for the end of a TLS handshake, then leaves the pipeline.
private final class HandshakeWatch: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer

    private var completion: ((Result<String?, any Error>) -> Void)?

    init(_ completion: @escaping (Result<String?, any Error>) -> Void) {
        self.completion = completion
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted(let chosen) = event as? TLSUserEvent {
            context.pipeline.syncOperations.removeHandler(self, promise: nil)
            end(.success(chosen))
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        end(.failure(error))
        context.fireErrorCaught(error)
    }

    func channelInactive(context: ChannelHandlerContext) {
        end(.failure(ChannelError.eof))
        context.fireChannelInactive()
    }

    private func end(_ result: Result<String?, any Error>) {
        let completion = completion
        self.completion = nil
        completion?(result)
    }
}
