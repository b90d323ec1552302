// SPDX-License-Identifier: Apache-2.0
// Several wildcards in one content model: an element is of the one that admits it where it stands.

import DragomanDocument
import Testing

@testable import DragomanXML

@Suite("Several wildcards")
struct SeveralWildcardTests {
    /// One of a known namespace first, then any number of another's.
    private let ordered = TestContract(
        sequence(
            """
            <xs:any namespace="urn:a" processContents="lax"/>
            <xs:any namespace="urn:b" processContents="skip" minOccurs="0" maxOccurs="unbounded"/>
            """))
    /// Either one of a known namespace, or many of others.
    private let choice = TestContract(
        sequence(
            """
            <xs:choice><xs:any namespace="urn:a" processContents="lax"/>
            <xs:any namespace="urn:b urn:c" processContents="lax" maxOccurs="3"/></xs:choice>
            """))
    /// Declared elements of the contract's own namespace, and anything of others.
    private let mixture = TestContract(
        sequence(
            """
            <xs:choice maxOccurs="unbounded">
            <xs:any namespace="##targetNamespace" processContents="strict"/>
            <xs:any namespace="##other" processContents="skip"/></xs:choice>
            """, types: "<xs:element name=\"known\" type=\"xs:int\"/>"))

    private static let a = #""<a:x xmlns:a='urn:a'/>""#
    private static let b = #""<b:y xmlns:b='urn:b'/>""#

    private func content(_ items: String...) -> String {
        "{\"@content\":[\(items.map { "{\"@any\":\($0)}" }.joined(separator: ","))]}"
    }

    @Test("in order: each stands where its namespace is admitted")
    func inOrder() {
        #expect(!ordered.write(content(Self.a, Self.b, Self.b)).hasPrefix("refused"))
        for wrong in [content(Self.b), content(Self.b, Self.a), content(Self.a, Self.a)] {
            let refused = ordered.write(wrong)
            #expect(refused.contains("has no place where it stands"), "\(refused)")
        }
        #expect(ordered.write(content(#""<c xmlns='urn:c'/>""#)).contains("of a namespace not"))
        let xml = of("<a:x xmlns:a=\"urn:a\"/><b:y xmlns:b=\"urn:b\"/>")
        let json = ordered.read(xml)
        #expect(json.contains("\"@any\""))
        #expect(!ordered.write(json).hasPrefix("refused"), "\(json)")
    }

    @Test("in a choice: the branch that admits what is there")
    func inAChoice() {
        func value(_ items: String...) -> String { "{\"@any\":[\(items.joined(separator: ","))]}" }
        #expect(!choice.write(value(Self.a)).hasPrefix("refused"))
        #expect(!choice.write(value(Self.b, Self.b)).hasPrefix("refused"))
        #expect(choice.write(value(Self.a, Self.a)).hasPrefix("refused"))
        #expect(choice.write(value(Self.b, Self.a)).hasPrefix("refused"))
    }

    @Test("strict beside skip: what is strict stays so, and what is declared has its form")
    func strictBesideSkip() {
        let known = mixture.read(of("<t:known>5</t:known><b:y xmlns:b=\"urn:b\"/>"))
        #expect(known.contains(#"{"@any":{"known":5}}"#), "\(known)")
        #expect(!mixture.write(known).hasPrefix("refused"), "\(known)")
        let unknown = mixture.write(#"{"@choice":[{"@any":"<x xmlns='urn:t'/>"}]}"#)
        #expect(unknown.contains("not declared"), "\(unknown)")
        #expect(mixture.schema().contains(#""known":{"type":"integer""#))
    }

    @Test("the schema says which declared elements may stand where")
    func schema() {
        let contract = TestContract(
            sequence(
                """
                <xs:any namespace="##targetNamespace" processContents="strict"/>
                <xs:any namespace="##other" processContents="lax"/>
                """, types: "<xs:element name=\"known\" type=\"xs:int\"/>"))
        let schema = contract.schema()
        #expect(
            schema.contains(
                #""@any":{"type":["object"],"propertyNames":{"enum":["r","known"]}}"#
            ),
            "\(schema)")
        #expect(schema.contains(#""@any":{"type":["string"]}"#), "\(schema)")
    }
}
