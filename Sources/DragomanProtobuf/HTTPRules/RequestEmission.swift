// SPDX-License-Identifier: Apache-2.0
// Writes a tree of parameters, with the body where it belongs, as the message's Document.

internal import DragomanDocument

struct RequestEmission {
    let assembler: RequestAssembler
    let document: Document
    let body: Node?
    let assembly: RequestAssembly

    typealias Table = UnsafePointer<MessageTable>

    /// `merging`: the body's object for this message, whose members stand beside those
    ///   that the parameters set.
    mutating func message(
        _ node: Int, _ table: Table, merging object: Node?
    ) throws(TranslationError) {
        document.beginObject()
        var oneofs = SeenBits()
        if let object { try members(of: object, node, table, &oneofs) }
        var child = assembler.tree.nodes[node].firstChild
        while child >= 0 {
            let entry = assembler.tree.nodes[child]
            if !entry.isDone, let field = entry.field {
                if field.pointee.oneof >= 0, !oneofs.insert(Int(field.pointee.oneof)) {
                    assembler.violate(
                        entry.parameter, "contract", "another member of its oneof is set already")
                }
                document.key(field.pointee.jsonName)
                try value(child, field)
            }
            child = entry.next
        }
        document.endObject()
    }

    /// The body's own members; those that a parameter sets too are refused, unless both set parts
    /// of one message.
    private mutating func members(
        of object: Node, _ node: Int, _ table: Table, _ oneofs: inout SeenBits
    ) throws(TranslationError) {
        var members = object.members
        while let member = members.next() {
            let place = table.pointee.place(named: member.name.bytes)
            guard place >= 0 else {
                if assembly.options.unknown == .ignore { continue }
                throw TranslationError(
                    .value,
                    "\(table.pointee.fullName.string) has no field "
                        + JSONText.quoted(member.name.string),
                    at: member.name)
            }
            let field = UnsafePointer(table.pointee.fields + place)
            let child = assembler.tree.child(of: node, field)
            if member.value.kind == .null, child != nil { continue }
            if field.pointee.oneof >= 0, member.value.kind != .null || field.pointee.takesNull {
                _ = oneofs.insert(Int(field.pointee.oneof))
            }
            guard let child else {
                document.key(member.name.bytes, isPlain: member.name.isPlain)
                document.append(reference: member.value)
                continue
            }
            guard assembler.tree.nodes[child].content == .message, member.value.kind == .object,
                !assembler.tree.nodes[child].isDone, let nested = field.pointee.message
            else {
                throw TranslationError(
                    .value, "this field is set by the path already", at: member.name)
            }
            assembler.tree.setDone(child, true)
            document.key(field.pointee.jsonName)
            try message(child, UnsafePointer(nested), merging: member.value)
        }
    }

    private mutating func value(
        _ node: Int, _ field: UnsafePointer<FieldTable>
    ) throws(TranslationError) {
        switch assembler.tree.nodes[node].content {
        case .text:
            if !assembler.appendValue(node, to: document) { document.appendNull() }
        case .body:
            if let body { document.append(reference: body) } else { document.appendNull() }
        case .message:
            guard let table = field.pointee.message else { return document.appendNull() }
            let merged = assembler.tree.nodes[node].mergesBody ? body : nil
            try message(node, UnsafePointer(table), merging: merged)
        case .list:
            document.beginArray()
            var item = assembler.tree.nodes[node].firstChild
            while item >= 0 {
                try value(item, field)
                item = assembler.tree.nodes[item].next
            }
            document.endArray()
        case .map:
            document.beginObject()
            var member = assembler.tree.nodes[node].firstChild
            while member >= 0 {
                let entry = assembler.tree.nodes[member]
                document.key(assembler.tree.bytes(entry.key))
                if let valueField = entry.field { try value(member, valueField) }
                member = entry.next
            }
            document.endObject()
        }
    }
}
