// SPDX-License-Identifier: Apache-2.0
// Every document and resource that a compiler knows, by URI, and how references find them.
internal import DragomanDocument

/// A schema's place: the resource that it belongs to, and its value.
struct SchemaPlace {
    let resource: SchemaResource
    let node: Node
}

/// Documents come from the caller, from the built-in meta-schemas, or from `resolver`; never from
/// anywhere else.
final class SchemaRegistry {
    let options: SchemaOptions
    private let resolver: (String) -> Document?
    private(set) var resources: [SchemaResource] = []
    /// By URI without fragment; a document's own URI names its root resource too.
    private var resourcesByURI: [String: SchemaResource] = [:]
    private var filesByURI: [String: SchemaFile] = [:]
    private var missing: Set<String> = []
    private var rulesByURI: [String: DialectRules] = [:]
    private var places: [String: SchemaPlace] = [:]
    var problems: [SchemaProblem] = []
    var warnings: [SchemaProblem] = []
    /// Of what has no effect and resembles nothing, one place in each document is enough.
    private var warned: Set<String> = []

    init(_ options: SchemaOptions, _ resolver: @escaping (String) -> Document?) {
        self.options = options
        self.resolver = resolver
    }

    /// Reports what is wrong with a document as a whole.
    func report(
        _ message: String, at node: Node, in file: SchemaFile, suggestion: String? = nil
    ) {
        let problem = SchemaProblem(
            documentURI: file.uri, pointer: file.pointer(to: node), message: message,
            suggestion: suggestion)
        if !file.problems.contains(problem) { file.problems.append(problem) }
        report(problem)
    }

    func report(_ problem: SchemaProblem) {
        if !problems.contains(problem) { problems.append(problem) }
    }

    /// Notes that `name` has no effect: wherever something else was probably meant, else once in
    /// each document.
    func warn(
        _ message: String, about name: String, at node: Node, in file: SchemaFile,
        suggestion: String? = nil, isHarmless: Bool = false
    ) {
        guard MetaSchema.text(file.uri) == nil else { return }
        if suggestion == nil || isHarmless, !warned.insert("\(file.uri)\n\(name)").inserted {
            return
        }
        warnings.append(
            SchemaProblem(
                documentURI: file.uri, pointer: file.pointer(to: node), message: message,
                suggestion: suggestion))
    }

    // MARK: Documents

    /// Takes `document` in under `uri`; the same one again is the same file.
    func add(_ document: Document, uri: String) -> SchemaFile? {
        if let known = filesByURI[uri] {
            if known.document === document { return known }
            let isEqual = document.root.map { ValueEquality.equal($0, known.root) } ?? false
            if !isEqual {
                report("another document was loaded as \(uri) already", at: known.root, in: known)
            }
            return known
        }
        guard let root = document.root else {
            problems.append(
                SchemaProblem(documentURI: uri, pointer: "", message: "the document is empty"))
            return nil
        }
        let file = SchemaFile(uri, document, root)
        filesByURI[uri] = file
        guard root.kind == .object || root.bool != nil else {
            report("a schema must be an object or a boolean", at: root, in: file)
            return nil
        }
        let base = URIReference(uri).withoutFragment
        guard let rules = rules(of: root, in: file, inherited: nil) else { return nil }
        index(root, in: file, base: base, rules: rules)
        if resourcesByURI[base] == nil, let number = file.resource(at: root) {
            resourcesByURI[base] = resources[number]
        }
        return file
    }

    /// The file that was loaded under that URI.
    func file(_ uri: String) -> SchemaFile? { filesByURI[uri] }

    private func load(_ uri: String) -> SchemaResource? {
        if let known = resourcesByURI[uri] { return known }
        if missing.contains(uri) { return nil }
        guard let document = MetaSchema.document(uri) ?? resolver(uri) else {
            missing.insert(uri)
            return nil
        }
        _ = add(document, uri: uri)
        return resourcesByURI[uri]
    }

    // MARK: Dialects

