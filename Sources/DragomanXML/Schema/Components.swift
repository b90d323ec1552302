// SPDX-License-Identifier: Apache-2.0
// The schema components (XSD 1.0 part 1, 2.2) that a contract's files declare, linked to one
// another. Used while loading only.

/// A type: simple or complex.
package enum TypeDefinition {
    case simple(SimpleType)
    case complex(ComplexType)

    package var name: XMLName? {
        switch self {
        case .simple(let type): type.name
        case .complex(let type): type.name
        }
    }

    package var identity: ObjectIdentifier {
        switch self {
        case .simple(let type): ObjectIdentifier(type)
        case .complex(let type): ObjectIdentifier(type)
        }
    }
}

/// A simple type definition; `base` leads to the built-in type.
package final class SimpleType {
    package enum Variety {
        case atomic
        case list(SimpleType)
        case union([SimpleType])
    }

    /// Nil for an anonymous one.
    package let name: XMLName?
    package let place: ContractPlace
    package internal(set) var documentation: String?
    package internal(set) var base: SimpleType?
    package internal(set) var variety = Variety.atomic
    /// The nearest built-in type; of lists and unions anySimpleType.
    package internal(set) var builtIn: BuiltInType
    /// The facets of this step of restriction alone.
    package internal(set) var facets = Facets()
    /// A built-in type itself.
    package let isBuiltIn: Bool

    init(
        name: XMLName?, place: ContractPlace, builtIn: BuiltInType = .anySimpleType,
        isBuiltIn: Bool = false
    ) {
        self.name = name
        self.place = place
        self.builtIn = builtIn
        self.isBuiltIn = isBuiltIn
    }

    /// The white space rule that holds for values.
    package var whiteSpace: WhiteSpace {
        switch variety {
        case .list: return .collapse
        case .union: return .preserve
        case .atomic: break
        }
        var type: SimpleType? = self
        while let current = type {
            if let own = current.facets.whiteSpace { return own }
            if current.isBuiltIn { return current.builtIn.whiteSpace }
            type = current.base
        }
        return builtIn.whiteSpace
    }

    package func derives(from other: SimpleType) -> Bool {
        var type: SimpleType? = self
        while let current = type {
            if current === other { return true }
            type = current.base
        }
        if case .union(let members) = other.variety {
            return members.contains { derives(from: $0) }
        }
        return other.isBuiltIn && other.builtIn == .anySimpleType
    }
}

/// Constraining facets (XSD 1.0 part 2, 4.3) of one step of restriction.
package struct Facets {
    package var enumeration: [String]?
    /// The place of the enumeration's values, for QNames.
    package var enumerationSource: [XMLElement] = []
    /// Any one of them must match.
    package var patterns: [String] = []
    package var length: Int?
    package var minLength: Int?
    package var maxLength: Int?
    package var totalDigits: Int?
    package var fractionDigits: Int?
    package var minInclusive: String?
    package var maxInclusive: String?
    package var minExclusive: String?
    package var maxExclusive: String?
    package var whiteSpace: WhiteSpace?
}

/// A complex type definition.
package final class ComplexType {
    package enum Content {
        /// Elements or nothing; nil for nothing.
        case elements(Particle?)
        case simple(SimpleType)
    }
    package enum Derivation { case restriction, `extension` }
    /// Ways of derivation by which nothing may stand in (`block`; XSD 1.0 part 1, 3.3.2, 3.4.2).
    package internal(set) var blocked: Set<Derivation> = []

    package let name: XMLName?
    package let place: ContractPlace
    package internal(set) var documentation: String?
    package internal(set) var isAbstract = false
    package internal(set) var isMixed = false
    /// Nil for xs:anyType alone.
    package internal(set) var base: TypeDefinition?
    package internal(set) var derivation = Derivation.restriction
    /// The type's own; of an extension what it adds.
    package internal(set) var content = Content.elements(nil)
    package internal(set) var attributes: [AttributeUse] = []
    package internal(set) var prohibited: Set<XMLName> = []
    package internal(set) var anyAttribute: Wildcard?
    /// What SOAP encoding's arrays hold (SOAP 1.1, 5.4.2); nil for other types.
    package internal(set) var soapArray: SOAPArray?
    package let isAnyType: Bool
    /// Any one element, kept as XML: what `ref="xs:schema"` takes.
    package let isXML: Bool

    init(
        name: XMLName?, place: ContractPlace, isAnyType: Bool = false, isXML: Bool = false
    ) {
        self.name = name
        self.place = place
        self.isAnyType = isAnyType
        self.isXML = isXML
    }
}

/// A restriction of soapenc:Array.
package struct SOAPArray {
    package var item: TypeDefinition
    /// Sizes in brackets, outermost first: `[,]` is one of two dimensions, `[][]` two of one.
    package var dimensions: [Int]
    /// The name that items have where the schema says it.
    package var itemName: XMLName?
    /// No attribute says sizes and type (Apache's Map).
    package var isBare = false
}

