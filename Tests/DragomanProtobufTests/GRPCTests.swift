// SPDX-License-Identifier: Apache-2.0
// gRPC's framing, status and timeout.

import DragomanDocument
import DragomanProtobuf
import Testing

@Suite("GRPCMessageReader")
struct GRPCMessageReaderTests {
    /// Reads pieces of `size` bytes; what comes out is copied at once.
    static func read(
        _ stream: [UInt8], by size: Int, _ reader: inout GRPCMessageReader
    ) throws(GRPCFrameError) -> [[UInt8]] {
        var messages: [[UInt8]] = []
        var start = 0
        while start < stream.count {
            let piece = Array(stream[start..<min(start + size, stream.count)])
            let result: Result<Void, GRPCFrameError> = piece.withUnsafeBytes { bytes in
                var rest = bytes
                do throws(GRPCFrameError) {
                    while let message = try reader.next(from: &rest) {
                        messages.append(Array(message.bytes))
                    }
                    return .success(())
                } catch { return .failure(error) }
            }
            try result.get()
            start += size
        }
        return messages
    }

    @Test(
        "reads messages from pieces of every size", arguments: [1, 2, 3, 4, 5, 6, 7, 11, 64, 4096])
    func pieces(_ size: Int) throws {
        let messages: [[UInt8]] = [
            [], [1], Array(repeating: 7, count: 300), [], [], Array(0...255), [9, 9],
        ]
        let output = OutputBuffer()
        for message in messages {
            let start = GRPCFrame.begin(output)
            message.withUnsafeBytes { output.append($0) }
            GRPCFrame.end(output, start)
        }
        var reader = GRPCMessageReader(messageBytesMax: 1000)
        #expect(
            try GRPCMessageReaderTests.read(Array(output.bytes), by: size, &reader) == messages)
        try reader.finish()
        #expect(reader.messageCount == messages.count)
    }

    @Test("refuses what is too long, compressed unasked, flagged or cut off")
    func refusals() throws {
        func failure(_ stream: [UInt8]) -> GRPCFrameError? {
            var reader = GRPCMessageReader(messageBytesMax: 10)
            do throws(GRPCFrameError) {
                _ = try GRPCMessageReaderTests.read(stream, by: 3, &reader)
                try reader.finish()
                return nil
            } catch { return error }
        }
        #expect(failure([0, 0, 0, 0, 11]) == .tooLarge(11, messageBytesMax: 10))
        #expect(failure([0, 255, 255, 255, 255]) == .tooLarge(4_294_967_295, messageBytesMax: 10))
        #expect(failure([1, 0, 0, 0, 1, 0]) == .compressed)
        #expect(failure([2, 0, 0, 0, 1, 0]) == .flag(2))
        #expect(failure([0, 0, 0, 0, 2, 1]) == .truncated)
        #expect(failure([0, 0, 0]) == .truncated)
        #expect(failure([]) == nil)
        var reader = GRPCMessageReader(messageBytesMax: 10)
        reader.compression = GRPCCompression(encoding: "gzip")
        #expect(try GRPCMessageReaderTests.read([1, 0, 0, 0, 1, 5], by: 9, &reader) == [[5]])
    }
}

