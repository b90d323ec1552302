// SPDX-License-Identifier: Apache-2.0
// Numbers are compared by what they are worth, never through a double.
import Testing

@testable import DragomanDocument
@testable import DragomanSchema

@Suite("Numbers in schemas")
struct NumberTests {
    static let cases: [(String, String, Bool)] = [
        (#"{"const":1}"#, "1.0", true), (#"{"const":1}"#, "1e0", true),
        (#"{"enum":[1e400]}"#, "10e399", true), (#"{"enum":[0]}"#, "-0.0", true),
        (#"{"const":12345678901234567890}"#, "12345678901234567891", false),
        (#"{"minimum":9007199254740993}"#, "9007199254740992", false),
        (#"{"maximum":1e1000000}"#, "1e999999", true),
        (#"{"maximum":1e1000000}"#, "1e1000001", false),
        (#"{"minimum":0.5}"#, "0", false), (#"{"minimum":0.5}"#, "1", true),
        (#"{"maximum":-0.5}"#, "0", false), (#"{"maximum":-0.5}"#, "-1", true),
        (#"{"exclusiveMinimum":1.0}"#, "1", false), (#"{"exclusiveMinimum":1.0}"#, "2", true),
        (#"{"exclusiveMinimum":-1}"#, "-1", false), (#"{"exclusiveMinimum":-1}"#, "0", true),
        (#"{"minimum":5,"exclusiveMinimum":5}"#, "5", false),
        (#"{"minimum":5,"exclusiveMinimum":5}"#, "5.0", false),
        (#"{"minimum":9223372036854775807}"#, "9223372036854775807", true),
        (#"{"exclusiveMinimum":9223372036854775807}"#, "9223372036854775807", false),
        (#"{"minimum":-9223372036854775808}"#, "-9223372036854775809", false),
        (#"{"type":"integer"}"#, "1e400", true), (#"{"type":"integer"}"#, "1e-1", false),
        (#"{"multipleOf":0.01}"#, "12.34", true), (#"{"multipleOf":0.01}"#, "12.345", false),
        (#"{"multipleOf":0.0001}"#, "0.0075", true), (#"{"multipleOf":1.5}"#, "4.5", true),
        (#"{"multipleOf":3}"#, "1e1000000", false), (#"{"multipleOf":8}"#, "1e1000000", true),
        (#"{"multipleOf":7}"#, "7e1000000", true), (#"{"multipleOf":1e-8}"#, "12391239123", true),
        (#"{"multipleOf":123456789012345678901234567890}"#, "246913578024691357802469135780", true),
        (
            #"{"multipleOf":123456789012345678901234567890}"#, "246913578024691357802469135781",
            false
        ),
        (#"{"multipleOf":18446744073709551615}"#, "36893488147419103230", true),
        (#"{"multipleOf":18446744073709551615}"#, "36893488147419103231", false),
        (#"{"multipleOf":10}"#, "1", false), (#"{"multipleOf":10}"#, "-20", true),
        (#"{"uniqueItems":true}"#, "[1,1.0]", false), (#"{"uniqueItems":true}"#, "[0,false]", true),
        (#"{"minLength":2.0}"#, #""ab""#, true), (#"{"maxItems":1e2}"#, "[1]", true),
    ]

    @Test("exact", arguments: cases)
    func exact(_ schema: String, _ instance: String, _ expected: Bool) throws {
        let program = try compile(schema)
        #expect(program.isValid(instance) == expected)
        #expect(program.complaints(instance).isEmpty == expected)
    }

    @Test("values are equal as JSON has it")
    func equality() {
        let equal: [(String, String)] = [
            (#"{"a":1,"b":[2]}"#, #"{"b":[2.0],"a":1}"#), ("[]", "[ ]"), ("1e2", "100"),
        ]
        for (left, right) in equal {
            let a = json(left)
            let b = json(right)
            guard let x = a.root, let y = b.root else { continue }
            #expect(ValueEquality.equal(x, y))
            #expect(ValueHash.hash(x) == ValueHash.hash(y))
        }
        let different: [(String, String)] = [
            ("\"\u{e9}\"", "\"e\u{301}\""), ("1", "true"), ("0", "false"), ("[1,2]", "[2,1]"),
            (#"{"a":1}"#, #"{"a":1,"b":1}"#), ("null", "false"),
        ]
        for (left, right) in different {
            let a = json(left)
            let b = json(right)
            guard let x = a.root, let y = b.root else { continue }
            #expect(!ValueEquality.equal(x, y))
        }
    }

    @Test("large arrays and objects are compared without pairs")
    func large() throws {
        let program = try compile(#"{"uniqueItems":true}"#)
        let items = (0..<5000).map { #"{"a":\#($0),"b":["x"]}"# }
        #expect(program.isValid("[" + items.joined(separator: ",") + "]"))
        #expect(!program.isValid("[" + (items + [items[7]]).joined(separator: ",") + "]"))
        let members = (0..<100).map { "\"m\($0)\":\($0)" }
        let forwards = "{" + members.joined(separator: ",") + "}"
        let backwards = "{" + members.reversed().joined(separator: ",") + "}"
        #expect(!program.isValid("[\(forwards),\(backwards)]"))
    }
}
