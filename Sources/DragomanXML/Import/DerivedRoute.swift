// SPDX-License-Identifier: Apache-2.0
// The routes that a SOAP contract has of its own: those that `import` writes, and those that a
// mapping without `routes` serves. One derivation for both.

internal import DragomanDocument

/// A query parameter or a header field and the member that it sets.
package struct DerivedParameter: Sendable, Equatable {
    /// Of the query parameter, or the header field in lower case.
    package let name: String
    /// The member of the request, or of the header part.
    package let member: String
    package let isRequired: Bool
    package let isArray: Bool
}

/// A header part that request header fields fill.
package struct DerivedHeader: Sendable, Equatable {
    package let part: String
    /// The part's own value is a scalar: the one parameter, whose `member` is empty, is its value.
    package let isScalar: Bool
    package let parameters: [DerivedParameter]
}

/// What a derived route calls.
package enum DerivedOperation: Sendable {
    case soap(OperationPlan)
    case xml(XMLOperationPlan, XMLServiceContract)

    var plans: PlanSet {
        switch self {
        case .soap(let operation): operation.plans
        case .xml(_, let contract): contract.plans
        }
    }

    /// What the request's schema is of.
    var requestElement: ElementPlan {
        switch self {
        case .soap(let operation): operation.request.schemaElement
        case .xml(let operation, _): operation.request.element
        }
    }

    /// What the reply's schema is of: nil within, of an object of which nothing is said; nil as a
    /// whole, of nothing.
    var replyElement: ElementPlan?? {
        switch self {
        case .soap(let operation):
            return operation.isOneWay ? nil : .some(operation.reply.schemaElement)
        case .xml(let operation, let contract):
            return operation.isOneWay ? nil : contract.replyElement(of: operation)
        }
    }

    /// Appends the JSON Schema (2020-12) of the request body.
    func appendRequestSchema(to document: Document) {
        switch self {
        case .soap(let operation): operation.appendRequestSchema(to: document)
        case .xml(let operation, let contract):
            contract.appendRequestSchema(of: operation, form: .request, to: document)
        }
    }

    /// Appends the JSON Schema (2020-12) of the reply, where there is one to say.
    func appendReplySchema(to document: Document) {
        switch self {
        case .soap(let operation):
            if !operation.isOneWay { operation.appendReplySchema(to: document) }
        case .xml(let operation, let contract):
            if !operation.isOneWay { contract.appendReplySchema(of: operation, to: document) }
        }
    }
}

