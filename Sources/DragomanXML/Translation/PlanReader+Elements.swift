// SPDX-License-Identifier: Apache-2.0
// A start tag whose element is known: which type the instance has, whether it is nil, its
// attributes, and the frame for what comes.

internal import DragomanDocument

extension PlanReader {
    /// What a start tag's attributes of the XML Schema instance namespace say.
    struct Instance {
        var isNil = false
        var type: UnsafeRawBufferPointer?
        /// Attributes other than those of the namespace.
        var others = 0
    }

    @inline(__always)
    func instance(of tag: XMLStartTag) -> Instance {
        var instance = Instance()
        guard tag.attributeCount > 0 else { return instance }
        let xsi = uris[NamespaceTable.instance]
        for index in 0..<tag.attributeCount {
            let attribute = tag.attribute(index)
            guard attribute.uri != nil, attribute.uri == xsi else {
                instance.others &+= 1
                continue
            }
            if XMLText.equals(attribute.local, "nil") {
                let value = attribute.value
                instance.isNil = Lexical.boolean(trimmed(value)) == true
            } else if XMLText.equals(attribute.local, "type") {
                instance.type = trimmed(attribute.value)
            }
        }
        return instance
    }

    private func trimmed(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        var slice = bytes[...]
        while let first = slice.first, XMLCharacters.isSpace(first) { slice.removeFirst() }
        while let last = slice.last, XMLCharacters.isSpace(last) { slice.removeLast() }
        return UnsafeRawBufferPointer(rebasing: slice)
    }

    /// Begins the value of an element.
    /// `substitute`: the element's name in JSON where it stands in for another.
    /// `wrappers`: objects already begun around the value.
    func beginElement(
        _ index: Int32, _ tag: XMLStartTag, _ parser: XMLPushParser,
        substitute: ConstantText? = nil, wrappers: UInt8 = 0
    ) throws(TranslationError) {
        let instance = instance(of: tag)
        starting = index
        var typeIndex = tables.elements.base[Int(index)].type
        var typeName: ConstantText?
        if tables.types.base[Int(typeIndex)].kind == .any {
            return try beginAny(index, tag, parser, instance, substitute, wrappers)
        }
        if let written = instance.type {
            (typeIndex, typeName) = try instanceType(written, declared: typeIndex)
        }
        let type = tables.types.base[Int(typeIndex)]
        if type.isAbstract, typeName == nil, !instance.isNil {
            throw misfit("the type is abstract, and xsi:type names none that derives")
        }
        if type.kind == .simple, !instance.isNil {
            var wrappers = wrappers
            if instance.others > 0 { try reportAttributes(tag) }
            if substitute != nil || typeName != nil {
                beginObject(substitute, typeName)
                document.key(words.value)
                wrappers &+= 1
            }
            let start = document.beginText()
            pushFrame(.text, entry: index, type: typeIndex, wrappers: wrappers)
                .pointee.textStart = start
            return
        }
        if type.kind == .object, !instance.isNil {
            beginObject(substitute, typeName)
            try appendKnownAttributes(type, tag)
            let frame = pushFrame(.object, entry: index, type: typeIndex, wrappers: wrappers)
            return open(&frame.pointee, type.scope)
        }
        var frame = ReadFrame(kind: .text, entry: index, type: typeIndex, wrappers: wrappers)
        if instance.isNil {
            return beginNil(&frame, type, tag, parser, substitute, typeName)
        }
        switch type.kind {
        case .value:
            beginObject(substitute, typeName)
            try appendAttributes(type, tag)
            document.key(words.value)
            frame.wrappers &+= 1
            frame.textStart = document.beginText()
        case .content, .mixed:
            beginObject(substitute, typeName)
            try appendAttributes(type, tag)
            frame.kind = type.kind == .mixed ? .mixed : .content
            frame.wrappers &+= 1
            open(&frame, type.content)
        case .soapArray: try beginArray(&frame, tag, substitute, typeName)
        case .xml: return beginCapture(tag, parser, entry: index)
        case .simple, .object, .any: break
        }
        push(frame)
    }

    /// An array, as `value` of an object where that says what it is of.
    private func beginArray(
        _ frame: inout ReadFrame, _ tag: XMLStartTag, _ substitute: ConstantText?,
        _ type: ConstantText?
    ) throws(TranslationError) {
        if substitute != nil || type != nil {
            beginObject(substitute, type)
            document.key(words.value)
            frame.wrappers &+= 1
        }
        try beginArray(&frame, tag)
    }

    @inline(__always)
    private func beginObject(_ substitute: ConstantText?, _ type: ConstantText?) {
        document.beginObject()
        if let substitute {
            document.key(words.element)
            document.append(constant: substitute)
        }
        if let type {
            document.key(words.type)
            document.append(constant: type)
        }
    }

