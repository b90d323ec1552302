// SPDX-License-Identifier: Apache-2.0
// A gRPC call that streams, one way or both, as one HTTP exchange or a WebSocket. What is here
// begins it and ends it; GRPCStream+Request.swift carries the client's messages,
// GRPCStream+Reply.swift the backend's, GRPCStream+Failure.swift says what goes wrong.
//
// Nothing is gathered: a message goes on when it is whole, and whoever takes too slowly makes the
// other side wait.

internal import DragomanBackends
internal import DragomanDocument
internal import DragomanHTTP
internal import DragomanMapping
internal import DragomanProtobuf
internal import NIOCore

/// Beside its exchange, which owns it and lends it its memory. Its own entry in the timer wheel is
/// the time-out that is running: until the first message, then between messages.
final class GRPCStream: TimedEntry {
    /// Bytes for the client, or for the backend, that are sent before more are made.
    static let pieceBytes = 64 * 1024
    /// How long NDJSON and events wait for the first message.
    static let patience = TimeAmount.seconds(1)
    /// Between the comments of events, and the pings of a WebSocket.
    static let pulseInterval = TimeAmount.seconds(15)

    /// What the client's body is.
    enum Intake {
        /// One message, held whole as in any other exchange, or none.
        case whole
        /// JSON elements, a message each.
        case elements
        /// Bytes of any type, cut as they come into google.api.HttpBody messages.
        case bytes
        /// A form or bytes, the file cut as it comes (`consumes`).
        case upload
    }

    /// What the running time-out is for.
    private enum Watch { case first, gap, answer }

    unowned let exchange: Exchange
    let route: RoutePlan
    let call: GRPCCall
    /// Of a route with `consumes` by the body's own Content-Type.
    var intake: Intake
    let form: StreamForm
    /// Of the client's messages; nil where they are not compressed.
    let compression: GRPCCompression?
    /// Several messages come back.
    let answersStream: Bool

    // The client's messages.
    var splitter: ElementSplitter
    /// Messages for the backend, framed, not yet sent.
    let frames = OutputBuffer(capacity: 4096)
    /// All of the client's messages have been sent.
    var isRequestEnded = false
    var requestCount = 0

    // The backend's messages.
    var reader: GRPCMessageReader
    var fields: HeaderFields?
    /// The handshake of a WebSocket has been answered.
    var isUpgraded = false
    /// The client has the head of its answer.
    var isHeadSent = false
    var replyCount = 0
    /// What the client is too slow for.
    var pending = ByteBuffer()
    var isHolding = false
    /// An array's first item has been written.
    var isItemWritten = false
    /// Came while `pending` waited.
    var pendingFailure: BackendFailure?

    /// Nothing more is to be done; the exchange may be another's.
    var isOver = false
    private var lastActivity = NIODeadline.now()
    private var watch = Watch.first
    let pulse = StreamPulse()

    init(_ exchange: Exchange, _ route: RoutePlan, _ call: GRPCCall, _ form: StreamForm) {
        self.exchange = exchange
        self.route = route
        self.call = call
        self.form = form
        compression = exchange.compression(of: call)
        answersStream = call.method.isServerStreaming
        intake = Self.intake(route, call, form)
        let isLines = exchange.head.fields.firstIndex("content-type").map { index in
            exchange.head.fields.withValue(at: index) {
                MediaType.essence($0).equalsIgnoringCase("application/x-ndjson")
            }
        }
        let framing: ElementSplitter.Framing =
            isLines.map { $0 ? .lines : .array } ?? .either
        splitter = ElementSplitter(framing, bytesMax: route.limits.body)
        reader = GRPCMessageReader(messageBytesMax: route.limits.reply)
        super.init()
        pulse.stream = self
    }

    private static func intake(
        _ route: RoutePlan, _ call: GRPCCall, _ form: StreamForm
    ) -> Intake {
        guard call.method.isClientStreaming else { return .whole }
        if form != .webSocket, call.request.fullName == HTTPBodyMessage.fullName,
            case .body = route.request
        {
            return .bytes
        }
        if case .json = route.body { return .elements }
        return .whole
    }

    // MARK: The beginning

