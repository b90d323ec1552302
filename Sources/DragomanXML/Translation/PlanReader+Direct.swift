// SPDX-License-Identifier: Apache-2.0
// The ordinary events of an open message, which are nearly all of them: the element that is due
// next or again, its text, and its end. Each does what the long way would, without its questions.

internal import DragomanDocument

/// A name as the parser's pointers; both are nil for a name that no tag of this parser has.
struct InternedName {
    var local: UnsafePointer<UInt8>?
    /// Nil in no namespace.
    var uri: UnsafePointer<UInt8>?

    @inline(__always)
    func matches(_ tag: XMLStartTag) -> Bool { local == tag.local && uri == tag.uri }

    @inline(__always)
    func matches(_ attribute: XMLAttributeView) -> Bool {
        local == attribute.local && uri == attribute.uri
    }
}

extension PlanReader {
    /// Fills the tables of names from `locals` and `uris`.
    func internNames(nameBytesMax: Int) {
        func interned(_ index: Int32) -> InternedName {
            let name = tables.names[index]
            guard name.local.count <= nameBytesMax, let local = locals[Int(index)] else {
                return InternedName()
            }
            if name.namespace < 0 { return InternedName(local: local) }
            guard let uri = uris[Int(name.namespace)] else { return InternedName() }
            return InternedName(local: local, uri: uri)
        }
        for index in 0..<tables.routes.count {
            (routeNames + index).initialize(to: interned(tables.routes[Int32(index)].name))
        }
        for index in 0..<tables.attributes.count {
            (attributeNames + index).initialize(
                to: interned(tables.attributes[Int32(index)].name))
        }
    }

    /// Begins the element where it is an ordinary one of the open object, and due.
    /// - Returns: false where it is not; nothing has happened then.
    @inline(__always)
    func startDirectly(_ tag: XMLStartTag) throws(TranslationError) -> Bool {
        let frame = top
        guard frame.pointee.kind == .object, frame.pointee.seenFrom < 0 else { return false }
        let scope = tables.scopes.base + Int(frame.pointee.scope)
        var offset = frame.pointee.expected
        if offset >= scope.pointee.routeCount {
            guard scope.pointee.routeCount > 0 else { return false }
            offset = 0
        }
        var index = Int(scope.pointee.firstRoute &+ offset)
        if !routeNames[index].matches(tag) {
            offset &+= 1
            index &+= 1
            guard offset < scope.pointee.routeCount, routeNames[index].matches(tag) else {
                return false
            }
        }
        let route = tables.routes.base + index
        let kind = route.pointee.direct
        if kind == .none { return false }
        if tag.attributeCount > 0, kind != .object || hasQualifiedAttribute(tag) { return false }
        guard beginMember(route, offset, frame) else { return false }
        if kind == .object {
            starting = route.pointee.element
            document.beginObject()
            let own = tables.scopes.base + Int(route.pointee.scope)
            if tag.attributeCount > 0 || own.pointee.attributeCount > 0 {
                try appendAttributes(tables.types.base[Int(route.pointee.type)], tag)
            }
            pushFrame(
                .object, entry: route.pointee.element, type: route.pointee.type, wrappers: 0
            ).pointee.scope = route.pointee.scope
        } else {
            let start = document.beginText()
            pushFrame(
                kind == .string ? .string : .text, entry: route.pointee.element,
                type: route.pointee.type, wrappers: 0
            ).pointee.textStart = start
        }
        return true
    }

    /// Attributes of the XML Schema instance namespace change what an element is.
    @inline(__always)
    private func hasQualifiedAttribute(_ tag: XMLStartTag) -> Bool {
        for index in 0..<tag.attributeCount where tag.attribute(index).uri != nil { return true }
        return false
    }

    /// The member's name, or its array, is open after this.
    /// - Returns: false where the member has had its one element.
    @inline(__always)
    private func beginMember(
        _ route: UnsafeMutablePointer<RoutePlan>, _ offset: Int32,
        _ frame: UnsafeMutablePointer<ReadFrame>
    ) -> Bool {
        if route.pointee.isArray {
            if frame.pointee.openMember != route.pointee.member {
                openArray(frame, route.pointee.member, route.pointee.json)
            }
            frame.pointee.expected = offset
            frame.pointee.occurrence &+= 1
            return true
        }
        let bit: UInt64 = 1 &<< UInt64(truncatingIfNeeded: route.pointee.member)
        guard frame.pointee.seen & bit == 0 else { return false }
        closeArray(frame)
        frame.pointee.seen |= bit
        document.key(route.pointee.json)
        frame.pointee.expected = offset &+ 1
        return true
    }

    /// As `startDirectly`, for a tag without attributes.
    @inline(__always)
    func takeStart(_ tag: XMLStartTag) throws(TranslationError) -> Bool {
        guard frameCount > 0 else { return false }
        return try startDirectly(tag)
    }

    /// Takes text of a simple type.
    @inline(__always)
    func takeText(_ bytes: UnsafeRawBufferPointer, isPlain: Bool) -> Bool {
        guard frameCount > 0 else { return false }
        let frame = top
        switch frame.pointee.kind {
        case .string:
            if !isPlain { frame.pointee.isPlain = false }
            document.continueText(bytes)
            return true
        case .text:
            document.continueText(bytes)
            return true
        default: return false
        }
    }

    /// Ends the element where it is a string.
    @inline(__always)
    func endDirectly() -> Bool {
        let frame = top
        guard frame.pointee.kind == .string else { return false }
        document.endString(from: frame.pointee.textStart, isPlain: frame.pointee.isPlain)
        frameCount &-= 1
        return true
    }
}
