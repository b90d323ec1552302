// SPDX-License-Identifier: Apache-2.0
// Writes JSON forms as XML by plan: elements in the schema's order whatever the JSON's, namespaces
// declared once and only those that are used, every value checked.
//
//     {"Order": {"currency": "EUR", "Amount": 12.99}}
//     <o:Order xmlns:o="urn:example:orders" currency="EUR"><o:Amount>12.99</o:Amount></o:Order>

package import DragomanDocument

/// Writes messages, one after the other, on one loop. `begin`, then write, then `end`.
package final class PlanWriter {
    var plans: PlanSet
    var tables: PlanTables
    /// Kept alive by `outputOwner`.
    var output: OutputHandle
    private var outputOwner: OutputBuffer
    /// Where the declarations of namespaces are to stand; -1 while there is no place yet.
    private var declarationPlace = -1
    private var isUsed: [Bool] = []
    private var used: [Int32] = []
    /// Namespaces of values that the plans do not know.
    private var extra: [(uri: String, prefix: String)] = []

    /// Values by slot, of all objects being written; each takes its part at the top.
    var slots: UnsafeMutablePointer<Node?>
    var slotCapacity: Int
    var slotTop = 0
    var depth = 0

    /// How arrays of SOAP encoding say their sizes.
    enum ArrayStyle {
        /// Only those of several dimensions do.
        case literal
        case soap11, soap12
    }

    /// Of the message; `begin` makes it literal.
    var arrayStyle = ArrayStyle.literal

    /// For texts that are checked before they are written.
    let scratch = OutputBuffer(capacity: 256)
    lazy var fragments = FragmentReader()

    /// Elements inside one another; deeper messages are refused.
    static let depthMax = 250

    package init(plans: PlanSet) {
        self.plans = plans
        tables = plans.tables
        outputOwner = OutputBuffer(capacity: 64)
        output = OutputHandle(outputOwner)
        slotCapacity = 256
        slots = .allocate(capacity: slotCapacity)
    }

    deinit { slots.deallocate() }

    // MARK: Messages

    /// Starts a message at the end of `output`, which is kept until the next `begin`. Namespaces
    /// are declared where `declareHere` says, else on the first element written.
    package func begin(_ plans: PlanSet, to output: OutputBuffer) {
        if plans !== self.plans {
            self.plans = plans
            tables = plans.tables
        }
        outputOwner = output
        self.output = OutputHandle(output)
        declarationPlace = -1
        arrayStyle = .literal
        let count = tables.namespacePlans.count
        if isUsed.count < count { isUsed = [Bool](repeating: false, count: count) }
        for index in used { isUsed[Int(index)] = false }
        used.removeAll(keepingCapacity: true)
        extra.removeAll()
        slotTop = 0
        depth = 0
    }

    /// The output ends inside a start tag (`<soap:Envelope xmlns:soap="…"`): the namespaces of the
    /// message are declared there once it is known which are used.
    package func declareHere() { declarationPlace = output.count }

    /// Completes the message: inserts the declarations. Positions in `output` behind the place of
    /// declaration move.
    package func end() {
        guard declarationPlace >= 0, !used.isEmpty || !extra.isEmpty else { return }
        used.sort()
        scratch.removeAll()
        for index in used where index != Int32(NamespaceTable.xml) {
            scratch.append(tables.namespacePlans[index].declaration)
        }
        for entry in extra {
            scratch.append(" xmlns:\(entry.prefix)=\"\(XMLEscape.attribute(entry.uri))\"")
        }
        let size = scratch.count
        outputOwner.openGap(at: declarationPlace, size: size)
        if let start = scratch.bytes.baseAddress {
            UnsafeMutableRawPointer(outputOwner.pointer(at: declarationPlace))
                .copyMemory(from: start, byteCount: size)
        }
    }

    /// Marks a namespace of the plans as used, so that its prefix is declared.
    @inline(__always)
    func use(_ namespace: Int32) {
        guard namespace >= 0, !isUsed[Int(namespace)] else { return }
        isUsed[Int(namespace)] = true
        used.append(namespace)
    }

    /// The prefix of a namespace, declared in this message; for what the caller writes itself.
    package func prefix(of uri: String) -> String {
        if let index = plans.namespaceIndexes[uri] {
            use(index)
            return tables.namespacePlans[index].prefix.string
        }
        if let entry = extra.first(where: { $0.uri == uri }) { return entry.prefix }
        var number = extra.count + 1
        while plans.namespaces.contains(where: { $0.prefix == "ns\(number)" }) { number += 1 }
        extra.append((uri, "ns\(number)"))
        return "ns\(number)"
    }

    // MARK: Elements

    /// Writes an element with its value.
    /// `attributes`: written into the start tag as they are, with a space before each.
    /// `isHeaderBlock`: `@mustUnderstand` and `@role` may stand in the value; the caller has
    /// turned them into `attributes`.
    package func write(
        _ element: ElementPlan, _ value: Node, attributes: String = "",
        isHeaderBlock: Bool = false
    ) throws(TranslationError) {
        self.isHeaderBlock = isHeaderBlock
        rootAttributes = attributes
        try writeElement(tables.elements[element.index], value)
    }

    /// Writes the value of an element's type as content, without the element's own tags (a `type=`
    /// part is the content of soap:Body). Attributes have no place there and are refused.
    package func writeContent(
        _ element: ElementPlan, _ value: Node
    ) throws(TranslationError) {
        isHeaderBlock = false
        rootAttributes = ""
        let entry = tables.elements[element.index]
        let start = output.count
        try writeElement(entry, value)
        try removeTags(from: start, at: value)
    }

    /// Of the outermost element alone.
    var isHeaderBlock = false
    var rootAttributes = ""

    private func removeTags(from start: Int, at value: Node) throws(TranslationError) {
        let bytes = output.bytes
        guard let close = bytes[start...].firstIndex(of: 0x3E) else { return }
        if bytes[start..<close].contains(0x20) {
            throw refusal("attributes have no place here", at: value)
        }
        if declarationPlace > start { declarationPlace = start }
        if bytes[close - 1] == 0x2F { return output.truncate(to: start) }
        let end = bytes.lastIndex(of: 0x3C) ?? bytes.count
        let content = Array(bytes[(close + 1)..<end])
        output.truncate(to: start)
        content.withUnsafeBytes { output.append($0) }
    }

    @inline(__always)
    func open(_ entry: ElementEntry) {
        use(entry.namespace)
        output.append(entry.open)
        if declarationPlace < 0 { declarationPlace = output.count }
        if !rootAttributes.isEmpty { writeRootAttributes() }
    }

    @inline(never)
    private func writeRootAttributes() {
        output.append(rootAttributes)
        rootAttributes = ""
    }

    func refusal(
        keyword: String = "contract", _ detail: String, at node: Node
    ) -> TranslationError {
        TranslationError(.value, keyword: keyword, detail, at: node)
    }

    // MARK: Slots

    /// Returns the first of `count` empty slots.
    @inline(__always)
    func takeSlots(_ count: Int) -> Int {
        if slotTop &+ count > slotCapacity { growSlots(count) }
        let first = slotTop
        for index in first..<(first &+ count) { (slots + index).initialize(to: nil) }
        slotTop = first &+ count
        return first
    }

    @inline(never)
    private func growSlots(_ count: Int) {
        let wanted = max(slotTop + count, slotCapacity * 2)
        let larger = UnsafeMutablePointer<Node?>.allocate(capacity: wanted)
        larger.moveInitialize(from: slots, count: slotTop)
        slots.deallocate()
        slots = larger
        slotCapacity = wanted
    }
}
