// SPDX-License-Identifier: Apache-2.0
// The matcher against a brute-force oracle, and what a match costs.

import Testing

@testable import DragomanMapping

/// SplitMix64: the same numbers on every machine.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// Looks at every route, by the words of MAPPING.md.
private struct Oracle {
    let routes: [RouteEntry]

    /// Larger is more specific; nil: no match.
    private func rank(
        _ route: RouteEntry, _ host: String, _ path: String, _ headers: [String: String]
    ) -> [Int]? {
        var hostRank = 0
        if !route.hosts.isEmpty {
            let ranks = route.hosts.compactMap { pattern -> Int? in
                if pattern == host { return 1_000 }
                guard pattern.hasPrefix("*."), host.hasSuffix(pattern.dropFirst()),
                    host.count >= pattern.count
                else { return nil }
                return pattern.count
            }
            guard let best = ranks.max() else { return nil }
            hostRank = best
        }
        guard route.conditions.allSatisfy({ headers[$0.name] == $0.value }) else { return nil }
        var path = path
        if let verb = route.template.verb {
            let suffix = ":" + String(decoding: verb, as: UTF8.self)
            guard path.hasSuffix(suffix) else { return nil }
            path = String(path.dropLast(suffix.count))
        }
        var segments = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
            .map(String.init)
        if path == "/" { segments = [] }
        guard let shape = Self.shape(route.template.segments[...], segments[...]) else {
            return nil
        }
        return [hostRank, route.template.verb == nil ? 0 : 1] + shape + [route.conditions.count]
    }

    /// One number for each segment of the path: 3 literal, 2 `*`, 1 `**` or under it.
    private static func shape(
        _ template: ArraySlice<PathTemplate.Segment>, _ path: ArraySlice<String>
    ) -> [Int]? {
        guard let first = template.first else { return path.isEmpty ? [9] : nil }
        switch first {
        case .literal(let bytes):
            guard let segment = path.first, segment == String(decoding: bytes, as: UTF8.self)
            else { return nil }
            return shape(template.dropFirst(), path.dropFirst()).map { [3] + $0 }
        case .single:
            guard let segment = path.first, !segment.isEmpty else { return nil }
            return shape(template.dropFirst(), path.dropFirst()).map { [2] + $0 }
        case .rest:
            let after = template.count - 1
            guard path.count >= after,
                shape(template.dropFirst(), path.suffix(after)) != nil
            else { return nil }
            return [1, after]
        }
    }

    func best(
        _ method: String, _ host: String, _ path: String, _ headers: [String: String]
    ) -> Int? {
        var best: (index: Int, rank: [Int])?
        for (index, route) in routes.enumerated() where route.method == method {
            guard let rank = rank(route, host, path, headers) else { continue }
            if best.map({ $0.rank.lexicographicallyPrecedes(rank) }) ?? true {
                best = (index, rank)
            }
        }
        return best?.index
    }
}

@Suite("RouteTable against an oracle")
struct RouteTableOracleTests {
    private static let words = ["a", "b", "c"]

