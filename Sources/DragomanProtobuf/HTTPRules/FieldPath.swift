// SPDX-License-Identifier: Apache-2.0
// Dotted paths to fields, as google.api.http writes them: `book.author.name`.

internal import DragomanDocument

/// Whose names a path to a field is written in.
package enum FieldPathNames: Sendable {
    /// The contract's own: annotations, and errors of backends.
    case contract
    /// Those of members in JSON, which a mapping may have renamed.
    case members
}

extension ProtobufContract {
    /// The fields along a dotted path of .proto or JSON names, from a message on; each but the
    /// last is a single message. Nil where there is no such path.
    package func fields(
        along path: String, of message: Int, _ names: FieldPathNames = .contract
    ) -> [FieldDescriptor]? {
        var found: [FieldDescriptor] = []
        var index: Int? = message
        for name in path.split(separator: ".", omittingEmptySubsequences: false) {
            guard let here = index, let field = messages[here].field(String(name), names) else {
                return nil
            }
            found.append(field)
            index = nil
            if case .message(let next) = field.type, !field.isRepeated,
                messages[next].wellKnown != .unwrapped
            {
                index = next
            }
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
            if let here = index, let list = messages[here].unwrappedField(step) {
                // The list stands where its message would.
                index = list.messageIndex
                continue
            }
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
                    name = field.memberName
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

extension MessageDescriptor {
    fileprivate func field(_ name: String, _ names: FieldPathNames) -> FieldDescriptor? {
        names == .contract ? field(named: name) : field(ofMember: name)
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
