// SPDX-License-Identifier: Apache-2.0
// What people write who know another language: each is told how CEL says it.

import Testing

@testable import DragomanMapping

@Suite("Habits of other languages in expressions")
struct CELHabitsTests {
    private func explained(_ source: String) throws -> CELSyntaxError {
        do throws(CELSyntaxError) {
            _ = try CELParser.parse(source, isMapping: true)
        } catch {
            return CELHabits.explained(error, source)
        }
        Issue.record("`\(source)` is an expression")
        throw CELSyntaxError(message: "", start: 0, end: 0)
    }

    @Test(
        "the whole expression is given as CEL has it",
        arguments: [
            ("body.a ?? 'x'", "default(body.a, 'x')"),
            ("f(body.a ?? body.b ?? 1, 2)", "f(default(body.a, default(body.b, 1)), 2)"),
            ("body.a ?: 'x'", "default(body.a, 'x')"),
            ("body.a === 'x'", "body.a == 'x'"),
            ("body.a !== 'x' and not body.b", "body.a != 'x' && !body.b"),
            ("body.a <> 1 or body.b", "body.a != 1 || body.b"),
            ("body.a = 'x'", "body.a == 'x'"),
            ("'a' if body.b else 'c'", "body.b ? 'a' : 'c'"),
            ("if body.b then 'a' else 'c'", "body.b ? 'a' : 'c'"),
            ("if (body.b > 1) 'a' else 'c'", "(body.b > 1) ? 'a' : 'c'"),
            ("body.tags.map(x => x.name)", "body.tags.map(x, x.name)"),
            ("body.tags.filter((x) => x > 1)", "body.tags.filter(x, x > 1)"),
            ("body.tags.map(x -> x.a)", "body.tags.map(x, x.a)"),
            ("body.tags.map(lambda x: x.a)", "body.tags.map(x, x.a)"),
            ("[x.a for x in body.tags]", "body.tags.map(x, x.a)"),
            ("[x for x in body.tags if x > 1]", "body.tags.filter(x, x > 1)"),
            ("{{body.a}}", "body.a"), ("$.body.a", "body.a"), ("$body.a", "body.a"),
            ("${body.a}", "body.a"), ("body.a | upper", "body.a.upperAscii()"),
            ("body.a | default('x') | length", "size(default(body.a, 'x'))"),
            ("body.items[*].x", "body.items.map(item, item.x)"),
            ("body.items[].x.y", "body.items.map(item, item.x.y)"),
            ("body.items.*.x", "body.items.map(item, item.x)"),
            ("body.a[0:2]", "body.a.substring(0, 2)"), ("body?.a", "body.a"),
            ("body..a", "body.a"), ("body->a", "body.a"), ("body.tags.0", "body.tags[0]"),
            ("body.'a b'", "body['a b']"), ("body.größe", "body[\"größe\"]"),
            ("/body/a", "body.a"), ("body.a is not null", "body.a != null"),
            ("body.a not in ['x']", "!(body.a in ['x'])"),
            ("body.a in ('x', 'y')", "body.a in ['x', 'y']"),
            ("body.a exists", "has(body.a)"), ("return body.a", "body.a"),
            ("new Date()", "now()"), ("body.a == “x”", "body.a == \"x\""),
            ("body.a ~ body.b", "body.a + body.b"), ("body.n – 1", "body.n - 1"),
        ])
    func mended(_ source: String, _ mended: String) throws {
        #expect(try explained(source).suggestion == "${\(mended)}")
    }

    @Test(
        "what only its author can mend is explained",
        arguments: [
            ("`hello ${body.a}`", "back quotes"), ("body.a b", "no operator stands between"),
            ("body.n ** 2", "no powers"), ("let x = 1", "no variables"),
            ("f'{body.a}'", "f-strings"), ("body.n += 1", "nothing is assigned"),
            ("body.a instanceof String", "instanceof"),
        ])
    func explained(_ source: String, _ part: String) throws {
        let error = try explained(source)
        #expect(error.message.contains(part))
        #expect(error.suggestion == nil)
    }

    @Test(
        "a text that shows no habit keeps the parser's own words", arguments: ["body.", "(body.a"])
    func others(_ source: String) throws {
        #expect(try explained(source).message == "the expression ends too early")
    }

    @Test("any text is explained without harm")
    func noise() {
        let words = [
            "body", ".", "(", ")", "[", "]", "{", "}", "=>", "??", "|", "if", "else", "for", "in",
            "not", "is", "'a", "\"b\"", "`", "$", ":", "*", "0", "ä", "“", "lambda", "exists",
            "like",
        ]
        var state: UInt64 = 7
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        for _ in 0..<20_000 {
            let count = 1 + next(8)
            let source = (0..<count).map { _ in words[next(words.count)] }
                .joined(separator: next(2) == 0 ? " " : "")
            do throws(CELSyntaxError) {
                _ = try CELParser.parse(source, isMapping: true)
            } catch {
                let explained = CELHabits.explained(error, source)
                #expect(explained.start <= source.utf8.count)
            }
        }
    }
}
