// SPDX-License-Identifier: Apache-2.0
// JSON Schemas that users write, in files or in mapping files: compiled at load, with everything
// that is wrong placed where it stands.

internal import DragomanDocument
internal import DragomanSchema

/// A schema written by a user, compiled.
struct UserSchema {
    let program: SchemaProgram
    let lazy: LazySchema
    let shape: SchemaShape

    private static let types = [
        "bool": "boolean", "int": "integer", "int32": "integer", "int64": "integer",
        "long": "integer", "float": "number", "double": "number", "decimal": "number",
        "str": "string", "text": "string", "date": "string", "list": "array", "map": "object",
        "dict": "object", "struct": "object", "nil": "null", "none": "null",
    ]

    /// `flase`, where a keyword wants a boolean.
    fileprivate static func boolean(_ node: YAMLNode, _ problem: SchemaProblem) -> String? {
        guard problem.message.contains("boolean"), let text = node.text else { return nil }
        // What other languages call the types of JSON.
        if problem.message.contains("\"integer\""), let type = types[text.lowercased()] {
            return type
        }
        return NearestName.find(text, in: ["true", "false"])
    }
}

extension LoadContext {
    /// Compiles `accepts`, `returns` or a parameter's schema; nil where something is wrong, which
    /// has been reported.
    func schema(
        _ reference: SchemaReference, annotates: Bool, in file: MappingSource
    ) -> UserSchema? {
        let origin: SchemaLibrary.Origin = annotates ? .userAnnotating : .user
        switch reference {
        case .file(let contract):
            guard contract.path != nil else { return nil }
            let name = contract.text.text
            let key = "\(origin.rawValue)\n\(name)"
            if let known = userSchemas[key] { return known }
            let made = compile(
                SchemaLibrary.uri(name), name: name, node: contract.text.node, inline: nil,
                origin, file)
            userSchemas[key] = .some(made)
            return made
        case .inline(let node):
            let uri = library.add(YAMLDocument.make(node), name: "inline", origin: origin)
            file.inlineSchemas[uri] = node
            return compile(uri, name: file.path, node: node, inline: uri, origin, file)
        }
    }

    private func compile(
        _ uri: String, name: String, node: YAMLNode, inline: String?,
        _ origin: SchemaLibrary.Origin, _ file: MappingSource
    ) -> UserSchema? {
        let result = library.compile(uri, origin: origin)
        for warning in library.takeWarnings() {
            report(.warning, warning, uri, node, inline, file)
        }
        switch result {
        case .success(let program):
            let source = library.document(uri).map { SchemaSource(document: $0, uri: uri) }
            return UserSchema(
                program: program, lazy: LazySchema(program, source),
                shape: SchemaShape(view: program.view, source: source, name: name))
        case .failure(let problems):
            for problem in problems.all { report(.error, problem, uri, node, inline, file) }
            return nil
        }
    }

    private func report(
        _ severity: Diagnostic.Severity, _ problem: SchemaProblem, _ uri: String,
        _ node: YAMLNode, _ inline: String?, _ file: MappingSource
    ) {
        let documentURI = problem.documentURI
        let code = severity == .error ? "schema" : "schema-without-effect"
        if let inline, documentURI == inline {
            let place = YAMLDocument.place(of: problem.pointer, in: node)
            return file.report(
                severity, code, place, problem.message,
                suggestion: problem.suggestion
                    ?? UserSchema.boolean(
                        YAMLDocument.node(at: problem.pointer, in: node), problem))
        }
        guard let name = SchemaLibrary.file(documentURI) else {
            return file.report(severity, code, node, "\(documentURI): \(problem.sentence)")
        }
        let (reason, syntax) = library.failure(documentURI)
        if let reason {
            return file.report(severity, code, node, "the schema \(name) \(reason)")
        }
        let path = "schemas/\(name)"
        let place = library.place(of: problem.pointer, in: documentURI)
        if let source = place?.source, collector.source(path) == nil {
            collector.remember(SourceText(path: path, bytes: source.bytes))
        }
        collector.report(
            Diagnostic(
                severity, code: code, file: path,
                position: syntax?.position ?? place?.1 ?? .start,
                message: syntax?.detail ?? problem.message, suggestion: problem.suggestion,
                related: [file.related(node, "it is named here")]))
    }
}

/// Where in a JSON file something stands.
enum SchemaPlaces {
    /// The place of the value that a pointer names, or of the nearest one around it.
    static func position(of pointer: String, in document: Document) -> SourcePosition {
        guard var node = document.root, let tokens = JSONPointer.tokens(pointer) else {
            return .start
        }
        let source = document.source
        var offset = 0
        for token in tokens {
            var next: Node?
            if node.isObject {
                var members = node.members
                while let member = members.next() {
                    guard member.name.string == token else { continue }
                    if let place = place(member.name, in: source) { offset = max(offset, place) }
                    next = member.value
                }
            } else if let index = Int(token) {
                next = node.item(index)
                if let next, let place = place(next, in: source) { offset = max(offset, place) }
            }
            guard let next else { break }
            node = next
        }
        return position(offset, in: source)
    }

    /// A text without escapes points into the file itself.
    private static func place(_ node: Node, in source: UnsafeRawBufferPointer) -> Int? {
        guard let start = source.baseAddress, let text = node.bytes.baseAddress else { return nil }
        let offset = text - start
        return offset >= 0 && offset < source.count ? max(0, offset - 1) : nil
    }

    private static func position(
        _ offset: Int, in source: UnsafeRawBufferPointer
    ) -> SourcePosition {
        var line = 1
        var column = 1
        for index in 0..<min(offset, source.count) {
            if source[index] == 0x0A {
                line += 1
                column = 1
            } else if source[index] & 0xC0 != 0x80 {
                column += 1
            }
        }
        return SourcePosition(line: line, column: column)
    }
}
