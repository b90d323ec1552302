// SPDX-License-Identifier: Apache-2.0
// Reads the responses of one connection to a backend, in pieces of any size (RFC 9112). As strict
// about where a message ends as the request parser is.

/// What one call of `ResponseParser.nextHead` has done.
package struct ResponseHeadStep: Sendable, Equatable {
    package enum Event: Sendable {
        /// All octets are taken and more are needed.
        case incomplete
        /// A 1xx head is in `head`, until the next call; the final one is to come.
        case informational
        case complete
    }

    package var consumed: Int
    package var event: Event
}

/// `start` for each request sent, `nextHead` until the head is complete, `nextBody` until the
/// body is, and `inputEnded` when the connection ends. After an error every call fails with it.
package struct ResponseParser {
    private enum Phase {
        case idle
        case statusLine
        case fields
        case informational
        case body
        case failed(ParseError)
    }

    private enum Progress {
        case incomplete
        case complete(Int)
        case failed(ParseError)
    }

    private static let copyBytes = 1024
    /// Interim responses before one final.
    private static let informationalMax = 16

    /// The head read last.
    package private(set) var head = ResponseHead()
    package let limits: HeadLimits

    private var phase = Phase.idle
    private var isHeadRequest = false
    private var informationalCount = 0
    private var sectionStart = 0
    private var lines = FieldLines(at: 0)
    private var framingFields = FramingFields(isRequest: false)
    private var body = BodyDecoder()

    package init(limits: HeadLimits = HeadLimits()) {
        self.limits = limits
    }

    /// A response is to come; `isHeadRequest`: to a HEAD, so without a body whatever it says.
    package mutating func start(isHeadRequest: Bool) {
        if case .failed = phase { return }
        self.isHeadRequest = isHeadRequest
        informationalCount = 0
        startHead()
    }

    // Reading these of a parser that a class holds would copy it, were they not `mutating`.

    /// Octets of the answer have come.
    package var hasStarted: Bool {
        switch phase {
        case .idle: false
        case .statusLine: !head.fields.bytes.isEmpty || informationalCount > 0
        default: true
        }
    }

    /// The final head is read; what comes next is for `nextBody`.
    package var isHeadRead: Bool {
        mutating get {
            if case .body = phase { return true }
            return false
        }
    }

    /// The answer is whole.
    package var isComplete: Bool {
        mutating get {
            if case .body = phase { return body.isComplete }
            return false
        }
    }

    /// The trailer fields of a chunked body that is complete.
    package var trailers: HeaderFields { mutating get { body.trailers } }

    private mutating func startHead() {
        head.reset()
        phase = .statusLine
        sectionStart = 0
        framingFields = FramingFields(isRequest: false)
    }

    /// Takes octets up to the end of one head.
    package mutating func nextHead(
        _ octets: UnsafeRawBufferPointer
    ) throws(ParseError) -> ResponseHeadStep {
        switch phase {
        case .failed(let error): throw error
        case .idle: throw fail(ParseError(.statusLine))
        case .body: return ResponseHeadStep(consumed: 0, event: .complete)
        case .informational: startHead()
        case .statusLine, .fields: break
        }
        var consumed = 0
        while true {
            let taken = min(octets.count - consumed, Self.copyBytes)
            head.fields.bytes.append(
                contentsOf: UnsafeRawBufferPointer(
                    rebasing: octets[consumed..<(consumed + taken)]))
            consumed += taken
            switch advance() {
            case .incomplete:
                if consumed == octets.count {
                    return ResponseHeadStep(consumed: consumed, event: .incomplete)
                }
            case .failed(let error): throw fail(error)
            case .complete(let end):
                let excess = head.fields.bytes.count - end
                head.fields.bytes.removeLast(excess)
                let event = try settle()
                return ResponseHeadStep(consumed: consumed - excess, event: event)
            }
        }
    }

    package mutating func nextBody(
        _ octets: UnsafeRawBufferPointer
    ) throws(ParseError) -> BodyStep {
        if case .failed(let error) = phase { throw error }
        do { return try body.next(octets, limits: limits) } catch { throw fail(error) }
    }

    /// The connection has ended: right for a body that lasts until then, and between responses.
    package mutating func inputEnded() throws(ParseError) {
        switch phase {
        case .failed(let error): throw error
        case .idle: return
        case .body where body.isUntilClose: body.end()
        case .body where body.isComplete: return
        default: throw fail(ParseError(.truncated))
        }
    }

    private mutating func fail(_ error: ParseError) -> ParseError {
        phase = .failed(error)
        return error
    }

    /// RFC 9112 section 6.3, for a response.
    private mutating func settle() throws(ParseError) -> ResponseHeadStep.Event {
        let isHTTP10 = head.version == .http10
        if head.status < 200 {
            informationalCount += 1
            if head.status == 101 { throw fail(ParseError(.unexpectedUpgrade)) }
            if informationalCount > Self.informationalMax { throw fail(ParseError(.statusLine)) }
            phase = .informational
            return .informational
        }
        do { head.framing = try framingFields.framing(isHTTP10: isHTTP10) } catch {
            throw fail(error)
        }
        if isHeadRequest || head.status == 204 || head.status == 304 {
            head.framing = .none
        } else if head.framing == .none {
            head.framing = .untilClose
        }
        head.keepAlive =
            head.framing != .untilClose && framingFields.isKeptAlive(isHTTP10: isHTTP10)
        body.start(head.framing)
        phase = .body
        return .complete
    }

    private mutating func advance() -> Progress {
        var bytes: [UInt8] = []
        swap(&bytes, &head.fields.bytes)
        let progress = bytes.withUnsafeMutableBufferPointer { buffer -> Progress in
            guard let base = buffer.baseAddress else { return .incomplete }
            if case .statusLine = phase, let stop = readStatusLine(base, buffer.count) {
                return stop
            }
            return readFields(base, buffer.count)
        }
        swap(&bytes, &head.fields.bytes)
        return progress
    }

    /// - Returns: nil once the line is read.
    private mutating func readStatusLine(
        _ base: UnsafeMutablePointer<UInt8>, _ end: Int
    ) -> Progress? {
        var line = StatusLine()
        switch line.read(base, 0, end) {
        case .incomplete: return .incomplete
        case .invalid(let kind): return .failed(ParseError(kind))
        case .complete: break
        }
        head.status = line.status
        head.version = line.version
        sectionStart = line.next
        lines = FieldLines(at: line.next)
        phase = .fields
        return nil
    }

    private mutating func readFields(
        _ base: UnsafeMutablePointer<UInt8>, _ end: Int
    ) -> Progress {
        let bound = sectionStart &+ limits.headerBytesMax
        while true {
            let step = lines.read(base, end)
            if lines.next > bound { return .failed(ParseError(.headersTooLarge)) }
            switch step {
            case .field:
                let index = head.fields.records.count
                switch framingFields.note(base, lines.record, index: index) {
                case .keep:
                    if index == limits.headerCountMax {
                        return .failed(ParseError(.tooManyHeaders))
                    }
                    head.fields.records.append(lines.record)
                case .leaveOut: break
                case .invalid(let kind): return .failed(ParseError(kind))
                }
            case .end: return .complete(lines.next)
            case .incomplete: return .incomplete
            case .invalid(let kind): return .failed(ParseError(kind))
            }
        }
    }
}
