// SPDX-License-Identifier: Apache-2.0
// Mistakes that only an example or a first request would show, told at load: names by the type
// that lacks them, entries and values that their target never takes, lists that must have items,
// braces without their `$`.

import DragomanMapping
import Foundation
import Testing

/// The diagnostics of mappings in front of the fixtures' shop and of a club with facets.
private struct Checked {
    let load: GatewayLoad

    private static let contract = storeContract(
        """
        <xs:simpleType name="Kind"><xs:restriction base="xs:string">
          <xs:enumeration value="FAST"/><xs:enumeration value="SLOW"/>
        </xs:restriction></xs:simpleType>
        <xs:complexType name="Line"><xs:sequence>
          <xs:element name="Sku" type="xs:string"/>
          <xs:element name="Qty" type="xs:int" minOccurs="0"/>
          <xs:element name="Kind" type="t:Kind" minOccurs="0"/>
          <xs:element name="Note" type="xs:string" minOccurs="0"/>
        </xs:sequence></xs:complexType>
        <xs:element name="Store"><xs:complexType><xs:sequence>
          <xs:element name="Line" type="t:Line" minOccurs="2" maxOccurs="unbounded"/>
          <xs:element name="Other" type="t:Line" minOccurs="0" maxOccurs="unbounded"/>
        </xs:sequence></xs:complexType></xs:element>
        <xs:element name="Stored" type="xs:string"/>
        """)

    init(_ mappings: String...) {
        var files = FixtureTests.files(
            FixtureTests.folder.appendingPathComponent("contracts"), into: "schemas/")
        files["schemas/t.wsdl"] = Array(Self.contract.utf8)
        files["gateway.yaml"] = Array(
            "upstreams: { s: { url: 'http://127.0.0.1:1' }, t: { url: 'http://127.0.0.1:1' } }".utf8
        )
        for (index, mapping) in mappings.enumerated() {
            files["mappings/m\(index).yaml"] = Array(mapping.utf8)
        }
        load = GatewayLoader.load(files: files)
    }

    /// Of the SOAP contract: the routes, and what stands beside them.
    static func soap(_ routes: String, _ rest: String = "") -> Checked {
        Checked("service: s\nbackend: { soap: { contract: t.wsdl } }\n\(rest)\nroutes:\n\(routes)")
    }

    static func grpc(_ routes: String, _ rest: String = "") -> Checked {
        Checked(
            "service: s\nbackend: { grpc: { contract: shop.binpb } }\n\(rest)\nroutes:\n\(routes)")
    }

    func all(_ code: String) -> [Diagnostic] { load.diagnostics.filter { $0.code == code } }
    var codes: [String] { load.diagnostics.map(\.code) }
}

@Suite("What is told at load")
struct LoadWarningTests {
    @Test("an old name inside a list is told by the type that lacks it")
    func types() throws {
        let checked = Checked.grpc(
            """
              POST /orders:
                call: CreateOrder
                request: { order: { items: [{ sku: "${body.sku}", amount: 1 }] } }
              GET /orders/{id}:
                call: GetOrder
                response: { a: "${reply.items[0].amount}" }
            """)
        let found = checked.all("unknown-member")
        #expect(found.count == 2, "\(checked.load.diagnostics)")
        for diagnostic in found {
            #expect(diagnostic.message == "`shop.v1.Item` has no member `amount` here")
        }
        let soap = Checked.soap(
            "  POST /a: { call: Store, request: { Line: [{ Sku: a, Colour: b }] } }\n")
        let message = try #require(soap.all("unknown-member").first?.message)
        #expect(message == "`Line` has no member `Colour` here")
    }

    @Test("`types` of an xml backend are held against the contract")
    func xmlTypes() throws {
        let checked = Checked(
            """
            service: s
            backend: { xml: { contract: t.wsdl }, upstream: s }
            types: { Lime: { rename: { Sku: sku } }, Line: { omit: [Notes] } }
            """)
        let type = try #require(checked.all("unknown-type").first, "\(checked.load.diagnostics)")
        #expect(type.line == 3 && type.suggestion == "Line")
        #expect(checked.all("unknown-member").first?.suggestion == "Note")
        let none = Checked(
            """
            service: s
            backend: { xml: {}, upstream: s }
            types: { Line: { omit: [Note] } }
            routes: { POST /a: {} }
            """)
        #expect(none.all("misplaced-key").first?.line == 3, "\(none.load.diagnostics)")
    }

