// SPDX-License-Identifier: Apache-2.0
// What names mean at one place of a mapping file, and what the expressions there were seen to
// use: the body's members, the parameters.

internal import DragomanDocument
internal import DragomanSchema

/// What is known while one stage of a route is compiled.
final class TemplateScope {
    /// When the values of an expression are there.
    enum Stage { case request, response, errors }

    /// What a root is at this stage.
    enum Root {
        case known(SchemaShape)
        /// As `known`, found out when it is asked for; nil for anything.
        case later(() -> SchemaShape?)
        /// A closed set of members, of which nothing else is known but which are always there.
        case members([String], certain: [String])
        case anything
    }

    /// A variable of a comprehension.
    struct Variable {
        let name: String
        let slot: Int
        let shape: SchemaShape?
        /// What is used of it, where it is an item of the body.
        let usage: BodyUsage?
        /// An optional step's result, which nothing stands in for.
        var mayBeAbsent = false
    }

    let file: MappingSource
    let stage: Stage
    let arena: PlanArena
    let slots: SlotAllocator
    let parameters: ParameterCollector
    /// What `body` was seen to be used as; nil where `accepts` is written, or none is taken.
    let bodyUsage: BodyUsage?
    /// Of the request's body where the mapping says what it is.
    let acceptedUsage: BodyUsage?
    let constants: ConstantChecker
    var roots: [RootSlot: Root]
    var variables: [Variable] = []
    /// Where expressions are written down; nil: nowhere.
    var log: ExpressionLog?
    /// The request has a body that means something, or `accepts` says so.
    var carriesBody = true
    /// What conditions around the expression say is there, as `CELGuards` names it.
    var guards: [String] = []
    /// What header parts of SOAP messages are called in header fields, as import writes them:
    /// such names are no slips.
    var headerParts: [String] = []
    /// Gives `bodyShape`. Asked only for what expressions say of the body, because a large contract
    /// takes long to answer.
    var findBodyShape: () -> SchemaShape? = { nil }
    /// What the body is, where the message is the body itself.
    private(set) lazy var bodyShape = findBodyShape()
    /// Compiles what is used once for each item of a list.
    var isRepeated = false
    /// What `lookup` finds things in.
    var tables: [String: CELTable] = [:]
    /// Where a table has the entry of a key, or names the file that has it.
    var tableNode: (_ table: String, _ key: String) -> YAMLNode? = { _, _ in nil }
    /// Names of variables that expressions were seen to read.
    private(set) var used: Set<String> = []
    /// Something of the request was read.
    private(set) var readsRequest = false

    init(
        file: MappingSource, stage: Stage, arena: PlanArena, slots: SlotAllocator,
        parameters: ParameterCollector, bodyUsage: BodyUsage?, acceptedUsage: BodyUsage? = nil,
        constants: ConstantChecker,
        roots: [RootSlot: Root]
    ) {
        self.file = file
        self.stage = stage
        self.arena = arena
        self.slots = slots
        self.parameters = parameters
        self.bodyUsage = bodyUsage
        self.acceptedUsage = acceptedUsage
        self.constants = constants
        self.roots = roots
    }

    /// Begins to watch whether a variable is read, whatever bore the name before.
    func forget(_ name: String) { used.remove(name) }
    func remember(_ name: String) { used.insert(name) }

    func noteRequestRead() { readsRequest = true }

    /// The names that an expression may begin with here.
    var rootNames: [String] {
        variables.map(\.name)
            + RootSlot.allCases.filter { roots[$0] != nil }.map(\.name)
    }

    func variable(_ name: String) -> Variable? {
        let found = variables.last { $0.name == name }
        if found != nil {
            used.insert(name)
            file.slips.noteRead(name)
        }
        return found
    }
}

/// Hands out slots behind the roots; one for each route.
final class SlotAllocator {
    private(set) var count = RootSlot.count

    func take() -> Int {
        count += 1
        return count - 1
    }
}

/// A mapping file while it is compiled: where its diagnostics go and how they are placed.
final class MappingSource {
    let source: SourceText
    let collector: DiagnosticCollector
    /// Where the mapping names its contract, for messages about what the contract says.
    var contract: Diagnostic.Related?
    /// Schemas that stand in this file, by their URIs.
    var inlineSchemas: [String: YAMLNode] = [:]
    /// What `types` renames and leaves out, by the contract's names.
    var renamed: [String: LocatedText] = [:]
    var omitted: [String: LocatedText] = [:]
    var unwraps: [LocatedText] = []
    /// What its names were seen to do.
    let slips = SlipLog()
    /// Names of members that are not known because `naming` or `types` is wrong.
    var uncertainNames = UncertainNames.none
    /// Names of which nothing is said now: it would only follow from what has been reported.
    var silenced = UncertainNames.none

    var path: String { source.path }

    init(source: SourceText, collector: DiagnosticCollector) {
        self.source = source
        self.collector = collector
    }

    /// A diagnostic at a node; `offset`: UTF-8 bytes into a scalar's text. `about`: names of
    /// members that it depends on, nil for none.
    func report(
        _ severity: Diagnostic.Severity = .error, _ code: String, _ node: YAMLNode,
        offset: Int? = nil, width: Int? = nil, _ message: String, expected: String? = nil,
        suggestion: String? = nil, related: [Diagnostic.Related] = [],
        about: Set<String>? = nil
    ) {
        if let about, silenced.covers(about) {
            if severity == .error { collector.countSilenced() }
            return
        }
        let position = offset.map { source.position(in: node, utf8Offset: $0) } ?? node.position
        collector.report(
            Diagnostic(
                severity, code: code, file: source.path, position: position,
                width: width ?? (offset == nil ? node.width : 1), message: message,
                expected: expected, suggestion: suggestion, related: related,
                about: about))
    }

    /// The wrapper that a list of that JSON name was.
    func unwrapped(_ name: String) -> LocatedText? {
        unwraps.first { wrapper in
            let own = renamed[wrapper.text]?.text ?? wrapper.text
            return own == name || own.lowercased() == name.lowercased()
        }
    }

    /// What `types` made of a member that is not there under that name; nil where it did nothing.
    func remark(on name: String, of names: [String]) -> (message: String, suggestion: String?)? {
        if let new = renamed[name], names.contains(new.text) {
            let line = new.node.position.line
            return ("`\(name)` is called `\(new.text)` here (types, line \(line))", new.text)
        }
        if let omitted = omitted[name] {
            let line = omitted.node.position.line
            return ("`\(name)` is left out here (`omit` of types, line \(line))", nil)
        }
        return nil
    }

    func related(_ node: YAMLNode, _ message: String) -> Diagnostic.Related {
        Diagnostic.Related(file: source.path, position: node.position, message: message)
    }
}

/// Members whose names a mapping was to say, and did not say rightly.
enum UncertainNames: Equatable {
    case none
    case some(Set<String>)
    case all

    /// Whether one of those is such a name.
    func covers(_ names: Set<String>) -> Bool {
        switch self {
        case .none: false
        case .some(let uncertain): !uncertain.isDisjoint(with: names)
        case .all: true
        }
    }

    func union(_ other: UncertainNames) -> UncertainNames {
        switch (self, other) {
        case (.all, _), (_, .all): .all
        case (.none, let names), (let names, .none): names
        case (.some(let some), .some(let more)): .some(some.union(more))
        }
    }
}
