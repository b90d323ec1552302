// SPDX-License-Identifier: Apache-2.0
// A field that a gRPC backend finds fault with, as a place in what the client sent: also where a
// path, a query or a template has made the field of something else.

package import DragomanDocument
internal import DragomanProtobuf

extension TranslationContext {
    /// `path`: in the backend's terms, `order.items[0].sku`.
    /// `message`: the Document of the message that was sent.
    /// `body`: the Document of the request's body.
    package func place(
        ofField path: String, _ call: GRPCCall, message: Document, body: Document
    ) -> RequestViolation.Place {
        let walk = FieldWalk(contract: call.contract, names: call.options.names)
        switch route?.request {
        case .assembly(let assembly):
            switch assembler.origin(ofField: path) {
            case .parameter(let name): return .parameter(name)
            case .body(let steps):
                let type =
                    steps.count == FieldWalk.steps(path).count
                    ? call.method.input : assembly.bodyMessage
                return .pointer(walk.follow(steps, type, body.root).pointer)
            }
        case .template:
            let found = walk.follow(FieldWalk.steps(path), call.method.input, message.root)
            guard let node = found.node, node.index != message.root?.index || !found.isAtRoot else {
                return .pointer("")
            }
            let place = DocumentPlace(node)
            if let parameter = route?.parameters.parameter(at: place, self) {
                return .parameter(parameter.name.string)
            }
            return .pointer(body.pointer(to: place) ?? "")
        case .body, .some(.none), nil:
            return .pointer(
                walk.follow(FieldWalk.steps(path), call.method.input, body.root).pointer)
        }
    }
}

/// Follows a field's path through a message in its JSON form, whichever names it is written with.
private struct FieldWalk {
    let contract: ProtobufContract
    let names: ProtoJSONOptions.NameForm

    struct Found {
        /// The value as deep as there is one.
        var node: Node?
        var isAtRoot = true
        var pointer = ""
    }

    static func steps(_ path: String) -> [String] { ProtobufContract.fieldSteps(path) }

    /// `type`: the message's place in the contract; nil where it is not known.
    func follow(_ steps: [String], _ type: Int?, _ root: Node?) -> Found {
        var found = Found(node: root)
        var here = root
        var type = type
        for step in steps {
            if let known = type, let list = contract.messages[known].unwrappedField(step) {
                // The list stands where its message would.
                type = list.messageIndex
                continue
            }
            let field = type.flatMap { contract.messages[$0].field(named: step) }
            var name = field?.writtenName(names) ?? step
            var next: Node?
            if let node = here {
                if node.isArray {
                    next = Int(step).flatMap { $0 >= 0 ? node.item($0) : nil }
                } else if node.isObject {
                    for candidate in [field?.memberName, field?.otherMemberName, step] {
                        guard let candidate, let value = node.member(named: candidate) else {
                            continue
                        }
                        (next, name) = (value, candidate)
                        break
                    }
                }
            }
            found.pointer += "/" + JSONPointer.escape(name)
            if let next {
                found.node = next
                found.isAtRoot = false
            }
            here = next
            type = inner(field, type, step)
        }
        return found
    }

    /// The type of what a step leads to.
    private func inner(_ field: FieldDescriptor?, _ type: Int?, _ step: String) -> Int? {
        guard let field else {
            // An item of a list has the list's own type.
            return Int(step) == nil ? nil : type
        }
        guard case .message(let index) = field.type else { return nil }
        guard field.cardinality == .map else { return index }
        if case .message(let value)? = contract.mapEntry(of: field)?.value.type { return value }
        return nil
    }
}
