// SPDX-License-Identifier: Apache-2.0
// Names of contracts in paths (XML-FORM.md, "What import writes for SOAP").

import Testing

@testable import DragomanXML

@Suite("KebabCase")
struct KebabCaseTests {
    @Test(
        "cuts names into words",
        arguments: [
            ("getBank", "get-bank"), ("BLZService", "blz-service"),
            ("DWService_12", "dw-service-12"),
            ("ImageViewService.local", "image-view-service-local"),
            ("GetHTTPStatus2Code", "get-http-status2-code"), ("XMLHttpRequest", "xml-http-request"),
            ("GET_ALL__STORES", "get-all-stores"), ("a", "a"), ("_x_", "x"), ("ABC", "abc"),
            ("checkVatApprox", "check-vat-approx"), ("Straße", "stra-e"), ("9to5", "service-9to5"),
            ("日本", "service"), ("A", "a"), ("AB1C", "ab1-c"),
        ])
    func words(name: String, kebab: String) {
        #expect(KebabCase.make(name) == kebab)
    }

    @Test("numbers clashes from 2")
    func clashes() {
        var taken: Set<String> = []
        let names = (0..<3).map { _ in KebabCase.unique("a", among: &taken) }
        #expect(names == ["a", "a-2", "a-3"])
    }
}
