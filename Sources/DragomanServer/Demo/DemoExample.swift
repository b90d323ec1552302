// SPDX-License-Identifier: Apache-2.0
// The curl lines of the sample shop, with what they answer: the status, and the body to the
// letter. `.ci/demo` runs each and compares.

struct DemoExample {
    let title: String
    let path: String
    var body: String?
    let status: Int
    let answer: String

    /// The line's arguments behind curl's own; `url` is the gateway's.
    func arguments(_ url: String) -> String {
        let data = body.map { " --json '\($0)'" } ?? ""
        return "'\(url)\(path)'\(data)"
    }

    static let all: [DemoExample] = [
        DemoExample(
            title: "Place an order, over gRPC:", path: "/orders",
            body: #"{"customer":"Ada Lovelace","lines":[{"sku":"TEA-0001","quantity":2}]}"#,
            status: 201,
            answer: #"{"id":"1001","customer":"Ada Lovelace","lines":[{"sku":"TEA-0001","#
                + #""quantity":2,"unitPrice":"590"}],"status":"PLACED","#
                + #""placed":"2026-11-21T09:00:00Z","total":"1180"}"#),
        DemoExample(
            title: "What is wrong with an order is said all at once, with places:",
            path: "/orders",
            body: #"{"customer":"","lines":[{"sku":"tea","quantity":0}]}"#, status: 400,
            answer: #"{"type":"urn:dragoman:problem:validation","#
                + #""title":"The request does not fit its contract","status":400,"#
                + #""detail":"There are 3 violations.","errors":["#
                + #"{"pointer":"/customer","keyword":"minLength","#
                + #""detail":"must have at least 1 character, but has 0"},"#
                + #"{"pointer":"/lines/0/sku","keyword":"pattern","#
                + #""detail":"must match the pattern ^[A-Z]{3}-[0-9]{4}$"},"#
                + #"{"pointer":"/lines/0/quantity","keyword":"minimum","#
                + #""detail":"must be at least 1"}]}"#),
        DemoExample(
            title: "A gRPC error becomes a problem:", path: "/orders/7", status: 404,
            answer: #"{"type":"urn:dragoman:problem:grpc-not-found","#
                + #""title":"The backend answered with the status NOT_FOUND","status":404,"#
                + #""detail":"There is no order 7","grpc":{"code":5,"status":"NOT_FOUND","#
                + #""message":"There is no order 7","details":[]}}"#),
        DemoExample(
            title: "Routes come from the contract's own annotations, too:",
            path: "/orders?customer=Grace%20Hopper", status: 200,
            answer: #"{"orders":[{"id":"1000","customer":"Grace Hopper","lines":["#
                + #"{"sku":"TEA-0002","quantity":1,"unitPrice":"1250"}],"status":"PLACED","#
                + #""placed":"2026-11-21T09:00:00Z","total":"1250"}]}"#),
        DemoExample(
            title: "Ask the SOAP service for its stock (null is null, one shelf is a list):",
            path: "/stock/TEA-0001", status: 200,
            answer: #"{"item":"TEA-0001","available":42,"nextDelivery":null,"#
                + #""shelves":[{"hall":"B","Place":"12/3","Pieces":42}]}"#),
        DemoExample(
            title: "Put three pieces aside:", path: "/stock/TEA-0002/reservations",
            body: #"{"pieces":3}"#, status: 201,
            answer: #"{"reservation":"R-TEA-0002-3","until":"2026-11-22T09:00:00Z"}"#),
        DemoExample(
            title: "A SOAP fault is typed:", path: "/stock/TEA-0002/reservations",
            body: #"{"pieces":30}"#, status: 400,
            answer: #"{"type":"urn:dragoman:problem:soap-fault","#
                + #""title":"The backend answered with a SOAP fault","status":400,"#
                + #""detail":"Only 7 left","fault":{"code":"Client","reason":"Only 7 left","#
                + #""detail":{"OutOfStock":{"Item":"TEA-0002","Available":7}}}}"#),
        DemoExample(
            title: "… and the mapping may say what it means:", path: "/stock/CUP-0001",
            status: 404,
            answer: #"{"type":"https://shop.example/problems/unknown-item","#
                + #""title":"There is no such item","status":404,"#
                + #""detail":"We have never sold CUP-0001","fault":{"code":"Client","#
                + #""reason":"We have never sold CUP-0001","#
                + #""detail":{"UnknownItem":{"Item":"CUP-0001"}}},"item":"CUP-0001"}"#),
        DemoExample(
            title: "The catalogue speaks JSON over HTTP/2; its bytes pass as they are:",
            path: "/catalogue/TEA-0001", status: 200,
            answer: #"{"sku":"TEA-0001","name":"Assam, 250 g","price":5.90}"#),
    ]
}
