// SPDX-License-Identifier: Apache-2.0
// Arrays of SOAP encoding: dimensions, arrays of arrays, gaps, and Apache's Map.

import DragomanDocument
import Testing

@testable import DragomanXML

@Suite("Arrays of SOAP encoding")
struct SOAPArrayTests {
    private static func contract(_ arrayType: String) -> TestContract {
        TestContract(
            """
            <xs:import namespace="http://schemas.xmlsoap.org/soap/encoding/"/>
            <xs:element name="r" type="t:M"/>
            <xs:complexType name="M"><xs:complexContent>
              <xs:restriction base="e:Array" xmlns:e="http://schemas.xmlsoap.org/soap/encoding/">
                <xs:attribute ref="e:arrayType" w:arrayType="\(arrayType)"
                  xmlns:w="http://schemas.xmlsoap.org/wsdl/"/></xs:restriction>
              </xs:complexContent></xs:complexType>
            """)
    }

    private static func message(_ attributes: String, _ items: String) -> String {
        """
        <t:r xmlns:t="urn:t" xmlns:e="http://schemas.xmlsoap.org/soap/encoding/"
          xmlns:x="http://www.w3.org/2001/XMLSchema"
          xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \(attributes)>\(items)</t:r>
        """
    }

    private static func items(_ values: [Int]) -> String {
        values.map { "<i>\($0)</i>" }.joined()
    }

    @Test("two dimensions nest")
    func dimensions() {
        let contract = SOAPArrayTests.contract("xs:int[,]")
        let read = contract.read(
            SOAPArrayTests.message(
                "e:arrayType='x:int[2,3]'", SOAPArrayTests.items([1, 2, 3, 4, 5, 6])))
        #expect(read == "[[1,2,3],[4,5,6]]")
        let written = contract.write("[[1,2,3],[4,5,6]]")
        #expect(written.contains("arrayType=\"xs:int[2,3]\""))
        #expect(contract.read(written) == "[[1,2,3],[4,5,6]]")
        #expect(contract.read(contract.write("[[],[]]")) == "[[],[]]")
        #expect(contract.write("[[1,2],[3]]").hasPrefix("refused"))
    }

    @Test("three dimensions nest")
    func three() {
        let contract = SOAPArrayTests.contract("xs:int[,,]")
        let value = "[[[1,2],[3,4],[5,6]],[[7,8],[9,10],[11,12]]]"
        #expect(contract.read(contract.write(value)) == value)
    }

    @Test("arrays of arrays nest, the outermost brackets last")
    func arrays() {
        let contract = SOAPArrayTests.contract("xs:int[][,]")
        let value = "[[[1],[2,3]],[null,[]]]"
        let written = contract.write(value)
        #expect(written.contains("arrayType=\"xs:int[][2,2]\""), "\(written)")
        #expect(contract.read(written) == value)
    }

    @Test("what is left out is null, and is bounded")
    func gaps() {
        let contract = SOAPArrayTests.contract("xs:int[,]")
        #expect(
            contract.read(
                SOAPArrayTests.message(
                    "e:arrayType='x:int[2,2]'", "<i e:position='[1,0]'>7</i>"))
                == "[[null,null],[7,null]]")
        #expect(
            contract.read(
                SOAPArrayTests.message(
                    "e:arrayType='x:int[2,2]' e:offset='[0,1]'", SOAPArrayTests.items([1, 2])))
                == "[[null,1],[2,null]]")
        #expect(
            contract.read(
                SOAPArrayTests.message("e:arrayType='x:int[1,1]'", SOAPArrayTests.items([1, 2]))
            )
            .hasPrefix("refused"))
        #expect(
            contract.read(
                SOAPArrayTests.message("e:arrayType='x:int[100000,100000]'", "")
            )
            .hasPrefix("refused"))
        #expect(
            contract.read(SOAPArrayTests.message("", SOAPArrayTests.items([1]))).hasPrefix(
                "refused"))
        let deep = SOAPArrayTests.contract("xs:int[,,,,]")
        let huge = "1000000,1000000,1000000,1000000,1000000"
        #expect(
            deep.read(SOAPArrayTests.message("e:arrayType='x:int[\(huge)]'", ""))
                .hasPrefix("refused"))
        let simple = SOAPArrayTests.contract("xs:int[]")
        #expect(
            simple.read(SOAPArrayTests.message("", "<i e:position='[2]'>7</i>"))
                == "[null,null,7]")
        #expect(
            simple.read(SOAPArrayTests.message("", "<i e:position='[2000000000]'>7</i>"))
                .hasPrefix("refused"))
    }

    @Test("Apache's Map is an array of keys and values")
    func map() {
        let contract = TestContract(
            """
            <xs:import namespace="http://xml.apache.org/xml-soap"/>
            <xs:element name="r" type="a:Map" xmlns:a="http://xml.apache.org/xml-soap"/>
            """)
        let value = #"[{"key":"a","value":{"@type":"xs:int","value":1}}]"#
        let written = contract.write(value)
        #expect(written.contains("<item><key>a</key>"), "\(written)")
        #expect(contract.read(written) == value)
    }
}

@Suite("Patterns of integers")
struct IntegerPatternTests {
    @Test(
        "say exactly a range",
        arguments: [
            (0, 0), (0, 9), (1, 12), (-5, 5), (-128, 127), (17, 234), (-99, -7), (100, 1000),
            (-1, 0),
        ])
    func ranges(_ least: Int, _ most: Int) throws {
        let pattern = IntegerPattern.make(least: "\(least)", most: "\(most)")
        let expression = try Regex(pattern)
        for value in -1100...1100 {
            let isMatch = try expression.wholeMatch(in: "\(value)") != nil
            #expect(isMatch == (least...most).contains(value), "\(value) of \(pattern)")
        }
        if least <= 0, most >= 0 { #expect(try expression.wholeMatch(in: "-0") != nil) }
        if most > 0 { #expect(try expression.wholeMatch(in: "+00\(most)") != nil) }
    }

    @Test("leave a side open")
    func open() throws {
        let above = try Regex(IntegerPattern.make(least: "12", most: nil))
        #expect(try above.wholeMatch(in: "11") == nil)
        #expect(try above.wholeMatch(in: "12") != nil)
        #expect(try above.wholeMatch(in: "123456789012345678901234567890") != nil)
        let below = try Regex(IntegerPattern.make(least: nil, most: "-3"))
        #expect(try below.wholeMatch(in: "-2") == nil)
        #expect(try below.wholeMatch(in: "-30000000000000000000000") != nil)
    }
}