    @Test("a service that no mapping has is told as such, with the one that has the operation")
    func services() throws {
        let checked = Checked(
            "service: shop\nbackend: { grpc: { contract: shop.binpb }, upstream: s }\n",
            """
            service: s
            backend: { soap: { contract: t.wsdl } }
            routes:
              GET /a:
                steps:
                  one: { call: orders.GetOrder, request: {} }
                response: {}
            """)
        let found = try #require(checked.all("unknown-operation").first)
        #expect(found.message == "no mapping has the service `orders`")
        #expect(found.expected == "one of s, shop" && found.suggestion == "shop.GetOrder")
        let own = Checked.soap("  POST /a: { call: Stre }\n")
        #expect(own.all("unknown-operation").first?.suggestion == "Store")
    }

    @Test("a table's misspelt name is told once, where it is read")
    func tableNames() {
        let checked = Checked.grpc(
            "  GET /o/{id}: { call: GetOrder, request: { id: \"${lookup(nmaes, path.id)}\" } }\n",
            "tables: { names: { a: b } }")
        #expect(checked.codes == ["unknown-table"], "\(checked.load.diagnostics)")
        #expect(checked.load.diagnostics.first?.suggestion == "names")
    }

    @Test("entries of a table that their target never takes are told at the entry")
    func tables() throws {
        let checked = Checked.soap(
            """
              POST /a:
                call: Store
                request:
                  Line:
                    - ${for l in body.lines}:
                        Sku: a
                        Kind: ${default(lookup(kinds, l.kind), 'SLOW')}
                        Note: ${lookup(kinds, 'b')}
            """, "tables:\n  kinds:\n    a: FAST\n    b: SLWO\n    c: SLOW")
        let found = checked.all("wrong-entry")
        #expect(found.count == 1, "\(checked.load.diagnostics)")
        let entry = try #require(found.first)
        #expect(entry.line == 6 && entry.column == 8 && entry.suggestion == "SLOW")
        #expect(entry.severity == .warning && entry.related.first?.position.line == 15)
        let one = Checked.soap(
            """
              POST /a:
                call: Store
                request:
                  Line: [{ Sku: a, Kind: "${lookup(kinds, 'a')}" }, { Sku: b }]
            """, "tables: { kinds: { a: FAST, b: SLWO } }")
        #expect(one.all("wrong-entry").isEmpty)
    }

    @Test("values that a parameter lists and its target never takes are told")
    func parameters() throws {
        let checked = Checked.grpc(
            """
              GET /customers/{customer}/orders:
                call: ListOrders
                parameters:
                  size: { in: query, schema: { enum: [ten, '20'] } }
                  fits: { in: query, schema: { enum: [OPEN] } }
                request:
                  customer: ${path.customer}
                  page_size: ${query.size}
                  status: ${query.fits}
            """)
        let found = checked.all("never-fits")
        #expect(found.count == 1, "\(checked.load.diagnostics)")
        #expect(found.first?.message.contains("may be \"ten\", and it is no integer") == true)
        #expect(found.first?.line == 12)
    }

    @Test("a list that must have items asks the body for as many")
    func counts() throws {
        let checked = Checked.soap(
            """
              POST /a:
                call: Store
                request:
                  Line: [{ "${for l in body.lines}": { Sku: "${l.sku}" } }]
                  Other: [{ "${for l in body.others}": { Sku: "${l.sku}" } }]
            """)
        let plan = try #require(checked.load.plan, "\(checked.load.diagnostics)")
        #expect(checked.codes.isEmpty)
        let outcome = FixtureRun(plan: plan).text(
            """
            > POST /a
            > {"lines":[{"sku":"a"}]}
            > POST /a
            > {}
            > POST /a
            > {"lines":[{"sku":"a"},{"sku":"b"}]}

            """)
        let answers = outcome.split(separator: "\n").filter {
            $0.hasPrefix("< message") || $0.hasPrefix("< violation")
        }
        #expect(answers.count == 3, "\(outcome)")
        #expect(answers[0].contains("/lines") && answers[0].contains("minItems"), "\(outcome)")
        #expect(answers[1].contains("required"), "\(outcome)")
        #expect(answers[2].contains("\"Line\""), "\(outcome)")
        let computed = Checked.soap(
            """
              POST /a:
                call: Store
                request:
                  Line:
                    - ${for l in body.lines.filter(l, l.sku != "")}:
                        Sku: ${l.sku}
            """)
        let warning = try #require(computed.all("may-be-empty").first)
        #expect(warning.message.contains("wants 2 items"))
        #expect(warning.line == 9 && warning.column == 22, "\(warning)")
    }

