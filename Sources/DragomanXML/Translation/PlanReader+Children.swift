// SPDX-License-Identifier: Apache-2.0
// A start tag inside an open element: which member it belongs to, which item of which repeated
// group, or none.

internal import DragomanDocument

extension PlanReader {
    func startChild(_ tag: XMLStartTag, _ parser: XMLPushParser) throws(TranslationError) {
        switch top.pointee.kind {
        case .object, .item: try startMember(tag, parser)
        case .text, .string:
            throw misfit("an element stands where only text may", name: name(of: tag))
        case .content, .mixed: try startContentItem(tag, parser)
        case .unwrap: try startUnwrapped(tag, parser)
        case .array: try startArrayItem(tag, parser)
        case .any:
            guard !tables.types[top.pointee.type].isSimpleOnly else {
                throw misfit("an element stands where only text may", name: name(of: tag))
            }
            top.pointee.kind = .capture
            top.pointee.last = 1
            serializer.start(tag, in: parser, to: captured)
        case .capture:
            top.pointee.last &+= 1
            serializer.start(tag, in: parser, to: captured)
        case .skip, .empty: top.pointee.last &+= 1
        }
    }

    func name(of tag: XMLStartTag) -> String { XMLText.string(tag.local) }

    // MARK: Members

    private func startMember(
        _ tag: XMLStartTag, _ parser: XMLPushParser
    ) throws(TranslationError) {
        while true {
            let frame = top
            let route = findRoute(tag, in: frame)
            if route >= 0 {
                let plan = tables.routes.base[Int(route)]
                if frame.pointee.kind == .item {
                    if !continues(frame, plan.member) {
                        try closeItem()
                        beginItem(of: top, top.pointee.openMember)
                        continue
                    }
                    frame.pointee.last = plan.member
                }
                if try begin(plan, route, tag, parser) { return }  // Else it has had its one.
                if try beginWildcard(tag, parser) { return }
                return try beginUnknown(tag, parser)
            }
            if try beginFirst(tag, parser) { return }
            if try beginWildcard(tag, parser) { return }
            guard frame.pointee.kind == .item else { return try beginUnknown(tag, parser) }
            try closeGroup()
        }
    }

    /// Begins the first member under another name than its own, where that may be.
    private func beginFirst(
        _ tag: XMLStartTag, _ parser: XMLPushParser
    ) throws(TranslationError) -> Bool {
        guard takesFirst, frameCount == 1 else { return false }
        // SOAP 1.2's rpc:result only names the return value, which comes behind it.
        if let uri = tag.uri, XMLText.equals(uri, SOAPNames.rpc12) { return false }
        takesFirst = false
        let frame = top
        let scope = tables.scopes[frame.pointee.scope]
        guard scope.routeCount > 0,
            !(0..<scope.memberCount).contains(where: { isSeen(frame, $0) })
        else { return false }
        return try begin(tables.routes[scope.firstRoute], scope.firstRoute, tag, parser)
    }

    /// The route of the element that the tag begins; -1 for none.
    @inline(__always)
    private func findRoute(
        _ tag: XMLStartTag, in frame: UnsafeMutablePointer<ReadFrame>
    ) -> Int32 {
        let scope = tables.scopes.base + Int(frame.pointee.scope)
        let count = scope.pointee.routeCount
        let first = scope.pointee.firstRoute
        var offset = frame.pointee.expected
        var loose: Int32 = -1
        var tried: Int32 = 0
        while tried < count {
            if offset >= count { offset = 0 }
            let route = tables.routes.base + Int(first &+ offset)
            switch fit(route.pointee.name, tag) {
            case .exact:
                frame.pointee.expected = offset
                return first &+ offset
            case .loose: if loose < 0 { loose = first &+ offset }
            case .none: break
            }
            offset &+= 1
            tried &+= 1
        }
        if loose >= 0 { frame.pointee.expected = loose &- first }
        return loose
    }

    @inline(__always)
    func isSeen(_ frame: UnsafeMutablePointer<ReadFrame>, _ member: Int32) -> Bool {
        guard frame.pointee.seenFrom >= 0 else {
            return frame.pointee.seen & (1 &<< UInt64(member)) != 0
        }
        return seen[Int(frame.pointee.seenFrom &+ member &>> 6)] & (1 &<< UInt64(member & 63)) != 0
    }

    @inline(__always)
    private func setSeen(_ frame: UnsafeMutablePointer<ReadFrame>, _ member: Int32) {
        guard frame.pointee.seenFrom >= 0 else {
            frame.pointee.seen |= 1 &<< UInt64(member)
            return
        }
        seen[Int(frame.pointee.seenFrom &+ member &>> 6)] |= 1 &<< UInt64(member & 63)
    }

    /// Whether an element of the member can continue the open item.
    private func continues(_ frame: UnsafeMutablePointer<ReadFrame>, _ member: Int32) -> Bool {
        let last = frame.pointee.last
        if last < 0 { return true }
        let scope = tables.scopes[frame.pointee.scope]
        // An inner group that is open decides for itself first; here it has given up or is none.
        let words = (scope.memberCount + 63) / 64
        let word = tables.continuations[scope.continues + last * words + member / 64]
        return word & (1 << UInt64(member % 64)) != 0
    }

