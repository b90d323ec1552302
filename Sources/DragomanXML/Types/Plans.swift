// SPDX-License-Identifier: Apache-2.0
// The instructions that writers and readers follow: small values in flat tables, that refer to one
// another by index, so that nothing is looked up by name or reference-counted on a request's way.
// An index of -1 is none.

internal import DragomanDocument

/// How a type's value looks in JSON and in XML.
enum TypeKind: UInt8 {
    /// Text alone: a scalar, or an array for a list.
    case simple
    /// Text and attributes: an object with `value`.
    case value
    /// Attributes and elements by name; also no content at all.
    case object
    /// `@content`: elements as an array in document order.
    case content
    /// `@mixed`: the same with text between them.
    case mixed
    /// anyType or anySimpleType: what it is, the instance says.
    case any
    /// A string: the whole element as XML (`ref="xs:schema"`).
    case xml
    /// SOAP encoding's array.
    case soapArray
}

struct TypePlan {
    var kind: TypeKind
    var isAbstract = false
    /// anySimpleType: no elements, no attributes.
    var isSimpleOnly = false
    /// Of `simple` and `value`; of `soapArray` -1.
    var simple: Int32 = -1
    /// Attributes, and of `object` the elements; -1 where the value is no object.
    var scope: Int32 = -1
    /// Of `content` and `mixed`: the scope of an item.
    var content: Int32 = -1
    /// Wildcard index.
    var anyAttribute: Int32 = -1
    /// Name index of a named type; for xsi:type.
    var name: Int32 = -1
    /// Types that may stand in for this one by xsi:type, in `derived`.
    var firstDerived: Int32 = 0
    var derivedCount: Int32 = 0
    /// Element of the items of a SOAP array.
    var item: Int32 = -1
    /// Index in `PlanSet.soapArrays`.
    var soapArray: Int32 = -1
}

enum MemberKind: UInt8 { case element, any, choice, sequence }

/// One member of an object's elements: an element, a wildcard or a repeated group.
struct MemberPlan {
    var kind: MemberKind
    var isArray: Bool
    /// Left out in both directions.
    var isOmitted = false
    /// The element's type is a wrapper that JSON does not show; `element` is the wrapper, `inner`
    /// the element inside.
    var isUnwrapped = false
    var json: ConstantText
    /// Of elements.
    var element: Int32 = -1
    var inner: Int32 = -1
    /// Of repeated groups: the scope of an item.
    var scope: Int32 = -1
    /// Of wildcards.
    var wildcard: Int32 = -1
    /// Least and greatest number of occurrences at the member's one place in the content model, 0
    /// and -1 (unbounded) where it has several.
    var min: Int32
    var max: Int32
    /// Those of the element inside a wrapper.
    var innerMin: Int32 = 0
    var innerMax: Int32 = -1
    /// How its elements are written, where that is known beforehand.
    var direct = DirectKind.none
}

/// From an element's name to the member that it belongs to.
struct RoutePlan {
    var name: Int32
    /// Index within the scope.
    var member: Int32
    /// The element's own plan; -1 where the member is a repeated group, whose scope knows more.
    var element: Int32
    /// A member of the substitution group, not the head itself.
    var isSubstitute: Bool
    /// What follows is known beforehand where this is not `none`: see DirectPlans.swift.
    var direct = DirectKind.none
    var isArray = false
    /// The element's type, its simple type, and its scope.
    var type: Int32 = -1
    var simple: Int32 = -1
    var scope: Int32 = -1
    /// The member's name.
    var json: ConstantText
}

enum NodeKind: UInt8 { case leaf, sequence, choice, all }

/// A node of a scope's content model.
struct TreeNode {
    var kind: NodeKind
    /// Of a leaf: index within the scope.
    var member: Int32 = -1
    var min: Int32
    /// -1 is unbounded.
    var max: Int32
    /// In `children`.
    var firstChild: Int32 = 0
    var childCount: Int32 = 0
    /// May be left out altogether, or matches nothing.
    var isEmptiable = false
    /// Of a leaf: the wildcard that stands here, where its member is several; else -1.
    var wildcard: Int32 = -1
    /// Of a leaf: its member's array holds occurrences; another's is one value, of a list.
    var isArray = false
}