    /// As `push`, made where it stays: a frame that is filled on the stack and copied costs more
    /// than all else that a start tag does.
    @inline(__always)
    func pushFrame(
        _ kind: ReadFrame.Kind, entry: Int32, type: Int32, wrappers: UInt8
    ) -> UnsafeMutablePointer<ReadFrame> {
        if frameCount == frameCapacity { growFrames() }
        let place = frames + frameCount
        place.initialize(to: ReadFrame(kind: kind, entry: entry, type: type, wrappers: wrappers))
        starting = -1
        frameCount &+= 1
        return place
    }

    /// Bits for the scope's members.
    @inline(__always)
    func open(_ frame: inout ReadFrame, _ scope: Int32) {
        frame.scope = scope
        let count = Int(tables.scopes.base[Int(scope)].memberCount)
        if count > narrowMax { openWide(&frame, count) }
    }

    @inline(never)
    private func openWide(_ frame: inout ReadFrame, _ count: Int) {
        frame.seenFrom = Int32(truncatingIfNeeded: seen.count)
        let words = (count + 63) / 64 + (isCounting ? count : 0)
        for _ in 0..<words { seen.append(0) }
    }

    /// The frame's bits are done with.
    @inline(__always)
    func closeBits(_ frame: UnsafeMutablePointer<ReadFrame>) {
        guard frame.pointee.seenFrom >= 0 else { return }
        seen.removeLast(seen.count &- Int(frame.pointee.seenFrom))
    }

    // MARK: Nil

    private func beginNil(
        _ frame: inout ReadFrame, _ type: TypePlan, _ tag: XMLStartTag,
        _ parser: XMLPushParser, _ substitute: ConstantText?, _ typeName: ConstantText?
    ) {
        frame.kind = .empty
        let hasAttributes = type.scope >= 0 && knowsAttribute(type, tag)
        if substitute != nil || typeName != nil || hasAttributes {
            beginObject(substitute, typeName)
            if hasAttributes { try? appendAttributes(type, tag) }
            document.key(words.isNil)
            document.append(true)
            document.endObject()
        } else {
            document.appendNull()
        }
        push(frame)
    }

    private func knowsAttribute(_ type: TypePlan, _ tag: XMLStartTag) -> Bool {
        let scope = tables.scopes[type.scope]
        for index in 0..<tag.attributeCount {
            let attribute = tag.attribute(index)
            for offset in 0..<scope.attributeCount
            where isName(tables.attributes[scope.firstAttribute + offset].name, attribute) {
                return true
            }
        }
        return false
    }

    // MARK: Types

    /// The type that xsi:type names, and its name in JSON; no name where it is the declared one
    /// or a simple one.
    private func instanceType(
        _ written: UnsafeRawBufferPointer, declared: Int32
    ) throws(TranslationError) -> (Int32, ConstantText?) {
        let plan = tables.types[declared]
        guard let name = simple.resolve(written) else {
            try report("the prefix of xsi:type is not declared")
            return (declared, nil)
        }
        if let known = plans.nameIndexes[name] {
            if known == plan.name { return (declared, nil) }
            for offset in 0..<plan.derivedCount {
                let other = tables.derived[plan.firstDerived + offset]
                if other.name == known { return (other.target, other.json) }
            }
        }
        // xsi:type on a simple element is checked by reading and dropped; soapenc:Array and what
        // the contract does not know say no more than the declaration.
        if plan.kind != .simple, plan.kind != .soapArray,
            !SchemaSet.isSOAPEncoding(name.namespace)
        {
            try report("xsi:type names \"\(name)\", which is no type that can stand here")
        }
        return (declared, nil)
    }

    // MARK: Attributes

    @inline(__always)
    func isName(_ name: Int32, _ attribute: XMLAttributeView) -> Bool {
        guard locals[Int(name)] == attribute.local else { return false }
        let namespace = tables.names.base[Int(name)].namespace
        return namespace < 0 ? attribute.uri == nil : uris[Int(namespace)] == attribute.uri
    }

    @inline(__always)
    private func appendKnownAttributes(
        _ type: TypePlan, _ tag: XMLStartTag
    ) throws(TranslationError) {
        if tag.attributeCount > 0 || tables.scopes.base[Int(type.scope)].attributeCount > 0 {
            try appendAttributes(type, tag)
        }
    }