    /// Begins the value of a member's element.
    /// - Returns: false where the member has had its one element.
    @inline(__always)
    private func begin(
        _ route: RoutePlan, _ index: Int32, _ tag: XMLStartTag, _ parser: XMLPushParser
    ) throws(TranslationError) -> Bool {
        let frame = top
        let scope = tables.scopes.base[Int(frame.pointee.scope)]
        let member = tables.members.base + Int(scope.firstMember &+ route.member)
        if member.pointee.kind == .choice || member.pointee.kind == .sequence {
            openArray(frame, route.member, member.pointee.json)
            beginItem(of: frame, route.member)
            try startMember(tag, parser)
            return true
        }
        if member.pointee.isOmitted {
            setSeen(frame, route.member)
            count(route.member, in: frame)
            push(ReadFrame(kind: .skip))
            return true
        }
        if member.pointee.isArray {
            openArray(frame, route.member, member.pointee.json)
            frame.pointee.occurrence &+= 1
        } else {
            if isSeen(frame, route.member) { return false }
            closeArray(frame)
            setSeen(frame, route.member)
            document.key(member.pointee.json)
            frame.pointee.expected &+= 1
        }
        count(route.member, in: frame)
        if member.pointee.isUnwrapped {
            beginUnwrapped(member.pointee, tag)
        } else {
            try beginElement(
                route.element, tag, parser,
                substitute: route.isSubstitute
                    ? substituteName(route, tables.elements[member.pointee.element]) : nil)
        }
        return true
    }

    private func substituteName(_ route: RoutePlan, _ head: ElementEntry) -> ConstantText? {
        for offset in 0..<head.substituteCount {
            let other = tables.substitutes[head.firstSubstitute + offset]
            if other.target == route.element { return other.json }
        }
        return nil
    }

    // MARK: Arrays of the open object

    /// The array of a member is open after this.
    @inline(__always)
    func openArray(
        _ frame: UnsafeMutablePointer<ReadFrame>, _ member: Int32, _ name: ConstantText
    ) {
        if frame.pointee.openMember == member { return }
        closeArray(frame)
        if member >= 0 {
            if isSeen(frame, member) { needsMerge = true }
            setSeen(frame, member)
        }
        document.key(name)
        document.beginArray()
        frame.pointee.openMember = member
        frame.pointee.occurrence = 0
    }

    @inline(__always)
    func closeArray(_ frame: UnsafeMutablePointer<ReadFrame>) {
        if frame.pointee.openMember == ReadFrame.noMember { return }
        frame.pointee.openMember = ReadFrame.noMember
        frame.pointee.occurrence = 0
        document.endArray()
    }

    // MARK: Items of repeated groups

    /// The group's array is open in `frame`.
    private func beginItem(of frame: UnsafeMutablePointer<ReadFrame>, _ member: Int32) {
        let scope = tables.scopes[frame.pointee.scope]
        var item = ReadFrame(kind: .item)
        frame.pointee.occurrence &+= 1
        count(member, in: frame)
        open(&item, tables.members[scope.firstMember + member].scope)
        document.beginObject()
        push(item)
    }

    /// Ends the open item; its group's array stays open.
    func closeItem() throws(TranslationError) {
        let frame = top
        closeArray(frame)
        if frame.pointee.seenFrom >= 0 { try judge(frame) }
        document.endObject()
        closeBits(frame)
        frameCount -= 1
    }

    private func closeGroup() throws(TranslationError) {
        try closeItem()
        closeArray(top)
    }

    // MARK: Wildcards and the unknown

    /// Begins an element that the scope's wildcard takes.
    private func beginWildcard(
        _ tag: XMLStartTag, _ parser: XMLPushParser
    ) throws(TranslationError) -> Bool {
        let frame = top
        let scope = tables.scopes[frame.pointee.scope]
        if let group = wildGroup(scope, tag, depth: 0) {
            if frame.pointee.kind == .item {
                guard continues(frame, group) else {
                    try closeItem()
                    beginItem(of: top, top.pointee.openMember)
                    return try beginWildcard(tag, parser)
                }
                frame.pointee.last = group
            }
            openArray(frame, group, tables.members[scope.firstMember + group].json)
            beginItem(of: frame, group)
            return try beginWildcard(tag, parser)
        }
        guard scope.wildcardMember >= 0 else { return false }
        let member = tables.members[scope.firstMember + scope.wildcardMember]
        guard allows(member.wildcard, tag) else { return false }
        if frame.pointee.kind == .item {
            guard continues(frame, scope.wildcardMember) else {
                try closeItem()
                beginItem(of: top, top.pointee.openMember)
                return try beginWildcard(tag, parser)
            }
            frame.pointee.last = scope.wildcardMember
        }
        if member.isArray {
            openArray(frame, scope.wildcardMember, member.json)
            frame.pointee.occurrence &+= 1
        } else {
            if isSeen(frame, scope.wildcardMember) { return false }
            closeArray(frame)
            setSeen(frame, scope.wildcardMember)
            document.key(member.json)
        }
        count(scope.wildcardMember, in: frame)
        try beginWild(member.wildcard, tag, parser)
        return true
    }

