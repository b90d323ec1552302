// SPDX-License-Identifier: Apache-2.0
// The routes that a path without one comes closest to, and where it leaves each: a missing
// segment, a misspelt one, a verb.

internal import DragomanDocument
internal import DragomanMapping

enum NearestRoutes {
    static let countMax = 3

    /// `path`: undecoded, without the query.
    static func find(_ path: String, in routes: [RoutePlan]) -> [Explanation.OtherRoute] {
        let given = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
            .map { Array($0.utf8) }
        let near = routes.compactMap { route in
            difference(given, route.template).map { (route: route, $0.distance, $0.reason) }
        }
        return near.enumerated()
            .sorted { ($0.element.1, $0.offset) < ($1.element.1, $1.offset) }
            .prefix(countMax)
            .map { _, found in
                Explanation.OtherRoute(
                    method: found.route.method, path: found.route.template.text,
                    file: found.route.texts.file, line: found.route.texts.position.line,
                    reason: found.2)
            }
    }

    /// Nil where more than one thing is different.
    private static func difference(
        _ given: [[UInt8]], _ template: PathTemplate
    ) -> (distance: Int, reason: String)? {
        let wanted = template.segments
        guard template.restIndex == nil, !wanted.isEmpty else { return nil }
        let pairs = zip(given, wanted)
        let wrong = pairs.enumerated().filter { !matches($0.element.0, $0.element.1) }
        switch given.count - wanted.count {
        case 0:
            guard wrong.count == 1, let pair = wrong.first else { return nil }
            let text = String(decoding: pair.element.0, as: UTF8.self)
            guard case .literal(let name) = pair.element.1 else {
                return (1, "its segment \(pair.offset + 1) may not be empty")
            }
            let literal = String(decoding: name, as: UTF8.self)
            // One segment of one says nothing, unless it is all but the same.
            let isSlip = NearestName.find(text, in: [literal]) != nil
            guard isSlip || wanted.count > 1 else { return nil }
            return (isSlip ? 0 : 2, "its segment `\(literal)` is not `\(text)`")
        case 1 where wrong.isEmpty:
            let last = given.last ?? []
            let text = String(decoding: last, as: UTF8.self)
            return (1, last.isEmpty ? "it ends without `/`" : "it ends before `/\(text)`")
        case -1 where wrong.isEmpty && !given.isEmpty:
            let next = wanted[wanted.count - 1]
            guard case .literal(let name) = next else { return (1, "it wants one segment more") }
            return (1, "it goes on with `/\(String(decoding: name, as: UTF8.self))`")
        default: return nil
        }
    }

    private static func matches(_ given: [UInt8], _ wanted: PathTemplate.Segment) -> Bool {
        guard case .literal(let name) = wanted else { return !given.isEmpty }
        return given == name
    }
}