    private func template(_ random: inout SeededGenerator) -> String {
        var text = ""
        var hasRest = false
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            switch Int.random(in: 0..<6, using: &random) {
            case 0 where !hasRest: text += "/*"
            case 1 where !hasRest:
                text += "/**"
                hasRest = true
            default: text += "/" + (Self.words.randomElement(using: &random) ?? "a")
            }
        }
        return text + (Int.random(in: 0..<6, using: &random) == 0 ? ":v" : "")
    }

    private func route(_ random: inout SeededGenerator) throws -> RouteEntry {
        let hosts = [[], [], ["h.x"], ["*.x"], ["*.y.x"]]
        var conditions: [RouteHeaderCondition] = []
        for name in ["p", "q"] where Int.random(in: 0..<5, using: &random) == 0 {
            conditions.append(RouteHeaderCondition(name: name, value: "1"))
        }
        return RouteEntry(
            method: Bool.random(using: &random) ? "PUT" : "POST",
            hosts: hosts.randomElement(using: &random) ?? [],
            template: try PathTemplate(template(&random)), conditions: conditions)
    }

    /// A path that often fits one of the routes.
    private func path(_ random: inout SeededGenerator, like routes: [RouteEntry]) -> String {
        var path = ""
        if let route = routes.randomElement(using: &random) {
            for segment in route.template.segments {
                if case .literal(let bytes) = segment {
                    path += "/" + String(decoding: bytes, as: UTF8.self)
                } else {
                    path += "/" + (Self.words.randomElement(using: &random) ?? "a")
                }
            }
        }
        if Int.random(in: 0..<3, using: &random) == 0 {
            path += "/" + (["a", "b", "d", ""].randomElement(using: &random) ?? "")
        }
        if Int.random(in: 0..<4, using: &random) == 0 { path += ":v" }
        return path
    }

    @Test("agrees on 10,000 random sets of routes")
    func agrees() throws {
        var random = SeededGenerator(state: 20_261_121)
        var compared = 0
        for _ in 0..<10_000 {
            let count = Int.random(in: 1...10, using: &random)
            var routes = try (0..<count).map { _ in try route(&random) }
            // Of routes that are alike the first serves; here they are left out.
            let alike = Set(RouteTable(routes).conflicts.map(\.second))
            routes = routes.enumerated().filter { !alike.contains($0.offset) }.map(\.element)
            let table = RouteTable(routes)
            let oracle = Oracle(routes: routes)
            for _ in 0..<2 {
                let path = path(&random, like: routes)
                let host = ["h.x", "i.x", "z.y.x", "o"].randomElement(using: &random) ?? ""
                let headers = Bool.random(using: &random) ? ["p": "1", "q": "1"] : [:]
                let want = oracle.best("PUT", host, path, headers)
                let (match, _) = table.match("PUT", path, host: host, headers: headers)
                compared += want == nil ? 0 : 1
                if case .found(let index) = match {
                    try #require(index == want, "\(path) \(host) \(routes)")
                } else {
                    try #require(want == nil, "\(path) \(host) \(routes)")
                }
            }
        }
        #expect(compared > 4_000)
    }
}

@Suite("RouteTable's cost")
struct RouteTableCostTests {
    private func steps(_ table: RouteTable, _ path: [UInt8]) -> (match: RouteMatch, steps: Int) {
        var captures: [PathCapture] = []
        var steps = 0
        let match = Array("GET".utf8).withUnsafeBytes { method in
            path.withUnsafeBytes { path in
                table.match(
                    method: method, host: UnsafeRawBufferPointer(start: nil, count: 0),
                    path: path, captures: &captures, steps: &steps
                ) { _ in false }
            }
        }
        return (match, steps)
    }

    @Test("does not grow with the number of routes")
    func isFlat() throws {
        let counts = try [10, 1_000, 10_000].map { count in
            let entries = try (0..<count).map { try entry("GET /v1/things\($0)/{id}/parts") }
            let table = RouteTable(entries)
            let (match, steps) = steps(table, Array("/v1/things7/x/parts".utf8))
            #expect(match == .found(7))
            // A long run in the hash table would be a cost that grows.
            let runs = table.longestRun
            #expect(runs < 40, "\(runs)")
            return steps
        }
        #expect(counts == [5, 5, 5])
    }

    @Test("takes 64,000 slashes in its stride")
    func manySlashes() throws {
        let table = try table([
            "GET /**/a/b", "GET /{x=**}:v", "GET /{x}/{y}/**/z", "GET /**", "GET /q/**/a",
        ])
        let slashes = [UInt8](repeating: 0x2F, count: 64_000)
        #expect(steps(table, slashes).match == .found(3))
        #expect(steps(table, slashes).steps < 20)
        let segments = Array(String(repeating: "/a", count: 64_000).utf8)
        #expect(steps(table, segments).match == .found(3))
        #expect(steps(table, segments).steps < 20)
    }
}

extension RouteTable {
    /// The most neighbours in the table of literals without a gap.
    fileprivate var longestRun: Int {
        var longest = 0
        var run = 0
        for literal in literals {
            run = literal.child < 0 ? 0 : run + 1
            longest = max(longest, run)
        }
        return longest
    }
}
