// SPDX-License-Identifier: Apache-2.0
// Requests of `xml` backends from their JSON form: a document, a query, a form, or values in a
// path, and what goes out where there is no contract.

package import DragomanDocument

/// Writes XML messages, one after the other. Belongs to one event loop.
package final class XMLRequestWriter {
    private var writer: PlanWriter?
    private lazy var fragments = FragmentReader()
    private let scratch = OutputBuffer(capacity: 256)
    private let none = Document(tapeCapacity: 16, textCapacity: 64)

    package init() {
        none.beginObject()
        none.endObject()
    }

    private static let declaration: StaticString = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"

    private func planWriter(_ plans: PlanSet) -> PlanWriter {
        let writer = self.writer ?? PlanWriter(plans: plans)
        self.writer = writer
        return writer
    }

    /// Appends a whole document whose root is `part`'s element.
    package func write(
        _ part: PartPlan, of contract: XMLServiceContract, body: Node, to output: OutputBuffer
    ) throws(TranslationError) {
        try write(part.element, contract.plans, body, to: output)
    }

    private func write(
        _ element: ElementPlan, _ plans: PlanSet, _ body: Node, to output: OutputBuffer
    ) throws(TranslationError) {
        output.append(XMLRequestWriter.declaration)
        let writer = planWriter(plans)
        writer.begin(plans, to: output)
        try writer.write(element, body)
        writer.end()
    }

    /// Appends a document without a contract: `{"@xml": "<root/>"}`.
    package func write(body: Node, to output: OutputBuffer) throws(TranslationError) {
        guard body.isObject, body.count == 1, let text = body.member("@xml"), text.isString
        else {
            throw TranslationError(
                .value, "Without a contract, the body is {\"@xml\": \"<root/>\"}.", at: body)
        }
        output.append(XMLRequestWriter.declaration)
        _ = try fragments.copy(text, to: output)
    }

    /// Appends the request of an operation.
    /// `body`: its JSON form; nil is `{}`.
    /// `target`: receives what the operation adds to the path of the address.
    /// `output`: receives the entity, where there is one.
    package func write(
        _ operation: XMLOperationPlan, of contract: XMLServiceContract, body: Node?,
        target: OutputBuffer, to output: OutputBuffer
    ) throws(TranslationError) {
        guard let body = body ?? none.root else { return }
        if case .document(let element) = operation.request {
            target.append(operation.location)
            return try write(element, contract.plans, body, to: output)
        }
        try check(operation.request.element, contract.plans, body)
        switch operation.request {
        case .document: break
        case .form:
            target.append(operation.location)
            writePairs(body, to: output)
        case .query:
            target.append(operation.location)
            let start = target.count
            writePairs(body, to: target)
            guard target.count > start else { return }
            let hasQuery = operation.location.utf8.contains(0x3F)
            target.openGap(at: start, size: 1)
            target.replace(at: start, hasQuery ? 0x26 : 0x3F)
        case .replacement: try replace(in: operation.location, body, to: target)
        }
    }

    /// The parts fit their types: they are written as XML, which judges them, and which nobody
    /// gets.
    private func check(
        _ element: ElementPlan, _ plans: PlanSet, _ body: Node
    ) throws(TranslationError) {
        scratch.removeAll(keepingAtMost: 1 << 16)
        let writer = planWriter(plans)
        writer.begin(plans, to: scratch)
        try writer.write(element, body)
        writer.end()
    }

    // MARK: Text in URLs and forms

    private func writePairs(_ body: Node, to output: OutputBuffer) {
        var isFirst = true
        func pair(_ name: Node, _ value: Node) {
            if value.isNull { return }
            if !isFirst { output.append(0x26) }
            isFirst = false
            URLText.encode(name.bytes, to: output)
            output.append(0x3D)
            append(value, to: output)
        }
        var members = body.members
        while let member = members.next() {
            guard member.value.isArray else {
                pair(member.name, member.value)
                continue
            }
            var items = member.value.items
            while let item = items.next() { pair(member.name, item) }
        }
    }

    private func append(_ value: Node, to output: OutputBuffer) {
        if let bool = value.bool {
            output.append(bool ? "true" : "false" as StaticString)
        } else {
            URLText.encode(value.bytes, to: output)
        }
    }

    /// `o/A(first)B(second)`: each name in parentheses makes way for its value.
    private func replace(
        in location: String, _ body: Node, to target: OutputBuffer
    ) throws(TranslationError) {
        var rest = location[...]
        while let open = rest.firstIndex(of: "("),
            let close = rest[open...].firstIndex(of: ")")
        {
            target.append(String(rest[..<open]))
            let name = String(rest[rest.index(after: open)..<close])
            guard let value = body.member(named: name) else {
                throw TranslationError(
                    .value, "The path of the call needs \(name).", at: body)
            }
            guard !value.isArray, !value.isNull else {
                throw TranslationError(.value, "A path can hold one value.", at: value)
            }
            append(value, to: target)
            rest = rest[rest.index(after: close)...]
        }
        target.append(String(rest))
    }
}

/// Percent-encoding: all but the unreserved characters (RFC 3986, 2.3).
enum URLText {
    static func encode(_ bytes: UnsafeRawBufferPointer, to output: OutputBuffer) {
        let digits: StaticString = "0123456789ABCDEF"
        for byte in bytes {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E:
                output.append(byte)
            default:
                output.append(0x25)
                output.append(digits.utf8Start[Int(byte >> 4)])
                output.append(digits.utf8Start[Int(byte & 15)])
            }
        }
    }
}
