// SPDX-License-Identifier: Apache-2.0
// End tags: text into values, arrays and objects closed, what is missing found; and elements that
// are kept as XML or of which only the content tells what they are.

internal import DragomanDocument

extension PlanReader {
    func endElement(_ parser: XMLPushParser) throws(TranslationError) {
        while top.pointee.kind == .item {
            try closeItem()
            closeArray(top)
        }
        let frame = top
        switch frame.pointee.kind {
        case .text: try endText(frame)
        case .string: document.endString(from: frame.pointee.textStart)
        case .object:
            closeArray(frame)
            try checkMissing(frame)
            if frame.pointee.seenFrom >= 0 { try judge(frame) }
            document.endObject()
            closeBits(frame)
        case .content, .mixed:
            if frame.pointee.textStart >= 0 { closeText(frame) }
            closeArray(frame)
            closeBits(frame)
        case .unwrap: document.endArray()
        case .array: try endArray(frame)
        case .any: endAny(frame)
        case .capture:
            serializer.end(to: captured)
            if frame.pointee.last > 0 {
                frame.pointee.last &-= 1
                return
            }
            endCapture(frame)
        case .skip, .empty:
            if frame.pointee.last > 0 {
                frame.pointee.last &-= 1
                return
            }
        case .item: return
        }
        var wrappers = frame.pointee.wrappers
        while wrappers > 0 {
            document.endObject()
            wrappers &-= 1
        }
        frameCount &-= 1
    }

    @inline(__always)
    private func endText(_ frame: UnsafeMutablePointer<ReadFrame>) throws(TranslationError) {
        let simple = (tables.types.base + Int(frame.pointee.type)).pointee.simple
        let constraint = (tables.elements.base + Int(frame.pointee.entry)).pointee.constraint
        if constraint >= 0, document.textBytes(from: frame.pointee.textStart).isEmpty {
            document.continueText(tables.constants[constraint].bytes)
        }
        let start = frame.pointee.textStart
        let plan = tables.simples.base[Int(simple)]
        if plan.isPlainString, plan.whiteSpace == .preserve {
            return document.endString(from: start)
        }
        guard document.finishText(from: start, plan, by: self.simple) else {
            throw misfit("the text cannot be read as \(describe(plan))")
        }
    }

    private func describe(_ plan: SimplePlan) -> String {
        switch plan.variety {
        case .atomic: "xs:\(plan.builtIn.rawValue)"
        case .list: "a list"
        case .union: "a union"
        }
    }

    /// Elements that must be there and are not.
    @inline(__always)
    private func checkMissing(
        _ frame: UnsafeMutablePointer<ReadFrame>
    ) throws(TranslationError) {
        if frame.pointee.seenFrom < 0,
            ~(tables.scopes.base + Int(frame.pointee.scope)).pointee.dispensable
                & ~frame.pointee.seen == 0
        {
            return
        }
        try checkEachMissing(frame)
    }

    private func checkEachMissing(
        _ frame: UnsafeMutablePointer<ReadFrame>
    ) throws(TranslationError) {
        let scope = tables.scopes.base[Int(frame.pointee.scope)]
        for index in 0..<scope.memberCount {
            if isSeen(frame, index) { continue }
            try handleAbsent(scope, index)
        }
    }

    @inline(__always)
    private func handleAbsent(
        _ scope: ScopePlan, _ index: Int32
    ) throws(TranslationError) {
        let member = tables.members.base + Int(scope.firstMember &+ index)
        if printsEmptyArrays, member.pointee.isArray, !member.pointee.isOmitted {
            document.key(member.pointee.json)
            document.beginArray()
            document.endArray()
        }
        guard scope.isFlat, member.pointee.min > 0, !member.pointee.isOmitted else { return }
        if member.pointee.scope >= 0,
            tables.nodes[tables.scopes[member.pointee.scope].root].isEmptiable
        {
            return
        }
        try report("the element is missing", name: member.pointee.json.string)
    }

    // MARK: Elements kept as XML

