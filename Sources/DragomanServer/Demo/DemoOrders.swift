// SPDX-License-Identifier: Apache-2.0
// The sample shop's orders: a gRPC service, its messages read and written by the same plans that
// the gateway uses.

internal import DragomanDocument
internal import DragomanHTTP
internal import DragomanHTTP2
internal import DragomanProtobuf
internal import NIOCore

/// A gRPC status other than OK.
private struct DemoStatus: Error {
    let code: Int
    let message: String
}

struct DemoOrders: DemoHTTP2Service {
    private static let prefix = "/shop.orders.v1.Orders/"
    private static let piecesMax: Int64 = 100

    private let contract: ProtobufContract

    init() throws {
        contract = try ProtobufContract.load(DemoFiles.bytes("schemas/shop/orders.binpb"))
    }

    func answer(_ request: ServerRequest) -> ServerResponse {
        var fields = HeaderFields()
        fields.append("content-type", "application/grpc" as StaticString)
        var trailers = HeaderFields()
        var body = ByteBuffer()
        do {
            let reply = Document()
            let message = try serve(request, into: reply)
            let output = OutputBuffer()
            if let root = reply.root { try message.write(root, to: output) }
            body.writeInteger(UInt8(0))
            body.writeInteger(UInt32(output.count))
            body.writeBytes(output.bytes)
            trailers.append("grpc-status", "0" as StaticString)
        } catch {
            let status = error as? DemoStatus
            trailers.append("grpc-status", String(status?.code ?? 13))
            trailers.append(
                "grpc-message", Self.encoded(status?.message ?? "The shop fell over"))
        }
        return ServerResponse(status: 200, fields: fields, body: body, trailers: trailers)
    }

    /// The message as gRPC over HTTP/2 has it: what is not printable ASCII, percent-encoded.
    private static func encoded(_ message: String) -> String {
        let digits = Array("0123456789ABCDEF".unicodeScalars)
        var text = String.UnicodeScalarView()
        for byte in message.utf8 {
            if (0x20...0x7E).contains(byte), byte != 0x25 {
                text.append(Unicode.Scalar(byte))
            } else {
                text.append("%")
                text.append(digits[Int(byte >> 4)])
                text.append(digits[Int(byte & 15)])
            }
        }
        return String(text)
    }

    /// - Returns: how the reply, which is put into `reply`, is written.
    private func serve(_ request: ServerRequest, into reply: Document) throws -> MessagePlan {
        let name = String(request.path.dropFirst(Self.prefix.count))
        guard request.path.hasPrefix(Self.prefix),
            let method = contract.method(named: "shop.orders.v1.Orders/\(name)")
        else { throw DemoStatus(code: 12, message: "There is no such method") }
        let message = Document()
        var bytes = request.body
        bytes.moveReaderIndex(forwardBy: min(5, bytes.readableBytes))
        let wire = Array(bytes.readableBytesView)
        try wire.withUnsafeBytes { try contract.plan(at: method.input).read($0, into: message) }
        guard let root = message.root else { throw DemoStatus(code: 3, message: "No message") }
        switch name {
        case "PlaceOrder": try place(root, into: reply)
        case "GetOrder": try get(root, into: reply)
        case "ListOrders": list(root, into: reply)
        default:
            throw DemoStatus(code: 9, message: "Orders are shipped the moment they are placed")
        }
        return contract.plan(at: method.output)
    }

    private func place(_ request: Node, into reply: Document) throws {
        guard let order = request.member("order"), let lines = order.member("lines") else {
            throw DemoStatus(code: 3, message: "An order has lines")
        }
        var goods: [(item: DemoItem, pieces: Int64)] = []
        for line in lines.items {
            let sku = line.member("sku")?.string ?? ""
            guard let item = DemoItem.find(sku) else {
                throw DemoStatus(code: 5, message: "We have never sold \(sku)")
            }
            let pieces = line.member("quantity")?.int64 ?? 0
            guard pieces <= Self.piecesMax else {
                throw DemoStatus(
                    code: 8, message: "At most \(Self.piecesMax) pieces of one item")
            }
            goods.append((item, pieces))
        }
        write(
            id: "1001", customer: order.member("customer")?.string ?? "", goods: goods,
            labels: order.member("labels"), into: reply)
    }

    private func get(_ request: Node, into reply: Document) throws {
        let id = request.member("id")?.string ?? ""
        guard id == "1000" else {
            throw DemoStatus(code: 5, message: "There is no order \(id)")
        }
        writeFirst(into: reply)
    }

    private func list(_ request: Node, into reply: Document) {
        reply.beginObject()
        reply.key("orders")
        reply.beginArray()
        let customer = request.member("customer")?.string
        if customer == nil || customer == "Grace Hopper" { writeFirst(into: reply) }
        reply.endArray()
        reply.endObject()
    }

    private func writeFirst(into reply: Document) {
        write(
            id: "1000", customer: "Grace Hopper", goods: [(DemoItem.all[1], 1)], labels: nil,
            into: reply)
    }

    private func write(
        id: String, customer: String, goods: [(item: DemoItem, pieces: Int64)], labels: Node?,
        into reply: Document
    ) {
        reply.beginObject()
        for (name, value) in [("id", id), ("customer", customer), ("placed", DemoClock.now)] {
            reply.key(name)
            reply.append(string: value)
        }
        reply.key("lines")
        reply.beginArray()
        for (item, pieces) in goods {
            reply.beginObject()
            reply.key("sku")
            reply.append(string: item.sku)
            reply.key("quantity")
            reply.append(pieces)
            reply.key("unitPrice")
            reply.append(item.price)
            reply.endObject()
        }
        reply.endArray()
        reply.key("status")
        reply.append(string: "STATUS_PLACED")
        reply.key("total")
        reply.append(goods.reduce(0) { $0 + $1.item.price * $1.pieces })
        if let labels {
            reply.key("labels")
            reply.append(copy: labels)
        }
        reply.endObject()
    }
}
