// SPDX-License-Identifier: Apache-2.0
// The fields that parameters set, as a tree: what `a.b=1&c=2&a.d=3` has apart, a message has
// together.

internal import DragomanDocument

/// One field, item or map member that parameters set, or that holds one.
struct ParameterNode {
    enum Content: UInt8 {
        /// Children are fields.
        case message
        /// Children are items.
        case list
        /// Children are members, each with a key.
        case map
        /// A value in the parameter's text.
        case text
        /// The request's body.
        case body
    }

    var content: Content
    /// Of an item and of a member that of their list or map; nil for the message itself.
    var field: UnsafePointer<FieldTable>?
    /// A member's key, in the tree's text.
    var key: Range<Int>
    var value: Range<Int>
    /// Which parameter, for violations: place in `ParameterTree.names`.
    var parameter: Int
    var firstChild = -1
    var lastChild = -1
    var next = -1
    /// Used while a body is merged in.
    var isDone = false
    /// The request's body is this message, but for what parameters set of it.
    var mergesBody = false
}

/// Used again from request to request.
struct ParameterTree {
    private(set) var nodes: [ParameterNode] = []
    /// Names of the parameters, in the text.
    private(set) var names: [Range<Int>] = []
    let text = OutputBuffer(capacity: 512)

    mutating func removeAll() {
        nodes.removeAll(keepingCapacity: true)
        names.removeAll(keepingCapacity: true)
        text.removeAll()
        nodes.append(
            ParameterNode(content: .message, field: nil, key: 0..<0, value: 0..<0, parameter: -1))
    }

    var isEmpty: Bool { nodes.count <= 1 }

    func bytes(_ range: Range<Int>) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: text.bytes[range])
    }

    mutating func keep(_ bytes: UnsafeRawBufferPointer) -> Range<Int> {
        let start = text.count
        text.append(bytes)
        return start..<text.count
    }

    mutating func addName(_ bytes: UnsafeRawBufferPointer) -> Int {
        names.append(keep(bytes))
        return names.count - 1
    }

    func name(_ parameter: Int) -> String {
        names.indices.contains(parameter)
            ? String(decoding: bytes(names[parameter]), as: UTF8.self) : ""
    }

    /// The child for that field; nil where nothing has set it.
    func child(of node: Int, _ field: UnsafePointer<FieldTable>) -> Int? {
        var child = nodes[node].firstChild
        while child >= 0 {
            if nodes[child].field == field { return child }
            child = nodes[child].next
        }
        return nil
    }

    func child(of node: Int, key: UnsafeRawBufferPointer) -> Int? {
        var child = nodes[node].firstChild
        while child >= 0 {
            if Bytes.equal(bytes(nodes[child].key), key) { return child }
            child = nodes[child].next
        }
        return nil
    }

    mutating func add(
        _ content: ParameterNode.Content, to node: Int, _ field: UnsafePointer<FieldTable>?,
        parameter: Int, key: Range<Int> = 0..<0, value: Range<Int> = 0..<0
    ) -> Int {
        let index = nodes.count
        nodes.append(
            ParameterNode(
                content: content, field: field, key: key, value: value, parameter: parameter))
        if nodes[node].firstChild < 0 {
            nodes[node].firstChild = index
        } else {
            nodes[nodes[node].lastChild].next = index
        }
        nodes[node].lastChild = index
        return index
    }

    mutating func setMergesBody(_ node: Int) { nodes[node].mergesBody = true }

    mutating func setDone(_ node: Int, _ isDone: Bool) { nodes[node].isDone = isDone }
}
