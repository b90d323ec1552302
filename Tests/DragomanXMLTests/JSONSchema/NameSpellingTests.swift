// SPDX-License-Identifier: Apache-2.0
// `{uri}Name`, which XML-FORM.md says is always read: what the writer takes, the schema that
// requests are held against lists, and the one that people read does not.

import DragomanDocument
import Testing

@testable import DragomanXML

@Suite("Spellings of names in schemas")
struct NameSpellingTests {
    @Test("a type, after its pleasant names, and only in what requests are held against")
    func types() {
        let contract = TestContract(
            sequence("<xs:element name=\"s\" type=\"t:Shape\"/>", types: VaryingCases.shapes))
        #expect(
            contract.schema(.accepted).contains(
                #""@type":{"enum":["Circle","{urn:t}Circle"],"x-aliases":["{urn:t}Circle"]}"#))
        for form in [JSONSchemaWriter.Form.request, .reply] {
            #expect(contract.schema(form).contains(#""@type":{"enum":["Circle"]}"#))
            #expect(!contract.schema(form).contains("{urn:t}"))
        }
        let written = contract.write(#"{"s":{"@type":"{urn:t}Circle","n":"c","d":1}}"#)
        #expect(written == contract.write(#"{"s":{"@type":"Circle","n":"c","d":1}}"#))
        #expect(!written.hasPrefix("refused"), "\(written)")
    }

    @Test("XML Schema's own types")
    func builtIn() {
        let contract = TestContract(sequence("<xs:element name=\"a\" type=\"xs:anyType\"/>"))
        let name = "{http://www.w3.org/2001/XMLSchema}int"
        #expect(
            contract.schema(.accepted).contains(
                #""@type":{"enum":["xs:int","\#(name)"],"x-aliases":["\#(name)"]}"#))
        #expect(
            contract.write(#"{"a":{"@type":"\#(name)","value":5}}"#)
                == contract.write(#"{"a":{"@type":"xs:int","value":5}}"#))
    }

    @Test("elements of a substitution group and of a wildcard")
    func elements() {
        let group = TestContract(sequence("<xs:element ref=\"t:head\"/>", types: Self.group))
        #expect(
            group.schema(.accepted).contains(
                #""@element":{"enum":["one","{urn:t}one"],"x-aliases":["{urn:t}one"]}"#))
        #expect(
            group.write(#"{"head":{"@element":"{urn:t}one","value":"v"}}"#)
                == group.write(#"{"head":{"@element":"one","value":"v"}}"#))
        let wild = TestContract(sequence("<xs:any processContents=\"strict\"/>", types: Self.group))
        #expect(
            wild.schema(.accepted).contains(
                ##""{urn:t}one":{"x-alias-of":"one","$ref":"#/$defs/any/properties/one"}"##))
        #expect(
            wild.write(#"{"@any":[{"{urn:t}one":"v"}]}"#) == wild.write(#"{"@any":[{"one":"v"}]}"#))
    }

    private static let group = """
        <xs:element name="head" type="xs:string"/>
        <xs:element name="one" type="xs:string" substitutionGroup="t:head"/>
        """
}
