// SPDX-License-Identifier: Apache-2.0
// Feeding the parsers in pieces of any size, and what came out.

import DragomanHTTP

func withOctets<Result>(
    _ octets: [UInt8], _ body: (UnsafeRawBufferPointer) throws -> Result
) rethrows -> Result {
    try octets.withUnsafeBytes(body)
}

/// Latin-1: one octet a character, as the suites write raw octets.
func octets(_ text: String) -> [UInt8] {
    text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
}

func latin1(_ octets: some Sequence<UInt8>) -> String {
    var text = ""
    for octet in octets { text.unicodeScalars.append(Unicode.Scalar(octet)) }
    return text
}

struct ParsedField: Equatable, CustomStringConvertible {
    var name: String
    var value: String
    var description: String { "\(name): \(value)" }

    init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }

    static func all(_ fields: HeaderFields) -> [ParsedField] {
        fields.indices.map { index in
            fields.withField(at: index) { ParsedField(latin1($0), latin1($1)) }
        }
    }
}

struct ParsedRequest: Equatable {
    var method: String
    var target: String
    var version: HTTPVersion
    var framing: BodyFraming
    var keepAlive: Bool
    var host: String
    var fields: [ParsedField]
    var body = ""
    var trailers: [ParsedField] = []
    var isComplete = false
}

struct Outcome: Equatable {
    var requests: [ParsedRequest] = []
    var error: ParseError.Kind?
    /// The octets end inside a request.
    var isBrokenOff = false
}

/// All requests up to the end, an error, or the first that does not keep the connection.
func parse(_ octets: [UInt8], pieceSize: Int, limits: HeadLimits = HeadLimits()) -> Outcome {
    var run = Run(parser: RequestParser(limits: limits))
    var start = 0
    while start < octets.count, !run.isOver {
        let end = min(octets.count, start + pieceSize)
        withOctets(Array(octets[start..<end])) { run.feed($0) }
        start = end
    }
    if !run.isOver { run.outcome.isBrokenOff = !run.parser.isBetweenRequests }
    return run.outcome
}

/// One lump, byte by byte, and pieces of 7: the outcomes must be the same.
func parseAllWays(_ octets: [UInt8], limits: HeadLimits = HeadLimits()) -> [Outcome] {
    [octets.count, 1, 7].map { parse(octets, pieceSize: max($0, 1), limits: limits) }
}

private struct Run {
    var parser: RequestParser
    var outcome = Outcome()
    var isInBody = false
    var isOver = false

    mutating func feed(_ octets: UnsafeRawBufferPointer) {
        var rest = octets
        do {
            while !isOver {
                let consumed = isInBody ? try readBody(rest) : try readHead(rest)
                rest = UnsafeRawBufferPointer(rebasing: rest[consumed...])
                if rest.isEmpty { return }
            }
        } catch {
            outcome.error = (error as? ParseError)?.kind
            isOver = true
        }
    }

    mutating func readHead(_ octets: UnsafeRawBufferPointer) throws -> Int {
        let step = try parser.nextHead(octets)
        guard step.isComplete else { return step.consumed }
        let head = parser.head
        outcome.requests.append(
            ParsedRequest(
                method: head.methodText, target: head.target, version: head.version,
                framing: head.framing, keepAlive: head.keepAlive, host: head.host,
                fields: ParsedField.all(head.fields)))
        isInBody = true
        let rest = UnsafeRawBufferPointer(rebasing: octets[step.consumed...])
        return step.consumed + (try readBody(rest))
    }

    mutating func readBody(_ octets: UnsafeRawBufferPointer) throws -> Int {
        var consumed = 0
        while true {
            let step = try parser.nextBody(UnsafeRawBufferPointer(rebasing: octets[consumed...]))
            let last = outcome.requests.count - 1
            let payload = step.payload
            let bytes = octets[consumed...].dropFirst(payload.lowerBound).prefix(payload.count)
            outcome.requests[last].body += latin1(bytes)
            consumed += step.consumed
            if step.isComplete {
                outcome.requests[last].isComplete = true
                outcome.requests[last].trailers = ParsedField.all(parser.trailers)
                isOver = !outcome.requests[last].keepAlive
                isInBody = false
                parser.startNext()
                return consumed
            }
            if consumed == octets.count { return consumed }
        }
    }
}
