// SPDX-License-Identifier: Apache-2.0
// Reads the requests of one connection from octets as they arrive, in pieces of any size
// (RFC 9112). Strict: whatever two readers could take for different messages is refused.

/// `nextHead` until the head is complete, `nextBody` until the body is, `startNext`, and again.
/// Octets are copied once, into `head`. After an error every call fails with the same one.
package struct RequestParser {
    private enum Phase {
        case requestLine
        case fields
        case body
        case failed(ParseError)
    }

    private enum Progress {
        case incomplete
        /// The head ends before this place in the storage.
        case complete(Int)
        case failed(ParseError)
    }

    /// Octets copied before they are looked at: few of a body that follows its head.
    private static let copyBytes = 1024
    /// Empty lines tolerated before a request line (RFC 9112 section 2.2 asks for one at least).
    private static let leadingLinesMax = 4

    /// The head read last; valid from its completion until `startNext`.
    package private(set) var head = RequestHead()
    package let limits: HeadLimits

    private var phase = Phase.requestLine
    private var lineStart = 0
    private var lines = FieldLines(at: 0)
    private var framingFields = FramingFields(isRequest: true)
    private var authority = RequestHead.Place()
    private var body = BodyDecoder()

    package init(limits: HeadLimits = HeadLimits()) {
        self.limits = limits
    }

    /// Nothing of a request has arrived: the client may close without having broken one off.
    package var isBetweenRequests: Bool {
        if case .requestLine = phase { return head.fields.bytes.count == lineStart }
        return false
    }

    /// The trailer fields of a chunked body that is complete.
    package var trailers: HeaderFields { body.trailers }

    /// Takes octets up to the end of the head.
    package mutating func nextHead(
        _ octets: UnsafeRawBufferPointer
    ) throws(ParseError) -> HeadStep {
        switch phase {
        case .failed(let error): throw error
        case .body: return HeadStep(consumed: 0, isComplete: true)
        case .requestLine, .fields: break
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
                    return HeadStep(consumed: consumed, isComplete: false)
                }
            case .failed(let error):
                throw fail(error)
            case .complete(let end):
                let excess = head.fields.bytes.count - end
                head.fields.bytes.removeLast(excess)
                do { try head.settle(framingFields, authority: authority) } catch {
                    throw fail(error)
                }
                body.start(head.framing)
                phase = .body
                return HeadStep(consumed: consumed - excess, isComplete: true)
            }
        }
    }

    /// Takes octets of the body; without a body it is complete at once.
    package mutating func nextBody(
        _ octets: UnsafeRawBufferPointer
    ) throws(ParseError) -> BodyStep {
        if case .failed(let error) = phase { throw error }
        do { return try body.next(octets, limits: limits) } catch { throw fail(error) }
    }

    /// The request is done with: forgets it, keeping memory for the next.
    package mutating func startNext() {
        if case .failed = phase { return }
        head.reset()
        phase = .requestLine
        lineStart = 0
        framingFields = FramingFields(isRequest: true)
        authority = RequestHead.Place()
    }

    private mutating func fail(_ error: ParseError) -> ParseError {
        phase = .failed(error)
        return error
    }

    /// Reads what is in the storage. The storage is taken out meanwhile, so that its octets and
    /// the records can be written in one pass.
    private mutating func advance() -> Progress {
        var bytes: [UInt8] = []
        swap(&bytes, &head.fields.bytes)
        let progress = bytes.withUnsafeMutableBufferPointer { buffer -> Progress in
            guard let base = buffer.baseAddress else { return .incomplete }
            if case .requestLine = phase, let stop = readRequestLine(base, buffer.count) {
                return stop
            }
            return readFields(base, buffer.count)
        }
        swap(&bytes, &head.fields.bytes)
        return progress
    }

    /// - Returns: nil once the line is read.
    private mutating func readRequestLine(
        _ base: UnsafeMutablePointer<UInt8>, _ end: Int
    ) -> Progress? {
        while lineStart < end, base[lineStart] == Octet.carriageReturn {
            if lineStart + 1 == end { return .incomplete }
            if base[lineStart + 1] != Octet.lineFeed { return .failed(ParseError(.lineEnd)) }
            lineStart += 2
            if lineStart > 2 * Self.leadingLinesMax { return .failed(ParseError(.leadingLines)) }
        }
        var line = RequestLine()
        switch line.read(base, lineStart, end, targetBytesMax: limits.targetBytesMax) {
        case .incomplete: return .incomplete
        case .invalid(let kind): return .failed(ParseError(kind))
        case .complete: break
        }
        head.take(line, from: lineStart, base)
        do { authority = try head.classifyTarget(base) } catch { return .failed(error) }
        lineStart = line.next
        lines = FieldLines(at: line.next)
        phase = .fields
        return nil
    }

    /// `lineStart` is now where the field lines start, which is what their bound counts from.
    private mutating func readFields(
        _ base: UnsafeMutablePointer<UInt8>, _ end: Int
    ) -> Progress {
        let bound = lineStart &+ limits.headerBytesMax
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