    /// Attributes as members of the object just begun; absent ones from their default.
    func appendAttributes(
        _ type: TypePlan, _ tag: XMLStartTag
    ) throws(TranslationError) {
        let scope = tables.scopes.base[Int(type.scope)]
        var found: UInt64 = 0
        var hasUnknown = false
        let xsi = uris[NamespaceTable.instance]
        for index in 0..<tag.attributeCount {
            let attribute = tag.attribute(index)
            if attribute.uri != nil, attribute.uri == xsi { continue }
            var slot: Int32 = 0
            while slot < scope.attributeCount,
                !attributeNames[Int(scope.firstAttribute &+ slot)].matches(attribute)
            {
                slot &+= 1
            }
            guard slot < scope.attributeCount else {
                hasUnknown = true
                continue
            }
            if slot < 64 { found |= 1 &<< UInt64(slot) }
            let plan = tables.attributes.base + Int(scope.firstAttribute &+ slot)
            if plan.pointee.isOmitted { continue }
            document.key(plan.pointee.json)
            guard appendValue(attribute.value, tables.simples.base + Int(plan.pointee.simple))
            else {
                throw misfit(
                    "the type cannot read \"\(shortened(attribute.value))\"",
                    name: "@\(plan.pointee.json.string)")
            }
        }
        if found.nonzeroBitCount == Int(scope.attributeCount), !hasUnknown { return }
        for slot in 0..<scope.attributeCount {
            if slot < 64, found & (1 &<< UInt64(slot)) != 0 { continue }
            try appendAbsent(tables.attributes.base[Int(scope.firstAttribute &+ slot)], slot, tag)
        }
        if hasUnknown { try appendUnknownAttributes(type, scope, tag) }
    }

    /// - Returns: false where the text is no value of the type.
    @inline(__always)
    private func appendValue(
        _ value: UnsafeRawBufferPointer, _ plan: UnsafeMutablePointer<SimplePlan>
    ) -> Bool {
        var isPlain = false
        switch TextScan.form(value) {
        case .broken: return false
        case .escaped: break
        case .plain: isPlain = true
        }
        if plan.pointee.isPlainString, plan.pointee.whiteSpace == .preserve {
            document.append(string: value, isPlain: isPlain)
            return true
        }
        if plan.pointee.isPlainBoolean, let truth = Lexical.boolean(value) {
            document.append(truth)
            return true
        }
        return document.append(value, plan.pointee, by: simple)
    }

    private func appendAbsent(
        _ plan: AttributePlan, _ slot: Int32, _ tag: XMLStartTag
    ) throws(TranslationError) {
        if slot >= 64 {
            for index in 0..<tag.attributeCount where isName(plan.name, tag.attribute(index)) {
                return
            }
        }
        if plan.isOmitted { return }
        // What is filled in is not worth a word, but where every word counts.
        if plan.isRequired, plan.constraint < 0 || !options.reportsMismatch {
            try report("the attribute \"\(tables.names[plan.name].local.string)\" is missing")
        }
        guard plan.constraint >= 0 else { return }
        document.key(plan.json)
        let value = tables.constants[plan.constraint].bytes
        if !document.append(value, tables.simples[plan.simple], by: simple) {
            document.append(string: value)
        }
    }

    private func appendUnknownAttributes(
        _ type: TypePlan, _ scope: ScopePlan, _ tag: XMLStartTag
    ) throws(TranslationError) {
        let xsi = uris[NamespaceTable.instance]
        var isOpen = false
        for index in 0..<tag.attributeCount {
            let attribute = tag.attribute(index)
            if attribute.uri != nil, attribute.uri == xsi { continue }
            let isKnown = (0..<scope.attributeCount).contains {
                isName(tables.attributes[scope.firstAttribute + $0].name, attribute)
            }
            if isKnown { continue }
            let name = XMLName(XMLText.string(attribute.uri), XMLText.string(attribute.local))
            guard type.anyAttribute >= 0,
                plans.wildcardConstraints[Int(type.anyAttribute)].allows(name.namespace)
            else {
                try reportAttribute(name)
                continue
            }
            if !isOpen {
                document.key(words.anyAttribute)
                document.beginObject()
                isOpen = true
            }
            document.key(plans.jsonName(name))
            document.append(string: attribute.value)
        }
        if isOpen { document.endObject() }
    }

    /// Attributes of an element that the contract gives none.
    @inline(never)
    private func reportAttributes(_ tag: XMLStartTag) throws(TranslationError) {
        for index in 0..<tag.attributeCount {
            let attribute = tag.attribute(index)
            if attribute.uri != nil, attribute.uri == uris[NamespaceTable.instance] { continue }
            try reportAttribute(
                XMLName(XMLText.string(attribute.uri), XMLText.string(attribute.local)))
        }
    }

    /// An attribute that is not declared; SOAP's own and XML's may stand anywhere.
    private func reportAttribute(_ name: XMLName) throws(TranslationError) {
        let isKnown =
            SchemaSet.isSOAPEncoding(name.namespace) || name.namespace == XMLNamespace.xml
            || SOAPNames.isEnvelope(name.namespace)
            || (name.namespace.isEmpty && (name.local == "id" || name.local == "href"))
        if !isKnown { try report("the attribute \"\(name)\" is not known") }
    }

    func shortened(_ bytes: UnsafeRawBufferPointer) -> String {
        let text = String(decoding: bytes, as: UTF8.self)
        return text.utf8.count > 60 ? String(text.prefix(50)) + "…" : text
    }
}
