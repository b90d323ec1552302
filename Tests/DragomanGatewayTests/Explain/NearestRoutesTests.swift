// SPDX-License-Identifier: Apache-2.0
// What `explain` says of a path that no route has.

import DragomanMapping
import Testing

@testable import DragomanGateway

@Suite("Nearest routes")
struct NearestRoutesTests {
    private static let plan: GatewayPlan? = {
        let mapping = """
            service: shop
            backend: { http: {} }
            routes:
              GET /orders/{id}: {}
              GET /orders/{id}/lines: {}
              GET /customers/{name=a/*/**}: {}
            """
        let files = [
            "gateway.yaml": "upstreams: { shop: { url: \"http://127.0.0.1:1\" } }",
            "mappings/shop.yaml": mapping,
        ]
        return GatewayLoader.load(files: files.mapValues { Array($0.utf8) }).plan
    }()

    @Test(
        "the one thing that is different is said, the nearest first",
        arguments: [
            ("/order/7", ["/orders/{id}: its segment `orders` is not `order`"]),
            ("/orders", ["/orders/{id}: it wants one segment more"]),
            (
                "/orders/7/items",
                [
                    "/orders/{id}: it ends before `/items`",
                    "/orders/{id}/lines: its segment `lines` is not `items`",
                ]
            ),
            ("/orders/7/", ["/orders/{id}: it ends without `/`"]),
            ("/orders//lines", ["/orders/{id}/lines: its segment 2 may not be empty"]),
            ("/a/b/c/d", []), ("/", []),
        ])
    func nearest(_ path: String, _ expected: [String]) throws {
        let plan = try #require(Self.plan)
        let found = NearestRoutes.find(path, in: plan.routes)
        #expect(found.map { "\($0.path): \($0.reason)" }.starts(with: expected), "\(found)")
        #expect(found.isEmpty == expected.isEmpty)
    }
}
