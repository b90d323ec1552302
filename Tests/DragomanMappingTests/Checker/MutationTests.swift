// SPDX-License-Identifier: Apache-2.0
// Mappings that are right, each broken in one place: every break is reported on its line, with
// the right name where there is one, and the unbroken ones give no false alarm.

import DragomanMapping
import Foundation
import Testing

/// One break: a text of a mapping file and what stands there instead.
struct Break: CustomTestStringConvertible, Sendable {
    let file: String
    let from: String
    let to: String
    /// What the diagnostic on that line suggests; nil where no name is near.
    let suggestion: String?

    init(_ file: String, _ from: String, _ to: String, _ suggestion: String? = nil) {
        self.file = file
        self.from = from
        self.to = to
        self.suggestion = suggestion
    }

    var testDescription: String { "\(file): \(from) → \(to)" }
}

@Suite("Every break of a mapping is reported on its line")
struct MutationTests {
    static let orders = """
        service: orders
        backend: { grpc: { contract: shop.binpb, service: shop.v1.Orders } }
        json: { int64: number, enums: short }
        routes:
          POST /orders/{id}:
            call: ReplaceOrder
            parameters:
              lang: { in: query, schema: { type: string, enum: [en, de] }, default: en }
            request:
              id: "${path.id}/${query.lang}"
              customer: ${body.customer}
              number: 5
              status: OPEN
              items:
                - ${for item in body.items}:
                    sku: ${item.sku}
                    quantity: ${item.count}
            status: 201
            headers: { Location: "/orders/${path.id}" }
            response:
              id: ${reply.id}
              state: ${reply.status}
              skus:
                - ${for item in reply.items}: ${item.sku}
            errors:
              - when: ${grpc.code == 5}
                status: 404
        """

    static let library = """
        service: library
        backend: { soap: { contract: library.wsdl, port: Library11 } }
        naming: camelCase
        types:
          Work: { rename: { Lent: lentOn }, omit: [Price] }
        routes:
          POST /books:
            call: Store
            request:
              work:
                - title: ${body.title}
                  author: ["${body.author}"]
                  lentOn: ${body.lent}
            response:
              count: ${reply.count}
              first: ${reply.work[0].title}
          GET /copies/{title}:
            call: Find
            request:
              title: ${path.title}
            response:
              copies: ${reply.copies}
        errors:
          - when: ${has(fault.detail.NotThere)}
            status: 404
        """

    static let web = """
        service: web
        backend: { http: {} }
        routes:
          GET /items/{id}:
            call: GET /things/${path.id}
            response:
              name: ${reply.name}
        """

    static let texts = ["orders": orders, "library": library, "web": web]

