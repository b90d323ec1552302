// SPDX-License-Identifier: Apache-2.0
// Takes one request's path variables, query parameters and body, and builds the request message
// as a Document in ProtoJSON form. Used again from request to request; one event loop's own.

package import DragomanDocument

/// `begin`, then `set` for each variable and parameter, then `assemble`.
package final class RequestAssembler {
    private(set) var assembly: RequestAssembly?
    var tree = ParameterTree()
    var violations: [ParameterViolation] = []
    /// Documents of parameters that are JSON; the assembled one refers to them.
    var documents: [Document] = []
    /// One parameter's value, while it is tried.
    let trial = Document(tapeCapacity: 16, textCapacity: 256)
    let trialOutput = OutputBuffer(capacity: 256)

    /// More violations than these are counted and not kept.
    static let violationsMax = 100

    package init() {}

    package func begin(_ assembly: RequestAssembly) {
        self.assembly = assembly
        tree.removeAll()
        violations.removeAll(keepingCapacity: true)
        documents.removeAll(keepingCapacity: true)
    }

    /// `index`: of the template's variables.
    /// `value`: percent-decoded; copied.
    package func set(pathVariable index: Int, _ value: UnsafeRawBufferPointer) {
        guard let assembly, assembly.variables.indices.contains(index) else { return }
        var name = assembly.variableNames[index]
        let parameter = name.withUTF8 { tree.addName(UnsafeRawBufferPointer($0)) }
        var node = 0
        let steps = assembly.variables[index]
        for (position, step) in steps.enumerated() {
            if position == steps.count - 1 {
                setPathValue(value, at: node, step.field, parameter)
            } else if let next = enterMessage(node, step.field, parameter) {
                node = next
            } else {
                return
            }
        }
    }

    /// `name`: decoded; a dotted path, with keys of maps in brackets.
    /// `value`: decoded. Both are copied.
    package func set(query name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) {
        guard let assembly else { return }
        if assembly.body == .whole {
            if !assembly.isIgnored(name) {
                let parameter = tree.addName(name)
                violate(parameter, "contract", "this request takes no query parameters")
            }
            return
        }
        var path = ParameterPath(name)
        var table = assembly.plan.table
        var node = 0
        var parameter = -1
        // Steps of the body's path that this name begins with.
        var stepsOfBody = 0
        func known() -> Int {
            if parameter < 0 { parameter = tree.addName(name) }
            return parameter
        }
        while let step = path.next() {
            let place = step.isGood ? table.pointee.place(named: step.bytes) : -1
            guard place >= 0 else { return unknown(name, step, table, assembly) }
            let field = UnsafePointer(table.pointee.fields + place)
            if assembly.isBody(field, after: &stepsOfBody) {
                return violateTwice(known(), "the body's")
            }
            var target = field
            if field.pointee.form == .map, !path.isAtEnd {
                guard let key = path.next(), key.isGood, key.isInBrackets else {
                    return violate(known(), "contract", "a map's key stands in brackets")
                }
                guard let map = enterMap(node, field, known()) else { return }
                let entry = WireWriter.Table(field.pointee.message.unsafelyUnwrapped)
                target = UnsafePointer(entry.pointee.fields + 1)
                if path.isAtEnd {
                    return setMember(value, of: map, key.bytes, target, known())
                }
                guard let next = enterMember(map, key.bytes, target, known()) else { return }
                node = next
            } else if path.isAtEnd {
                return setValue(value, at: node, field, known())
            } else {
                guard field.pointee.form == .implicit || field.pointee.form == .explicit,
                    field.pointee.message != nil
                else { return unknown(name, step, table, assembly) }
                guard let next = enterMessage(node, field, known()) else { return }
                node = next
            }
            guard let next = target.pointee.message else {
                return unknown(name, step, table, assembly)
            }
            table = UnsafePointer(next)
        }
        unknown(name, ParameterPath.Step(bytes: name), table, assembly)
    }

    private func unknown(
        _ name: UnsafeRawBufferPointer, _ step: ParameterPath.Step,
        _ table: UnsafePointer<MessageTable>, _ assembly: RequestAssembly
    ) {
        if assembly.isIgnored(name) { return }
        let parameter = tree.addName(name)
        let field = JSONText.quoted(String(decoding: step.bytes, as: UTF8.self))
        violate(
            parameter, "contract",
            "there is no such parameter: \(table.pointee.fullName.string) has no field \(field) "
                + "that this could set")
    }

    /// Builds the message; `begin` before the next request.
    ///
    /// `body`: nil where the request has none. Referred to, not copied: its Document must stay
    /// as it is while `document` is read, and so must this assembler.
    /// `document`: gets one value more.
    package func assemble(
        body: Node?, into document: Document
    ) throws(RequestAssemblyError) {
        guard let assembly else { return }
        if case .field = assembly.body, let body { setBody(assembly.bodyPath, body) }
        if !violations.isEmpty { throw RequestAssemblyError(parameters: violations, body: nil) }
        let mark = document.mark
        var failure: TranslationError?
        do throws(TranslationError) {
            if assembly.body == .whole, tree.isEmpty, let body {
                document.append(reference: body)
            } else {
                let merged = assembly.body == .whole ? body : nil
                if let merged, merged.kind != .object {
                    throw TranslationError(
                        .value, "\(ValueWords.of(merged)) is not an object", at: merged)
                }
                var emission = RequestEmission(
                    assembler: self, document: document, body: body, assembly: assembly)
                try emission.message(0, assembly.plan.table, merging: merged)
            }
        } catch {
            failure = error
        }
        if violations.isEmpty, failure == nil { return }
        document.rewind(to: mark)
        throw RequestAssemblyError(parameters: violations, body: failure)
    }

    private func setBody(_ path: [RequestAssembly.Step], _ body: Node) {
        var node = 0
        for (position, step) in path.enumerated() {
            if position == path.count - 1 {
                if let twice = tree.child(of: node, step.field) {
                    // `{book.name=…}` with the body `book`: both set parts of one message.
                    if tree.nodes[twice].content == .message, body.kind == .object {
                        return tree.setMergesBody(twice)
                    }
                    return violateTwice(tree.nodes[twice].parameter, "also set by the body")
                }
                _ = tree.add(.body, to: node, step.field, parameter: -1)
            } else if let next = enterMessage(node, step.field, -1) {
                node = next
            } else {
                return
            }
        }
    }

    // MARK: Violations

    func violate(_ parameter: Int, _ keyword: String, _ detail: String) {
        guard violations.count < RequestAssembler.violationsMax else { return }
        violations.append(
            ParameterViolation(parameter: tree.name(parameter), keyword: keyword, detail: detail))
    }

    func violateTwice(_ parameter: Int, _ how: String = "set twice") {
        violate(parameter, "contract", "this field is \(how)")
    }
}