    /// The element becomes a string of XML.
    func beginCapture(_ tag: XMLStartTag, _ parser: XMLPushParser, entry: Int32 = -1) {
        captured.removeAll()
        serializer.begin()
        serializer.start(tag, in: parser, to: captured)
        var frame = ReadFrame(kind: .capture, entry: entry)
        frame.last = 0
        push(frame)
    }

    private func endCapture(_ frame: UnsafeMutablePointer<ReadFrame>) {
        if frame.pointee.type >= 0 {
            document.beginObject()
            document.key(words.xml)
            document.append(string: captured.bytes)
            document.endObject()
        } else {
            document.append(string: captured.bytes)
        }
        captured.removeAll()
    }

    // MARK: anyType

    /// Text, what xsi:type names, or XML: the content will tell.
    func beginAny(
        _ index: Int32, _ tag: XMLStartTag, _ parser: XMLPushParser, _ instance: Instance,
        _ substitute: ConstantText?, _ wrappers: UInt8
    ) throws(TranslationError) {
        starting = index
        var frame = ReadFrame(
            kind: .any, entry: index, type: tables.elements[index].type, wrappers: wrappers)
        if instance.isNil {
            if substitute != nil || instance.others > 0 {
                document.beginObject()
                if let substitute { appendElementName(substitute) }
                document.key(words.isNil)
                document.append(true)
                document.endObject()
            } else {
                document.appendNull()
            }
            frame.kind = .empty
            return push(frame)
        }
        let declared = tables.types[frame.type]
        if let written = instance.type, let name = simple.resolve(written),
            let found = namedType(name, declared)
        {
            return try beginTyped(&frame, found.target, found.json, tag, substitute)
        }
        captured.removeAll()
        capturedText.removeAll()
        serializer.begin()
        serializer.start(tag, in: parser, to: captured)
        let isForeign = instance.type != nil
        if instance.others > 0 || isForeign && !declared.isSimpleOnly {
            frame.kind = .capture
            frame.last = 0
        }
        push(frame)
    }

    private func appendElementName(_ name: ConstantText) {
        document.key(words.element)
        document.append(constant: name)
    }

    /// A built-in type, or one of the contract, that may stand in for anyType.
    private func namedType(
        _ name: XMLName, _ declared: TypePlan
    ) -> (target: Int32, json: String)? {
        if SchemaSet.isSchemaNamespace(name.namespace) || SchemaSet.isSOAPEncoding(name.namespace),
            let index = plans.builtInTypes[name.local]
        {
            return (index, "xs:\(name.local)")
        }
        guard let known = plans.nameIndexes[name] else { return nil }
        for offset in 0..<declared.derivedCount {
            let other = tables.derived[declared.firstDerived + offset]
            if other.name == known { return (other.target, other.json.string) }
        }
        return nil
    }

    private func beginTyped(
        _ frame: inout ReadFrame, _ target: Int32, _ json: String, _ tag: XMLStartTag,
        _ substitute: ConstantText?
    ) throws(TranslationError) {
        let type = tables.types[target]
        frame.type = target
        document.beginObject()
        if let substitute { appendElementName(substitute) }
        document.key(words.type)
        document.append(string: json)
        switch type.kind {
        case .simple, .any, .xml, .soapArray:
            frame.kind = .text
            frame.wrappers &+= 1
            document.key(words.value)
            if type.kind == .soapArray {
                try beginArray(&frame, tag)
            } else {
                frame.textStart = document.beginText()
            }
        case .value:
            frame.kind = .text
            try appendAttributes(type, tag)
            document.key(words.value)
            frame.wrappers &+= 1
            frame.textStart = document.beginText()
        case .object:
            try appendAttributes(type, tag)
            frame.kind = .object
            open(&frame, type.scope)
        case .content, .mixed:
            try appendAttributes(type, tag)
            frame.kind = type.kind == .mixed ? .mixed : .content
            frame.wrappers &+= 1
            open(&frame, type.content)
        }
        push(frame)
    }

    private func endAny(_ frame: UnsafeMutablePointer<ReadFrame>) {
        document.append(string: capturedText.bytes)
        serializer.end(to: captured)
        captured.removeAll()
        capturedText.removeAll()
    }
}
