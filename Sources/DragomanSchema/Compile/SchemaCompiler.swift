// SPDX-License-Identifier: Apache-2.0
// Schemas in, programs out: find the documents, read the schemas, check them, write instructions.
package import DragomanDocument

/// Compiles schemas of one set of documents; what two programs share is compiled once, and each
/// further one costs only what is new in it. For one thread, while loading.
package final class SchemaCompiler {
    private let registry: SchemaRegistry
    private let graph = SchemaGraph()
    private let builder: SchemaBuilder
    private let generator: CodeGenerator
    private var checkedFiles = 0
    /// Some schema could not be compiled.
    private var hasFailed = false
    /// Schemas that were read for a program that failed.
    private var waiting: [Subschema] = []

    /// A compiler without any document. `resolver` gives the document that an absolute URI names,
    /// if there is one; it is asked once for each URI, and never for the meta-schemas of the
    /// drafts, which are built in.
    package init(
        options: SchemaOptions = SchemaOptions(),
        resolver: @escaping (String) -> Document? = { _ in nil }
    ) {
        registry = SchemaRegistry(options, resolver)
        builder = SchemaBuilder(registry, graph)
        generator = CodeGenerator(graph)
    }

    /// Compiles the schema at `pointer` of `document`. Compiling another schema of the same
    /// document under the same URI shares all that is known of it.
    ///
    /// The document is kept, and must not be changed any more; nor may what it refers to. Its
    /// references and identifiers are relative to `baseURI`, under which there is one document.
    /// Everything that is wrong is thrown together.
    package func compile(
        document: Document, baseURI: String, pointer: String = ""
    ) throws(SchemaProblems) -> SchemaProgram {
        let added = registry.add(document, uri: baseURI)
        guard let file = added, let root = rootResource(file) else {
            throw takeProblems(baseURI, added ?? registry.file(baseURI))
        }
        guard let place = registry.locate(pointer: pointer, in: root) else {
            registry.report("nothing stands at \(pointer)", at: file.root, in: file)
            throw takeProblems(baseURI)
        }
        return try compile(place)
    }

    /// The schema that a URI names, with a fragment or without, compiled.
    package func compile(uri: String) throws(SchemaProblems) -> SchemaProgram {
        var failure = ""
        let nowhere = Document()
        nowhere.append(true)
        guard let root = nowhere.root else { throw takeProblems(uri) }
        let resource = SchemaResource(
            "", SchemaFile("", nowhere, root), root,
            DialectRules(registry.options.dialectDefault), -1)
        guard let place = registry.resolve(uri, from: resource, &failure) else {
            registry.problems.append(
                SchemaProblem(documentURI: uri, pointer: "", message: failure))
            throw takeProblems(uri)
        }
        return try compile(place)
    }

    /// How many schemas and schemas inside them all programs so far are made of.
    package var subschemaCount: Int { graph.schemas.count }

    /// What was found since the last call that has no effect: keywords and formats that are not
    /// known, each at its place.
    package func takeWarnings() -> [SchemaProblem] {
        defer { registry.warnings = [] }
        return registry.warnings
    }

    private func rootResource(_ file: SchemaFile) -> SchemaResource? {
        file.resource(at: file.root).map { registry.resources[$0] }
    }

    private func takeProblems(_ uri: String, _ file: SchemaFile? = nil) -> SchemaProblems {
        hasFailed = true
        let problems = registry.problems.isEmpty ? file?.problems ?? [] : registry.problems
        registry.problems = []
        guard problems.isEmpty else { return SchemaProblems(merging: problems) }
        let message = "the document holds no schema"
        return SchemaProblems(
            all: [SchemaProblem(documentURI: uri, pointer: "", message: message)])
    }

    private func compile(_ place: SchemaPlace) throws(SchemaProblems) -> SchemaProgram {
        let uri = place.resource.file.uri
        checkFiles()
        guard registry.problems.isEmpty else { throw takeProblems(uri) }
        let (root, found) = builder.build(place)
        // What an earlier schema could not use, because it failed, this one may need.
        let waitingCount = waiting.count
        var fresh = waiting + found
        waiting = []
        let candidates = root.reachesDynamic ? dynamicCandidates(root, &fresh) : []
        checkFiles()
        LoopCheck.run(Array(fresh.dropFirst(waitingCount)), builder)
        if hasFailed { recallProblems(root, candidates.map(\.schema)) }
        guard registry.problems.isEmpty else {
            waiting = fresh
            throw takeProblems(uri)
        }
        return program(root, fresh, candidates)
    }

    /// Reports again what is wrong with schemas that are reached from `root`.
    private func recallProblems(_ root: Subschema, _ others: [Subschema]) {
        var pending = [root] + others
        var seen: Set<ObjectIdentifier> = []
        while let schema = pending.popLast() {
            guard seen.insert(ObjectIdentifier(schema)).inserted else { continue }
            for problem in schema.problems { registry.report(problem) }
            for problem in schema.resource.file.problems { registry.report(problem) }
            for rule in schema.rules { pending += rule.schemas }
        }
    }

    private func program(
        _ root: Subschema, _ fresh: [Subschema], _ targets: [DynamicTarget]
    ) -> SchemaProgram {
        generator.generate(fresh)
        let entries = targets.map {
            DynamicEntry(
                anchor: generator.anchor($0.anchor), resource: $0.resource.number,
                block: generator.block($0.schema, from: nil),
                trackedBlock: generator.block($0.schema, from: nil, isTracked: true))
        }
        let entry = generator.block(root, from: nil)
        generator.generate([])
        return SchemaProgram(graph, root, entry, entries, targets)
    }

    // MARK: Dynamic references

    /// Every schema that a dynamic reference may lead to from `root` on: those that have the
    /// anchor in a resource that can be entered on the way.
    private func dynamicCandidates(
        _ root: Subschema, _ fresh: inout [Subschema]
    ) -> [DynamicTarget] {
        var candidates: [DynamicTarget] = []
        var pending = [root]
        var seen: Set<ObjectIdentifier> = []
        var resources: [SchemaResource] = []
        var anchors: [String] = []
        func pair(_ anchor: String, _ resource: SchemaResource) {
            guard let node = resource.dynamicAnchors[anchor] else { return }
            let place = SchemaPlace(resource: resource, node: node)
            let (schema, more) = builder.build(place)
            fresh += more
            candidates.append(
                DynamicTarget(anchor: anchor, resource: resource, schema: schema))
            pending.append(schema)
        }
        while let schema = pending.popLast() {
            guard seen.insert(ObjectIdentifier(schema)).inserted else { continue }
            let resource = schema.resource
            if !resources.contains(where: { $0 === resource }) {
                resources.append(resource)
                for anchor in anchors { pair(anchor, resource) }
            }
            for rule in schema.rules {
                if case .dynamicReference(_, let anchor) = rule.content, !anchors.contains(anchor) {
                    anchors.append(anchor)
                    for resource in resources { pair(anchor, resource) }
                }
                pending += rule.schemas
            }
        }
        return candidates
    }

    // MARK: Schemas of schemas

    /// Validates every document that came in since the last time against its meta-schema.
    private func checkFiles() {
        guard registry.options.checksSchemas else { return }
        while checkedFiles < registry.resources.count {
            let resource = registry.resources[checkedFiles]
            checkedFiles += 1
            // An embedded resource is looked at with the one around it.
            let isRoot = resource.root.isSame(as: resource.file.root)
            let isOther =
                resource.root.member("$schema") != nil && resource.root.kind == .object
            guard isRoot || isOther, MetaSchema.text(resource.file.uri) == nil else { continue }
            if let uri = resource.rules.metaSchema {
                check(resource, againstCustom: uri)
            } else if let program = SchemaCheck.program(resource.rules.dialect) {
                SchemaCheck.run(program, resource, registry)
            }
        }
    }

    private func check(_ resource: SchemaResource, againstCustom uri: String) {
        var failure = ""
        guard resource.uri != uri, registry.problems.isEmpty,
            let place = registry.resolve(uri, from: resource, &failure)
        else { return }
        let (root, found) = builder.build(place)
        var fresh = found
        let candidates = root.reachesDynamic ? dynamicCandidates(root, &fresh) : []
        SchemaCheck.run(program(root, fresh, candidates), resource, registry)
    }
}
