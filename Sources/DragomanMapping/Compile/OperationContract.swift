// SPDX-License-Identifier: Apache-2.0
// An operation of a contract, whatever the contract's kind: what a route is compiled against.

/// What is called. What its messages are like is found out only where something asks: of a
/// thousand operations most are served without a template that must be checked.
final class OperationContract {
    /// What carries the call out.
    enum Target {
        case grpc(GRPCOperation)
        case soap(SOAPOperation)
        case xml(XMLOperation)
        case http
        /// Several operations, one for each step.
        case steps([OperationContract])
    }

    /// As `routes` names it.
    let name: String
    let target: Target
    let isOneWay: Bool
    /// The contract says that the call may be repeated.
    let isIdempotent: Bool
    /// What a body that is the message must be; nil where no contract says.
    let bodySchema: LazySchema?
    /// What the reply is; nil where no contract says.
    let replySchema: LazySchema?
    /// The message's JSON form; nil where nothing is known of it.
    private(set) lazy var request: SchemaShape? = makeRequest()
    /// The reply's; nil where nothing is known of it, or there is none.
    private(set) lazy var reply: SchemaShape? = makeReply()

    private let makeRequest: () -> SchemaShape?
    private let makeReply: () -> SchemaShape?

    init(
        name: String, target: Target, isOneWay: Bool = false, isIdempotent: Bool = false,
        bodySchema: LazySchema? = nil, replySchema: LazySchema? = nil,
        request: @escaping () -> SchemaShape? = { nil },
        reply: @escaping () -> SchemaShape? = { nil }
    ) {
        self.name = name
        self.target = target
        self.isOneWay = isOneWay
        self.isIdempotent = isIdempotent
        self.bodySchema = bodySchema
        self.replySchema = replySchema
        makeRequest = request
        makeReply = reply
    }
}
