// SPDX-License-Identifier: Apache-2.0
// The instructions of a program. A schema becomes eight lists of them, one for each kind of value,
// so that no instruction ever asks what kind it looks at; what a kind can not break is not there.

/// What to do. A list is worked off from its first instruction until one fails or `pass` is met.
enum OperationCode: UInt8 {
    case pass, fail
    /// Strings: scalars from `low` to `high`.
    case length
    case pattern, format, oneOfStrings
    /// Numbers. `integral` is for decimals that may be whole (1.0).
    case integral, integerRange, numberRange, multiple, oneOfNumbers
    /// Arrays and objects among values.
    case oneOfValues
    case array, unique, contains
    /// Objects, without and with a tracker.
    case object, objectTracked
    case dependentNames, dependentSchemas
    /// Schemas applied to the same value.
    case call, anyOf, oneOf, not, condition
    /// A schema of another resource: its number is noted while it is applied.
    case enter
    case dynamic
    /// Notes which members or items are evaluated while another list is worked off.
    case track
    case unevaluatedItems, unevaluatedMembers
}

/// One instruction.
struct Operation: BitwiseCopyable {
    let code: OperationCode
    var low: Int = 0
    var high: Int = 0
    /// A plan, a block, or a list of them, as the code says. Belongs to the program's arena.
    var target: UnsafeRawPointer?

    init(_ code: OperationCode, low: Int = 0, high: Int = 0, target: UnsafeRawPointer? = nil) {
        self.code = code
        self.low = low
        self.high = high
        self.target = target
    }
}

typealias OperationList = UnsafePointer<Operation>

/// A compiled schema: for each kind of value, by its raw value, a list.
struct SchemaBlock: BitwiseCopyable, Equatable, @unchecked Sendable {
    // Sendable: it is written by the compiler before any program that reaches it is handed out.
    let lists: UnsafeMutablePointer<OperationList>

    static let kinds = 8

    @inline(__always)
    init(_ lists: UnsafeMutablePointer<OperationList>) { self.lists = lists }

    @inline(__always)
    init(_ target: UnsafeRawPointer?) {
        // Every code that has a block as its target is made with one.
        lists = UnsafeMutablePointer(
            mutating: target.unsafelyUnwrapped.assumingMemoryBound(to: OperationList.self))
    }

    var address: UnsafeRawPointer { UnsafeRawPointer(lists) }
}

// MARK: Plans

/// Everything about an object that one pass over its members finds out.
struct ObjectPlan {
    /// The first of the names.
    let entries: UnsafeMutablePointer<NameEntry>
    let names: UnsafePointer<NameIndex>
    var requiredCount = 0
    /// For members that neither a name nor a pattern has; where nothing is said, it passes all.
    var rest: SchemaBlock
    /// Passes everything, and is no other block than itself: for members that only patterns have.
    let pass: SchemaBlock
    /// Something is said about those.
    var hasRest = false
    var patterns: UnsafePointer<PatternEntry>
    var patternCount = 0
    /// For the names themselves.
    var nameBlock: SchemaBlock?
    var least = 0
    var most = Int.max
}

/// Members whose names match a pattern.
struct PatternEntry {
    let code: UnsafePointer<PatternCode>
    let block: SchemaBlock
}

/// Everything about an array that one pass over its items finds out.
struct ArrayPlan {
    var prefix: UnsafePointer<SchemaBlock>
    var prefixCount = 0
    /// For the items behind the prefix; nil where nothing is said.
    var rest: SchemaBlock?
    var least = 0
    var most = Int.max
}

struct ContainsPlan {
    let block: SchemaBlock
    let least: Int
    let most: Int
    let marksItems: Bool
}

/// Schemas of which some must fit.
struct BranchPlan {
    let blocks: UnsafePointer<SchemaBlock>
    let count: Int
    /// For objects, where it can leave some of them out.
    var guide: UnsafePointer<BranchGuide>?
}

struct ConditionPlan {
    let condition: SchemaBlock
    let then: SchemaBlock?
    let otherwise: SchemaBlock?
}

/// What the presence of a member asks for.
struct DependencyPlan {
    let name: UnsafeRawBufferPointer
    let required: UnsafePointer<UnsafeRawBufferPointer>
    let requiredCount: Int
    let block: SchemaBlock?
}

/// Bounds by their digits, for numbers that are too long for a machine word or not whole.
struct NumberBounds {
    var minimum: UnsafeRawBufferPointer?
    var isMinimumExclusive = false
    var maximum: UnsafeRawBufferPointer?
    var isMaximumExclusive = false
}

/// Where a dynamic reference may lead.
struct DynamicEntry {
    let anchor: Int
    let resource: Int
    let block: SchemaBlock
    let trackedBlock: SchemaBlock
}
