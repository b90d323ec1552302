// SPDX-License-Identifier: Apache-2.0
// Whether what one schema lets in can ever fit what another takes: what can not is a warning at
// load, with both places, because no request of that shape will pass.

internal import DragomanDocument
internal import DragomanSchema

enum ShapeFit {
    private static let depthMax = 12
    private static let warningsMax = 8

    /// Warns of what `source` lets in and `target` never takes.
    ///
    /// `isConditional`: a condition may have ruled out some of the value's types.
    static func check(
        _ source: SchemaShape, _ target: SchemaShape, at place: ExpressionPlace,
        isConditional: Bool = false, _ file: MappingSource
    ) {
        if let reference = source.reference, reference == target.reference { return }
        let misfits = misfits(source, target).filter {
            !(isConditional && $0.isAlternative && $0.path.isEmpty)
        }
        report(misfits, source, target, place, file)
    }

    private static func misfits(_ source: SchemaShape, _ target: SchemaShape) -> [Misfit] {
        let key = target.reference ?? ""
        if !key.isEmpty, let known = source.fits[key] { return known }
        var misfits: [Misfit] = []
        compare(source, target, path: "", depth: 0, &misfits)
        if !key.isEmpty { source.fits[key] = misfits }
        return misfits
    }

    /// Warns of values that a schema lists, where the target lists none and never takes them.
    static func checkValues(
        _ source: SchemaShape, _ target: SchemaShape, at place: ExpressionPlace,
        _ scope: TemplateScope
    ) {
        if let reference = source.reference, reference == target.reference { return }
        guard let given = source.view.enumeration, target.view.enumeration == nil,
            target.view.textEnumeration == nil
        else { return }
        let misfits = given.lazy.compactMap { value -> Misfit? in
            guard target.types.contains(SchemaTypes(of: value)), let written = YAMLValue(value),
                let problem = scope.constants.problem(written, target)
            else { return nil }
            return Misfit(
                path: "", message: "may be \(value.json), and \(problem.detail)",
                suggestion: nil, shape: source)
        }
        report(Array(misfits.prefix(warningsMax)), source, target, place, scope.file)
    }

    /// As `check`, for the members that `${*}` moves: others are left out, not refused.
    static func checkMembers(
        _ source: SchemaShape, _ target: SchemaShape, hidden: [String],
        at place: ExpressionPlace, _ file: MappingSource
    ) {
        var misfits: [Misfit] = []
        if source.types == .object { compareRequired(source, target, "", hidden, &misfits) }
        for name in source.memberNames where !hidden.contains(name) {
            if case .refused = target.member(name) {
                let near = NearestName.find(name, in: target.memberNames)
                file.slips.noteDropped(name, target: target.name, near: near)
            }
            guard case .known(let from) = source.member(name),
                case .known(let to) = target.member(name)
            else { continue }
            compare(from, to, path: "/" + JSONPointer.escape(name), depth: 1, &misfits)
        }
        report(misfits, source, target, place, file)
    }

    struct Misfit {
        let path: String
        let message: String
        let suggestion: String?
        /// The schema of the value that does not fit.
        let shape: SchemaShape
        /// Other types of the value do fit.
        var isAlternative = false
    }

    private static func report(
        _ misfits: [Misfit], _ source: SchemaShape, _ target: SchemaShape,
        _ place: ExpressionPlace, _ file: MappingSource
    ) {
        for misfit in misfits.prefix(warningsMax) {
            let pointer = misfit.path.isEmpty ? "this value" : "`\(misfit.path)` of this value"
            let from = name(source, file)
            let to = name(target, file)
            file.report(
                .warning, "never-fits", place.node, offset: place.offset,
                "\(pointer) \(misfit.message): \(from) is held against \(to)",
                suggestion: misfit.suggestion,
                related: related(misfit.shape, file) + related(target, file),
                about: Set(misfit.path.split(separator: "/").map(String.init)))
        }
    }

    /// What people call a schema, and the place in it where that is not its whole.
    private static func name(_ shape: SchemaShape, _ file: MappingSource) -> String {
        guard let source = shape.source, !source.uri.hasPrefix("dragoman:protobuf/") else {
            return shape.name
        }
        let isInline = file.inlineSchemas[source.uri] != nil
        let name = isInline ? "the schema in \(shape.name)" : shape.name
        return source.pointer.isEmpty ? name : "\(name) at \(source.pointer)"
    }

