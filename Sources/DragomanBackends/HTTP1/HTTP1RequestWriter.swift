// SPDX-License-Identifier: Apache-2.0
// A request's wire form towards a backend (RFC 9112): what a BackendRequest says, and the framing
// that follows from its body. Nothing in it can end a line early.

internal import DragomanDocument
internal import DragomanHTTP
internal import NIOCore

enum HTTP1RequestWriter {
    /// What is still to be sent of a request.
    enum Pending {
        case nothing
        /// Bytes of a body whose length was announced.
        case length(Int)
        case chunked
    }

    /// Method and path are a token and visible ASCII: nothing that a backend could take for the
    /// start of another request.
    static func isSafe(_ request: BackendRequest, authority: String) -> Bool {
        HeaderFields.isValidName(request.method)
            && request.path.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F } && !request.path.isEmpty
            && authority.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
    }

    /// Writes the head.
    ///
    /// - Returns: how the body goes; a whole one is still to be written by the caller.
    static func writeHead(
        _ request: BackendRequest, authority: String, into output: OutputBuffer
    ) -> Pending {
        output.appendRequestLine(method: request.method, target: request.path)
        output.appendField("host", authority)
        let fields = request.fields
        for index in fields.indices where !isOurs(fields, index) {
            output.appendField(at: index, of: fields)
        }
        let pending: Pending
        switch request.body {
        case .none:
            // RFC 9110 section 8.6: said where the method's meaning includes content.
            if ["POST", "PUT", "PATCH"].contains(request.method) {
                output.append("content-length: 0\r\n")
            }
            pending = .nothing
        case .bytes(let bytes):
            output.appendField("content-length", bytes.readableBytes)
            pending = .nothing
        case .stream(let length?):
            output.appendField("content-length", length)
            pending = length == 0 ? .nothing : .length(length)
        case .stream(nil):
            output.append("transfer-encoding: chunked\r\n")
            pending = .chunked
        }
        output.appendEndOfFields()
        return pending
    }

    /// Fields that this connection says itself, or that have no meaning on it. `expect` among
    /// them: the body follows at once.
    private static func isOurs(_ fields: HeaderFields, _ index: Int) -> Bool {
        fields.isHopByHop(at: index) || fields.nameEquals(at: index, "host")
            || fields.nameEquals(at: index, "content-length")
            || fields.nameEquals(at: index, "expect")
    }
}