    static let breaks: [Break] = [
        Break("orders", "call: Repl", "call: Rpel", "ReplaceOrder"),
        Break("orders", "call: Repl", "cal: Repl", "call"),
        Break("orders", "number: 5", "nmber: 5", "number"),
        Break("orders", "number: 5", "number: 1.5"),
        Break("orders", "number: 5", "number: '1.5'"),
        Break("orders", "number: 5", "number: 99999999999999999999"),
        Break("orders", "number: 5", "number: abc"),
        Break("orders", "number: 5", "number: true"),
        Break("orders", "number: 5", "labels: { a: { b: 1 } }"),
        Break("orders", "number: 5", "labels: ${path.id}"),
        Break("orders", "number: 5", "small: ${body.x == }"),
        Break("orders", "number: 5", "${if body.x}: 5"),
        Break("orders", "number: 5", "${else}: { number: 5 }"),
        Break("orders", "status: OPEN", "status: OPNE", "OPEN"),
        Break("orders", "      items:\n", "      itms:\n", "items"),
        Break("orders", "${for item in b", "${fro item in b", "${for item in body.items}"),
        Break("orders", "sku: ${item.sku}", "sku: ${itm.sku}", "item"),
        Break("orders", "sku: ${item.sku}", "suk: ${item.sku}", "sku"),
        Break("orders", "/${query.lang}", "/${query.lnag}", "lang"),
        Break("orders", "in: query", "in: qurey", "query"),
        Break("orders", "default: en", "default: fr"),
        Break("orders", "type: string", "type: strin"),
        Break("orders", "\"${path.id}/", "\"${path.di}/", "id"),
        Break("orders", "status: 201", "status: 999"),
        Break("orders", "status: 201", "status: abc"),
        Break("orders", "Location:", "\"Loca tion\":"),
        Break("orders", "${reply.id}", "${reply.di}", "id"),
        Break("orders", "${reply.id}", "${rply.id}", "reply"),
        Break("orders", "${reply.id}", "${reply.id.x}"),
        Break("orders", "${reply.id}", "${reply.items.sku}"),
        Break("orders", "${reply.id}", "${reply.items[0].suk}", "sku"),
        Break("orders", "${reply.id}", "${grpc.code}"),
        Break("orders", "in reply.items}: ${item.sku}", "in reply.itms}: ${item.sku}", "items"),
        Break("orders", "in reply.items}: ${item.sku}", "in reply.items}: ${item.suk}", "sku"),
        Break("orders", "in reply.items}: ${item.sku}", "in reply.id}: ${item.sku}"),
        Break("orders", "grpc.code ==", "grpc.cod ==", "code"),
        Break("orders", "grpc.code ==", "fault.code =="),
        Break("orders", "${grpc.code == 5}", "grpc.code == 5", "${grpc.code == 5}"),
        Break("orders", "        status: 404", "        statuss: 404", "status"),
        Break("orders", "shop.binpb", "shp.binpb", "shop.binpb"),
        Break("orders", "shop.v1.Orders", "shop.v1.Odrers", "shop.v1.Orders"),
        Break("orders", "int64: number,", "decimal: string,"),
        Break("orders", "json: { int64: number, enums: short }", "naming: camelCase"),
        Break("orders", "enums: short", "enums: shrt", "short"),
        Break("orders", "POST /orders/{id}", "post /orders/{id}", "POST /orders/{id}"),
        Break("orders", "POST /orders/{id}", "POST /orders/{id"),
        Break("library", "call: Store", "call: Stroe", "Store"),
        Break("library", "port: Library11", "port: Libray11", "Library11"),
        Break("library", "rename: { Lent", "rename: { Lnt", "Lent"),
        Break("library", "{ Lent: lentOn }", "{ Lent: title }"),
        Break("library", "omit: [Price]", "omit: [Prce]", "Price"),
        Break("library", "omit: [Price]", "omit: [Title]"),
        Break("library", "omit: [Price]", "unwrap: [Price]"),
        Break("library", "omit: [Price]", "as: { Prce: string }", "Price"),
        Break("library", "omit: [Price]", "as: { Price: strng }", "string"),
        Break("library", "  Work: {", "  Wrk: {", "Work"),
        Break("library", "lentOn: ${", "Lent: ${"),
        Break("library", "- title: ${body.title}\n          author", "- author"),
        Break("library", "- title:", "- titel:", "title"),
        Break("library", "${path.title}", "${path.titel}", "title"),
        Break("library", "      title: ${path.title}", "      {}"),
        Break("library", "${reply.copies}", "${reply.Copies}", "copies"),
        Break("library", "${reply.copies}", "${reply.copies.x}"),
        Break("library", "${reply.work[0].title}", "${reply.work.title}"),
        Break("library", "fault.detail.", "fault.detial.", "detail"),
        Break("library", "has(fault.detail.NotThere)", "has(grpc.code)"),
        Break("library", "naming: camelCase", "naming: camlCase", "camelCase"),
        Break("library", "types:\n", "tpyes:\n", "types"),
        Break("library", "call: Find", "call: order.ReplaceOrder", "orders.ReplaceOrder"),
        Break("web", "path.id}\n", "path.di}\n", "id"),
        Break("web", "call: GET", "call: get"),
        Break("web", "${reply.name}", "${rpely.name}", "reply"),
        Break("web", "http: {}", "htpp: {}", "http"),
        Break("web", "{ http: {} }", "{ http: {} }\nnaming: camelCase"),
    ]

    static let contracts: [String: [UInt8]] = {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent()
        let support = root.deletingLastPathComponent().appendingPathComponent("Support")
        let paths = [
            "shop.binpb": root.appendingPathComponent("Fixtures/contracts/shop.binpb"),
            "library.wsdl": support.appendingPathComponent("library.wsdl"),
        ]
        return paths.compactMapValues { path in
            FileManager.default.contents(atPath: path.path).map { Array($0) }
        }
    }()

    static func load(_ name: String, _ text: String) -> GatewayLoad {
        var files: [String: [UInt8]] = [
            "gateway.yaml": Array(
                """
                upstreams:
                  orders: { url: http://127.0.0.1:1 }
                  library: { url: http://127.0.0.1:2/11 }
                  web: { url: http://127.0.0.1:3 }
                """.utf8)
        ]
        for (other, written) in texts {
            files["mappings/\(other).yaml"] = Array((other == name ? text : written).utf8)
        }
        for (file, bytes) in contracts { files["schemas/\(file)"] = bytes }
        return GatewayLoader.load(files: files)
    }

    @Test("the unbroken ones have nothing to complain about")
    func unbroken() {
        let load = Self.load("", "")
        #expect(load.plan != nil)
        #expect(load.diagnostics == [])
    }

    @Test("a break is reported where it is", arguments: breaks)
    func broken(_ change: Break) throws {
        let text = try #require(Self.texts[change.file])
        let range = try #require(text.range(of: change.from))
        let broken = text.replacingCharacters(in: range, with: change.to)
        let same = zip(text, broken).prefix { $0 == $1 }.count
        let line = 1 + broken.prefix(same).filter { $0 == "\n" }.count
        let load = Self.load(change.file, broken)
        let here = load.diagnostics.filter {
            $0.file == "mappings/\(change.file).yaml" && abs($0.line - line) <= 1
        }
        #expect(!here.isEmpty, "\(load.diagnostics)")
        if let suggestion = change.suggestion {
            #expect(here.contains { $0.suggestion == suggestion }, "\(here)")
        }
    }
}