/// A parameter's name, step by step: `a.b[c].d`.
struct ParameterPath {
    struct Step {
        let bytes: UnsafeRawBufferPointer
        var isInBrackets = false
        /// Its brackets are closed, and it is not empty outside of them.
        var isGood = true
    }

    private let name: UnsafeRawBufferPointer
    private var index = 0

    init(_ name: UnsafeRawBufferPointer) { self.name = name }

    var isAtEnd: Bool { index >= name.count }

    mutating func next() -> Step? {
        guard index < name.count else { return nil }
        if name[index] == 0x5B {
            let start = index + 1
            var end = start
            while end < name.count, name[end] != 0x5D { end += 1 }
            let isClosed = end < name.count
            index = end + 1
            let followsWell = index >= name.count || name[index] == 0x5B || name[index] == 0x2E
            if index < name.count, name[index] == 0x2E { index += 1 }
            return Step(
                bytes: UnsafeRawBufferPointer(rebasing: name[start..<end]), isInBrackets: true,
                isGood: isClosed && followsWell)
        }
        let start = index
        while index < name.count, name[index] != 0x2E, name[index] != 0x5B { index += 1 }
        let bytes = UnsafeRawBufferPointer(rebasing: name[start..<index])
        var isGood = !bytes.isEmpty
        if index < name.count, name[index] == 0x2E {
            index += 1
            isGood = isGood && index < name.count
        }
        return Step(bytes: bytes, isGood: isGood)
    }
}
