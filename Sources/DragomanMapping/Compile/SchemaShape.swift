// SPDX-License-Identifier: Apache-2.0
// What is known of a value at load: the schema's view of it, and where that schema stands, so
// that a schema derived from it can refer there.

internal import DragomanDocument
internal import DragomanSchema

/// A place in a schema. A class, because what is found out about it is kept: a thousand routes of
/// one contract ask the same of it.
final class SchemaShape {
    let view: SchemaView
    /// Where the schema stands; nil where a schema can not be pointed at (`true`, several
    /// branches at once).
    let source: SchemaSource?
    /// What to call the schema in messages: `orders.v1.Order`, `order.schema.json`.
    let name: String
    /// Of a gRPC reply: which message it is.
    let message: ProtoShape?

    init(view: SchemaView, source: SchemaSource?, name: String, message: ProtoShape? = nil) {
        self.view = view
        self.source = source
        self.name = name
        self.message = message
    }

    enum Member {
        case known(SchemaShape)
        case refused
        case anything
    }

    private(set) lazy var types: SchemaTypes = view.types
    private(set) lazy var memberNames: [String] = view.memberNames
    private(set) lazy var required: Set<String> = Set(memberNames.filter(view.isRequired))
    private(set) lazy var items: SchemaShape? = view.items.map { view in
        let source = itemSource
        return SchemaShape(
            view: view, source: source, name: typeName(view, source), message: message?.items)
    }
    /// URI with a fragment; for `$ref`.
    private(set) lazy var reference: String? = source.map {
        $0.uri + "#" + SchemaShape.fragment($0.pointer)
    }
    /// Members that it does not know are refused.
    private(set) lazy var isClosed: Bool = {
        if case .refused = view.member("\u{0}no such member") { return true }
        return false
    }()
    /// The texts of the only values that are right, for suggestions; empty where there is no list.
    private(set) lazy var alternatives: [String] = {
        if let values = view.enumeration { return values.map { $0.isString ? $0.string : $0.json } }
        guard let source else { return [] }
        return SchemaPointers.names(in: source.document, at: source.pointer)
    }()

    /// It stands in a file of the user's or in the mapping, not in what a contract says.
    private(set) lazy var isUsers: Bool = source.map { SchemaLibrary.isUsers($0.uri) } ?? false

    private var members: [String: Member] = [:]
    /// What `ShapeFit` found, by the reference of the other shape.
    var fits: [String: [ShapeFit.Misfit]] = [:]

    func member(_ name: String) -> Member {
        if let known = members[name] { return known }
        let made: Member
        switch types.contains(.object) ? view.member(name) : .refused {
        case .known(let view):
            let source = memberSource(name)
            made = .known(
                SchemaShape(
                    view: view, source: source, name: typeName(view, source),
                    message: message?.member(name)))
        case .refused: made = .refused
        case .anything: made = .anything
        }
        members[name] = made
        return made
    }

    /// The member at the end of a dotted path; nil where nothing is known of it.
    func member(along path: String) -> SchemaShape? {
        var shape = self
        for name in path.split(separator: ".") {
            guard case .known(let next) = shape.member(String(name)) else { return nil }
            shape = next
        }
        return shape
    }

    /// A parameter can be it: no object, and no list of anything but scalars.
    var isSimple: Bool {
        if types == .all || types.contains(.object) { return false }
        guard types.contains(.array) else { return true }
        guard let items else { return false }
        return items.types != .all && items.types.isDisjoint(with: [.object, .array])
    }

    func isRequired(_ name: String) -> Bool { required.contains(name) }

    /// What a part of it is called: the contract's type that it is, else the whole's name.
    private func typeName(_ view: SchemaView, _ source: SchemaSource?) -> String {
        guard view.types.contains(.object), let source, source.uri.hasPrefix("dragoman:"),
            let reference = source.document.root?.value(at: source.pointer)?.member("$ref"),
            reference.isString
        else { return name }
        let start = "#/$defs/"
        let text = reference.string
        guard text.hasPrefix(start) else { return name }
        let type = Array(text.dropFirst(start.count).utf8).withUnsafeBytes {
            PathText.decoded($0, .all)
        }
        return type.contains("/") ? name : type
    }

    /// The fewest items of a list; 0 where nothing says it.
    private(set) lazy var itemsMin: Int =
        source.map { SchemaPointers.itemsMin(in: $0.document, at: $0.pointer, depth: 0) } ?? 0

    private func memberSource(_ name: String) -> SchemaSource? {
        guard let source,
            let pointer = SchemaPointers.property(name, in: source.document, at: source.pointer)
        else { return nil }
        return SchemaSource(document: source.document, uri: source.uri, pointer: pointer)
    }