/// How often something may occur; `max` nil is unbounded.
package struct Occurrence: Hashable {
    package var min: Int
    package var max: Int?

    package static let once = Occurrence(min: 1, max: 1)

    package var isRepeated: Bool { max.map { $0 > 1 } ?? true }

    package func times(_ other: Occurrence) -> Occurrence {
        var product: Int?
        if let max, let otherMax = other.max {
            let (value, overflow) = max.multipliedReportingOverflow(by: otherMax)
            product = overflow ? nil : value
        } else if max == 0 || other.max == 0 {
            product = 0
        }
        let (least, overflow) = min.multipliedReportingOverflow(by: other.min)
        return Occurrence(min: overflow ? Int(Int32.max) : least, max: product)
    }
}

/// A term with its occurrence.
package struct Particle {
    package indirect enum Term {
        case element(ElementDeclaration)
        case wildcard(Wildcard)
        case group(GroupKind, [Particle])
    }
    package enum GroupKind: UInt8, Sendable { case sequence, choice, all }

    package var occurrence: Occurrence
    package var term: Term
    package var place: ContractPlace
}

package final class ElementDeclaration {
    /// In no namespace where it is local and unqualified.
    package let name: XMLName
    package let place: ContractPlace
    package let isGlobal: Bool
    package internal(set) var documentation: String?
    package internal(set) var type: TypeDefinition
    package internal(set) var isNillable = false
    package internal(set) var isAbstract = false
    package internal(set) var defaultValue: String?
    package internal(set) var fixedValue: String?
    package internal(set) var head: ElementDeclaration?
    /// Elements that may stand in for this one, transitively; in document order.
    package internal(set) var substitutes: [ElementDeclaration] = []
    /// The message part that the element stands for, which names the member instead.
    package internal(set) var partName: String?
    /// Ways of derivation of types that may not stand in for the declared one.
    package internal(set) var blocked: Set<ComplexType.Derivation> = []
    package internal(set) var blocksSubstitution = false
    /// For QNames in values.
    package let source: XMLElement?

    init(
        name: XMLName, place: ContractPlace, isGlobal: Bool, type: TypeDefinition,
        source: XMLElement?
    ) {
        self.name = name
        self.place = place
        self.isGlobal = isGlobal
        self.type = type
        self.source = source
    }
}

extension ElementDeclaration {
    /// A copy that stands for a message part, under its own name or the part's.
    func standing(for part: String, named name: XMLName) -> ElementDeclaration {
        let copy = ElementDeclaration(
            name: name, place: place, isGlobal: isGlobal, type: type, source: source)
        copy.documentation = documentation
        copy.isNillable = isNillable
        copy.isAbstract = isAbstract
        copy.defaultValue = defaultValue
        copy.fixedValue = fixedValue
        copy.substitutes = name == self.name ? substitutes : []
        copy.blocked = blocked
        copy.blocksSubstitution = blocksSubstitution
        copy.partName = part
        return copy
    }
}

package final class AttributeDeclaration {
    package let name: XMLName
    package let place: ContractPlace
    package internal(set) var type: SimpleType
    package internal(set) var defaultValue: String?
    package internal(set) var fixedValue: String?

    init(name: XMLName, place: ContractPlace, type: SimpleType) {
        self.name = name
        self.place = place
        self.type = type
    }
}

package struct AttributeUse {
    package var declaration: AttributeDeclaration
    package var isRequired: Bool
    package var defaultValue: String?
    package var fixedValue: String?
    package var documentation: String?
    package var place: ContractPlace
}

/// Which namespaces a wildcard admits (XSD 1.0 part 1, 3.10).
package enum NamespaceConstraint: Equatable, Sendable {
    case any
    /// Every namespace but this one, and not none.
    case other(String)
    /// These; the empty one is none.
    case among([String])

    package func allows(_ namespace: String) -> Bool {
        switch self {
        case .any: true
        case .other(let own): namespace != own && !namespace.isEmpty
        case .among(let namespaces): namespaces.contains(namespace)
        }
    }

    func union(_ other: NamespaceConstraint) -> NamespaceConstraint {
        switch (self, other) {
        case (.any, _), (_, .any): return .any
        case (.among(let left), .among(let right)):
            return .among(left + right.filter { !left.contains($0) })
        case (.other(let own), .among(let names)), (.among(let names), .other(let own)):
            return names.contains(own) || names.contains("") ? .any : .other(own)
        case (.other(let left), .other(let right)): return left == right ? self : .any
        }
    }

    func intersection(_ other: NamespaceConstraint) -> NamespaceConstraint {
        switch (self, other) {
        case (.any, let it), (let it, .any): return it
        case (.among(let left), .among(let right)):
            return .among(left.filter { right.contains($0) })
        case (.other, .among(let names)): return .among(names.filter { self.allows($0) })
        case (.among(let names), .other): return .among(names.filter { other.allows($0) })
        case (.other, .other): return self
        }
    }
}

package struct Wildcard: Equatable {
    package enum Process: UInt8, Sendable { case strict, lax, skip }
    package var namespaces: NamespaceConstraint
    package var process: Process
}
