// SPDX-License-Identifier: Apache-2.0
// Why octets are not a message that may be acted on, and the status that says so to a client.

/// A message that breaks RFC 9112 or a bound. After one nothing more is read from the connection:
/// where the next message starts is not known.
package struct ParseError: Error, Equatable, Sendable {
    package enum Kind: Sendable {
        case requestLine, method, version, target, path
        case targetTooLong, headersTooLarge, tooManyHeaders, bodyTooLarge
        case fieldName, fieldValue, fieldFolding, spaceBeforeColon, lineEnd, leadingLines
        case hostMissing, hostRepeated, hostInvalid
        case contentLength, contentLengthRepeated, contentTypeRepeated
        case lengthAndTransferEncoding, transferEncoding, transferEncodingUnknown
        case chunkSize, chunkExtension, chunkEnd, trailer
        case statusLine, unexpectedUpgrade, truncated
    }

    package let kind: Kind

    package init(_ kind: Kind) { self.kind = kind }

    /// The status for a client that sent it.
    package var status: Int {
        switch kind {
        case .version: 505
        case .targetTooLong: 414
        case .headersTooLarge, .tooManyHeaders: 431
        case .bodyTooLarge: 413
        case .transferEncodingUnknown: 501
        default: 400
        }
    }

    /// The name in gateway.yaml's `limits` of the bound that was passed, if it is one.
    package var limitName: String? {
        switch kind {
        case .targetTooLong: "url"
        case .headersTooLarge: "headers"
        case .tooManyHeaders: "header_count"
        case .bodyTooLarge: "body"
        default: nil
        }
    }

    /// One sentence, without anything of what was received.
    package var detail: String {
        switch kind {
        case .requestLine: "The request line is malformed."
        case .method: "The method is not a token of at most 32 characters."
        case .version: "The HTTP version is not supported; use HTTP/1.1."
        case .target: "The request target is malformed."
        case .path: "The path has a '.' or '..' segment, a NUL or a malformed escape."
        case .targetTooLong: "The request target is too long."
        case .headersTooLarge: "The header section is too large."
        case .tooManyHeaders: "There are too many header fields."
        case .bodyTooLarge: "The announced length is larger than any body may be."
        case .fieldName: "A field name is malformed."
        case .fieldValue: "A field value has a control character."
        case .fieldFolding: "A field line starts with white space."
        case .spaceBeforeColon: "There is white space between a field name and its colon."
        case .lineEnd: "A line does not end in CR LF."
        case .leadingLines: "There are too many empty lines before the request."
        case .hostMissing: "The Host field is missing."
        case .hostRepeated: "The Host field is given more than once."
        case .hostInvalid: "The Host field is malformed."
        default: framingDetail
        }
    }

    private var framingDetail: String {
        switch kind {
        case .contentLength: "The Content-Length field is malformed."
        case .contentLengthRepeated: "The Content-Length field is given more than once."
        case .contentTypeRepeated: "The Content-Type field is given more than once."
        case .lengthAndTransferEncoding: "Both Content-Length and Transfer-Encoding are given."
        case .transferEncoding: "The Transfer-Encoding field is malformed or out of place."
        case .transferEncodingUnknown: "The transfer coding is not supported."
        case .chunkSize: "A chunk size is malformed."
        case .chunkExtension: "A chunk extension is malformed or too long."
        case .chunkEnd: "A chunk does not end where its size says."
        case .trailer: "The trailer section has a field that is not allowed there."
        case .statusLine: "The status line is malformed."
        case .unexpectedUpgrade: "The protocol was switched unasked."
        case .truncated: "The message ends before its end."
        default: "The message is malformed."
        }
    }
}

/// Bounds on what is not a body; a body's bound is kept by whoever takes it.
package struct HeadLimits: Sendable {
    /// Octets of a request target.
    package var targetBytesMax: Int
    /// Octets of all field lines of a head, and again of a trailer section.
    package var headerBytesMax: Int
    /// Field lines of a head, and again of a trailer section.
    package var headerCountMax: Int
    /// Octets of all chunk extensions of one body together.
    package var chunkExtensionBytesMax: Int

    package init(
        targetBytesMax: Int = 8 << 10, headerBytesMax: Int = 32 << 10, headerCountMax: Int = 100,
        chunkExtensionBytesMax: Int = 4 << 10
    ) {
        self.targetBytesMax = targetBytesMax
        self.headerBytesMax = headerBytesMax
        self.headerCountMax = headerCountMax
        self.chunkExtensionBytesMax = chunkExtensionBytesMax
    }
}

/// How the end of a message's body is known (RFC 9112 section 6.3).
package enum BodyFraming: Sendable, Equatable {
    case none
    /// Octets to come; may be 0.
    case length(Int)
    case chunked
    /// Responses only.
    case untilClose
}

/// What one call that reads a head has done.
package struct HeadStep: Sendable, Equatable {
    /// Octets taken from those given; those after them belong to the body or the next message.
    package var consumed: Int
    /// The head is there; else more octets are needed.
    package var isComplete: Bool
}

/// What one call that reads a body has done. Call again while octets are left and the body is
/// not complete.
package struct BodyStep: Sendable, Equatable {
    /// Octets taken from those given.
    package var consumed: Int
    /// Where among the octets given those of the body are; may be empty.
    package var payload: Range<Int>
    /// The body has ended; what was not consumed belongs to the next message.
    package var isComplete: Bool
}