    /// The rules that the resource at `root` is read by; nil (and a problem) where they are not
    /// known.
    func rules(of root: Node, in file: SchemaFile, inherited: DialectRules?) -> DialectRules? {
        guard let declared = root.member("$schema"), declared.isString else {
            return inherited ?? DialectRules(options.dialectDefault)
        }
        var uri = declared.string
        if uri.hasSuffix("#") { uri.removeLast() }
        if let dialect = SchemaDialect(rawValue: uri) { return DialectRules(dialect) }
        if let known = rulesByURI[uri] { return known }
        guard let resource = load(uri), resource.root.kind == .object else {
            report(
                "the dialect \(uri) is not known", at: declared, in: file,
                suggestion: NearestName.find(uri, in: SchemaDialect.allCases.map(\.rawValue)))
            return nil
        }
        var rules = resource.rules
        rules.metaSchema = uri
        if let vocabularies = resource.root.member("$vocabulary") {
            rules.vocabularies = .core
            for member in vocabularies.members {
                let name = member.name.string
                if let known = Vocabularies(uri: name, of: rules.dialect) {
                    rules.vocabularies.insert(known)
                } else if member.value.bool == true {
                    report(
                        "the dialect \(uri) requires the vocabulary \(name), which is not known",
                        at: declared, in: file)
                    return nil
                } else {
                    rules.hasUnknownVocabularies = true
                    warn(
                        "the vocabulary \(name) of this dialect is not known: "
                            + "its keywords have no effect", about: name, at: declared, in: file)
                }
            }
        }
        rulesByURI[uri] = rules
        return rules
    }

    // MARK: Resources

    func makeResource(
        _ uri: String, _ root: Node, _ file: SchemaFile, _ rules: DialectRules
    ) -> SchemaResource {
        let resource = SchemaResource(uri, file, root, rules, resources.count)
        resources.append(resource)
        if let known = resourcesByURI[uri] {
            if !ValueEquality.equal(known.root, root) {
                report("the identifier \(uri) is used by another schema too", at: root, in: file)
            }
        } else {
            resourcesByURI[uri] = resource
        }
        return resource
    }

    // MARK: References

    /// The schema that `reference` names, seen from `resource`; nil where there is none, with
    /// `failure` saying why.
    func resolve(
        _ reference: String, from resource: SchemaResource, _ failure: inout String
    ) -> SchemaPlace? {
        var target = resource
        var fragment: String?
        var key = "\(resource.number)"
        if reference.utf8.first == 0x23 {
            fragment = String(reference.dropFirst())
            key += reference
        } else {
            let uri = URIReference(reference).resolved(against: resource.base)
            let absolute = uri.withoutFragment
            guard let found = load(absolute) else {
                failure = "the reference \(reference) names \(absolute), which is not here"
                if uri.scheme == "http" || uri.scheme == "https" {
                    failure += ", and nothing is ever fetched: keep it as a file with that $id"
                }
                return nil
            }
            target = found
            fragment = uri.fragment
            key = "\(found.number)#" + (fragment ?? "")
        }
        if let known = places[key] { return known }
        guard let place = locate(fragment ?? "", in: target) else {
            failure = "the reference \(reference) names nothing"
            return nil
        }
        places[key] = place
        return place
    }

    private func locate(_ fragment: String, in resource: SchemaResource) -> SchemaPlace? {
        if fragment.isEmpty { return SchemaPlace(resource: resource, node: resource.root) }
        guard let decoded = URIReference.decoded(fragment) else { return nil }
        if decoded.utf8.first == 0x2F { return locate(pointer: decoded, in: resource) }
        guard let node = resource.anchors[decoded] ?? resource.dynamicAnchors[decoded],
            decoded != SchemaResource.recursiveAnchor
        else { return nil }
        return SchemaPlace(resource: resource, node: node)
    }

    /// The value that the pointer names from the resource's root on. Where no keyword says that a
    /// schema stands there, it is read as one from now on.
    func locate(pointer: String, in resource: SchemaResource) -> SchemaPlace? {
        guard let tokens = JSONPointer.tokens(pointer) else { return nil }
        var node = resource.root
        var owner = resource
        for token in tokens {
            guard let value = resource.file.value(token, in: node) else { return nil }
            node = value
            if let number = resource.file.resource(at: node) { owner = resources[number] }
        }
        if resource.file.resource(at: node) == nil {
            index(node, in: resource.file, within: owner)
            if let number = resource.file.resource(at: node) { owner = resources[number] }
        }
        return SchemaPlace(resource: owner, node: node)
    }
}
