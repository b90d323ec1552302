// SPDX-License-Identifier: Apache-2.0
// Request bodies with a Content-Encoding, where the policy `decompress: true` takes them: bounded
// in what comes out, and in how much more that is than what came.

internal import DragomanDocument
internal import DragomanHTTP
internal import DragomanMapping
internal import NIOCore

/// Decompresses one request's body as it comes.
final class BodyUnpacker {
    /// What comes out may be so many times what came.
    static let ratioMax = 100
    /// Below this the ratio does not matter.
    private static let harmlessBytes = 64 * 1024

    private let inflater = MessageInflater()
    private let output = OutputBuffer(capacity: 16 * 1024)
    private var receivedBytes = 0
    private var unpackedBytes = 0

    enum Failure: Error {
        case ratio, malformed
    }

    init?() {
        do throws(InflateError) { try inflater.begin() } catch { return nil }
    }

    /// The next part of the body, decompressed; lent until the next call.
    func unpack(_ bytes: ByteBuffer) throws(Failure) -> UnsafeRawBufferPointer {
        receivedBytes += bytes.readableBytes
        let bytesMax =
            max(Self.harmlessBytes, receivedBytes * Self.ratioMax) - unpackedBytes
        output.removeAll(keepingAtMost: 1 << 18)
        do throws(InflateError) {
            try bytes.withUnsafeReadableBytes { octets -> Result<Void, InflateError> in
                do throws(InflateError) {
                    return .success(
                        try inflater.feed(octets, into: output, bytesMax: bytesMax))
                } catch {
                    return .failure(error)
                }
            }.get()
        } catch {
            if case .tooLarge = error { throw .ratio }
            throw .malformed
        }
        unpackedBytes += output.count
        return output.bytes
    }

    /// All that was announced has come.
    var isComplete: Bool { inflater.isComplete }
}

extension Exchange {
    /// Whether the body's coding can be undone here; sets out to do so.
    func codingProblem(_ route: RoutePlan) -> Problem? {
        guard let coding = head.fields.first("content-encoding") else { return nil }
        let codings = head.fields.values("content-encoding")
        let name = coding.lowercased()
        if codings.count == 1, name == "identity" { return nil }
        let isTaken = route.policy.decompress == true
        if isTaken, codings.count == 1, ["gzip", "x-gzip", "deflate"].contains(name) {
            unpacker = BodyUnpacker()
            if unpacker != nil { return nil }
        }
        var problem = Problem(
            .unsupportedMediaType,
            detail: "A body with Content-Encoding \(codings.joined(separator: ", ")) is not taken "
                + "here.")
        problem.fields.append("accept-encoding", isTaken ? "gzip, deflate" : "identity")
        return problem
    }

    func receivedPacked(_ bytes: ByteBuffer, _ unpacker: BodyUnpacker) {
        do throws(BodyUnpacker.Failure) {
            let plain = try unpacker.unpack(bytes)
            if !plain.isEmpty { receivedPlain(ByteBuffer(bytes: plain)) }
        } catch {
            switch error {
            case .ratio:
                var problem = Problem(
                    .tooLarge,
                    detail: "The body is more than \(BodyUnpacker.ratioMax) times as large as it "
                        + "came.")
                problem.limit = ("decompress", "\(BodyUnpacker.ratioMax):1")
                refuseBody(problem)
            case .malformed:
                refuseBody(
                    Problem(
                        .malformedRequest, detail: "The body is not what Content-Encoding says."))
            }
        }
    }

    /// What a body that ends too early is refused with.
    func packingProblem() -> Problem? {
        guard let unpacker, !unpacker.isComplete else { return nil }
        return Problem(
            .malformedRequest, detail: "The body ends inside what Content-Encoding says it is.")
    }

    func refuseBody(_ problem: Problem) {
        if let stream { stream.refuse(problem) } else { refuse(problem) }
    }
}
