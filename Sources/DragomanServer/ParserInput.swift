// SPDX-License-Identifier: Apache-2.0
// The parser reads octets, the socket gives ByteBuffers: the bridge between them.

internal import DragomanHTTP
internal import NIOCore

extension RequestParser {
    mutating func nextHead(in bytes: ByteBuffer) throws(ParseError) -> HeadStep {
        try bytes.withUnsafeReadableBytes { octets -> Result<HeadStep, ParseError> in
            do throws(ParseError) { return .success(try nextHead(octets)) } catch {
                return .failure(error)
            }
        }.get()
    }

    mutating func nextBody(in bytes: ByteBuffer) throws(ParseError) -> BodyStep {
        try bytes.withUnsafeReadableBytes { octets -> Result<BodyStep, ParseError> in
            do throws(ParseError) { return .success(try nextBody(octets)) } catch {
                return .failure(error)
            }
        }.get()
    }
}
