// SPDX-License-Identifier: Apache-2.0
// A field that a gRPC backend finds fault with, as a place in what the client sent: also where a
// path, a query or a template has made the field of something else.

package import DragomanDocument
internal import DragomanProtobuf

/// Where a field of the backend's message came from.
package struct FieldPlace {
    package let place: RequestViolation.Place
    /// The place is the field's own; else it is that of the next thing around it which the client
    /// sent, and says less than the field's name.
    package let isExact: Bool
}

extension TranslationContext {
    /// `path`: in the backend's terms, `order.items[0].sku`.
    /// `message`: the Document of the message that was sent.
    /// `body`: the Document of the request's body.
    /// `isOneOfMany`: of a client stream, whose backend does not say which message it means.
    package func place(
        ofField path: String, _ call: GRPCCall, message: Document, body: Document,
        isOneOfMany: Bool
    ) -> FieldPlace {
        let walk = FieldWalk(contract: call.contract, names: call.options.names)
        switch route?.request {
        case .assembly(let assembly):
            switch assembler.origin(ofField: path) {
            case .parameter(let name): return FieldPlace(place: .parameter(name), isExact: true)
            case .body(let steps):
                let type =
                    steps.count == FieldWalk.steps(path).count
                    ? call.method.input : assembly.bodyMessage
                return place(walk.follow(steps, type, body.root), isOneOfMany)
            }
        case _ where isOneOfMany: return FieldPlace(place: .pointer(""), isExact: false)
        case .template, .opened:
            let found = walk.follow(FieldWalk.steps(path), call.method.input, message.root)
            guard let node = found.node, node.index != message.root?.index || !found.isAtRoot else {
                return FieldPlace(place: .pointer(""), isExact: false)
            }
            let place = DocumentPlace(node)
            if let parameter = route?.parameters.parameter(at: place, self) {
                return FieldPlace(place: .parameter(parameter.name.string), isExact: true)
            }
            let pointer = body.pointer(to: place)
            return FieldPlace(
                place: .pointer(pointer ?? ""), isExact: pointer != nil && found.isWhole)
        case .body, .some(.none), nil:
            return place(walk.follow(FieldWalk.steps(path), call.method.input, body.root), false)
        }
    }

    private func place(_ found: FieldWalk.Found, _ isOneOfMany: Bool) -> FieldPlace {
        isOneOfMany
            ? FieldPlace(place: .pointer(""), isExact: false)
            : FieldPlace(place: .pointer(found.pointer), isExact: found.isKnown)
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
        /// Each step has a value.
        var isWhole = true
        /// Each step may have one; else `pointer` ends before the first that may not.
        var isKnown = true
        var pointer = ""
    }

    static func steps(_ path: String) -> [String] { ProtobufContract.fieldSteps(path) }

    /// `type`: the message's place in the contract; nil where it is not known.
    func follow(_ steps: [String], _ type: Int?, _ root: Node?) -> Found {
        var found = Found(node: root)
        var here = root
        var type = type
        var collection: FieldCardinality?
        for step in steps {
            let isItem = collection == .map || collection == .repeated && Int(step) != nil
            let known = isItem ? nil : type
            collection = nil
            if let known, let list = contract.messages[known].unwrappedField(step) {
                // The list stands where its message would.
                type = list.messageIndex
                collection = .repeated
                continue
            }
            let field = known.flatMap { contract.messages[$0].field(named: step) }
            if known != nil, field == nil {
                // The mapping's `types` keep it from the client, or the backend errs.
                found.isKnown = false
                found.isWhole = false
                return found
            }
            let (name, next) = member(step, field, of: here)
            found.pointer += "/" + JSONPointer.escape(name)
            if let next {
                found.node = next
                found.isAtRoot = false
            } else {
                found.isWhole = false
            }
            here = next
            if let field {
                type = inner(field)
                collection = field.cardinality
            } else if !isItem {
                type = nil
            }
        }
        return found
    }

    /// The member or item of that step as the client calls it, and its value.
    private func member(
        _ step: String, _ field: FieldDescriptor?, of node: Node?
    ) -> (name: String, value: Node?) {
        let name = field?.writtenName(names) ?? step
        guard let node else { return (name, nil) }
        if node.isArray {
            return (name, Int(step).flatMap { $0 >= 0 ? node.item($0) : nil })
        }
        guard node.isObject else { return (name, nil) }
        for candidate in [field?.memberName, field?.otherMemberName, step] {
            guard let candidate, let value = node.member(named: candidate) else { continue }
            return (candidate, value)
        }
        return (name, nil)
    }

    /// The type of what a field leads to: of a list or a map that of its items.
    private func inner(_ field: FieldDescriptor) -> Int? {
        guard case .message(let index) = field.type else { return nil }
        guard field.cardinality == .map else { return index }
        if case .message(let value)? = contract.mapEntry(of: field)?.value.type { return value }
        return nil
    }
}
