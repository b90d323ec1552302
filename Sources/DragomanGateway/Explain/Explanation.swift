// SPDX-License-Identifier: Apache-2.0
// What `explain` is asked, and what it has to say.

internal import DragomanDocument
package import DragomanMapping

/// The request to explain, and the answers that backends are taken to give.
package struct ExplainRequest: Sendable {
    package var method: String
    /// Path and query.
    package var target: String
    package var headers: [(name: String, value: String)] = []
    package var body: [UInt8]?
    /// A JSON object: what authentication would have found.
    package var claims: [UInt8]?
    /// What `now()` and `uuid()` give; nil: as while serving.
    package var given: GivenValues?
    package var replies: [ExplainReply] = []
    /// The calls are really made.
    package var sends = false

    package init(method: String, target: String) {
        self.method = method
        self.target = target
    }

    /// What the backend of a call answers.
    func reply(to call: Explanation.Call) -> ExplainReply? {
        replies.first { $0.step == call.step && $0.item != nil && $0.item == call.item }
            ?? replies.first { $0.step == call.step && $0.item == nil }
    }
}

extension ExplainRequest {
    /// Whether a text is a JSON object, as claims are.
    package static func isObject(_ text: String) -> Bool {
        guard let document = JSONExample.document(Array(text.utf8)) else { return false }
        return withExtendedLifetime(document) { document.root?.isObject ?? false }
    }
}

extension ExplainReply {
    /// The replies to the single calls of a step with `each`, where the text is a JSON array.
    package var byItem: [ExplainReply] {
        guard let bytes, let document = JSONExample.document(bytes) else { return [self] }
        return withExtendedLifetime(document) {
            guard let root = document.root, root.isArray else { return [self] }
            return root.items.enumerated().map { index, item in
                var reply = self
                reply.item = index
                reply.bytes = Array(item.json.utf8)
                return reply
            }
        }
    }
}

package struct ExplainReply: Sendable {
    /// Of a route of several calls.
    package var step: String?
    /// Of a step with `each`, the item whose call it answers; nil: all.
    package var item: Int?
    /// A message, an Envelope or what its Body holds; nil: none.
    package var bytes: [UInt8]?
    /// HTTP's; of gRPC its code.
    package var status: Int?
    package var headers: [(name: String, value: String)] = []

    package init() {}
}

/// What became of it. Values are as they were on the wire.
package struct Explanation: Sendable {
    package struct Route: Sendable {
        package var method: String
        package var path: String
        package var service: String
        package var operation: String
        package var file: String
        package var line: Int
    }

    /// A route that was not taken.
    package struct OtherRoute: Sendable {
        package var method: String
        package var path: String
        package var file: String
        package var line: Int
        /// `less specific`, `its method is PUT`
        package var reason: String
    }

    package struct Backend: Sendable {
        package var protocolName: String
        package var upstream: String
        package var method: String
        package var path: String
        package var headers: [(name: String, value: String)]
        /// Of SOAP: before it is encrypted.
        package var body: [UInt8]
        /// Of SOAP: as it goes out, where it is encrypted.
        package var encrypted: String?
        /// Of gRPC: the message as ProtoJSON, indented.
        package var message: String?
        /// The body as people read it: XML indented, protobuf as annotated hexadecimal.
        package var readable: String?
        /// Of gRPC: how an upstream's messages are compressed; nil where they are not.
        package var compression: Compression?
        /// What of it is not shown.
        var secrets: [String] = []
    }

    /// What `compression` of an upstream does with a message.
    package struct Compression: Sendable {
        /// As `grpc-encoding` has it.
        package var encoding: String
        /// Of the message.
        package var bytes: Int
        /// Of what goes out; nil where that is the message as it is, which would not be smaller.
        package var sentBytes: Int?
    }

    /// An expression of the mapping that failed.
    package struct Failure: Sendable {
        package var source: String
        package var file: String
        package var line: Int
        package var column: Int
    }

    /// A call of a backend.
    package struct Call: Sendable {
        package var step: String?
        /// Of a step with `each`.
        package var item: Int?
        package var backend: Backend
        /// What the backend really answered.
        package var recorded: RecordedReply?
        /// Why what the backend was taken to answer can not be its answer.
        package var replyProblem: String?
        /// Nothing was said of what it answers.
        package var lacksReply = false
        /// What in the answer did not fit the contract and was passed on (`on_mismatch: report`).
        package var mismatches: [String] = []
    }

    /// An expression of the mapping and what it came to.
    package struct Value: Sendable {
        package var source: String
        package var line: Int
        package var column: Int
        /// As JSON; `absent`; or what went wrong.
        package var value: String
    }

    package struct Response: Sendable {
        package var status: Int
        package var headers: [(name: String, value: String)]
        package var body: [UInt8]
        /// The stream failed after its beginning: the connection closes in its midst.
        package var breaksOff = false
    }

    package var route: Route?
    /// Its place in the plan.
    package var routeIndex: Int?
    package var others: [OtherRoute] = []
    package var parameters: [(name: String, value: String)] = []
    package var violations: [RequestViolation] = []
    package var values: [Value] = []
    /// Why the mapping made no request, or no answer.
    package var failure: Failure?
    /// In the order in which they were made.
    package var calls: [Call] = []
    package var response: Response?
    /// What the request's head broke of the rules of HTTP.
    package var refusal: String?

    /// The request was refused before a backend was called.
    package var isRefused: Bool { calls.isEmpty }
}