    @Test(
        "braces without `$` are told where they hold a path that is there",
        arguments: [
            ("customer: \"{body.name}\"", "${body.name}"),
            ("customer: \"{{body.name}}\"", "${body.name}"),
            ("customer: \"a {path.id} b ${body.x}\"", "a ${path.id} b ${body.x}"),
            ("customer: \"{path.it}\"", nil),
            ("customer: \"{id}\"", nil),
            ("customer: '{\"body\": {\"name\": 1}}'", nil),
            ("customer: \"{?body.name*}\"", nil),
            ("customer: \"$${body.name}\"", nil),
            ("customer: \"${ {'a': body.name}.a }\"", nil),
            ("customer: \"{files.name}\"", nil),
        ] as [(String, String?)])
    func braces(_ member: String, _ mended: String?) {
        let checked = Checked.grpc(
            "  POST /o/{id}: { call: ReplaceOrder, request: { id: \"${path.id}\", \(member) } }\n")
        let found = checked.all("constant-expression")
        #expect(found.map(\.suggestion) == (mended.map { [$0] } ?? []), "\(found)")
        #expect(checked.load.plan != nil, "\(checked.load.diagnostics)")
    }

    @Test("braces without `$` in headers, and without quotes")
    func otherBraces() {
        let checked = Checked.grpc(
            """
              POST /o/{id}:
                call: ReplaceOrder
                request: { id: "${path.id}", order: 1 }
                headers: { Location: "/o/{reply.id}" }
            """)
        let found = checked.all("constant-expression")
        #expect(found.map(\.suggestion) == ["/o/${reply.id}"], "\(checked.load.diagnostics)")
        #expect(found.first?.column == 30)
        let bare = Checked.grpc(
            """
              POST /o/{id}:
                call: ReplaceOrder
                request: { id: {path.id} }
            """)
        #expect(bare.all("wrong-type").first?.suggestion == "\"${path.id}\"")
    }

    @Test("`unknown_parameters` of the file holds for annotated routes and all that do not say it")
    func unknownParameters() throws {
        let rest = "annotated: keep\nunknown_parameters: [utm]"
        let checked = Checked.grpc(
            """
              GET /mine/{id}: { call: GetOrder, request: { id: "${path.id}" } }
              GET /own/{id}:
                call: GetOrder
                request: { id: "${path.id}" }
                unknown_parameters: refuse
            """, rest)
        let plan = try #require(checked.load.plan, "\(checked.load.diagnostics)")
        let outcome = FixtureRun(plan: plan).text(
            """
            > GET /v1/orders/7?utm=1
            > GET /v1/orders/7?utn=1
            > PUT /v1/orders/7?utm=1
            > {}
            > GET /mine/7?utm=1
            > GET /mine/7?utn=1
            > GET /own/7?utm=1

            """)
        let answers = outcome.split(separator: "\n").filter {
            $0.hasPrefix("< message") || $0.hasPrefix("< violation")
        }
        let isMade = answers.map { $0.hasPrefix("< message") }
        #expect(isMade == [true, false, true, true, false, false], "\(outcome)")
    }

    @Test("what follows from a wrong name is known by what it is about, not by its words")
    func followUps() {
        // The step bears the old name of a member, which is not what it is about.
        let checked = Checked.grpc(
            """
              GET /o/{id}: { call: GetOrder, response: { a: "${reply.customr}" } }
            """, "types: { Order: { rename: { customers: id2 } } }")
        #expect(checked.codes == ["unknown-member", "unknown-member"])
        let silent = Checked.grpc(
            """
              GET /o/{id}: { call: GetOrder, response: { a: "${reply.id2}" } }
            """, "types: { Order: { rename: { customers: id2 } } }")
        #expect(silent.codes == ["unknown-member"], "\(silent.load.diagnostics)")
    }
}
