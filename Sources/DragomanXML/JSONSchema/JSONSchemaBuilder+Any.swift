// SPDX-License-Identifier: Apache-2.0
// Values whose type only the instance says, and SOAP encoding's arrays, in schemas.

internal import DragomanDocument

extension JSONSchemaBuilder {
    func anyBody(_ type: TypePlan) {
        let others = (0..<type.derivedCount).map { plans.derived[type.firstDerived + $0] }
        // Entities and notations would have to be declared, which messages can not do.
        let builtInNames = plans.builtInTypes.keys.sorted().filter {
            !["ENTITY", "ENTITIES", "NOTATION"].contains($0)
        }
        let builtIn = builtInNames.map(builtInSpellings)
        let names =
            others.map(\.json.string) + builtIn.map { $0[0] }
            + others.flatMap { spellings($0).dropFirst() } + builtIn.flatMap { $0.dropFirst() }
        strings("type", ["string", "object"])
        object("properties") {
            object("@type") { enumeration(names) }
            if !type.isSimpleOnly { object("@xml") { markup() } }
        }
        array("allOf") {
            for other in others {
                item { branch("@type", spellings(other)) { namedBody(other) } }
            }
            for name in builtInNames {
                guard let index = plans.builtInTypes[name] else { continue }
                item { branch("@type", builtInSpellings(name)) { builtInBody(name, index) } }
            }
            item {
                object("if") {
                    pair("type", "object")
                    object("not") { required(["@type"]) }
                }
                object("then") { pair("maxProperties", type.isSimpleOnly ? 0 : 1) }
            }
            item {
                object("if") {
                    pair("type", "object")
                    object("not") { required(["@type"]) }
                }
                object("then") {
                    object("propertyNames") {
                        strings("enum", type.isSimpleOnly ? ["@nil"] : ["@xml", "@nil"])
                    }
                }
            }
        }
    }

    private func builtInSpellings(_ name: String) -> [String] {
        let prefixed = "xs:\(name)"
        return form == .accepted ? [prefixed, "{\(XMLNamespace.schema)}\(name)"] : [prefixed]
    }

    private func builtInBody(_ name: String, _ index: Int32) {
        object("properties") {
            object("@type") { one(of: builtInSpellings(name)) }
            object("value") { simpleBody(plans.types[index].simple) }
        }
        required(["value"])
        pair("additionalProperties", false)
    }

    func arrayBody(_ type: TypePlan) {
        let plan = plans.soapArrays[Int(type.soapArray)]
        // An array inside an array may be null; a row of one is a row.
        let mayBeNull = plan.dimensions.flatMap { rank in
            [true] + [Bool](repeating: false, count: max(rank, 1) - 1)
        }
        func level(_ depth: Int) {
            guard depth < mayBeNull.count else { return elementBody(type.item) }
            if depth > 0, mayBeNull[depth] {
                strings("type", ["array", "null"])
            } else {
                pair("type", "array")
            }
            object("items") { level(depth + 1) }
        }
        level(0)
    }
}
