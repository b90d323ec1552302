// SPDX-License-Identifier: Apache-2.0
// How the parts of an HTTP request make one message, by a google.api.http binding: variables of
// the path and parameters of the query into fields, the body into one field or all the rest.

package import DragomanDocument

/// Query parameters that no field takes.
package enum UnknownParameters: Sendable, Equatable {
    case refuse
    case ignore
    /// Refuse all but these.
    case ignoreOnly([String])
}

/// The plan of one binding's requests; `RequestAssembler` does the work.
package struct RequestAssembly: Sendable {
    /// One step of a path: which field of its message.
    struct Step: Sendable {
        // Sendable: a table's row, never written after its contract is loaded (PlanTables).
        nonisolated(unsafe) let field: UnsafePointer<FieldTable>
    }

    let plan: MessagePlan
    /// Names of the path's variables, for violations.
    let variableNames: [String]
    let variables: [[Step]]
    let body: HTTPBindingBody
    /// Where the body goes; empty where it is the message or there is none.
    let bodyPath: [Step]
    let ignored: [[UInt8]]
    let ignoresAll: Bool
    let options: ProtoJSONOptions

    /// `message`: the request, by its place in `contract.messages`.
    /// `pathVariables`: the template's variables in their order: dotted field paths.
    /// `names`: how they are written.
    package init(
        _ contract: ProtobufContract, message: Int, pathVariables: [String],
        body: HTTPBindingBody, unknown: UnknownParameters = .refuse,
        names: FieldPathNames = .contract,
        _ options: ProtoJSONOptions = ProtoJSONOptions()
    ) throws(ContractLoadError) {
        var problems: [ContractProblem] = []
        let name = contract.messages[message].fullName
        plan = contract.plan(at: message)
        variableNames = pathVariables
        self.body = body
        self.options = options
        var variables: [[Step]] = []
        for variable in pathVariables {
            let steps = RequestAssembly.steps(variable, contract, message, plan, names)
            if let problem = RequestAssembly.problem(ofVariable: variable, steps, contract, message)
            {
                problems.append(ContractProblem(element: name, problem))
            }
            variables.append(steps ?? [])
        }
        self.variables = variables
        if case .field(let path) = body {
            let steps = RequestAssembly.steps(path, contract, message, plan)
            if steps == nil {
                problems.append(
                    ContractProblem(
                        element: name,
                        "the body's field \(JSONText.quoted(path)): "
                            + contract.whyNoPath(path, of: message)))
            }
            bodyPath = steps ?? []
        } else {
            bodyPath = []
        }
        switch unknown {
        case .refuse: (ignoresAll, ignored) = (false, [])
        case .ignore: (ignoresAll, ignored) = (true, [])
        case .ignoreOnly(let names): (ignoresAll, ignored) = (false, names.map { Array($0.utf8) })
        }
        if !problems.isEmpty { throw ContractLoadError(problems: problems) }
    }

    /// The type of the body's field, by its place in the contract; nil where it is no message.
    package var bodyMessage: Int? { bodyPath.last?.field.pointee.message?.pointee.index }

    /// The message is the body as it is, where no parameter comes with it.
    package var isBodyAlone: Bool { body == .whole && variables.isEmpty }

    private static func steps(
        _ path: String, _ contract: ProtobufContract, _ message: Int, _ plan: MessagePlan,
        _ names: FieldPathNames = .contract
    ) -> [Step]? {
        guard let fields = contract.fields(along: path, of: message, names) else { return nil }
        var table = plan.table
        var steps: [Step] = []
        for field in fields {
            let place = table.pointee.place(number: UInt32(field.number))
            guard place >= 0 else { return nil }
            let row = UnsafePointer(table.pointee.fields + place)
            steps.append(Step(field: row))
            if let next = row.pointee.message { table = UnsafePointer(next) }
        }
        return steps
    }

    private static func problem(
        ofVariable variable: String, _ steps: [Step]?, _ contract: ProtobufContract,
        _ message: Int
    ) -> String? {
        let quoted = JSONText.quoted(variable)
        guard let last = steps?.last?.field else {
            return "the path's variable \(quoted): \(contract.whyNoPath(variable, of: message))"
        }
        switch last.pointee.form {
        case .map: return "the path's variable \(quoted) is a map, which no path can hold"
        case .implicit, .repeated, .packed, .explicit, .item: break
        }
        guard let table = last.pointee.message, !ParameterText.isText(table.pointee.wellKnown)
        else { return nil }
        return "the path's variable \(quoted) is a message, which no path can hold"
    }

    /// The field ends the body's path, of which `count` steps have been taken: what stands in the
    /// body is no parameter's. Counts the step where it is the next.
    func isBody(_ field: UnsafePointer<FieldTable>, after count: inout Int) -> Bool {
        guard count >= 0, count < bodyPath.count else { return false }
        guard bodyPath[count].field == field else {
            count = -1
            return false
        }
        count += 1
        return count == bodyPath.count
    }

    func isIgnored(_ name: UnsafeRawBufferPointer) -> Bool {
        ignoresAll || ignored.contains { $0.elementsEqual(name) }
    }
}

/// A parameter that does not fit.
package struct ParameterViolation: Sendable, Equatable {
    /// As the client wrote it; of the path, the variable's name.
    package let parameter: String
    package let keyword: String
    package let detail: String

    package init(parameter: String, keyword: String, detail: String) {
        self.parameter = parameter
        self.keyword = keyword
        self.detail = detail
    }
}

/// Why a request makes no message.
package struct RequestAssemblyError: Error, Sendable {
    package var parameters: [ParameterViolation]
    /// About the body, placed in it.
    package var body: TranslationError?
}
