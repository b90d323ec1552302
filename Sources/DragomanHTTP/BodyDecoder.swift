// SPDX-License-Identifier: Apache-2.0
// Finds a body's octets among those of a connection (RFC 9112 sections 6 and 7). Copies none of
// them: it says where they stand.

struct BodyDecoder {
    private enum State {
        case complete
        case length(Int)
        case untilClose
        case chunked
    }

    private var state = State.complete
    private var chunks = ChunkedDecoder()

    /// Fields after the last chunk, once the body is complete.
    var trailers: HeaderFields { chunks.trailers }

    var isComplete: Bool {
        if case .complete = state { return true }
        return false
    }

    var isUntilClose: Bool {
        if case .untilClose = state { return true }
        return false
    }

    mutating func start(_ framing: BodyFraming) {
        if !chunks.trailers.isEmpty { chunks = ChunkedDecoder() }
        switch framing {
        case .none, .length(0): state = .complete
        case .length(let count): state = .length(count)
        case .untilClose: state = .untilClose
        case .chunked:
            state = .chunked
            chunks = ChunkedDecoder()
        }
    }

    /// The connection has ended, and with it a body that only its end could end.
    mutating func end() { state = .complete }

    mutating func next(
        _ octets: UnsafeRawBufferPointer, limits: HeadLimits
    ) throws(ParseError) -> BodyStep {
        switch state {
        case .complete:
            return BodyStep(consumed: 0, payload: 0..<0, isComplete: true)
        case .untilClose:
            let count = octets.count
            return BodyStep(consumed: count, payload: 0..<count, isComplete: false)
        case .length(let left):
            let count = min(left, octets.count)
            state = left == count ? .complete : .length(left - count)
            return BodyStep(consumed: count, payload: 0..<count, isComplete: left == count)
        case .chunked:
            let step = try chunks.next(octets, limits: limits)
            if step.isComplete { state = .complete }
            return step
        }
    }
}
