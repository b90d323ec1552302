// SPDX-License-Identifier: Apache-2.0
// Arrays of SOAP encoding (SOAP 1.1, 5.4.2): JSON arrays nested by dimension into one run of items
// whose sizes stand in an attribute.
//
//     [["a", "b"], ["c", "d"]]
//     <X soapenc:arrayType="xs:string[2,2]"><item>a</item>…<item>d</item></X>

internal import DragomanDocument

extension PlanWriter {
    /// `<X …` has been written: the array's attribute, its items and the end tag.
    func writeArray(
        _ entry: ElementEntry, _ type: TypePlan, _ node: Node
    ) throws(TranslationError) {
        let plan = plans.soapArrays[Int(type.soapArray)]
        try writeArray(entry.close, plan, plan.dimensions[...], tables.elements[type.item], node)
    }

    private func writeArray(
        _ close: ConstantText?, _ plan: SOAPArrayPlan, _ dimensions: ArraySlice<Int>,
        _ item: ElementEntry, _ node: Node
    ) throws(TranslationError) {
        depth &+= 1
        defer { depth &-= 1 }
        guard depth < PlanWriter.depthMax else {
            throw TranslationError(.depth, "the message nests too deep", at: node)
        }
        let sizes = try sizes(of: node, dimensions.first ?? 1)
        if !plan.isBare, arrayStyle != .literal || sizes.count > 1 {
            writeSizes(plan, sizes, dimensions.dropFirst())
        }
        if node.count == 0 { return output.append("/>") }
        output.append(0x3E)
        try writeItems(node, rank: dimensions.first ?? 1, plan, dimensions.dropFirst(), item)
        if let close { output.append(close) } else { output.append("</item>") }
    }

    /// `arrayType`, or `itemType` and `arraySize` of SOAP 1.2.
    private func writeSizes(
        _ plan: SOAPArrayPlan, _ sizes: [Int], _ rest: ArraySlice<Int>
    ) {
        var typeName = "xs:anyType"
        if let name = plan.itemTypeName {
            let space = name.namespace.isEmpty ? "" : prefix(of: name.namespace) + ":"
            typeName = space + name.local
        } else {
            use(Int32(NamespaceTable.schema))
        }
        if arrayStyle == .soap12 {
            let encoding = prefix(of: XMLNamespace.soap12Encoding)
            if rest.isEmpty { output.append(" \(encoding):itemType=\"\(typeName)\"") }
            let bounds = sizes.map(String.init).joined(separator: " ")
            return output.append(" \(encoding):arraySize=\"\(bounds)\"")
        }
        // The innermost array's brackets come first.
        for rank in rest.reversed() {
            typeName += "[\(String(repeating: ",", count: rank - 1))]"
        }
        let encoding = prefix(of: XMLNamespace.soapEncoding)
        let bounds = sizes.map(String.init).joined(separator: ",")
        output.append(" \(encoding):arrayType=\"\(typeName)[\(bounds)]\"")
    }

    private func writeItems(
        _ node: Node, rank: Int, _ plan: SOAPArrayPlan, _ rest: ArraySlice<Int>,
        _ item: ElementEntry
    ) throws(TranslationError) {
        var items = node.items
        while let value = items.next() {
            if rank > 1 {
                try writeItems(value, rank: rank - 1, plan, rest, item)
            } else if rest.isEmpty {
                try writeElement(item, value)
            } else if value.isNull {
                use(Int32(NamespaceTable.instance))
                output.append("<item xsi:nil=\"true\"/>")
            } else {
                output.append("<item")
                try writeArray(nil, plan, rest, item, value)
            }
        }
    }

    /// The lengths of nested arrays, which must be the same at each level.
    private func sizes(of node: Node, _ rank: Int) throws(TranslationError) -> [Int] {
        guard node.isArray else { throw refusal("an array is due here", at: node) }
        guard rank > 1 else { return [node.count] }
        var inner: [Int]?
        var items = node.items
        while let item = items.next() {
            let own = try sizes(of: item, rank - 1)
            if let inner, inner != own {
                throw refusal("the arrays of one dimension must be equally long", at: item)
            }
            inner = own
        }
        return [node.count] + (inner ?? [Int](repeating: 0, count: rank - 1))
    }
}
