// SPDX-License-Identifier: Apache-2.0
// All JSON Schemas of a directory: those that users wrote, those that contracts imply and those
// that routes derive. Each file is read once and each schema compiled once; derived ones only
// when something is judged by them.

internal import DragomanDocument
internal import DragomanSchema
internal import Synchronization

/// The schemas of one load. Kept by the plans, because derived schemas are compiled later.
final class SchemaLibrary: @unchecked Sendable {
    // Sendable: everything below is touched under `lock` only; Documents in it are complete when
    // they come here and are never written again.
    private let lock = Mutex(())
    private let files: ContractFiles
    private var documents: [String: Document] = [:]
    private var failures: [String: String] = [:]
    private var syntaxErrors: [String: ValueSyntaxError] = [:]
    private var compilers: [SchemaCompiler?] = [nil, nil, nil]
    private var identifiers: [String: String]?
    private var lazies: [String: LazySchema] = [:]
    private var derivedURIs: [String: String] = [:]
    private var derivedCount = 0
    private var isSealed = false
    private var warnings: [SchemaProblem] = []
    /// The files that schemas were read from, by URI, for messages about them.
    private var readFiles: [String: ValueFile] = [:]

    /// Who made a schema, and with that how it is read.
    enum Origin: Int {
        /// A user, formats asserted.
        case user
        /// A user, formats only annotate.
        case userAnnotating
        /// This program; not checked against the meta-schema.
        case derived
    }

    static let base = "file:///schemas/"

    init(files: ContractFiles) { self.files = files }

    /// The URI of a schema file, as mappings name it, with its fragment.
    static func uri(_ name: String) -> String { base + name }

    /// The URI is of a file, or of a schema in a mapping.
    static func isUsers(_ uri: String) -> Bool { uri.hasPrefix(base) }

    /// The URI is of a schema that stands in a mapping.
    static func isInline(_ uri: String) -> Bool { uri.hasPrefix(base + ".inline-") }

    /// The file below `schemas/` that a URI names; nil for other URIs.
    static func file(_ uri: String) -> String? {
        guard uri.hasPrefix(base) else { return nil }
        return String(uri.dropFirst(base.count).prefix { $0 != "#" })
    }

    /// Adds a schema that is no file. - Returns: its URI.
    func add(_ document: Document, name: String, origin: Origin) -> String {
        let document = SchemaSource(document: document, uri: "")
        return lock.withLock { _ in
            derivedCount += 1
            let uri =
                origin == .derived
                ? "dragoman:derived/\(derivedCount)/\(name)"
                : "\(SchemaLibrary.base).inline-\(derivedCount)"
            documents[uri] = document.document
            return uri
        }
    }

    /// The schema at a URI with an optional fragment.
    func compile(_ uri: String, origin: Origin) -> Result<SchemaProgram, SchemaProblems> {
        lock.withLock { _ in
            let compiler = compiler(origin)
            defer { warnings += compiler.takeWarnings() }
            do throws(SchemaProblems) {
                return .success(try compiler.compile(uri: uri))
            } catch {
                return .failure(error)
            }
        }
    }

    /// What was found in schemas since the last call that has no effect.
    func takeWarnings() -> [SchemaProblem] {
        lock.withLock { _ in
            defer { warnings = [] }
            return warnings
        }
    }

    /// A schema of the program's own, compiled when it is asked for.
    func lazy(_ uri: String) -> LazySchema {
        lock.withLock { _ in
            if let known = lazies[uri] { return known }
            let made = LazySchema { [self] in compiled(uri) }
            lazies[uri] = made
            return made
        }
    }

    /// A schema that a contract implies, written when it is needed, on whatever thread.
    func lazy(_ build: @escaping @Sendable (Document) -> Void) -> LazySchema {
        LazySchema { [self] in
            let document = Document(tapeCapacity: 256, textCapacity: 1024)
            build(document)
            guard document.root != nil else { return nil }
            return compiled(add(document, name: "contract", origin: .derived))
        }
    }

    /// A schema that a route derives; equal ones are one.
    func lazy(derived document: Document) -> LazySchema {
        let text = document.root?.json ?? ""
        if let uri = lock.withLock({ _ in derivedURIs[text] }) { return lazy(uri) }
        let uri = add(document, name: "accepts", origin: .derived)
        lock.withLock { _ in derivedURIs[text] = uri }
        return lazy(uri)
    }

    /// Schemas of one document of the program's own by their places there, compiled together, and
    /// how many subschemas that took.
    func compiled(
        _ uri: String, at pointers: [String]
    ) -> (schemas: [LazySchema.Compiled?], added: Int) {
        lock.withLock { _ in
            let compiler = compiler(.derived)
            guard let document = load(uri) else { return ([], 0) }
            let before = compiler.subschemaCount
            let schemas = pointers.map { pointer -> LazySchema.Compiled? in
                let place = "\(uri)#\(SchemaShape.fragment(pointer))"
                guard let program = try? compiler.compile(uri: place) else { return nil }
                return LazySchema.Compiled(
                    program, SchemaSource(document: document, uri: uri, pointer: pointer))
            }
            return (schemas, compiler.subschemaCount - before)
        }
    }

