// SPDX-License-Identifier: Apache-2.0
// What expressions and templates of one exchange read: the values by slot, and the memory for
// what is computed on the way. One belongs to an exchange at a time and is used again after it.

package import DragomanDocument
package import DragomanProtobuf
package import DragomanSchema

/// The values of one exchange, by slot.
///
/// Nodes kept here stand in Documents that the exchange owns (body, reply) or in `parameters`;
/// whoever sets one keeps its Document unchanged until the context is used for the next exchange.
package final class TranslationContext {
    /// Roots, then the route's parameters, then variables (`SlotLayout`).
    var values: ContiguousArray<Node?>

    /// The parameters of the request, typed: an array in the order of `ParameterPlan.parameters`,
    /// of those that there are.
    package let parameters = Document(tapeCapacity: 64, textCapacity: 512)

    /// Parameters as they came, before they are typed.
    var received = ContiguousArray<ReceivedParameter>()
    let receivedText = OutputBuffer(capacity: 512)

    /// The route of the exchange.
    package private(set) var route: RoutePlan?

    /// What `now()` and `uuid()` give of an example; nil while serving.
    package var given: GivenValues?

    /// What is wrong with the request so far; empty where all is well.
    package internal(set) var violations: [RequestViolation] = []
    /// The expression of the mapping that failed last.
    package internal(set) var failure: ExpressionFailure?
    /// Violations beyond the hundred that are reported.
    package internal(set) var violationsOmitted = 0

    /// What schemas need for one evaluation.
    package let evaluation = EvaluationContext()

    /// Where a value is computed that no Document holds. Its contents last until the next
    /// computation.
    let scratch = Document(tapeCapacity: 16, textCapacity: 64)
    /// Puts messages together where google.api.http binds path, query and body.
    private(set) lazy var assembler = RequestAssembler()

    /// Where an interpolated string is put together.
    let interpolated = OutputBuffer(capacity: 256)
    /// Where a value is before it is percent-encoded.
    let encoded = OutputBuffer(capacity: 256)
    /// Documents that a message refers to and that nobody else keeps.
    private var kept: [Document] = []

    package init() {
        values = ContiguousArray(repeating: nil, count: RootSlot.count + 16)
    }

    /// Forgets everything of the exchange before.
    package func begin(_ route: RoutePlan) {
        self.route = route
        begin(slots: route.slotCount)
        if case .assembly(let assembly) = route.request { assembler.begin(assembly) }
    }

    func begin(slots: Int) {
        if values.count < slots {
            values = ContiguousArray(repeating: nil, count: slots + 16)
        } else {
            for index in values.indices { values[index] = nil }
        }
        received.removeAll(keepingCapacity: true)
        receivedText.removeAll(keepingAtMost: 1 << 14)
        parameters.removeAll(keepingAtMost: 1 << 14)
        if !violations.isEmpty { violations = [] }
        violationsOmitted = 0
        if !kept.isEmpty { kept = [] }
        if failure != nil { failure = nil }
    }

    /// Another message of the same exchange is about to be translated: what was made for the one
    /// before is let go.
    package func beginMessage() {
        if !violations.isEmpty { violations = [] }
        violationsOmitted = 0
        if !kept.isEmpty { kept = [] }
    }

    /// The message is put together anew: path variables and query parameters are to be set again.
    package func beginAssembly(_ assembly: RequestAssembly) { assembler.begin(assembly) }

    /// The exchange is over: its route, and with that its plan, is not kept any longer.
    package func end() {
        begin(slots: 0)
        route = nil
        if given != nil { given = nil }
    }

    func keep(_ document: Document) { kept.append(document) }

    /// Sets a root's value; nil makes it absent.
    @inline(__always)
    package func set(_ slot: RootSlot, _ node: Node?) { values[slot.rawValue] = node }

    @inline(__always)
    package func value(_ slot: RootSlot) -> Node? { values[slot.rawValue] }

    /// Counts violations that are not reported one by one.
    func omit(_ count: Int) { violationsOmitted += count }

    package func report(_ violation: RequestViolation) {
        if violations.count < 100 {
            violations.append(violation)
        } else {
            violationsOmitted += 1
        }
    }
}

extension TranslationContext {
    /// The typed value of a parameter; nil where it is absent.
    package func value(of parameter: ParameterPlan.Parameter) -> Node? { values[parameter.slot] }
}