@Suite("GRPCStatus")
struct GRPCStatusTests {
    @Test("reads trailers, decodes the message, and knows when there is no status")
    func trailers() throws {
        let status = try #require(
            GRPCStatus(status: "5", message: "no%20book %C3%A9 100%", details: nil))
        #expect(status.code == .notFound && status.message == "no book é 100%")
        #expect(GRPCStatus(status: "99", message: nil, details: nil)?.code == .unknown)
        for bad in [nil, "", "x", "-1", "1 ", "12345678901"] {
            #expect(GRPCStatus(status: bad, message: nil, details: nil) == nil)
        }
        #expect(GRPCStatus(status: "3", message: "%ff", details: "***")?.message == "\u{FFFD}")
    }

    @Test("maps codes and statuses as PRODUCT.md and gRPC say")
    func mappings() {
        let expected: [Int] = [
            200, 499, 500, 400, 504, 404, 409, 403, 429, 400, 409, 400, 501, 500, 503, 500, 401,
        ]
        #expect(GRPCCode.allCases.map(\.httpStatus) == expected)
        #expect(GRPCCode.allCases.allSatisfy { GRPCCode(name: $0.name) == $0 })
        let codes: [(Int, GRPCCode)] = [
            (400, .internal), (401, .unauthenticated), (403, .permissionDenied),
            (404, .unimplemented), (429, .unavailable), (502, .unavailable), (503, .unavailable),
            (504, .unavailable), (500, .unknown), (200, .unknown), (418, .unknown),
        ]
        for (status, code) in codes { #expect(GRPCStatus(httpStatus: status).code == code) }
    }

    @Test("types details, keeps unknown ones, and never shows DebugInfo")
    func details() throws {
        // A google.rpc.Status with BadRequest, RetryInfo, DebugInfo and a type nobody knows.
        func field(_ number: UInt8, _ bytes: [UInt8]) -> [UInt8] {
            [number << 3 | 2, UInt8(bytes.count)] + bytes
        }
        func any(_ type: String, _ bytes: [UInt8]) -> [UInt8] {
            field(3, field(1, Array("type.googleapis.com/\(type)".utf8)) + field(2, bytes))
        }
        let violation = field(1, Array("order.items[0].sku".utf8)) + field(2, Array("bad".utf8))
        let bytes =
            [8, 3] + field(2, Array("m".utf8)) + any("google.rpc.BadRequest", field(1, violation))
            + any("google.rpc.RetryInfo", field(1, [8, 2, 16, 1]))
            + any("google.rpc.DebugInfo", field(2, Array("secret".utf8)))
            + any("x.Unknown", [0xFF, 0xFE])
        let details = GRPCStatusDetails(GRPCStatus(code: .aborted, message: "", detailBytes: bytes))
        #expect(
            details.fieldViolations == [
                GRPCFieldViolation(field: "order.items[0].sku", description: "bad", reason: "")
            ])
        #expect(details.retryAfterSeconds == 3)
        let document = Document()
        details.append(to: document, nil)
        let prefix = #"{"@type":"type.googleapis.com/"#
        #expect(
            document.root?.json
                == "[\(prefix)google.rpc.BadRequest\","
                + #""fieldViolations":[{"field":"order.items[0].sku","description":"bad"}]},"#
                + "\(prefix)google.rpc.RetryInfo\",\"retryDelay\":\"2.000000001s\"},"
                + "\(prefix)x.Unknown\",\"value\":\"//4=\"}]")
        #expect(details.debugInfo(nil).first?.contains("secret") == true)
        let cut = GRPCStatus(code: .ok, message: "", detailBytes: Array(bytes.dropLast(3)))
        _ = GRPCStatusDetails(cut)
    }

    @Test("formats timeouts in at most eight digits")
    func timeouts() {
        let cases: [(Int64, String)] = [
            (0, "0n"), (-5, "0n"), (1, "1n"), (99_999_999, "99999999n"), (100_000_000, "100000u"),
            (2_000_000_000, "2000000u"), (15_000_000_000, "15000000u"),
            (100_000_000_000, "100000m"), (100_000_000_000_000, "100000S"),
            (Int64.max, "153722867M"),
        ]
        for (nanoseconds, text) in cases where nanoseconds != Int64.max {
            #expect(GRPCTimeout.format(nanoseconds: nanoseconds) == text)
            withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 10) { place in
                guard let base = place.baseAddress else { return }
                let count = GRPCTimeout.write(nanoseconds: nanoseconds, to: base)
                let written = UnsafeBufferPointer(start: base, count: count)
                #expect(String(decoding: written, as: UTF8.self) == text)
            }
        }
        #expect(GRPCTimeout.format(nanoseconds: Int64.max) == "2562047H")
    }
}
