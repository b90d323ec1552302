// SPDX-License-Identifier: Apache-2.0
// Dotted paths to fields, as google.api.http writes them: `book.author.name`.

package import DragomanDocument

extension ProtobufContract {
    /// The fields along a dotted path of .proto or JSON names, from a message on; each but the
    /// last is a single message. Nil where there is no such path.
    package func fields(along path: String, of message: Int) -> [FieldDescriptor]? {
        var found: [FieldDescriptor] = []
        var index: Int? = message
        for name in path.split(separator: ".", omittingEmptySubsequences: false) {
            guard let here = index, let field = messages[here].field(named: String(name)) else {
                return nil
            }
            found.append(field)
            index = nil
            if case .message(let next) = field.type, !field.isRepeated { index = next }
        }
        return found.isEmpty ? nil : found
    }

    /// The steps of a field's path as errors of backends write it: `a.b[0]["x.y"]` is a, b, 0, x.y.
    package static func fieldSteps(_ path: String) -> [String] { FieldPathSteps.split(path) }

    /// Why a path is none, naming the step that fails.
    func whyNoPath(_ path: String, of message: Int) -> String {
        var index = message
        for name in path.split(separator: ".", omittingEmptySubsequences: false) {
            let descriptor = messages[index]
            guard let field = descriptor.field(named: String(name)) else {
                return "\(descriptor.fullName) has no field \(JSONText.quoted(String(name)))"
            }
            guard case .message(let next) = field.type, !field.isRepeated else {
                return "the field \(field.name) of \(descriptor.fullName) is no single message"
            }
            index = next
        }
        return "it leads nowhere"
    }

    /// A field path as errors of backends write it (`order.items[0].sku`), as a JSON Pointer into
    /// the message's JSON form. Steps that the contract does not know are taken as they are.
    package func pointer(toField path: String, of message: Int) -> String {
        var pointer = ""
        var index: Int? = message
        for step in FieldPathSteps.split(path) {
            var name = step
            if let here = index {
                index = nil
                if messages[here].isMapEntry {
                    if case .message(let next)? = messages[here].fields.first(where: {
                        $0.number == 2
                    })?.type {
                        index = next
                    }
                } else if let field = messages[here].field(named: step) {
                    name = field.jsonName
                    if case .message(let next) = field.type { index = next }
                } else if !step.isEmpty, step.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) {
                    // An item of a list is of the type that the list has.
                    index = here
                }
            }
            pointer += "/" + JSONPointer.escape(name)
        }
        return pointer
    }
}

extension ProtobufContract {
    /// google.api.HttpBody: bytes with a media type of their own.
    package func isHTTPBody(_ message: Int) -> Bool {
        messages[message].fullName == "google.api.HttpBody"
    }

    /// The field at the end of a dotted path is a single google.api.HttpBody.
    package func isHTTPBody(field path: String, of message: Int) -> Bool {
        guard let field = fields(along: path, of: message)?.last, !field.isRepeated,
            case .message(let index) = field.type
        else { return false }
        return isHTTPBody(index)
    }
}

enum FieldPathSteps {
    /// `a.b[0]["x.y"]` to a, b, 0, x.y.
    static func split(_ path: String) -> [String] {
        var steps: [String] = []
        var step = ""
        var isInBrackets = false
        func finish() {
            if !step.isEmpty { steps.append(step) }
            step = ""
        }
        for character in path {
            if isInBrackets {
                if character == "]" {
                    isInBrackets = false
                    if step.count >= 2, let first = step.first, first == step.last,
                        first == "\"" || first == "'"
                    {
                        step = String(step.dropFirst().dropLast())
                    }
                    finish()
                } else {
                    step.append(character)
                }
            } else if character == "[" {
                finish()
                isInBrackets = true
            } else if character == "." {
                finish()
            } else {
                step.append(character)
            }
        }
        finish()
        return steps
    }
}

/// The field of a reply that is the response's body (`HttpRule.response_body`).
package struct ResponseBodyPlan: Sendable {
    private let names: [String]
    private let plan: MessagePlan
    private let isRepeated: Bool
    private let field: FieldDescriptor

    /// `path`: one field, or a dotted path of single messages to one.
    package init(
        _ contract: ProtobufContract, message: Int, path: String, _ options: ProtoJSONOptions
    ) throws(ContractLoadError) {
        guard let fields = contract.fields(along: path, of: message), let last = fields.last else {
            throw ContractLoadError(problems: [
                ContractProblem(
                    element: contract.messages[message].fullName,
                    "response_body \(JSONText.quoted(path)): "
                        + contract.whyNoPath(path, of: message))
            ])
        }
        names = fields.map { options.names == .json ? $0.jsonName : $0.name }
        plan = contract.plan(at: message)
        isRepeated = last.isRepeated
        field = last
    }

    /// The value in a reply that was read with the same options; nil where it is not set.
    package func value(of reply: Node) -> Node? {
        var node = reply
        for name in names {
            guard let next = node.member(named: name) else { return nil }
            node = next
        }
        return node
    }

    /// Appends what stands for a field that is not set: an empty list or object, the default of
    /// a scalar.
    package func appendDefault(to document: Document) {
        if field.cardinality == .repeated {
            document.beginArray()
            document.endArray()
            return
        }
        if field.cardinality == .map {
            document.beginObject()
            document.endObject()
            return
        }
        switch field.type {
        case .bool: document.append(false)
        case .string, .bytes: document.append(string: "")
        case .int64, .uint64, .fixed64, .sfixed64, .sint64: document.append(string: "0")
        case .message, .enumeration: document.appendNull()
        default: document.append(Int64(0))
        }
    }
}
