// SPDX-License-Identifier: Apache-2.0
// The sample shop's stock: a SOAP 1.1 service as there are many, with typed faults.

internal import DragomanDocument
internal import DragomanGateway
internal import DragomanHTTP
internal import DragomanXML
internal import NIOCore

final class DemoStockHandlers: RequestHandlerSource {
    func handler() -> any RequestHandler { DemoStock() }

    func refuse(_ client: any ClientSide, status: Int, limit: String?, detail: String) {
        client.sendResponse(
            status: status, fields: HeaderFields(), body: .init(start: nil, count: 0))
    }
}

/// One call.
final class DemoStock: RequestHandler {
    private static let namespace = "urn:shop:stock"
    private static let envelope = "http://schemas.xmlsoap.org/soap/envelope/"

    private var client: (any ClientSide)?
    private var body: [UInt8] = []

    func begin(_ head: RequestHead, client: any ClientSide) { self.client = client }
    func receivedBody(_ bytes: ByteBuffer) { body += bytes.readableBytesView }
    func clientGone() {}
    func clientWritabilityChanged() {}
    func released() { client = nil }

    func receivedEnd() {
        let (status, content) = answer()
        var fields = HeaderFields()
        fields.append("content-type", "text/xml; charset=utf-8" as StaticString)
        let text =
            "<soap:Envelope xmlns:soap=\"\(Self.envelope)\"><soap:Body>\(content)"
            + "</soap:Body></soap:Envelope>"
        Array(text.utf8).withUnsafeBytes {
            client?.sendResponse(status: status, fields: fields, body: $0)
        }
    }

    private func answer() -> (Int, String) {
        guard let root = try? XMLTreeReader.read(body, file: "request"),
            let call = root.first(Self.envelope, "Body")?.elements.first,
            let sku = call.first(Self.namespace, "Item")?.text
        else { return fault("Client", "This is no call of the stock service", "") }
        guard let item = DemoItem.find(sku) else {
            return fault(
                "Client", "We have never sold \(sku)",
                "<UnknownItem xmlns=\"\(Self.namespace)\"><Item>\(escaped(sku))</Item></UnknownItem>"
            )
        }
        if call.name.local == "CheckStock" { return (200, check(item)) }
        let pieces = call.first(Self.namespace, "Pieces").flatMap { Int($0.text) } ?? 0
        guard pieces <= item.pieces else {
            return fault(
                "Client", "Only \(item.pieces) left",
                "<OutOfStock xmlns=\"\(Self.namespace)\"><Item>\(sku)</Item>"
                    + "<Available>\(item.pieces)</Available></OutOfStock>")
        }
        return (
            200,
            "<ReserveResponse xmlns=\"\(Self.namespace)\"><Reservation>R-\(sku)-\(pieces)"
                + "</Reservation><Until>2026-11-22T09:00:00Z</Until></ReserveResponse>"
        )
    }

    private func check(_ item: DemoItem) -> String {
        let delivery =
            item.pieces > 0
            ? "<NextDelivery xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\""
                + " xsi:nil=\"true\"/>"
            : "<NextDelivery>2026-12-01</NextDelivery>"
        let shelf =
            item.pieces > 0
            ? "<Shelf hall=\"B\"><Place>12/3</Place><Pieces>\(item.pieces)</Pieces></Shelf>" : ""
        return "<CheckStockResponse xmlns=\"\(Self.namespace)\"><Item>\(item.sku)</Item>"
            + "<Available>\(item.pieces)</Available><Weight>0.250</Weight>\(delivery)\(shelf)"
            + "</CheckStockResponse>"
    }

    private func fault(_ code: String, _ reason: String, _ detail: String) -> (Int, String) {
        let tail = detail.isEmpty ? "" : "<detail>\(detail)</detail>"
        return (
            500,
            "<soap:Fault><faultcode>soap:\(code)</faultcode><faultstring>\(escaped(reason))"
                + "</faultstring>\(tail)</soap:Fault>"
        )
    }

    private func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
    }
}