package struct DerivedRoute: Sendable {
    /// `GET` or `POST`.
    package let method: String
    /// Below the base path: `/get-bank`.
    package let template: String
    /// As a mapping's `call` names the operation.
    package let call: String
    package let operation: DerivedOperation
    /// Of GET: each sets a member of the request.
    package let query: [DerivedParameter]
    package let headers: [DerivedHeader]
    /// The first sentence of the documentation.
    package let summary: String?
    /// The documentation where it says more than that.
    package let description: String?
    /// Report lines: what of this route is not carried.
    package let notes: [String]

    /// The template without its slash, for file names.
    package var fileStem: String { String(template.dropFirst()) }

    /// `only`: names of operations; nil for all. Paths are numbered among all.
    package static func routes(
        of contract: ServiceContract, only: Set<String>? = nil
    ) -> [DerivedRoute] {
        var taken: Set<String> = []
        var routes: [DerivedRoute] = []
        for operation in contract.operations {
            if let only, !only.contains(operation.name) { continue }
            var stem = KebabCase.make(operation.wsdlName, fallback: "operation")
            if let overload = operation.overload {
                stem += "-" + KebabCase.make(overload, fallback: "input")
            }
            let path = KebabCase.unique(stem, among: &taken)
            routes.append(DerivedRoute(operation, path: path))
        }
        return routes
    }

    /// Of an `xml` contract: a route for each operation of the HTTP binding, or for each global
    /// element that is no other one's reply.
    package static func routes(of contract: XMLServiceContract) -> [DerivedRoute] {
        var taken: Set<String> = []
        let names = Set(contract.operations.map(\.name))
        return contract.operations.compactMap { operation in
            if !contract.isBound, isReply(operation.name, names) { return nil }
            let stem = KebabCase.make(operation.name, fallback: "operation")
            let path = KebabCase.unique(stem, among: &taken)
            return DerivedRoute(operation, of: contract, path: path)
        }
    }

    /// Names that say what they answer: `OrderResponse` beside `Order` or `OrderRequest`.
    static func isReply(_ name: String, _ names: Set<String>) -> Bool {
        let endings = ["Response", "Reply", "Result", "response", "reply", "result"]
        for ending in endings where name.hasSuffix(ending) && name.count > ending.count {
            let stem = String(name.dropLast(ending.count))
            let begun = names.contains(stem) || names.contains(stem + "Request")
            return begun || names.contains(stem + "request") || names.contains(stem + "Call")
                || names.contains(stem + "Query")
        }
        return false
    }

    private init(_ operation: OperationPlan, path: String) {
        self.operation = .soap(operation)
        call = operation.name
        template = "/\(path)"
        let parameters =
            operation.headers.isEmpty
            ? GetRule.parameters(
                operation.wsdlName, operation.request.schemaElement, operation.plans) : nil
        method = parameters == nil ? "POST" : "GET"
        query = parameters ?? []
        var notes: [String] = []
        headers = operation.headers.compactMap {
            DerivedRoute.header($0, operation, &notes)
        }
        self.notes = notes
        let texts = DerivedRoute.texts(operation.documentation)
        summary = texts.summary
        description = texts.description
    }

    private init(_ operation: XMLOperationPlan, of contract: XMLServiceContract, path: String) {
        self.operation = .xml(operation, contract)
        call = operation.name
        template = "/\(path)"
        let parameters = GetRule.parameters(
            operation.name, operation.request.element, contract.plans)
        method = parameters == nil ? "POST" : "GET"
        query = parameters ?? []
        headers = []
        notes = []
        let texts = DerivedRoute.texts(operation.documentation)
        summary = texts.summary
        description = texts.description
    }

    private static func header(
        _ part: PartPlan, _ operation: OperationPlan, _ notes: inout [String]
    ) -> DerivedHeader? {
        let form = FlatForm(part.element, of: operation.plans)
        let stem = KebabCase.make(part.name, fallback: "part")
        if form.isScalar {
            let parameter = DerivedParameter(
                name: stem, member: "", isRequired: false, isArray: false)
            return DerivedHeader(part: part.name, isScalar: true, parameters: [parameter])
        }
        // A list can not come from header fields either.
        let lists = form.members.filter { $0.isArray && $0.isRequired }.map(\.name)
        let due = form.requiredOthers + lists
        guard due.isEmpty else {
            notes.append(
                "header part \(part.name) of \(operation.name) is left out: it needs "
                    + "\(due.joined(separator: ", ")), which can not come from header fields; "
                    + "set it in soap_header")
            return nil
        }
        if !form.others.isEmpty {
            notes.append(
                "header part \(part.name) of \(operation.name) is not all scalars: "
                    + "\(form.others.joined(separator: ", ")) can not come from header fields")
        }
        var taken: Set<String> = []
        let parameters = form.members.filter { !$0.isArray && !$0.name.hasPrefix("@") }.map {
            let name = stem + "-" + KebabCase.make($0.name, fallback: "member")
            return DerivedParameter(
                name: KebabCase.unique(name, among: &taken), member: $0.name,
                isRequired: $0.isRequired, isArray: false)
        }
        guard !parameters.isEmpty else { return nil }
        return DerivedHeader(part: part.name, isScalar: false, parameters: parameters)
    }

    /// Bytes of a summary; a longer first sentence is cut at a word and stands whole in the
    /// description.
    private static let summaryLengthMax = 120

    /// `e.g. this` and `Mr. X` go on; a sentence begins with a capital.
    private static func isSentenceEnd(_ before: Substring, _ after: Substring) -> Bool {
        let word = before.split(separator: " ").last ?? ""
        let next = after.dropFirst().first
        return after.first == " " && word.count > 2 && !(next?.isLowercase ?? false)
    }

    static func texts(_ documentation: String?) -> (summary: String?, description: String?) {
        guard let documentation else { return (nil, nil) }
        let text = documentation.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        guard !text.isEmpty else { return (nil, nil) }
        var sentence = text
        var index = text.startIndex
        while let stop = text[index...].firstIndex(of: ".") {
            let after = text.index(after: stop)
            if after == text.endIndex || isSentenceEnd(text[index..<stop], text[after...]) {
                sentence = String(text[..<stop])
                break
            }
            index = after
        }
        if sentence.hasSuffix(".") { sentence.removeLast() }
        guard sentence.count > summaryLengthMax else {
            let isAll = sentence.count + 1 >= text.count
            return (sentence.isEmpty ? nil : sentence, isAll ? nil : text)
        }
        var cut = ""
        for word in sentence.split(separator: " ") {
            if cut.count + word.count + 1 > summaryLengthMax - 2 { break }
            cut += (cut.isEmpty ? "" : " ") + word
        }
        return (cut.isEmpty ? nil : cut + " …", text)
    }
}

/// When a route may be a GET with query parameters (XML-FORM.md, "What import writes for SOAP").
enum GetRule {
    private static let verbs: Set<String> = ["get", "list", "find", "search", "lookup"]
    /// What must not end up in URLs.
    private static let secrets = [
        "pass", "pwd", "secret", "token", "session", "key", "login", "credential",
    ]

    /// The parameters; nil where the route is a POST.
    static func parameters(
        _ name: String, _ request: ElementPlan, _ plans: PlanSet
    ) -> [DerivedParameter]? {
        guard let verb = KebabCase.words(name).first, verbs.contains(verb), !isSecret(name)
        else { return nil }
        let form = FlatForm(request, of: plans)
        guard !form.isScalar, form.others.isEmpty, !form.hasChoice else { return nil }
        for member in form.members {
            if member.isAwkward || member.isUntyped || (member.isNillable && member.isRequired)
                || member.name.hasPrefix("@") || isSecret(member.name)
            {
                return nil
            }
        }
        return form.members.map {
            DerivedParameter(
                name: $0.name, member: $0.name, isRequired: $0.isRequired, isArray: $0.isArray)
        }
    }

    private static func isSecret(_ name: String) -> Bool {
        let lower = name.lowercased()
        return secrets.contains { lower.contains($0) }
    }
}
