// SPDX-License-Identifier: Apache-2.0
// JSON in, Envelope out.

import DragomanDocument
import Testing

@testable import DragomanXML

@Suite("SOAPRequestWriter")
struct SOAPRequestTests {
    let orders: SOAPFixture
    let orders12: SOAPFixture

    init() throws {
        orders = try #require(SOAPFixture([("orders.wsdl", OrdersWSDL.text)]))
        orders12 = try #require(
            SOAPFixture(
                [("orders.wsdl", OrdersWSDL.text)],
                selection: SOAPSelection(version: .soap12)))
    }

    private func body(_ inner: String, header: String = "", version: SOAPVersion = .soap11)
        -> String
    {
        let head = header.isEmpty ? "" : "<s:Header>\(header)</s:Header>"
        return "<s:Envelope xmlns:s='\(version.envelope)'>\(head)<s:Body>\(inner)</s:Body>"
            + "</s:Envelope>"
    }

    @Test("compiles the contract without a problem")
    func compiles() {
        #expect(orders.problems.all.map(\.description) == [])
        #expect(
            orders.contract.operations.map(\.name) == [
                "PlaceOrder", "GetOrder", "Ping", "Add", "Reset", "Both",
            ])
        #expect(orders.contract.omitted.map(\.name) == ["Notify"])
        #expect(orders.contract.address == "http://orders.example:8080/soap")
        #expect(orders12.contract.address == "http://orders.example:8080/soap12")
    }

    @Test("writes a document/literal body in the schema's order")
    func document() throws {
        let xml = try orders.request(
            "PlaceOrder", #"{"Line":[{"Qty":2,"Item":"a<b"}],"Number":"7"}"#)
        let wanted = body(
            "<PlaceOrder xmlns='urn:orders'><Number>7</Number><Line><Item>a&lt;b</Item>"
                + "<Qty>2</Qty></Line></PlaceOrder>")
        #expect(Infoset.text(xml) == Infoset.text(wanted))
    }

    @Test("names the action as each version does")
    func actions() throws {
        let one = try #require(orders.contract.operation(named: "PlaceOrder"))
        #expect(one.contentType == "text/xml; charset=utf-8")
        #expect(one.soapAction == "\"urn:orders:PlaceOrder\"")
        let two = try #require(orders12.contract.operation(named: "PlaceOrder"))
        #expect(
            two.contentType
                == "application/soap+xml; charset=utf-8; action=\"urn:orders:PlaceOrder\"")
        #expect(two.soapAction == nil)
    }

    @Test("writes rpc parts without namespace in a wrapper of the binding's")
    func rpc() throws {
        let xml = try orders.request("Add", #"{"b":2,"a":1}"#)
        let wanted = body("<r:Add xmlns:r='urn:rpc'><a>1</a><b>2</b></r:Add>")
        #expect(Infoset.text(xml) == Infoset.text(wanted))
    }

    @Test("writes an empty body, and refuses members there")
    func empty() throws {
        #expect(Infoset.text(try orders.request("Reset", "{}")) == Infoset.text(body("")))
        #expect(throws: TranslationError.self) { try orders.request("Reset", #"{"a":1}"#) }
        #expect(throws: TranslationError.self) { try orders.request("Reset", "[]") }
    }

    @Test("writes several parts by part name")
    func several() throws {
        let xml = try orders.request("Both", #"{"second":"2","first":"1"}"#)
        let wanted = body(
            "<Ping xmlns='urn:orders'>1</Ping><Trace xmlns='urn:orders'>2</Trace>")
        #expect(Infoset.text(xml) == Infoset.text(wanted))
    }

    @Test("writes header parts in the contract's order, with mustUnderstand and role")
    func headers() throws {
        let header =
            #"{"Trace":"x","Auth":{"UserName":"me","Pin":5,"@mustUnderstand":true,"#
            + #""@role":"urn:r"}}"#
        for (fixture, version) in [(orders, SOAPVersion.soap11), (orders12, .soap12)] {
            let xml = try fixture.request("PlaceOrder", #"{"Number":"7"}"#, header: header)
            let must =
                version == .soap11
                ? "s:mustUnderstand='1' s:actor='urn:r'" : "s:mustUnderstand='true' s:role='urn:r'"
            let wanted = body(
                "<PlaceOrder xmlns='urn:orders'><Number>7</Number></PlaceOrder>",
                header: "<Auth xmlns='urn:orders' \(must)><UserName>me</UserName><Pin>5</Pin>"
                    + "</Auth><Trace xmlns='urn:orders'>x</Trace>", version: version)
            #expect(Infoset.text(xml) == Infoset.text(wanted))
        }
    }

    @Test("leaves out a header part without members, and refuses one that is not declared")
    func absentHeaders() throws {
        let xml = try orders.request("PlaceOrder", #"{"Number":"7"}"#, header: #"{"Auth":{}}"#)
        #expect(!xml.contains("Auth"))
        #expect(throws: TranslationError.self) {
            try orders.request("PlaceOrder", #"{"Number":"7"}"#, header: #"{"Other":1}"#)
        }
    }

    @Test("says where a value does not fit")
    func misfit() throws {
        #expect(throws: TranslationError.self) {
            try orders.request("PlaceOrder", #"{"Number":"7","Line":[{"Item":"a","Qty":"x"}]}"#)
        }
        #expect(throws: TranslationError.self) { try orders.request("PlaceOrder", "{}") }
        #expect(throws: TranslationError.self) {
            try orders.request("PlaceOrder", #"{"Number":"7","No":1}"#)
        }
    }
}
