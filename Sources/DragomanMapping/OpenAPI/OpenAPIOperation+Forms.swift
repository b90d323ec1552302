// SPDX-License-Identifier: Apache-2.0
// Bodies that are no JSON as OpenAPI describes them: bytes have no schema, a form's files are
// parts of bytes (OpenAPI 3.1, 4.8.14.3).

internal import DragomanDocument
internal import DragomanSchema

extension OpenAPIOperation {
    /// `source`: of JSON. `accepts`: whose members a form has.
    func appendForms(_ forms: BodyForms, _ source: SchemaSource?, _ accepts: SchemaSource?) {
        for range in forms.ranges {
            switch range.form {
            case .json:
                if isClientStream {
                    appendMessages(source, as: range.text) { $0["request"]?["body"] }
                } else {
                    appendJSON(range.text, source)
                }
            case .bytes: output.member(range.text, object: {})
            case .multipart, .fields:
                output.member(
                    range.text,
                    object: {
                        output.member(
                            "schema",
                            object: {
                                appendForm(forms, accepts, hasFiles: range.form == .multipart)
                            })
                    })
            }
        }
    }

    private func appendForm(_ forms: BodyForms, _ source: SchemaSource?, hasFiles: Bool) {
        output.member("type", "object")
        guard !forms.members.isEmpty else { return }
        output.member(
            "properties",
            object: {
                for member in forms.members {
                    output.key(member.name)
                    appendMember(member, source, hasFiles: hasFiles)
                }
            })
        guard let node = source.flatMap(schemas.followed)?.node, node.isObject else { return }
        for keyword in ["required", "additionalProperties"] {
            guard let value = node.member(named: keyword), keyword == "required" || value.isFalse
            else { continue }
            output.key(keyword)
            output.append(copy: value)
        }
    }

    private func appendMember(
        _ member: BodyForms.Member, _ source: SchemaSource?, hasFiles: Bool
    ) {
        if member.isBytes, hasFiles {
            if member.isList {
                output.object {
                    output.member("type", "array")
                    output.member("items", object: appendFile)
                }
            } else {
                output.object(appendFile)
            }
            return
        }
        if let target = source.flatMap(schemas.followed),
            let pointer = SchemaPointers.property(
                member.name, in: target.document, at: target.pointer)
        {
            schemas.append(
                SchemaSource(document: target.document, uri: target.uri, pointer: pointer),
                to: output)
        } else {
            output.append(true)
        }
    }

    private func appendFile() {
        output.member("type", "string")
        output.member("contentMediaType", "application/octet-stream")
    }

    func appendProduced(_ produced: ProducedBody, _ source: SchemaSource?) {
        let type = produced.mediaType.constant?.string ?? "*/*"
        output.member(
            type,
            object: {
                switch produced.coding {
                case .json:
                    if let source { schema(source) }
                    examples { $0["responds"]?["body"] }
                case .text:
                    output.member("schema", object: { output.member("type", "string") })
                    examples { $0["responds"]?["body"] }
                case .base64, .base16: break
                }
            })
    }
}

extension Node {
    fileprivate var isFalse: Bool { kind == .false }
}

extension YAMLNode {
    /// An example's request whose body is no JSON.
    var isForm: Bool {
        (self["headers"]?.pairs ?? []).contains { pair in
            guard pair.name.lowercased() == "content-type", let type = pair.value.text else {
                return false
            }
            return !type.lowercased().contains("json")
        }
    }
}