    func compiled(_ uri: String) -> LazySchema.Compiled? {
        guard case .success(let program) = compile(uri, origin: .derived) else { return nil }
        let pointer = uri.firstIndex(of: "#").map { String(uri[uri.index(after: $0)...]) } ?? ""
        let source = document(uri).map { document in
            SchemaSource(
                document: document, uri: String(uri.prefix { $0 != "#" }),
                pointer: SchemaLibrary.percentDecoded(pointer))
        }
        return LazySchema.Compiled(program, source)
    }

    /// The document of a URI of the program's own, made by whoever asks first.
    func document(_ uri: String, orMake make: () -> Document) -> Document {
        if let known = document(uri) { return known }
        let made = SchemaSource(document: make(), uri: uri)
        return lock.withLock { _ -> SchemaSource in
            if let known = documents[uri] { return SchemaSource(document: known, uri: uri) }
            documents[uri] = made.document
            return made
        }.document
    }

    /// A number that no other schema of this library has.
    func uniqueNumber() -> Int {
        lock.withLock { _ in
            derivedCount += 1
            return derivedCount
        }
    }

    /// The file that a document was read from, and where in it a pointer leads.
    func place(of pointer: String, in uri: String) -> (source: SourceText, SourcePosition)? {
        lock.withLock { _ in
            readFiles[uri].map { ($0.source, $0.position(of: pointer)) }
        }
    }

    /// Why a file of a schema could not be used: a reason, or what is no JSON in it.
    func failure(_ uri: String) -> (reason: String?, syntax: ValueSyntaxError?) {
        let document = String(uri.prefix { $0 != "#" })
        return lock.withLock { _ in (failures[document], syntaxErrors[document]) }
    }

    /// The schema's document, where the file could be read.
    func document(_ uri: String) -> Document? {
        let name = String(uri.prefix { $0 != "#" })
        return lock.withLock { _ in load(name).map { SchemaSource(document: $0, uri: name) } }?
            .document
    }

    /// The documents by URI, for those who follow references.
    var publishedDocuments: SchemaDocuments {
        SchemaDocuments { [self] uri in
            document(uri).map { SchemaSource(document: $0, uri: uri) }
        }
    }

    /// Loading is over: what is compiled from now on shares nothing that others may be reading.
    func seal() {
        lock.withLock { _ in
            isSealed = true
            derivedURIs = [:]
            readFiles = [:]
            compilers = [nil, nil, nil]
        }
    }

    private func compiler(_ origin: Origin) -> SchemaCompiler {
        if let known = compilers[origin.rawValue] { return known }
        var options = SchemaOptions()
        options.checksSchemas = origin != .derived
        if origin == .userAnnotating { options.formats = .annotate }
        // The library outlives its compilers, and they call back only from within `compile`.
        let compiler = SchemaCompiler(options: options) { [unowned self] uri in load(uri) }
        if !isSealed { compilers[origin.rawValue] = compiler }
        return compiler
    }

    /// Under `lock`.
    private func load(_ uri: String) -> Document? {
        if let known = documents[uri] { return known }
        if failures[uri] != nil || syntaxErrors[uri] != nil { return nil }
        guard let name = SchemaLibrary.file(uri) else { return identified(uri) }
        switch bytes(SchemaLibrary.percentDecoded(name)) {
        case .failure(let failure):
            failures[uri] = failure.reason
            return nil
        case .success(let bytes):
            do throws(ValueSyntaxError) {
                let file = try ValueFile.read(bytes, path: name)
                documents[uri] = file.document
                readFiles[uri] = file
                return file.document
            } catch {
                syntaxErrors[uri] = error
                return nil
            }
        }
    }

    private struct Unreadable: Error { let reason: String }

    private func bytes(_ name: String) -> Result<[UInt8], Unreadable> {
        switch files.resolve(name) {
        case .failure(let problem): return .failure(Unreadable(reason: problem.message))
        case .success(let path):
            return FileAccess.read(path).mapError {
                Unreadable(reason: "can not be read: \($0.message)")
            }
        }
    }

    /// A URI that a file of the directory bears as its `$id`. Under `lock`.
    private func identified(_ uri: String) -> Document? {
        if identifiers == nil {
            var found: [String: String] = [:]
            for path in FileAccess.files(under: files.root, suffix: ".json") {
                let file = SchemaLibrary.base + path
                guard let root = load(file)?.root else { continue }
                let id = root.member("$id") ?? root.member("id")
                if let id, id.isString {
                    let text = id.string
                    found[text.hasSuffix("#") ? String(text.dropLast()) : text] = file
                }
            }
            identifiers = found
        }
        guard let file = identifiers?[uri] else { return nil }
        return load(file)
    }

    private static func percentDecoded(_ name: String) -> String {
        guard name.utf8.contains(0x25) else { return name }
        return Array(name.utf8).withUnsafeBytes { PathText.decoded($0, .all) }
    }
}
