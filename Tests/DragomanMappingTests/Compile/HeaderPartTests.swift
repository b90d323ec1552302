// SPDX-License-Identifier: Apache-2.0
// A header part that a mapping sets only in part: what no request can satisfy is told at load.

import Foundation
import Testing

@testable import DragomanMapping

@Suite("Header parts")
struct HeaderPartTests {
    private static func load(_ header: String) -> GatewayLoad {
        var files = FixtureTests.files(
            FixtureTests.folder.appendingPathComponent("contracts"), into: "schemas/")
        files["gateway.yaml"] = Array("upstreams: { stock: { url: \"http://127.0.0.1:1\" } }".utf8)
        files["mappings/stock.yaml"] = Array(
            """
            service: stock
            backend: { soap: { contract: stock.wsdl } }
            routes:
              POST /reserve:
                call: Reserve
                soap_header:
                  \(header)
            """.utf8)
        return GatewayLoader.load(files: files)
    }

    @Test("a required member that nothing sets is a warning at the part")
    func missing() throws {
        let load = Self.load("caller: { Level: \"${header.x_level}\" }")
        let found = load.diagnostics.filter { $0.code == "missing-member" }
        #expect(found.count == 1, "\(load.diagnostics)")
        let first = try #require(found.first)
        #expect(first.line == 7 && first.message.contains("`Name`"), "\(first)")
    }

    @Test(
        "none where it is set, is a misspelt one, or may be set by a directive",
        arguments: [
            "caller: { Name: me }", "caller: { Nme: me }",
            "caller: { \"${*}\": \"${body.caller}\" }",
        ])
    func present(_ header: String) {
        let found = Self.load(header).diagnostics.filter { $0.code == "missing-member" }
        #expect(found.isEmpty, "\(found)")
    }
}
