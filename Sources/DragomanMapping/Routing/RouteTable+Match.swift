// SPDX-License-Identifier: Apache-2.0
// One match. Nothing is allocated but where the answer is no; recursion is as deep as the deepest
// template (at most 100 segments), whatever the path is.

extension RouteTable {
    /// What a match looks for, and what it has cost.
    struct Walk {
        let path: UnsafeRawBufferPointer
        /// Where the segments end: before the verb, if one is looked for.
        var end: Int
        /// -1: a method that no route names.
        var method: Int32
        /// GET's for HEAD, else -1.
        var fallback: Int32 = -1
        /// Gather `allowed` instead of finding a route.
        var isCollecting = false
        /// Methods of all routes at this path, by index up to 63.
        var allowed: UInt64 = 0
        /// Nodes visited; what tests of cost count.
        var steps = 0
    }

    /// Finds the route of a request.
    /// - Parameters:
    ///   - method: As received; methods are case-sensitive.
    ///   - host: The authority as received; its port and its case do not count. Empty for none.
    ///   - path: Undecoded and without the query, `.` and `..` segments and bad escapes refused
    ///     before.
    ///   - captures: Replaced by what the variables of the route cover.
    ///   - headers: Whether the request has a header line of that name with exactly that value.
    /// - Returns: The route's index, or what to answer without one.
    package func match(
        method: UnsafeRawBufferPointer, host: UnsafeRawBufferPointer,
        path: UnsafeRawBufferPointer, captures: inout [PathCapture],
        headers: (RouteHeaderCondition) -> Bool
    ) -> RouteMatch {
        var steps = 0
        return match(
            method: method, host: host, path: path, captures: &captures, steps: &steps,
            headers: headers)
    }

    /// The same, counting the nodes that were visited.
    package func match(
        method: UnsafeRawBufferPointer, host: UnsafeRawBufferPointer,
        path: UnsafeRawBufferPointer, captures: inout [PathCapture], steps: inout Int,
        headers: (RouteHeaderCondition) -> Bool
    ) -> RouteMatch {
        captures.removeAll(keepingCapacity: true)
        guard path.first == 0x2F else { return .notFound }
        var walk = Walk(path: path, end: path.count, method: methodIndex(method))
        if method.elementsEqual("HEAD".utf8) { walk.fallback = methodIndex("GET") }
        defer { steps = walk.steps }
        let route = findHost(host, &walk, headers)
        if route >= 0 {
            capture(route, path, walk.end, &captures)
            return .found(route)
        }
        walk.isCollecting = true
        _ = findHost(host, &walk, headers)
        guard walk.allowed != 0 else { return .notFound }
        let allow = allowText(walk.allowed)
        return method.elementsEqual("OPTIONS".utf8)
            ? .options(allow: allow) : .methodNotAllowed(allow: allow)
    }

    private func methodIndex(_ method: some Sequence<UInt8>) -> Int32 {
        for index in methods.indices.dropFirst() where methods[index].elementsEqual(method) {
            return Int32(index)
        }
        return -1
    }

    private func methodIndex(_ method: StaticString) -> Int32 {
        methodIndex(
            UnsafeRawBufferPointer(
                start: method.utf8Start, count: method.utf8CodeUnitCount))
    }

    private func allowText(_ allowed: UInt64) -> String {
        var names: Set = ["OPTIONS"]
        for (index, method) in methods.enumerated() where index < 64 {
            if allowed & (1 << UInt64(index)) != 0 {
                names.insert(String(decoding: method, as: UTF8.self))
            }
        }
        if names.contains("GET") { names.insert("HEAD") }
        return names.sorted().joined(separator: ", ")
    }

    private func findHost(
        _ host: UnsafeRawBufferPointer, _ walk: inout Walk,
        _ headers: (RouteHeaderCondition) -> Bool
    ) -> Int {
        if !hosts.isEmpty {
            var search = hosts.search(host)
            while let group = hosts.next(&search) {
                let route = findGroup(groups[group], &walk, headers)
                if route >= 0 { return route }
            }
        }
        return anyHost < 0 ? -1 : findGroup(groups[Int(anyHost)], &walk, headers)
    }

    private func findGroup(
        _ group: HostGroup, _ walk: inout Walk, _ headers: (RouteHeaderCondition) -> Bool
    ) -> Int {
        let whole = walk.path.count
        if group.verbs >= 0 {
            // The longest verb first.
            var skipped = verbColonsMax
            while skipped >= 0 {
                if let colon = verbColon(walk.path, skipping: skipped) {
                    let verb = SegmentText(walk.path, from: colon + 1, limit: whole)
                    let root = literal(Int(group.verbs), verb)
                    if root >= 0 {
                        walk.end = colon
                        let route = findRoot(root, &walk, headers)
                        if route >= 0 { return route }
                        walk.end = whole
                    }
                }
                skipped &-= 1
            }
        }
        return group.root < 0 ? -1 : findRoot(Int(group.root), &walk, headers)
    }

    /// The last colon but so many, if no slash comes after it.
    private func verbColon(_ path: UnsafeRawBufferPointer, skipping count: Int) -> Int? {
        var index = path.count
        var left = count
        while index > 0 {
            index -= 1
            if path[index] == 0x3A {
                if left == 0 { return index }
                left &-= 1
            }
            if path[index] == 0x2F { return nil }
        }
        return nil
    }

