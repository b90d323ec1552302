// SPDX-License-Identifier: Apache-2.0
// Envelope in, JSON out; faults; and everything that a backend may send instead.

import DragomanDocument
import Testing

@testable import DragomanXML

@Suite("SOAPReplyReader")
struct SOAPReplyTests {
    let orders: SOAPFixture

    init() throws {
        orders = try #require(SOAPFixture([("orders.wsdl", OrdersWSDL.text)]))
    }

    private func envelope(
        _ inner: String, header: String = "", version: SOAPVersion = .soap11
    ) -> String {
        "<?xml version='1.0'?><s:Envelope xmlns:s='\(version.envelope)' xmlns:o='urn:orders'>"
            + (header.isEmpty ? "" : "<s:Header>\(header)</s:Header>")
            + "<s:Body>\(inner)</s:Body></s:Envelope>"
    }

    private func failure(_ body: () throws -> SOAPFixture.Reply?) -> String {
        do {
            _ = try body()
            return "no error"
        } catch {
            return (error as? TranslationError)?.detail ?? "another error"
        }
    }

    @Test("text in place of the reply's element is no empty reply")
    func text() {
        #expect(
            failure { try orders.reply("PlaceOrder", envelope("{\"Id\": 5}")) }
                .contains("The reply's Body holds text"))
        #expect(failure { try orders.reply("PlaceOrder", envelope(" \n ")) } == "no error")
    }

    @Test("reads a reply, in one piece and drip-fed", arguments: [1, 2, 3, 7, 1 << 20])
    func reply(pieceBytes: Int) throws {
        let xml = envelope(
            "<o:PlaceOrderResponse><o:Id>9007199254740993</o:Id><o:Total>1.10</o:Total>"
                + "</o:PlaceOrderResponse>")
        let reply = try orders.reply("PlaceOrder", xml, pieceBytes: pieceBytes)
        #expect(reply?.outcome == .reply)
        #expect(reply?.json == #"{"Id":9007199254740993,"Total":1.10}"#)
    }

    @Test("reads scalars, nil, rpc results and empty replies")
    func forms() throws {
        #expect(
            try orders.reply("GetOrder", envelope("<o:GetOrderResponse>hé</o:GetOrderResponse>"))?
                .json == "\"hé\"")
        let nothing =
            "<o:GetOrderResponse xmlns:i='http://www.w3.org/2001/XMLSchema-instance' "
            + "i:nil='true'/>"
        #expect(try orders.reply("GetOrder", envelope(nothing))?.json == "null")
        #expect(
            try orders.reply("Add", envelope("<x:Any xmlns:x='urn:x'><sum>3</sum></x:Any>"))?
                .json == #"{"sum":3}"#)
        #expect(try orders.reply("Reset", envelope(""))?.json == "{}")
        #expect(
            try orders.reply("Both", envelope("<o:Ping>1</o:Ping><o:Trace>2</o:Trace>"))?.json
                == #"{"first":"1","second":"2"}"#)
        #expect(try orders.reply("Ping", "", status: 202)?.json == "{}")
        #expect(try orders.reply("Ping", envelope(""))?.json == "{}")
    }

    @Test("reads a SOAP 1.1 fault with a declared detail", arguments: [200, 400, 500])
    func fault11(status: Int) throws {
        let xml = envelope(
            "<s:Fault><faultcode>s:Client.Order</faultcode><faultstring>No order</faultstring>"
                + "<faultactor>urn:me</faultactor><detail><o:OrderNotFound><o:id>7</o:id>"
                + "</o:OrderNotFound></detail></s:Fault>")
        let reply = try orders.reply("GetOrder", xml, status: status)
        #expect(reply?.outcome == .fault)
        #expect(
            reply?.json == #"{"code":"Client.Order","reason":"No order","node":"urn:me","#
                + #""detail":{"OrderNotFound":{"id":7}}}"#)
    }

    @Test("reads a SOAP 1.2 fault, its reason by Accept-Language")
    func fault12() throws {
        let xml = envelope(
            "<s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>o:Late</s:Value>"
                + "</s:Subcode></s:Code><s:Reason><s:Text xml:lang='en'>late</s:Text>"
                + "<s:Text xml:lang='de-AT'>verspätet</s:Text></s:Reason>"
                + "<s:Node>urn:n</s:Node><s:Role>urn:r</s:Role>"
                + "<s:Detail><x:Odd xmlns:x='urn:x'>5</x:Odd></s:Detail></s:Fault>",
            version: .soap12)
        let reply = try orders.reply("GetOrder", xml, status: 500, language: "fr, de;q=0.5")
        #expect(
            reply?.json == #"{"code":"Sender","subcode":["{urn:orders}Late"],"#
                + #""reason":"verspätet","#
                + #""node":"urn:n","role":"urn:r","#
                + #""detail":{"@any":["<x:Odd xmlns:x=\"urn:x\">5</x:Odd>"]}}"#)
        #expect(try orders.reply("GetOrder", xml, status: 500)?.json.contains("late") == true)
    }

    @Test("reads faults that no specification would recognise")
    func oddFaults() throws {
        let text = envelope(
            "<s:Fault><faultcode>ERR</faultcode><faultfactor>x</faultfactor>"
                + "<faultstring>bad</faultstring><detail> words </detail></s:Fault>")
        #expect(
            try orders.reply("GetOrder", text)?.json
                == #"{"code":"ERR","reason":"bad","detail":{"@any":["words"]}}"#)
        let misfit = envelope(
            "<s:Fault><faultcode>s:Server</faultcode><faultstring>bad</faultstring>"
                + "<detail><o:OrderNotFound><o:id>x</o:id></o:OrderNotFound></detail></s:Fault>")
        let reply = try orders.reply("GetOrder", misfit)
        #expect(reply?.json == #"{"code":"Server","reason":"bad","detail":{}}"#)
        #expect(reply?.mismatches.isEmpty == false)
    }

    @Test("tells the client's faults from the backend's")
    func codes() {
        func isClient(_ code: String) -> Bool {
            Array(code.utf8).withUnsafeBytes { OperationPlan.isClientFault($0) }
        }
        #expect(isClient("Client") && isClient("Sender") && isClient("Client.Authentication"))
        #expect(!isClient("Server") && !isClient("Clientele") && !isClient("{urn:x}Client"))
    }

    @Test("reads declared header blocks, and undeclared ones by local name")
    func headers() throws {
        let xml = envelope(
            "<o:PlaceOrderResponse><o:Id>1</o:Id></o:PlaceOrderResponse>",
            header: "<o:Trace>t</o:Trace><x:More xmlns:x='urn:x'>1</x:More>")
        #expect(
            try orders.reply("PlaceOrder", xml)?.headers
                == #"{"Trace":"t","More":"<x:More xmlns:x=\"urn:x\">1</x:More>"}"#)
    }

    @Test("refuses a header that must be understood, unless it is security's or another's")
    func mustUnderstand() throws {
        func reply(_ block: String) throws -> SOAPFixture.Reply? {
            try orders.reply(
                "PlaceOrder",
                envelope(
                    "<o:PlaceOrderResponse><o:Id>1</o:Id></o:PlaceOrderResponse>", header: block))
        }
        #expect(
            failure { try reply("<x:A xmlns:x='urn:x' s:mustUnderstand='1'/>") }
                .contains("must be understood"))
        let security =
            "xmlns:x='http://docs.oasis-open.org/wss/2004/01/"
            + "oasis-200401-wss-wssecurity-secext-1.0.xsd'"
        #expect(try reply("<x:Security \(security) s:mustUnderstand='1'/>")?.outcome == .reply)
        let other = "<x:A xmlns:x='urn:x' s:mustUnderstand='1' s:actor='urn:somebody'/>"
        #expect(try reply(other)?.outcome == .reply)
    }

    @Test("says in a sentence what is wrong with what is no reply")
    func refusals() throws {
        func sentence(_ xml: String, status: Int = 200, type: String? = "text/xml") -> String {
            failure { try orders.reply("PlaceOrder", xml, status: status, type: type) }
        }
        #expect(sentence("<html/>").contains("HTML"))
        #expect(sentence("hello", status: 503, type: "text/html").contains("HTML page"))
        #expect(sentence("<a/>").contains("not with a SOAP Envelope"))
        #expect(sentence("<!DOCTYPE a []><a/>").contains("DOCTYPE"))
        #expect(sentence(envelope("<o:Wrong/>")).contains("where the contract has"))
        #expect(sentence("", status: 200).contains("empty"))
        #expect(sentence("", status: 503).contains("503"))
        #expect(sentence("not xml", status: 502).contains("502"))
        #expect(sentence("<s:Envelope xmlns:s='urn:x'/>").contains("namespace"))
        #expect(
            sentence("<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'/>")
                .contains("no Body"))
        let whole = envelope("<o:PlaceOrderResponse><o:Id>1</o:Id></o:PlaceOrderResponse>")
        #expect(sentence(whole, status: 503).contains("503"))
        for length in stride(from: 1, to: whole.utf8.count, by: 5) {
            let cut = String(decoding: Array(whole.utf8).prefix(length), as: UTF8.self)
            #expect(sentence(cut) != "no error", "\(cut)")
        }
    }

    @Test("is used again, whatever became of the last reply")
    func reuse() throws {
        let plan = try #require(orders.contract.operation(named: "PlaceOrder"))
        let reader = SOAPReplyReader(plans: plan.plans)
        let document = Document()
        let good = envelope("<o:PlaceOrderResponse><o:Id>1</o:Id></o:PlaceOrderResponse>")
        for text in ["<s:Enve", good, envelope("<s:Fault/>"), "<html>", good] {
            reader.begin(plan, status: 200, contentType: nil, into: document)
            do {
                try Array(text.utf8).withUnsafeBytes { try reader.feed($0) }
                _ = try reader.finish()
            } catch {}
            if text == good {
                let json = withExtendedLifetime(document) { document.root?.json }
                #expect(json == #"{"Id":1}"#)
            }
        }
    }

    @Test("reads what the transport or the document says of its encoding")
    func encodings() throws {
        let plan = try #require(orders.contract.operation(named: "GetOrder"))
        let text = envelope("<o:GetOrderResponse>hé€</o:GetOrderResponse>")
        let utf16: [UInt8] =
            [0xFF, 0xFE]
            + text.utf16.flatMap {
                [UInt8($0 & 0xFF), UInt8($0 >> 8)]
            }
        let latin = Array(
            envelope("<o:GetOrderResponse>h\u{1}</o:GetOrderResponse>").utf8
        ).map { $0 == 1 ? 0xE9 : $0 }
        let declared =
            Array("<?xml version='1.0' encoding='ISO-8859-1'?>".utf8)
            + latin.dropFirst("<?xml version='1.0'?>".utf8.count)
        let cases: [([UInt8], String, String)] = [
            (utf16, "text/xml", "\"hé€\""),
            (latin, "text/xml; charset=\"iso-8859-1\"", "\"hé\""),
            (declared, "text/xml", "\"hé\""),
        ]
        for (bytes, type, wanted) in cases {
            let reader = SOAPReplyReader(plans: plan.plans)
            let document = Document()
            Array(type.utf8).withUnsafeBytes {
                reader.begin(plan, status: 200, contentType: $0, into: document)
            }
            try bytes.withUnsafeBytes { try reader.feed($0) }
            #expect(try reader.finish() == .reply)
            #expect(withExtendedLifetime(document) { document.root?.json } == wanted)
        }
    }

    @Test("completes what a person wrote down to an Envelope")
    func completed() throws {
        func completed(_ text: String) throws -> String? {
            let bytes = SOAPEnvelope.completed(Array(text.utf8), version: .soap11)
            return try orders.reply("GetOrder", String(decoding: bytes, as: UTF8.self))?.json
        }
        let inner = "<o:GetOrderResponse xmlns:o='urn:orders'>x</o:GetOrderResponse>"
        #expect(try completed(inner) == "\"x\"")
        #expect(try completed("<?xml version='1.0'?><!-- <a> -->\(inner)") == "\"x\"")
        #expect(try completed(envelope(inner)) == "\"x\"")
    }
}
