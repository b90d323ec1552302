// SPDX-License-Identifier: Apache-2.0
// The schema files of one `dragoman validate`: the one named, and those that it leads to, by their
// paths or by the identifiers that files of its folder have. Nothing is ever fetched.

internal import DragomanDocument
internal import DragomanMapping
internal import DragomanSchema

final class SchemaFiles {
    let collector = DiagnosticCollector()
    private var files: [String: ValueFile] = [:]
    /// Files that could not be read, by URI; told once.
    private var failed: Set<String> = []
    /// The folder of the schema named, and its files by the identifiers in them.
    private var folder = "."
    private var identified: [String: String]?

    /// nil where something is wrong, which `collector` then has.
    func compile(_ path: String) -> SchemaProgram? {
        let absolute = FileAccess.resolved(path) ?? path
        folder = FileAccess.directory(of: absolute)
        let start = Self.uri(absolute)
        guard let document = read(path, as: start) else { return nil }
        let compiler = SchemaCompiler { [unowned self] uri in resolve(uri) }
        defer {
            for warning in compiler.takeWarnings() { report(.warning, warning, path, start) }
        }
        do throws(SchemaProblems) {
            return try compiler.compile(document: document, baseURI: start)
        } catch {
            // What does not read can not be referred to; why it does not is told already.
            let hasFailed = collector.hasErrors
            for problem in error.all where !(hasFailed && failed.contains { isNamed($0, problem) })
            {
                report(.error, problem, path, start)
            }
            return nil
        }
    }

    private func isNamed(_ uri: String, _ problem: SchemaProblem) -> Bool {
        problem.documentURI == uri || problem.message.contains("names \(uri), which is not here")
    }

    private func report(
        _ severity: Diagnostic.Severity, _ problem: SchemaProblem, _ path: String, _ start: String
    ) {
        let file = files[problem.documentURI]
        let code = severity == .error ? "schema" : "schema-without-effect"
        let shown = file?.source.path ?? problem.documentURI
        collector.report(
            Diagnostic(
                severity, code: code, file: shown,
                position: file?.position(of: problem.pointer) ?? .start,
                message: problem.message, suggestion: problem.suggestion))
    }

    // MARK: Files

    private func resolve(_ uri: String) -> Document? {
        if let path = Self.path(uri) {
            guard FileAccess.exists(path) else { return nil }
            return read(path, as: uri)
        }
        if identified == nil { identified = identify() }
        return identified?[uri].flatMap { files[$0]?.document }
    }

    private func read(_ path: String, as uri: String) -> Document? {
        if let known = files[uri] { return known.document }
        switch Platform.read(path) {
        case .failure(let error):
            collector.report(
                Diagnostic(code: "file", file: path, message: "can not be read: \(error.message)"))
        case .success(let bytes):
            let source = SourceText(path: path, bytes: bytes)
            collector.remember(source)
            do throws(ValueSyntaxError) {
                let file = try ValueFile.read(bytes, path: path)
                files[uri] = file
                return file.document
            } catch {
                collector.report(
                    Diagnostic(
                        code: "syntax", file: path, position: error.position,
                        message: error.detail))
            }
        }
        failed.insert(uri)
        return nil
    }

    /// The identifiers of the schemas in the folder, and the URIs of their files. What is no
    /// schema is none of our business.
    private func identify() -> [String: String] {
        var found: [String: String] = [:]
        for name in Platform.files(in: folder) {
            guard [".json", ".yaml", ".yml"].contains(where: name.hasSuffix) else { continue }
            let path = FileAccess.join(folder, name)
            let uri = Self.uri(path)
            if files[uri] == nil {
                guard case .success(let bytes) = Platform.read(path),
                    let file = try? ValueFile.read(bytes, path: path)
                else { continue }
                files[uri] = file
                collector.remember(file.source)
            }
            guard let document = files[uri]?.document else { continue }
            for id in Self.identifiers(document) where found[id] == nil { found[id] = uri }
        }
        return found
    }

    /// The absolute identifiers anywhere in a document: schemas may be bundled in one.
    private static func identifiers(_ document: Document) -> [String] {
        var found: [String] = []
        var pending = document.root.map { [$0] } ?? []
        while let node = pending.popLast() {
            if node.isObject {
                let id = node.member("$id") ?? node.member("id")
                if let id, id.isString, id.bytes.contains(0x3A) {
                    let text = id.string
                    found.append(text.hasSuffix("#") ? String(text.dropLast()) : text)
                }
                for member in node.members { pending.append(member.value) }
            } else if node.isArray {
                pending += node.items
            }
        }
        return found
    }

    // MARK: URIs

    /// `file:` and the path, percent-encoded.
    private static func uri(_ path: String) -> String {
        var text = "file://"
        for byte in path.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x2F, 0x5F, 0x7E:
                text.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                text += digits.utf8.count < 2 ? "%0" + digits : "%" + digits
            }
        }
        return text
    }

    /// The path of a `file:` URI; nil for others.
    private static func path(_ uri: String) -> String? {
        guard uri.hasPrefix("file:///") else { return nil }
        var bytes: [UInt8] = []
        var rest = Array(uri.utf8.dropFirst(7))[...]
        while let byte = rest.popFirst() {
            if byte == 0x25, rest.count >= 2,
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest.removeFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return bytes.contains(0) ? nil : String(decoding: bytes, as: UTF8.self)
    }
}