    /// What can be judged before the body is there is fine.
    func begin() {
        let client = exchange.client
        if intake != .whole {
            // Gaps between the client's messages are the stream's own to watch.
            client?.setBodyIdle(nil)
            if !route.parameters.isEmpty, !route.parameters.finish(exchange.context) {
                return refuse(exchange.violationsProblem())
            }
        }
        watchFirst()
        if exchange.head.expectsContinue { client?.sendContinue() }
        // A backend may want to speak first.
        if intake != .whole, answersStream, !isExplained { startCall() }
    }

    /// `fields`: of the answer to the handshake.
    func begin(webSocket fields: HeaderFields) {
        if !route.parameters.isEmpty, !route.parameters.finish(exchange.context) {
            return refuse(exchange.violationsProblem())
        }
        isUpgraded = true
        exchange.client?.acceptWebSocket(fields, messageBytesMax: route.limits.body)
        watchFirst()
        if intake != .whole {
            if answersStream { startCall() }
        } else if case .json = route.body {
            // The first message is the request.
        } else {
            receivedEnd()
        }
    }

    /// `explain` wants the call whole.
    var isExplained: Bool { exchange.worker.interceptor != nil }

    /// Begins a call whose messages are sent as they come.
    func startCall() {
        do throws(TranslationError) {
            start(try exchange.grpcRequest(call, body: .stream(length: nil), compression))
        } catch {
            refuse(exchange.requestProblem(error))
        }
    }

    func start(_ request: BackendRequest) {
        var request = request
        request.isIdempotent = route.isIdempotent
        // The stream's time is watched here: the call's own clock knows no messages.
        request.deadline = exchange.clientDeadline
        exchange.limitConnecting(&request, call.upstream)
        exchange.authorize(&request, call.upstream)
        exchange.stage = .calling
        exchange.call = exchange.worker.start(
            request, upstream: call.upstream, receiver: exchange)
        guard form.isImpatient, !isExplained else { return }
        exchange.worker.pool.timers.add(pulse, deadline: .now() + Self.patience)
    }

    // MARK: Time

    /// A message has come, from either side.
    func active() { lastActivity = .now() }

    func watchFirst() {
        exchange.worker.pool.timers.add(self, deadline: exchange.callDeadline())
    }

    private var idle: TimeAmount {
        TimeAmount(route.policy.idle ?? route.limits.idle)
    }

    /// The first message has come: from now on gaps are watched.
    func watchGaps() {
        active()
        watch = .gap
        exchange.worker.pool.timers.add(self, deadline: lastActivity + idle)
    }

    /// The client has sent all, and one answer is due: the call's own time.
    func watchAnswer() {
        watch = .answer
        let time = route.timeout ?? route.limits.timeout
        exchange.worker.pool.timers.add(self, deadline: .now() + TimeAmount(time))
    }

    override func timeReached() {
        guard !isOver else { return }
        switch watch {
        case .first: firstIsLate()
        case .answer: answerIsLate()
        case .gap:
            let end = lastActivity + idle
            // Who is held back for a slow client is not late.
            if isHolding || end > .now() {
                let next = isHolding ? .now() + idle : end
                return exchange.worker.pool.timers.add(self, deadline: next)
            }
            gapIsTooLong()
        }
    }

    func stopClocks() {
        exchange.worker.pool.timers.remove(self)
        exchange.worker.pool.timers.remove(pulse)
    }

    // MARK: The end

    /// No event leads here any more.
    func finish() {
        isOver = true
        stopClocks()
    }

    /// The client has ended its sending side: it has left, or it only has no more to say. A blank
    /// tells: who has left answers it with a reset.
    func inputClosed() -> Bool {
        guard !isOver, isHeadSent else { return true }
        switch form {
        case .array, .lines, .events:
            if !isHolding {
                exchange.output.append(0x0A)
                flush()
            }
            return true
        case .bytes, .produced, .single, .webSocket: return false
        }
    }

    /// The client is gone, or the exchange has been answered otherwise.
    func abandoned() { finish() }
}

/// The clock of an answer that is held open: after a second the head goes out, then every fifteen
/// a sign of life.
final class StreamPulse: TimedEntry {
    weak var stream: GRPCStream?

    override func timeReached() { stream?.beat() }
}
