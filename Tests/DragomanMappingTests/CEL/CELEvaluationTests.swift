// SPDX-License-Identifier: Apache-2.0
// What expressions give, feature by feature: type and text of the result.

import DragomanMapping
import Testing

/// The result as `type text`, or why there is none.
private func give(_ source: String, _ bindings: [String: CELValue] = [:]) -> String {
    var suite = CELSuite()
    for name in bindings.keys { suite.names[name] = .dyn }
    do throws(CELSuite.Refusal) {
        switch try suite.compile(source).evaluate(bindings) {
        case .success(let value): return value.typeName + " " + value.text
        case .failure(let failure): return "failure: " + failure.message
        }
    } catch {
        return "refused: " + error.messages.joined(separator: "; ")
    }
}

@Suite("CEL evaluation")
struct CELEvaluationTests {
    @Test(
        "operators",
        arguments: [
            ("1 + 2 * 3 - 7 / 2", "int 4"), ("-7 % 5", "int -2"), ("7u / 2u", "uint 3"),
            ("1.5 * 2.0", "double 3"), ("'a' + \"b\"", "string ab"), ("[1] + [2]", "list [1, 2]"),
            ("b'a' + b'\\x00'", "bytes YQA="), ("-(-4)", "int 4"), ("--4", "int 4"),
            ("!true || true", "bool true"), ("1 < 2 && 'a' < 'b'", "bool true"),
            ("2 in [1, 2]", "bool true"), ("'k' in {'k': 1}", "bool true"),
            ("true ? 'y' : 'n'", "string y"), ("[1, 2][1]", "int 2"), ("{'a': 1}.a", "int 1"),
            ("{'a': {'b': 2}}['a'].b", "int 2"), ("dyn(1) == 1.0", "bool true"),
            ("[1, 2.0] == [1.0, 2]", "bool true"), ("{1: 2u} == {1u: 2.0}", "bool true"),
            ("dyn(1) == '1'", "bool false"), ("0x1F + 1", "int 32"), (".5 + 1e2", "double 100.5"),
        ])
    func operators(_ source: String, _ result: String) { #expect(give(source) == result) }

    @Test(
        "either side of && and || decides, whatever becomes of the other",
        arguments: [
            ("1 / 0 > 1 || true", "bool true"), ("false && 1 / 0 > 1", "bool false"),
            ("1 / 0 > 1 && false", "bool false"), ("1 / 0 > 1 || false", "failure: divide by zero"),
        ])
    func absorption(_ source: String, _ result: String) { #expect(give(source) == result) }

    @Test("unchecked, values of different types are different; checked, they are refused")
    func unlikeTypes() {
        var suite = CELSuite()
        let sources = ["['one'] == [2, 3]", "1 == 'a'", "{'a': 1} == {'b': 'c'}"]
        for source in sources {
            suite.isUnchecked = false
            #expect(throws: CELSuite.Refusal.self) { try suite.compile(source) }
            suite.isUnchecked = true
            let result = try? suite.compile(source).evaluate([:])
            #expect((try? result?.get())?.text == "false", "\(source)")
        }
    }

    @Test(
        "whole numbers never overflow in silence",
        arguments: [
            "9223372036854775807 + 1", "-9223372036854775808 - 1", "-(-9223372036854775808)",
            "5000000000 * 5000000000", "-9223372036854775808 / -1", "0u - 1u", "1 % 0", "1u / 0u",
            "int(1e19)", "uint(-1)", "int('12a')", "uint('-1')", "double('x')",
            "int(9223372036854775808u)", "math.abs(-9223372036854775808)",
        ])
    func overflow(_ source: String) { #expect(give(source).hasPrefix("failure: ")) }

    @Test(
        "macros",
        arguments: [
            ("[1, 2, 3].all(x, x > 0)", "bool true"), ("[1, 0].all(x, 1 / x > 5)", "bool false"),
            ("[0, 1].exists(x, 1 / x == 1)", "bool true"),
            ("[1, 2, 2].exists_one(x, x == 2)", "bool false"),
            ("[1, 2].map(x, x * x)", "list [1, 4]"),
            ("[1, 2, 3].map(x, x > 1, x + 1)", "list [3, 4]"),
            ("[1, 2, 3].filter(x, x % 2 == 1)", "list [1, 3]"),
            ("{'a': 1, 'b': 2}.map(k, k)", "list [a, b]"),
            ("[5, 6].transformList(i, v, i + v)", "list [5, 7]"),
            ("{'a': 1}.transformMap(k, v, v + 1)", "map {a: 2}"),
            ("['x'].transformMapEntry(i, v, {v: i})", "map {x: 0}"),
            ("['x', 'y'].transformMap(i, v, i > 0, v)", "map {1: y}"),
            ("{'a': 1}.exists(k, v, k == 'a' && v == 1)", "bool true"),
            ("cel.bind(x, 3, x * x)", "int 9"), ("has({'a': 1}.b)", "bool false"),
            ("[[1], [2]].map(x, x.map(y, y + x[0]))", "list [[2], [4]]"),
        ])
    func macros(_ source: String, _ result: String) { #expect(give(source) == result) }

    @Test(
        "optional values",
        arguments: [
            ("{'a': 1}.?a.orValue(2)", "int 1"), ("{}.?a.orValue(2)", "int 2"),
            ("{'a': {}}.?a.b.c.hasValue()", "bool false"), ("[1][?3].hasValue()", "bool false"),
            ("optional.of(1).optMap(x, x + 1).value()", "int 2"),
            ("optional.none().or(optional.of(3)).value()", "int 3"),
            ("[?optional.none(), ?optional.of(1)]", "list [1]"),
            ("{?'a': optional.none(), 'b': 1}", "map {b: 1}"),
            ("optional.ofNonZeroValue('').hasValue()", "bool false"),
            ("optional.of(1).orValue(1 / 0)", "int 1"),
            ("optional.unwrap([optional.of(1), optional.none()])", "list [1]"),
        ])
    func optionals(_ source: String, _ result: String) { #expect(give(source) == result) }

    @Test(
        "conversions and types",
        arguments: [
            ("string(1e21) + string(1.5) + string(-0.00001)", "string 1e+211.5-1e-05"),
            ("string(1000000.0)", "string 1000000"), ("int(-1.9)", "int -1"),
            ("string(b'\\xc3\\xa9')", "string é"), ("bool('True')", "bool true"),
            ("type(1u) == uint", "bool true"), ("type(type(1))", "type type"),
            ("int(timestamp('1970-01-01T00:01:00Z'))", "int 60"),
            ("string(duration('1h1.5s'))", "string 3601.5s"),
            ("google.protobuf.Int64Value{value: 5} + 1", "int 6"),
            ("google.protobuf.Timestamp{seconds: 1} == timestamp(1)", "bool true"),
        ])
    func conversions(_ source: String, _ result: String) { #expect(give(source) == result) }
}

@Suite("CEL functions")
struct CELFunctionTests {
    @Test(
        "of texts, by Unicode scalars",
        arguments: [
            ("'é' == 'e\\u0301'", "bool false"), ("size('a😀')", "int 2"),
            ("'tacocat'.charAt(7)", "string "), ("'tacocat'.indexOf('c', 3)", "int 4"),
            ("'tacocat'.lastIndexOf('')", "int 7"), ("'abc'.substring(1, 2)", "string b"),
            ("'a,b,c'.split(',', 2)", "list [a, b,c]"), ("'ab'.split('')", "list [a, b]"),
            ("'aXaX'.replace('X', '-', 1)", "string a-aX"),
            ("'ab'.replace('', '-')", "string -a-b-"),
            ("' \\u3000x\\t'.trim()", "string x"), ("'AbÉ'.lowerAscii()", "string abÉ"),
            ("['a', 'b'].join('-')", "string a-b"), ("'añb'.reverse()", "string bña"),
            ("strings.quote('a\"\\n')", "string \"a\\\"\\n\""),
            ("'abc'.matches('^a.c$')", "bool true"), ("'ab\\n'.matches('b$')", "bool false"),
            ("'x'.matches('(?i)X')", "bool true"),
            ("'a1'.matches('[[:alpha:]]\\\\d')", "bool true"),
            ("base64.encode(b'hi') + string(base64.decode('aGk'))", "string aGk=hi"),
        ])
    func texts(_ source: String, _ result: String) { #expect(give(source) == result) }

    @Test(
        "a pattern is RE2's, and its match is bounded",
        arguments: [
            "'a'.matches('(?=a)')", "'aa'.matches('(a)\\\\1')", "'a'.matches('a++')",
            "'a'.matches('a**')", "'a'.matches('(?<!b)a')", "'a'.matches('(')",
        ])
    func patterns(_ source: String) { #expect(give(source).hasPrefix("refused: ")) }

    @Test(
        "format",
        arguments: [
            ("'%d %s %.2f'.format([1, 'a', 2.5])", "string 1 a 2.50"),
            ("'%x %X %o %b'.format([255, 255, 8, 5])", "string ff FF 10 101"),
            ("'%s'.format([{'b': [1, null], 'a': true}])", "string {a: true, b: [1, null]}"),
            ("'%e'.format([1234.5])", "string 1.234500e+03"), ("'%%'.format([])", "string %"),
            ("'%s'.format([timestamp('2023-02-03T23:31:20Z')])", "string 2023-02-03T23:31:20Z"),
        ])
    func format(_ source: String, _ result: String) { #expect(give(source) == result) }

    @Test(
        "format refuses",
        arguments: [
            "'%d'.format(['a'])", "'%s %s'.format([1])", "'%y'.format([1])", "'%'.format([1])",
        ])
    func formatErrors(_ source: String) { #expect(give(source).hasPrefix("failure: ")) }

    @Test(
        "of numbers",
        arguments: [
            ("math.greatest(1, 2.5, 2u)", "double 2.5"), ("math.least([3, 1, 2])", "int 1"),
            ("math.round(-1.5)", "double -2"), ("math.bitShiftRight(-1, 63)", "int 1"),
            ("math.bitShiftLeft(1, 64)", "int 0"), ("math.bitNot(0u)", "uint 18446744073709551615"),
            ("math.sign(-2.5)", "double -1"), ("math.isNaN(0.0 / 0.0)", "bool true"),
        ])
    func numbers(_ source: String, _ result: String) { #expect(give(source) == result) }

    @Test(
        "of moments",
        arguments: [
            ("timestamp('2009-02-13T23:31:30Z').getDayOfYear('+02:00')", "int 44"),
            ("timestamp('2024-07-01T12:00:00Z').getHours('Europe/Berlin')", "int 14"),
            ("timestamp('2060-07-01T12:00:00Z').getHours('America/New_York')", "int 8"),
            ("timestamp('2060-01-01T12:00:00Z').getHours('Australia/Sydney')", "int 23"),
            ("timestamp('2024-02-29T00:00:00Z').getDayOfWeek()", "int 4"),
            (
                "timestamp('2024-01-01T00:00:00.5Z') - duration('1s')",
                "google.protobuf.Timestamp 2023-12-31T23:59:59.5Z"
            ),
            ("duration('3730s').getMinutes()", "int 62"),
            (
                "timestamp('2024-01-01T01:00:00+01:00') == timestamp('2024-01-01T00:00:00Z')",
                "bool true"
            ),
        ])
    func moments(_ source: String, _ result: String) { #expect(give(source) == result) }

    @Test(
        "moments that are none",
        arguments: [
            "timestamp('2023-02-29T00:00:00Z')", "timestamp('2024-01-01')", "duration('1')",
            "timestamp('9999-12-31T23:59:59Z') + duration('1s')", "duration('400000000000s')",
            "timestamp(0).getHours('Nowhere/Land')", "timestamp(0).getHours('../../etc/passwd')",
        ])
    func noMoments(_ source: String) { #expect(give(source).hasPrefix("failure: ")) }
}

@Suite("CEL refusals")
struct CELRefusalTests {
    @Test(
        "what can not be is refused at its place",
        arguments: [
            ("1 + 'a'", "0: `+` does not take int and string"),
            ("foo(1)", "0: there is no function"),
            ("'a'.charAt('b')", "0: there is no string.charAt(string)"),
            ("[1].map(x, y)", "11: there is no `y` here"), ("1 && true", "0: this is int"),
            ("{'a': 1}.a.b", "11: what stands before `b` is int"), ("1.all(x, true)", "0: "),
            ("a = 1", "2: `=` is no operator"), ("(1", "2: the expression ends"),
            ("'x", "0: this string has no end"), ("'\\q'", "1: this escape"),
            ("9223372036854775808", "0: this does not fit"), ("for", "0: `for` is a reserved word"),
            ("[1].all(x.y, true)", "8: a variable's name"), ("", "0: there is no expression"),
            ("'a' in 'b'", "0: `in` does not take"), ("-1u", "0: `-` does not take uint"),
        ])
    func places(_ source: String, _ message: String) {
        #expect(give(source).hasPrefix("refused: " + message))
    }

    @Test("is bounded in depth, in parts and in steps")
    func bounds() {
        #expect(give(String(repeating: "(", count: 50_000) + "1").hasPrefix("refused: "))
        #expect(give(String(repeating: "!", count: 50_000) + "true").hasPrefix("refused: "))
        #expect(give("1" + String(repeating: " + 1", count: 5_000)).hasPrefix("refused: "))
        #expect(give("1" + String(repeating: " + 1", count: 200)) == "int 201")
        let items = CELValue.list((0..<2_000).map { .int($0) })
        let nested = "l.all(a, l.all(b, l.all(c, a + b + c >= 0)))"
        #expect(give(nested, ["l": items]).hasPrefix("failure: the expression takes more than"))
    }
}