    private func findRoot(
        _ root: Int, _ walk: inout Walk, _ headers: (RouteHeaderCondition) -> Bool
    ) -> Int {
        // "/" alone has no segments; every other path has one more than slashes between.
        find(root, walk.end == 1 ? 2 : 1, &walk, headers)
    }

    /// `offset`: where the next segment begins; after `walk.end` when there is none.
    private func find(
        _ index: Int, _ offset: Int, _ walk: inout Walk,
        _ headers: (RouteHeaderCondition) -> Bool
    ) -> Int {
        walk.steps &+= 1
        let node = nodes[index]
        if offset > walk.end {
            let route = terminal(node, &walk, headers)
            if route >= 0 { return route }
        } else if node.hasLiterals || node.single >= 0 {
            let segment = SegmentText(walk.path, from: offset, limit: walk.end)
            if node.hasLiterals {
                let child = literal(index, segment)
                if child >= 0 {
                    let route = find(child, segment.end + 1, &walk, headers)
                    if route >= 0 { return route }
                }
            }
            if node.single >= 0, segment.end > offset {
                let route = find(Int(node.single), segment.end + 1, &walk, headers)
                if route >= 0 { return route }
            }
        }
        return node.rest < 0 ? -1 : findRest(Int(node.rest), offset, walk.end, &walk, headers)
    }

    /// `**` and what comes after it: literals from the path's end backwards, the most first. The
    /// segments that are still free lie in `offset...tail`.
    private func findRest(
        _ index: Int, _ offset: Int, _ tail: Int, _ walk: inout Walk,
        _ headers: (RouteHeaderCondition) -> Bool
    ) -> Int {
        walk.steps &+= 1
        let node = nodes[index]
        if node.hasLiterals, tail >= offset {
            let segment = SegmentText(walk.path, before: tail, limit: offset)
            let child = literal(index, segment)
            if child >= 0 {
                let route = findRest(child, offset, segment.start - 1, &walk, headers)
                if route >= 0 { return route }
            }
        }
        return terminal(node, &walk, headers)
    }

    private func terminal(
        _ node: Node, _ walk: inout Walk, _ headers: (RouteHeaderCondition) -> Bool
    ) -> Int {
        guard !node.terminals.isEmpty else { return -1 }
        var byFallback = -1
        var byAny = -1
        for index in node.terminals {
            let method = terminals[Int(index)].method
            guard
                walk.isCollecting || method == walk.method || method == walk.fallback
                    || method == Self.anyMethod
            else { continue }
            if !terminals[Int(index)].conditions.isEmpty {
                guard terminals[Int(index)].conditions.allSatisfy(headers) else { continue }
            }
            if walk.isCollecting {
                if method < 64 { walk.allowed |= 1 << UInt64(method) }
            } else if method == walk.method {
                return Int(terminals[Int(index)].route)
            } else if method == walk.fallback {
                if byFallback < 0 { byFallback = Int(terminals[Int(index)].route) }
            } else if byAny < 0 {
                byAny = Int(terminals[Int(index)].route)
            }
        }
        return byFallback >= 0 ? byFallback : byAny
    }
}

extension RouteTable {
    /// Fills `captures` with what the variables of a route cover. `end`: of the segments.
    private func capture(
        _ route: Int, _ path: UnsafeRawBufferPointer, _ end: Int,
        _ captures: inout [PathCapture]
    ) {
        guard !variables[route].isEmpty else { return }
        var index = 0
        var offset = end == 1 ? 2 : 1
        for variable in variables[route] {
            if variable.isFromEnd {
                let start = before(variable.first, path, end) + 1
                let last = before(variable.first - variable.count, path, end)
                captures.append(
                    PathCapture(start: start, end: last, decoding: variable.decoding))
                continue
            }
            while index < variable.first {
                offset = segmentEnd(path, offset, end) + 1
                index += 1
            }
            var last = offset - 1
            if variable.after >= 0 {
                last = before(variable.after, path, end)
            } else {
                for _ in 0..<variable.count { last = segmentEnd(path, last + 1, end) }
            }
            let start = min(offset, end)
            captures.append(
                PathCapture(start: start, end: max(start, last), decoding: variable.decoding))
        }
    }

    private func segmentEnd(_ path: UnsafeRawBufferPointer, _ start: Int, _ end: Int) -> Int {
        var index = start
        while index < end, path[index] != 0x2F { index += 1 }
        return min(index, end)
    }

    /// Where the path ends without its last `count` segments and the slash before them.
    private func before(_ count: Int, _ path: UnsafeRawBufferPointer, _ end: Int) -> Int {
        var index = end
        for _ in 0..<count {
            while index > 1, path[index - 1] != 0x2F { index -= 1 }
            index -= 1
        }
        return index
    }

    /// The same match from texts, for messages and tests.
    package func match(
        _ method: String, _ path: String, host: String = "", headers: [String: String] = [:]
    ) -> (match: RouteMatch, captures: [PathCapture]) {
        var captures: [PathCapture] = []
        let match = Array(method.utf8).withUnsafeBytes { method in
            Array(host.utf8).withUnsafeBytes { host in
                Array(path.utf8).withUnsafeBytes { path in
                    self.match(method: method, host: host, path: path, captures: &captures) {
                        headers[$0.name] == $0.value
                    }
                }
            }
        }
        return (match, captures)
    }
}
