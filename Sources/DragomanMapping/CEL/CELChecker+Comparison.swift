// SPDX-License-Identifier: Apache-2.0
// Comparisons that can never be true: with a text that is none of an enumeration's, with a code
// that no fault has, with a text where a number stands.

internal import DragomanDocument
internal import DragomanSchema

extension CELChecker {
    /// Warns of `==`, `!=` and `in` between a value of known texts and a constant that is none.
    mutating func checkComparison(
        _ operation: CELOperator, _ left: (CELSyntax, CELChecked), _ right: (CELSyntax, CELChecked)
    ) {
        guard isMapping, !isLenient else { return }
        switch operation {
        case .equal, .notEqual:
            checkEquality(left, right.0)
            checkEquality(right, left.0)
        case .in:
            guard case .list(let items) = right.0.kind else { return }
            for item in items { checkEquality(left, item.value) }
        default: return
        }
    }

    private mutating func checkEquality(
        _ value: (syntax: CELSyntax, checked: CELChecked), _ constant: CELSyntax
    ) {
        if let path = rootPath(value.syntax) { return checkRoot(path, value.syntax, constant) }
        guard case .json(let shape, _) = value.checked.type, case .string(let text) = constant.kind
        else { return }
        let known = shape.alternatives
        guard !known.isEmpty, !known.contains(text), names.refuses(text, at: shape) else { return }
        warn(constant, "this value is never \(JSONText.string(text).text())", known, text)
    }

    /// What only errors have, by its path; nil for anything else. (Names of gRPC are checked where
    /// they are resolved.)
    private func rootPath(_ syntax: CELSyntax) -> String? {
        guard let (chain, rest) = CELChain.of(syntax), rest.isEmpty,
            !locals.contains(where: { $0.name == chain.root.text })
        else { return nil }
        let path = chain.text(chain.steps.count)
        let isKnown = ["status", "fault.code"].contains(path)
        return isKnown && names.names.contains(chain.root.text) ? path : nil
    }

    private mutating func checkRoot(
        _ path: String, _ syntax: CELSyntax, _ constant: CELSyntax
    ) {
        switch (path, constant.kind) {
        case ("status", .string(let text)):
            warn(
                constant, "`status` is a number, and no text",
                suggestion: Int(text).map(String.init))
        case ("fault.code", .string(let text)):
            // A backend may have codes of its own, so only what is nearly one of SOAP's is a slip.
            guard !Self.faultCodes.contains(text),
                let near = NearestName.find(text, in: Self.faultCodes)
            else { return }
            warn(
                constant, "no fault of SOAP has the code \(JSONText.string(text).text())",
                suggestion: near)
        default: return
        }
    }

    /// Of SOAP 1.1 and 1.2, without their prefix.
    private static let faultCodes = [
        "Client", "Server", "Sender", "Receiver", "VersionMismatch", "MustUnderstand",
        "DataEncodingUnknown",
    ]

    private mutating func warn(
        _ constant: CELSyntax, _ message: String, _ known: [String], _ text: String
    ) {
        // `json: { enums: short }` leaves out what an enumeration's names begin with.
        let suffix = known.first { text.hasSuffix("_" + $0) || $0.hasSuffix("_" + text) }
        warn(
            constant, message, expected: NameList.oneOf(known),
            suggestion: suffix ?? NearestName.find(text, in: known))
    }

    private mutating func warn(
        _ constant: CELSyntax, _ message: String, expected: String? = nil, suggestion: String?
    ) {
        problems.append(
            CELProblem(
                severity: .warning, code: "never-equal", start: constant.start, end: constant.end,
                message: message, expected: expected, suggestion: suggestion, about: []))
    }
}