/// The attributes and elements of one object: of a type, or of an item of a repeated group.
/// Attributes and then members have slots, from 0.
struct ScopePlan {
    var firstAttribute: Int32 = 0
    var attributeCount: Int32 = 0
    var firstMember: Int32
    var memberCount: Int32
    var firstRoute: Int32
    var routeCount: Int32
    /// The root of the content model; -1 for no content.
    var root: Int32
    /// A plain sequence or all of distinct members: each member's own bounds are all there is.
    var isFlat: Bool
    /// The member that is a wildcard; -1 for none.
    var wildcardMember: Int32
    /// Of items of repeated groups: row by member of a square of bits, whether an element of the
    /// column's member can continue an item whose last was the row's; -1 elsewhere.
    var continues: Int32
    /// An item of `@choice`, `@content`, `@mixed`.
    var isItem: Bool
    /// Open-addressing table of slots by JSON name, or -1 for small scopes.
    var hash: Int32
    var hashMask: Int32
    /// Bits of the members that a reader need not look for where they are missing.
    var dispensable: UInt64 = 0
}

/// An element as a start tag and a type.
struct ElementEntry {
    var name: Int32
    var type: Int32
    /// `<p:Name` and `</p:Name>`.
    var open: ConstantText
    var close: ConstantText
    /// Namespace index that `open` needs; -1 for none.
    var namespace: Int32
    var isNillable: Bool
    var isAbstract: Bool
    var isFixed = false
    /// Index in `constants` of the default or fixed value; -1 for none.
    var constraint: Int32 = -1
    /// In `substitutes`.
    var firstSubstitute: Int32 = 0
    var substituteCount: Int32 = 0
}

struct AttributePlan {
    var name: Int32
    var json: ConstantText
    /// ` p:name="`.
    var open: ConstantText
    var namespace: Int32
    var simple: Int32
    var isRequired: Bool
    var isOmitted = false
    var isFixed = false
    var constraint: Int32 = -1
}

/// A type or element that may stand in for another, by the name that JSON gives it.
struct Alternative {
    var name: Int32
    var json: ConstantText
    /// Type index for xsi:type, element index for substitution and wildcards.
    var target: Int32
}

enum SimpleVariety: UInt8 { case atomic, list, union }

/// What a simple value is in JSON.
enum JSONForm: UInt8 { case boolean, number, float, string, array }

struct SimplePlan {
    var variety: SimpleVariety
    var form: JSONForm
    var builtIn: BuiltInType
    var whiteSpace: WhiteSpace
    /// A number whose digits JSON keeps in a string.
    var isNumberText = false
    /// Of a list.
    var item: Int32 = -1
    /// Of a union, in `unionMembers`.
    var firstMember: Int32 = 0
    var memberCount: Int32 = 0
    /// In `PlanSet.facets`; -1 for none but those of the built-in type.
    var facets: Int32 = -1
    /// Any string is a value: nothing to check but characters.
    var isPlainString: Bool
    /// A boolean without facets, neither a list nor a union.
    var isPlainBoolean: Bool {
        form == .boolean && variety == .atomic && facets < 0
    }
    var isInteger = false
    /// The facets are these bounds, inclusive, and nothing else.
    var isRange = false
    var rangeMin = Int64.min
    var rangeMax = Int64.max
}

struct WildcardPlan {
    var process: Wildcard.Process
    /// In `children`: the wildcards that stand at different places and are one member; none where
    /// it is one itself.
    var firstPart: Int32 = 0
    var partCount: Int32 = 0
    /// Global elements that are read into their JSON form, in `substitutes`.
    var firstCandidate: Int32
    var candidateCount: Int32
}

struct NamePlan {
    var local: ConstantText
    /// Namespace index; -1 for none.
    var namespace: Int32
}

struct NamespacePlan {
    var uri: ConstantText
    var prefix: ConstantText
    /// ` xmlns:p="uri"`, escaped.
    var declaration: ConstantText
}
