// SPDX-License-Identifier: Apache-2.0
// Templates as google.api.http has them, on the suite's own cases and on ours.

import Foundation
import Testing

@testable import DragomanMapping

/// The suites stand beside the repository, or where `DRAGOMAN_SUITES` says.
enum RoutingSuite {
    static let folder: String = {
        if let path = ProcessInfo.processInfo.environment["DRAGOMAN_SUITES"] { return path }
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        return root.appendingPathComponent("../shared/suites").standardizedFileURL.path
    }()

    struct Template: Decodable {
        struct Variable: Decodable {
            let start: Int
            let end: Int
            let fieldPath: [String]
            let wildcard: Bool
        }

        let template: String
        let error: Bool?
        let segments: [String]?
        let verb: String?
        let variables: [Variable]?
    }

    struct Group: Decodable {
        struct Settings: Decodable {
            let urlUnescapeSpec: String?
            let failRegistrationOnDuplicate: Bool?

            enum CodingKeys: String, CodingKey {
                case urlUnescapeSpec = "UrlUnescapeSpec"
                case failRegistrationOnDuplicate = "FailRegistrationOnDuplicate"
            }
        }

        struct Route: Decodable {
            let id: String
            let method: String
            let template: String
        }

        struct Lookup: Decodable {
            let method: String
            let path: String
            let match: String?
            let bindings: [[String]]?
            let bindingValues: [String]?
        }

        let name: String
        let settings: Settings
        let templates: [Route]
        let lookups: [Lookup]
        let invalidTemplates: [String]?
    }

    static func load<Value: Decodable>(_ name: String, _ type: Value.Type) -> Value? {
        let path = "\(folder)/transcoding/grpc-httpjson-transcoding/\(name)"
        guard let data = FileManager.default.contents(atPath: path) else { return nil }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try? decoder.decode(type, from: data)
    }

    static let templates = load("http_template.json", [Template].self)
    static let groups = load("path_matcher.json", [Group].self)
    static let isPresent = FileManager.default.fileExists(atPath: folder)
}

@Suite("PathTemplate")
struct PathTemplateTests {
    @Test(
        "parses and refuses the suite's templates",
        .enabled(if: RoutingSuite.isPresent, "the suites are not there"))
    func suite() throws {
        let cases = try #require(RoutingSuite.templates)
        #expect(cases.count > 80)
        for item in cases {
            let text = item.template
            let template = try? PathTemplate(text)
            if item.error == true {
                #expect(template == nil, "\(text) is taken")
                continue
            }
            let parsed = try #require(template, "\(text) is refused")
            let segments = parsed.segments.map { segment in
                switch segment {
                case .literal(let bytes): String(decoding: bytes, as: UTF8.self)
                case .single: "*"
                case .rest: "**"
                }
            }
            #expect(segments == item.segments, "\(text)")
            if let verb = item.verb {
                #expect(String(decoding: parsed.verb ?? [], as: UTF8.self) == verb, "\(text)")
            }
            let expected = try #require(item.variables)
            // One case was taken over from a test of verbs alone, and leaves its variable out.
            if text == "/a/{b=*}/**:verb", expected.isEmpty { continue }
            try #require(parsed.variables.count == expected.count, "\(text)")
            for (variable, want) in zip(parsed.variables, expected) {
                let rest = parsed.restIndex.map { variable.segments.contains($0) } ?? false
                let end = variable.segments.upperBound
                #expect(variable.fieldPath == want.fieldPath)
                #expect(variable.segments.lowerBound == want.start, "\(text)")
                #expect(
                    (rest ? end - parsed.segments.count - 1 : end) == want.end, "\(text)"
                )
                #expect(rest == want.wildcard, "\(text)")
            }
        }
    }

    @Test(
        "refuses",
        arguments: [
            "", "a", "/a/**/*", "/a{x}", "/{x}a", "/a/", "/:v", "/{a={b}}", "//", "/a//b", "/{x",
            "/{x=}", "/{1a}", "/{a.}", "/a*", "/a b", "/a?b", "/a#b", "/%zz", "/..", "/a/./b",
            "/{x}/{x}", "/a:b/c", "/**/**", "/**/{x}", "/{x=**}/{y=*}", "/a:",
        ])
    func refuses(_ text: String) {
        #expect(throws: PathTemplateError.self) { try PathTemplate(text) }
    }

    @Test("says where a template is wrong")
    func offset() {
        #expect(throws: PathTemplateError(offset: 3, message: "a segment is empty")) {
            try PathTemplate("/a//b")
        }
    }

    @Test("joins a base")
    func join() {
        #expect(PathTemplate.join(base: "/v1", "/orders") == "/v1/orders")
        #expect(PathTemplate.join(base: "/v1", "/") == "/v1")
        #expect(PathTemplate.join(base: "", "/") == "/")
    }

    @Test("has a canonical form for literals")
    func canonical() throws {
        let one = try PathTemplate("/caf%c3%a9/%61%2f")
        let other = try PathTemplate("/café/a%2F")
        #expect(one.segments == other.segments)
        #expect(one.segments[1] == .literal(Array("a%2F".utf8)))
    }
}
