// SPDX-License-Identifier: Apache-2.0
// The path matcher's cases of grpc-httpjson-transcoding, as far as paths bind.

import DragomanDocument
import Foundation
import Testing

@testable import DragomanMapping

@Suite("RouteTable on the suite")
struct RouteTableSuiteTests {
    @Test(
        "finds the route and binds the path",
        .enabled(if: RoutingSuite.isPresent, "the suites are not there"))
    func suite() throws {
        let groups = try #require(RoutingSuite.groups)
        var lookups = 0
        for group in groups {
            for text in group.invalidTemplates ?? [] {
                #expect(throws: PathTemplateError.self, "\(text)") { try PathTemplate(text) }
            }
            let entries = try group.templates.map {
                RouteEntry(method: $0.method, template: try PathTemplate($0.template))
            }
            let table = RouteTable(entries)
            if group.settings.failRegistrationOnDuplicate == true {
                #expect(table.conflicts == [RouteConflict(first: 0, second: 1)])
                continue
            }
            for lookup in group.lookups {
                lookups += 1
                check(lookup, group, table, entries)
            }
        }
        #expect(lookups > 50)
    }

    private func check(
        _ lookup: RoutingSuite.Group.Lookup, _ group: RoutingSuite.Group, _ table: RouteTable,
        _ entries: [RouteEntry]
    ) {
        let place = Comment(rawValue: "\(group.name): \(lookup.path)")
        let path = String(lookup.path.prefix { $0 != "?" })
        let (match, captures) = table.match(lookup.method, path)
        guard case .found(let index) = match else {
            #expect(lookup.match == nil, place)
            return
        }
        #expect(group.templates[index].id == lookup.match, place)
        let bound = Array(path.utf8).withUnsafeBytes { bytes in
            captures.map { capture in
                var decoding = capture.decoding
                if decoding == .allButReserved {
                    switch group.settings.urlUnescapeSpec {
                    case "AllCharacters": decoding = .all
                    case "AllCharactersExceptSlash": decoding = .allButSlash
                    default: break
                    }
                }
                return PathText.decoded(capture.bytes(of: bytes), decoding)
            }
        }
        let variables = entries[index].template.variables.map(\.name)
        let pairs = zip(variables, bound).map { [$0, $1] }
        if let expected = lookup.bindings {
            #expect(pairs == expected.filter { variables.contains($0[0]) }, place)
        }
        if let values = lookup.bindingValues { #expect(bound == values, place) }
    }
}
