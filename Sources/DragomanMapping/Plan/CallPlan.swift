// SPDX-License-Identifier: Apache-2.0
// What a route calls: everything of the backend message that is known at load. Classes, so that a
// plan is handed on by one pointer instead of the reference counts of all that it holds.

package import DragomanDocument
package import DragomanProtobuf
package import DragomanXML

/// The one call of a route.
package enum CallPlan: Sendable {
    case grpc(GRPCCall)
    case soap(SOAPCall)
    case xml(XMLCall)
    case http(HTTPCall)
}

/// A gRPC call.
package final class GRPCCall: Sendable {
    /// Index into `GatewayPlan.upstreams`.
    package let upstream: Int
    package let method: MethodDescriptor
    /// `:path`, with the upstream's prefix.
    package let path: ConstantText
    package let request: DragomanProtobuf.MessagePlan
    package let reply: DragomanProtobuf.MessagePlan
    package let options: ProtoJSONOptions
    /// In lower case; names that end in `-bin` have base64 values.
    package let metadata: [NamedTemplate]
    package let contract: ProtobufContract
    /// How messages of some size are compressed; nil where they are not.
    package let compression: GRPCCompression?

    init(
        upstream: Int, method: MethodDescriptor, path: ConstantText,
        request: DragomanProtobuf.MessagePlan, reply: DragomanProtobuf.MessagePlan,
        options: ProtoJSONOptions, metadata: [NamedTemplate], contract: ProtobufContract,
        compression: GRPCCompression?
    ) {
        self.upstream = upstream
        self.method = method
        self.path = path
        self.request = request
        self.reply = reply
        self.options = options
        self.metadata = metadata
        self.contract = contract
        self.compression = compression
    }

    /// In ProtoJSON's own form, whatever the mapping's `types` say.
    package var originalRequest: DragomanProtobuf.MessagePlan {
        contract.originalPlan(at: method.input)
    }
    package var originalReply: DragomanProtobuf.MessagePlan {
        contract.originalPlan(at: method.output)
    }
}

/// A SOAP call.
package final class SOAPCall: Sendable {
    package let upstream: Int
    package let operation: OperationPlan
    /// `:path` of the request.
    package let path: ConstantText
    /// Header parts by name; nil where the route sets none.
    package let header: TemplateProgram?
    package let headers: [NamedTemplate]
    package let contract: ServiceContract
    /// Requests go out as MTOM.
    package let isMTOM: Bool
    /// WS-Addressing's To; nil where requests do not bear its headers.
    package let address: ConstantText?

    init(
        upstream: Int, operation: OperationPlan, path: ConstantText, header: TemplateProgram?,
        headers: [NamedTemplate], contract: ServiceContract, isMTOM: Bool, address: ConstantText?
    ) {
        self.upstream = upstream
        self.operation = operation
        self.path = path
        self.header = header
        self.headers = headers
        self.contract = contract
        self.isMTOM = isMTOM
        self.address = address
    }
}

/// A call of XML without an envelope.
package final class XMLCall: Sendable {
    package let upstream: Int
    /// Nil: no contract says what is sent.
    package let operation: XMLOperationPlan?
    package let method: ConstantText
    /// The request's, up to what the operation adds.
    package let path: ConstantText
    /// Without an operation: whether there is an entity, which is `@xml`.
    package let sendsEntity: Bool
    package let headers: [NamedTemplate]
    /// Nil: bodies are `@xml`.
    package let contract: XMLServiceContract?

    init(
        upstream: Int, operation: XMLOperationPlan?, method: ConstantText, path: ConstantText,
        sendsEntity: Bool, headers: [NamedTemplate], contract: XMLServiceContract?
    ) {
        self.upstream = upstream
        self.operation = operation
        self.method = method
        self.path = path
        self.sendsEntity = sendsEntity
        self.headers = headers
        self.contract = contract
    }
}

/// A call of an http backend.
package final class HTTPCall: Sendable {
    package let upstream: Int
    /// Nil: the request's own.
    package let method: ConstantText?
    /// Path and query; nil: the request's own, undecoded.
    package let path: Interpolation?
    /// Put before the path: the upstream's, then the mapping's.
    package let prefix: ConstantText
    /// Header fields set beside those that are forwarded.
    package let headers: [NamedTemplate]

    init(
        upstream: Int, method: ConstantText?, path: Interpolation?, prefix: ConstantText,
        headers: [NamedTemplate]
    ) {
        self.upstream = upstream
        self.method = method
        self.path = path
        self.prefix = prefix
        self.headers = headers
    }
}

extension CallPlan {
    package var upstream: Int {
        switch self {
        case .grpc(let call): call.upstream
        case .soap(let call): call.upstream
        case .xml(let call): call.upstream
        case .http(let call): call.upstream
        }
    }

    /// As `routes` and `explain` name it.
    package var protocolName: String {
        switch self {
        case .grpc: "grpc"
        case .soap: "soap"
        case .xml: "xml"
        case .http: "http"
        }
    }
}

extension HTTPCall {
    /// Writes the request target: prefix, then the template, or `received`, path and query as the
    /// client sent them. False where a value that the template names is absent.
    package func writeTarget(
        received: UnsafeRawBufferPointer, _ context: TranslationContext, to buffer: OutputBuffer
    ) throws(TranslationError) -> Bool {
        buffer.append(prefix)
        guard let path else {
            buffer.append(received)
            return true
        }
        return try path.writePercentEncoded(context, to: buffer)
    }
}
