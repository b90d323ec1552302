// SPDX-License-Identifier: Apache-2.0
// Building Documents, referring from one to another, finding places, and numbers by their digits.

import DragomanDocument
import Testing

@Suite("Document")
struct DocumentTests {
    @Test("builds what is appended, in order")
    func building() {
        let pool = ConstantPool()
        let document = Document()
        document.beginObject()
        document.key("n")
        document.append(Int64.min)
        document.key(pool.text("u"))
        document.append(UInt64.max)
        document.key("list")
        document.beginArray()
        document.append(true)
        document.appendNull()
        document.append(constant: pool.text("a\"b"))
        document.append(1.0)
        document.append(0.1 as Float)
        document.append(-1.5e300)
        document.endArray()
        document.endObject()
        #expect(
            document.root?.json
                == #"{"n":-9223372036854775808,"u":18446744073709551615,"#
                + #""list":[true,null,"a\"b",1,0.1,-1.5e+300]}"#)
        #expect(document.root?.count == 3)
        #expect(document.root?.member("list")?.count == 6)
    }

    @Test("refers to values of another Document without copying them")
    func references() throws {
        let source = try Document.reading(#"{"a":{"b":[1,"x"]},"s":"t"}"#)
        let root = try #require(source.root)
        let document = Document()
        document.beginArray()
        document.append(reference: root)
        document.append(reference: try #require(root.member("s")))
        document.append(reference: try #require(root.value(at: "/a/b/1")))
        document.append(string: "own")
        document.endArray()
        #expect(document.root?.json == #"[{"a":{"b":[1,"x"]},"s":"t"},"t","x","own"]"#)
        let item = try #require(document.root?.item(0)?.value(at: "/a/b"))
        #expect(source.pointer(to: DocumentPlace(item)) == "/a/b")
        #expect(document.pointer(to: DocumentPlace(item)) == nil)
        let copy = Document()
        copy.append(copy: try #require(document.root))
        #expect(copy.root?.json == document.root?.json)
    }

    @Test(
        "a place and its pointer lead to each other",
        arguments: [
            "", "/a", "/a/0", "/a/1/~0x~1y", "/a/1/~0x~1y/z", "/b",
        ])
    func pointers(_ pointer: String) throws {
        let document = try Document.reading(#"{"a":[1,{"~x/y":{"z":[]}}],"b":null}"#)
        let node = try #require(document.root?.value(at: pointer))
        #expect(document.pointer(to: DocumentPlace(node)) == pointer)
    }

    @Test("arenas give memory back")
    func shrinking() throws {
        let document = Document()
        for _ in 0..<100_000 { document.append(string: "some text") }
        document.removeAll(keepingAtMost: 4096)
        #expect(document.isEmpty && document.bytesUsed == 0)
        document.append(string: "x")
        #expect(document.root?.json == #""x""#)
    }

    @Test("an output buffer opens gaps, grows and truncates")
    func output() {
        let output = OutputBuffer(capacity: 1)
        for index in 0..<200 { output.append(decimal: Int64(index)) }
        output.truncate(to: 4)
        output.openGap(at: 2, size: 2)
        output.replace(at: 2, 0x2D)
        output.replace(at: 3, 0x2D)
        #expect(output.string == "01--23")
        output.removeAll()
        output.append(decimal: UInt64.max)
        output.append(decimal: Int64.min)
        #expect(output.string == "18446744073709551615-9223372036854775808")
    }
}

@Suite("ExactNumber")
struct ExactNumberTests {
    private func compare(_ left: String, _ right: String) -> Int {
        var left = left
        var right = right
        return left.withUTF8 { a in
            right.withUTF8 { b in
                ExactNumber.compare(
                    ExactNumber(UnsafeRawBufferPointer(a)),
                    ExactNumber(UnsafeRawBufferPointer(b)))
            }
        }
    }

    @Test(
        "compares by value, however a number is written",
        arguments: [
            ("1", "1.0", 0), ("1", "1e0", 0), ("100", "1e2", 0), ("0.01", "1e-2", 0),
            ("-0", "0.0e5", 0), ("10", "9.99", 1), ("-10", "-9.99", -1), ("1e400", "1e399", 1),
            ("0.1", "0.10000000000000000000001", -1), ("12.5", "1.25e1", 0), ("1e1000000", "1", 1),
            ("9007199254740993", "9007199254740992", 1), ("-1", "1", -1), ("0", "1e-400", -1),
            ("1050", "10.5e2", 0), ("0.00105", "105e-5", 0),
        ])
    func comparison(_ left: String, _ right: String, _ order: Int) {
        #expect(compare(left, right).signum() == order)
        #expect(compare(right, left).signum() == -order)
    }

    @Test(
        "integers are exact, or nil",
        arguments: [
            ("9223372036854775807", Int64.max), ("-9223372036854775808", Int64.min),
            ("9223372036854775808", nil), ("1.0", 1), ("1e3", 1000), ("1.5", nil), ("1e30", nil),
            ("-12e-1", nil), ("120e-1", 12), ("0e99999999999999", 0), ("-0", 0),
        ] as [(String, Int64?)])
    func integers(_ text: String, _ value: Int64?) throws {
        let document = try Document.reading(text)
        #expect(document.root?.int64 == value)
    }

    @Test(
        "doubles are the nearest",
        arguments: [
            "0.1", "1e22", "1e23", "123456789012345678", "5e-324", "1.7976931348623157e308", "-0.3",
            "4.35", "9007199254740993", "1e-400", "2.2250738585072011e-308",
        ])
    func doubles(_ text: String) throws {
        let document = try Document.reading(text)
        #expect(document.root?.double == Double(text))
    }
}
