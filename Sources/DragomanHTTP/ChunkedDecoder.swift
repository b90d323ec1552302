// SPDX-License-Identifier: Apache-2.0
// The chunked transfer coding (RFC 9112 section 7.1), one octet after another where it is not
// data. Extensions are checked, counted and ignored; trailers are checked and kept.

struct ChunkedDecoder {
    private enum Stage {
        case size
        /// White space after the size, which only an extension may follow.
        case beforeExtension
        /// After a semicolon, before the extension's name.
        case extensionStart
        case `extension`
        case quoted
        case quotedPair
        case sizeLineFeed
        case data
        case dataReturn
        case dataLineFeed
        case trailers
    }

    /// Hexadecimal digits of a size, leading zeros included.
    private static let sizeDigitsMax = 16

    private(set) var trailers = HeaderFields()
    private var stage = Stage.size
    /// The size being read, then the octets of the chunk that are to come.
    private var left = 0
    private var digits = 0
    private var extensionBytes = 0
    private var lines = FieldLines(at: 0)

    mutating func next(
        _ octets: UnsafeRawBufferPointer, limits: HeadLimits
    ) throws(ParseError) -> BodyStep {
        var index = 0
        while index < octets.count {
            switch stage {
            case .data:
                let end = index + min(left, octets.count - index)
                left -= end - index
                if left == 0 { stage = .dataReturn }
                return BodyStep(consumed: end, payload: index..<end, isComplete: false)
            case .dataReturn:
                guard octets[index] == Octet.carriageReturn else { throw ParseError(.chunkEnd) }
                stage = .dataLineFeed
            case .dataLineFeed:
                guard octets[index] == Octet.lineFeed else { throw ParseError(.chunkEnd) }
                stage = .size
                digits = 0
                left = 0
            case .trailers:
                let rest = UnsafeRawBufferPointer(rebasing: octets[index...])
                let (consumed, isComplete) = try readTrailers(rest, limits)
                return BodyStep(
                    consumed: index + consumed, payload: 0..<0, isComplete: isComplete)
            default:
                try readSizeLine(octets[index], limits)
            }
            index += 1
        }
        return BodyStep(consumed: index, payload: 0..<0, isComplete: false)
    }

    /// One octet of `size *( ; extension ) CR LF`.
    private mutating func readSizeLine(
        _ byte: UInt8, _ limits: HeadLimits
    ) throws(ParseError) {
        switch stage {
        case .size:
            if let digit = Octet.hex(byte) {
                digits += 1
                guard digits <= Self.sizeDigitsMax, left <= Int.max >> 8 else {
                    throw ParseError(.chunkSize)
                }
                left = left << 4 | Int(digit)
            } else if digits == 0 {
                throw ParseError(.chunkSize)
            } else {
                try endSize(byte)
            }
        case .beforeExtension:
            if byte == Octet.semicolon {
                stage = .extensionStart
            } else if !Octet.isSpaceOrTab(byte) {
                throw ParseError(.chunkSize)
            }
        case .sizeLineFeed:
            guard byte == Octet.lineFeed else { throw ParseError(.lineEnd) }
            stage = left == 0 ? .trailers : .data
        default:
            try readExtension(byte)
        }
        if stage == .beforeExtension || stage == .extensionStart || stage == .extension
            || stage == .quoted || stage == .quotedPair
        {
            extensionBytes += 1
            if extensionBytes > limits.chunkExtensionBytesMax {
                throw ParseError(.chunkExtension)
            }
        }
    }

    private mutating func endSize(_ byte: UInt8) throws(ParseError) {
        switch byte {
        case Octet.carriageReturn: stage = .sizeLineFeed
        case Octet.semicolon: stage = .extensionStart
        case Octet.space, Octet.tab: stage = .beforeExtension
        default: throw ParseError(.chunkSize)
        }
    }

    private mutating func readExtension(_ byte: UInt8) throws(ParseError) {
        if byte < 0x20 ? byte != Octet.tab : byte == Octet.delete {
            guard byte == Octet.carriageReturn, stage == .extension else {
                throw ParseError(.chunkExtension)
            }
            stage = .sizeLineFeed
            return
        }
        switch stage {
        case .extensionStart where !Octet.isSpaceOrTab(byte):
            guard tokenTable[Int(byte)] != 0 else { throw ParseError(.chunkExtension) }
            stage = .extension
        case .extension where byte == Octet.semicolon: stage = .extensionStart
        case .extension where byte == Octet.quote: stage = .quoted
        case .quoted where byte == Octet.quote: stage = .extension
        case .quoted where byte == Octet.backslash: stage = .quotedPair
        case .quotedPair: stage = .quoted
        default: break
        }
    }

    private mutating func readTrailers(
        _ octets: UnsafeRawBufferPointer, _ limits: HeadLimits
    ) throws(ParseError) -> (consumed: Int, isComplete: Bool) {
        trailers.bytes.append(
            contentsOf: UnsafeRawBufferPointer(
                rebasing: octets[..<min(octets.count, limits.headerBytesMax)]))
        while true {
            let step = trailers.bytes.withUnsafeMutableBufferPointer { buffer in
                buffer.baseAddress.map { lines.read($0, buffer.count) } ?? .incomplete
            }
            if lines.next > limits.headerBytesMax { throw ParseError(.headersTooLarge) }
            switch step {
            case .field:
                guard trailers.count < limits.headerCountMax else {
                    throw ParseError(.tooManyHeaders)
                }
                trailers.records.append(lines.record)
                guard Self.isAllowedTrailer(trailers) else { throw ParseError(.trailer) }
            case .end:
                let excess = trailers.bytes.count - lines.next
                trailers.bytes.removeLast(excess)
                return (min(octets.count, limits.headerBytesMax) - excess, true)
            case .incomplete:
                return (min(octets.count, limits.headerBytesMax), false)
            case .invalid(let kind): throw ParseError(kind)
            }
        }
    }

    /// Whether the last field may come after a body: none that frames, routes or identifies
    /// (RFC 9110 section 6.5.1).
    private static func isAllowedTrailer(_ trailers: HeaderFields) -> Bool {
        let refused: [StaticString] = [
            "content-length", "transfer-encoding", "host", "trailer", "te", "connection",
            "upgrade", "expect", "authorization", "proxy-authorization", "content-encoding",
            "content-range",
        ]
        let last = trailers.count - 1
        return !refused.contains { trailers.nameEquals(at: last, $0) }
    }
}