    /// The repeated group of the scope in which a wildcard takes the tag; nil for none.
    private func wildGroup(_ scope: ScopePlan, _ tag: XMLStartTag, depth: Int) -> Int32? {
        guard depth < 20 else { return nil }
        for index in 0..<scope.memberCount {
            let member = tables.members[scope.firstMember + index]
            guard member.scope >= 0 else { continue }
            let inner = tables.scopes[member.scope]
            if inner.wildcardMember >= 0,
                allows(tables.members[inner.firstMember + inner.wildcardMember].wildcard, tag)
            {
                return index
            }
            if wildGroup(inner, tag, depth: depth + 1) != nil { return index }
        }
        return nil
    }

    func allows(_ wildcard: Int32, _ tag: XMLStartTag) -> Bool {
        let isOne = tables.wildcards[wildcard].partCount == 0
        if isOne, plans.wildcardConstraints[Int(wildcard)] == .any { return true }
        return plans.allows(wildcard, XMLText.string(tag.uri))
    }

    /// An element of a wildcard: in its JSON form where the contract declares it, else as XML.
    func beginWild(
        _ index: Int32, _ tag: XMLStartTag, _ parser: XMLPushParser
    ) throws(TranslationError) {
        let wildcard = tables.wildcards[index]
        for offset in 0..<wildcard.candidateCount {
            let candidate = tables.substitutes.base[Int(wildcard.firstCandidate &+ offset)]
            guard fit(candidate.name, tag) == .exact else { continue }
            document.beginObject()
            document.key(candidate.json)
            return try beginElement(candidate.target, tag, parser, wrappers: 1)
        }
        beginCapture(tag, parser)
    }

    /// An element that the contract does not know here: `@any` of the element around it.
    private func beginUnknown(
        _ tag: XMLStartTag, _ parser: XMLPushParser
    ) throws(TranslationError) {
        while top.pointee.kind == .item { try closeGroup() }
        if let uri = tag.uri, XMLText.equals(uri, SOAPNames.rpc12) {
            // rpc:result only says which part is the result (SOAP 1.2 part 2, 4.2.1).
            return push(ReadFrame(kind: .skip))
        }
        try report("the element is not known here", name: name(of: tag))
        let frame = top
        let scope = tables.scopes[frame.pointee.scope]
        if scope.wildcardMember >= 0 {
            openArray(frame, scope.wildcardMember, words.any)
        } else {
            if frame.pointee.openMember != ReadFrame.unknownMember, frame.pointee.last == 1 {
                needsMerge = true
            }
            frame.pointee.last = 1
            openArray(frame, ReadFrame.unknownMember, words.any)
        }
        frame.pointee.occurrence &+= 1
        beginCapture(tag, parser)
    }

    // MARK: Content

    private func startContentItem(
        _ tag: XMLStartTag, _ parser: XMLPushParser
    ) throws(TranslationError) {
        let frame = top
        closeText(frame)
        openContent(frame)
        let scope = tables.scopes[frame.pointee.scope]
        frame.pointee.occurrence &+= 1
        let route = findRoute(tag, in: frame)
        if route >= 0 {
            let plan = tables.routes[route]
            let member = tables.members[scope.firstMember + plan.member]
            if member.isOmitted { return push(ReadFrame(kind: .skip)) }
            document.beginObject()
            document.key(member.json)
            return try beginElement(
                plan.element, tag, parser,
                substitute: plan.isSubstitute
                    ? substituteName(plan, tables.elements[member.element]) : nil, wrappers: 1)
        }
        document.beginObject()
        document.key(words.any)
        let isAllowed =
            scope.wildcardMember >= 0
            && allows(tables.members[scope.firstMember + scope.wildcardMember].wildcard, tag)
        if isAllowed {
            let wildcard = tables.members[scope.firstMember + scope.wildcardMember].wildcard
            try beginWild(wildcard, tag, parser)
        } else {
            try report("the element is not known here", name: name(of: tag))
            beginCapture(tag, parser)
        }
        top.pointee.wrappers &+= 1
    }

    /// The array of `@content` or `@mixed` is open after this.
    func openContent(_ frame: UnsafeMutablePointer<ReadFrame>) {
        guard frame.pointee.openMember == ReadFrame.noMember else { return }
        document.key(frame.pointee.kind == .mixed ? words.mixed : words.content)
        document.beginArray()
        frame.pointee.openMember = 0
    }

    /// Text of mixed content ends.
    func closeText(_ frame: UnsafeMutablePointer<ReadFrame>) {
        guard frame.pointee.textStart >= 0 else { return }
        document.endString(from: frame.pointee.textStart)
        frame.pointee.textStart = -1
    }
}
