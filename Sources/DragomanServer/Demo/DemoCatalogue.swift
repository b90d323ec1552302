// SPDX-License-Identifier: Apache-2.0
// The sample shop's catalogue: JSON over HTTP/2, passed on by the gateway as it is.

internal import DragomanHTTP
internal import DragomanHTTP2
internal import NIOCore

struct DemoItem {
    let sku: String
    let name: String
    /// In cents.
    let price: Int64
    let pieces: Int

    static let all = [
        DemoItem(sku: "TEA-0001", name: "Assam, 250 g", price: 590, pieces: 42),
        DemoItem(sku: "TEA-0002", name: "Darjeeling, first flush, 100 g", price: 1250, pieces: 7),
        DemoItem(sku: "POT-0001", name: "Cast iron pot, 0.8 l", price: 4900, pieces: 0),
    ]

    static func find(_ sku: String) -> DemoItem? { all.first { $0.sku == sku } }

    var json: String {
        "{\"sku\":\"\(sku)\",\"name\":\"\(name)\",\"price\":\(price / 100).\(price % 100 / 10)"
            + "\(price % 10)}"
    }
}

struct DemoCatalogue: DemoHTTP2Service {
    func answer(_ request: ServerRequest) -> ServerResponse {
        guard request.method == "GET" || request.method == "HEAD" else {
            return answer(405, "{\"error\":\"only GET\"}")
        }
        var response = found(request)
        if request.method == "HEAD" { response.body = ByteBuffer() }
        return response
    }

    private func found(_ request: ServerRequest) -> ServerResponse {
        let path = request.path.prefix { $0 != "?" }
        if path == "/catalogue" {
            return answer(200, "[\(DemoItem.all.map(\.json).joined(separator: ","))]")
        }
        let sku = String(path.dropFirst("/catalogue/".count))
        guard path.hasPrefix("/catalogue/"), let item = DemoItem.find(sku) else {
            return answer(404, "{\"error\":\"no such item\"}")
        }
        return answer(200, item.json)
    }

    private func answer(_ status: Int, _ body: String) -> ServerResponse {
        var fields = HeaderFields()
        fields.append("content-type", "application/json" as StaticString)
        fields.append("content-length", String(body.utf8.count))
        return ServerResponse(status: status, fields: fields, body: ByteBuffer(string: body))
    }
}