    /// Where a schema stands, if that is a file.
    private static func related(
        _ shape: SchemaShape, _ file: MappingSource
    ) -> [Diagnostic.Related] {
        if let source = shape.source, let inline = file.inlineSchemas[source.uri] {
            let node = YAMLDocument.node(at: source.pointer, in: inline)
            return [file.related(node, "its schema is here")]
        }
        guard let source = shape.source, let name = SchemaLibrary.file(source.uri),
            !name.hasPrefix(".")
        else { return file.contract.map { [$0] } ?? [] }
        return [
            Diagnostic.Related(
                file: "schemas/\(name)",
                position: SchemaPlaces.position(of: source.pointer, in: source.document),
                message: "its schema is here")
        ]
    }

    private static func compare(
        _ source: SchemaShape, _ target: SchemaShape, path: String, depth: Int,
        _ misfits: inout [Misfit]
    ) {
        guard depth < depthMax, misfits.count < warningsMax else { return }
        if source.types.isDisjoint(with: target.types), !source.types.isEmpty {
            misfits.append(
                Misfit(
                    path: path,
                    message: "is \(TypeNames.article(source.types)), and "
                        + "\(TypeNames.article(target.types)) is wanted",
                    suggestion: nil, shape: source))
            return
        }
        compareTypes(source, target, path, &misfits)
        compareValues(source, target, path, &misfits)
        if source.types == .object { compareRequired(source, target, path, [], &misfits) }
        if source.types.contains(.object), target.types.contains(.object) {
            for name in source.memberNames {
                let inner = path + "/" + JSONPointer.escape(name)
                guard case .known(let from) = source.member(name) else { continue }
                switch target.member(name) {
                case .known(let to):
                    compare(from, to, path: inner, depth: depth + 1, &misfits)
                case .refused:
                    misfits.append(
                        Misfit(
                            path: inner, message: "is let in, and is unknown to the contract",
                            suggestion: NearestName.find(name, in: target.memberNames),
                            shape: from))
                case .anything: break
                }
            }
        }
        if source.types.contains(.array), target.types.contains(.array),
            let from = source.items, let to = target.items
        {
            compare(from, to, path: path + "/*", depth: depth + 1, &misfits)
        }
    }

    /// One of several types that a user's schema lets in and the contract never takes. A number
    /// for an integer may be whole: that is a matter of ranges.
    private static func compareTypes(
        _ source: SchemaShape, _ target: SchemaShape, _ path: String, _ misfits: inout [Misfit]
    ) {
        guard source.isUsers, source.types != .all, target.types != .all else { return }
        var stray = source.types.subtracting(target.types)
        if target.types.contains(.integer) { stray.remove(.fraction) }
        guard !stray.isEmpty else { return }
        misfits.append(
            Misfit(
                path: path,
                message: "may be \(TypeNames.article(stray)), and "
                    + "\(TypeNames.article(target.types)) is wanted",
                suggestion: nil, shape: source, isAlternative: true))
    }

    /// A member that the contract requires and a user's schema never lets in.
    private static func compareRequired(
        _ source: SchemaShape, _ target: SchemaShape, _ path: String, _ hidden: [String],
        _ misfits: inout [Misfit]
    ) {
        guard source.isUsers, target.types.contains(.object) else { return }
        for name in target.memberNames where target.isRequired(name) && !hidden.contains(name) {
            guard case .refused = source.member(name) else { continue }
            misfits.append(
                Misfit(
                    path: path + "/" + JSONPointer.escape(name),
                    message: "is never let in, and the contract requires it",
                    suggestion: NearestName.find(
                        name, in: source.memberNames.filter { !target.memberNames.contains($0) }),
                    shape: source))
        }
    }

    private static func compareValues(
        _ source: SchemaShape, _ target: SchemaShape, _ path: String, _ misfits: inout [Misfit]
    ) {
        // Values of types that the contract does not take are told as such.
        guard let given = source.view.enumeration else { return }
        guard let wanted = target.view.enumeration ?? target.view.textEnumeration else { return }
        let isWhole = target.view.enumeration != nil
        for value in given
        where (isWhole ? target.types.contains(SchemaTypes(of: value)) : value.isString)
            && !wanted.contains(where: { Equality.areEqual($0, value) })
        {
            misfits.append(
                Misfit(
                    path: path, message: "may be \(value.json), which the contract does not have",
                    suggestion: NearestName.find(value.json, in: wanted.map(\.json)),
                    shape: source))
        }
    }
}
