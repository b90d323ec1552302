// SPDX-License-Identifier: Apache-2.0
// Wrappers that a mapping unwraps: `<Tags><Tag>a</Tag></Tags>` as the member's array.

internal import DragomanDocument

extension PlanReader {
    func beginUnwrapped(_ member: MemberPlan, _ tag: XMLStartTag) {
        let xsi = uris[NamespaceTable.instance]
        for index in 0..<tag.attributeCount {
            let attribute = tag.attribute(index)
            if attribute.uri == xsi, XMLText.equals(attribute.local, "nil"),
                Lexical.boolean(attribute.value) == true
            {
                document.appendNull()
                return push(ReadFrame(kind: .empty, entry: member.element))
            }
        }
        document.beginArray()
        var frame = ReadFrame(kind: .unwrap, entry: member.element)
        frame.expected = member.inner
        push(frame)
    }

    func startUnwrapped(
        _ tag: XMLStartTag, _ parser: XMLPushParser
    ) throws(TranslationError) {
        let inner = top.pointee.expected
        top.pointee.occurrence &+= 1
        guard fit(tables.elements[inner].name, tag) != .none else {
            try report("the element is not known here", name: name(of: tag))
            return push(ReadFrame(kind: .skip))
        }
        try beginElement(inner, tag, parser)
    }
}
