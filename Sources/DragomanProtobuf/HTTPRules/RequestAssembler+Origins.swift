// SPDX-License-Identifier: Apache-2.0
// Which part of the client's request a field of the message came from: a backend that finds fault
// with a field does not know that it was a parameter.

internal import DragomanDocument

/// Where the client sent a field, or would have sent it.
package enum FieldOrigin: Equatable, Sendable {
    /// A path variable or query parameter, as the client wrote its name; JSON's where it did not.
    case parameter(String)
    /// These steps of the field's path, in the body.
    case body([String])
}

extension RequestAssembler {
    /// `path`: as errors write it, `order.items[0].sku`; of the message assembled last.
    package func origin(ofField path: String) -> FieldOrigin {
        let steps = FieldPathSteps.split(path)
        guard let assembly else { return .body(steps) }
        var node = 0
        var table: UnsafePointer<MessageTable>? = assembly.plan.table
        var rest = steps[...]
        var names: [String] = []
        // The steps of the body that the ones so far are.
        var inBody: [String]? = assembly.body == .whole ? [] : nil
        while let step = rest.first {
            let field = table.flatMap { self.field(named: step, of: $0) }
            names.append(field.map { $0.pointee.jsonName.string } ?? step)
            guard let child = child(of: node, step, field) else { break }
            rest.removeFirst()
            inBody?.append(step)
            node = child
            if let next = field?.pointee.message { table = UnsafePointer(next) }
            switch tree.nodes[node].content {
            case .text: return .parameter(tree.name(tree.nodes[node].parameter))
            case .body: return .body(Array(rest))
            case .message: if tree.nodes[node].mergesBody { inBody = [] }
            case .list, .map: break
            }
        }
        if rest.isEmpty, node != 0, tree.nodes[node].parameter >= 0 {
            return .parameter(tree.name(tree.nodes[node].parameter))
        }
        if let inBody { return .body(inBody + rest) }
        if !assembly.bodyPath.isEmpty, isBelowBody(steps, assembly) {
            return .body(Array(steps.dropFirst(assembly.bodyPath.count)))
        }
        return .parameter((names + rest.dropFirst()).joined(separator: "."))
    }

    private func field(named name: String, of table: UnsafePointer<MessageTable>) -> Field? {
        let known = table.pointee.place(ofContract: name)
        var name = name
        let place =
            known >= 0
            ? known : name.withUTF8 { table.pointee.place(named: UnsafeRawBufferPointer($0)) }
        return place < 0 ? nil : UnsafePointer(table.pointee.fields + place)
    }

    private func child(of node: Int, _ step: String, _ field: Field?) -> Int? {
        switch tree.nodes[node].content {
        case .message: return field.flatMap { tree.child(of: node, $0) }
        case .list:
            guard var left = Int(step), left >= 0 else { return nil }
            var child = tree.nodes[node].firstChild
            while child >= 0, left > 0 {
                child = tree.nodes[child].next
                left -= 1
            }
            return child < 0 ? nil : child
        case .map:
            var key = step
            return key.withUTF8 { tree.child(of: node, key: UnsafeRawBufferPointer($0)) }
        case .text, .body: return nil
        }
    }

    private func isBelowBody(_ steps: [String], _ assembly: RequestAssembly) -> Bool {
        guard steps.count >= assembly.bodyPath.count else { return false }
        return zip(steps, assembly.bodyPath).allSatisfy { step, part in
            let field = part.field.pointee
            return [field.contractName, field.protoName, field.jsonName].contains {
                $0.string == step
            }
        }
    }
}