    private var itemSource: SchemaSource? {
        guard let source,
            let pointer = SchemaPointers.items(in: source.document, at: source.pointer)
        else { return nil }
        return SchemaSource(document: source.document, uri: source.uri, pointer: pointer)
    }

    /// A pointer as a URI fragment (RFC 3986, 3.5).
    static func fragment(_ pointer: String) -> String {
        var escaped = ""
        for byte in pointer.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E, 0x2F, 0x40, 0x24,
                0x3A:
                escaped.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = Array("0123456789ABCDEF".unicodeScalars)
                escaped.unicodeScalars.append("%")
                escaped.unicodeScalars.append(digits[Int(byte >> 4)])
                escaped.unicodeScalars.append(digits[Int(byte & 15)])
            }
        }
        return escaped
    }
}

/// Where in a schema its parts are described. Knows references within the document, and the
/// keywords that contracts' derived schemas are made of.
enum SchemaPointers {
    private static let depthMax = 32
    private static let combiners = ["allOf", "anyOf", "oneOf"]
    private static let conditionals = ["then", "else", "if"]

    /// The schema of a member of that name.
    static func property(
        _ name: String, in document: Document, at pointer: String
    ) -> String? {
        find(in: document, at: pointer, depth: 0) { node, pointer in
            if let properties = node.member("properties"), properties.member(named: name) != nil {
                return "\(pointer)/properties/\(JSONPointer.escape(name))"
            }
            return nil
        }
            ?? find(in: document, at: pointer, depth: 0) { node, pointer in
                node.member("additionalProperties")?.isObject == true
                    ? "\(pointer)/additionalProperties" : nil
            }
    }

    /// The schema of the items.
    static func items(in document: Document, at pointer: String) -> String? {
        find(in: document, at: pointer, depth: 0) { node, pointer in
            node.member("items")?.isObject == true ? "\(pointer)/items" : nil
        }
    }

    /// `minItems`, which holds whatever else the value is.
    static func itemsMin(in document: Document, at pointer: String, depth: Int) -> Int {
        guard depth < depthMax, let node = document.root?.value(at: pointer), node.isObject else {
            return 0
        }
        var least = node.member("minItems").flatMap(\.int64).map { Int(clamping: $0) } ?? 0
        if let next = target(node) {
            least = max(least, itemsMin(in: document, at: next, depth: depth + 1))
        }
        for index in 0..<(node.member("allOf")?.count ?? 0) {
            let branch = "\(pointer)/allOf/\(index)"
            least = max(least, itemsMin(in: document, at: branch, depth: depth + 1))
        }
        return least
    }

    /// The names that an enumeration lists, behind a condition too.
    static func names(in document: Document, at pointer: String) -> [String] {
        let found = find(in: document, at: pointer, depth: 0) { node, pointer in
            node.member("enum")?.isArray == true ? pointer : nil
        }
        guard let found, let values = document.root?.value(at: found)?.member("enum") else {
            return []
        }
        var names: [String] = []
        var items = values.items
        while let item = items.next() {
            if item.isString { names.append(item.string) }
        }
        return names
    }

    private static func target(_ node: Node) -> String? {
        guard let reference = node.member("$ref"), reference.isString else { return nil }
        let text = reference.string
        guard text.hasPrefix("#") else { return nil }
        let fragment = Array(text.dropFirst().utf8).withUnsafeBytes {
            PathText.decoded($0, .all)
        }
        return fragment.isEmpty || fragment.hasPrefix("/") ? fragment : nil
    }

    private static func find(
        in document: Document, at pointer: String, depth: Int,
        _ match: (Node, String) -> String?
    ) -> String? {
        guard depth < depthMax, let node = document.root?.value(at: pointer), node.isObject else {
            return nil
        }
        if let found = match(node, pointer) { return found }
        if let next = target(node),
            let found = find(in: document, at: next, depth: depth + 1, match)
        {
            return found
        }
        for keyword in combiners {
            guard let branches = node.member(named: keyword) else { continue }
            for index in 0..<branches.count {
                let branch = "\(pointer)/\(keyword)/\(index)"
                if let found = find(in: document, at: branch, depth: depth + 1, match) {
                    return found
                }
            }
        }
        for keyword in conditionals where node.member(named: keyword) != nil {
            let branch = "\(pointer)/\(keyword)"
            if let found = find(in: document, at: branch, depth: depth + 1, match) {
                return found
            }
        }
        return nil
    }
}
