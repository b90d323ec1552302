// SPDX-License-Identifier: Apache-2.0
// Calls of functions that do not exist: what was meant, in the words of the language that its
// author knows.

internal import DragomanDocument

extension CELChecker {
    private static let statuses = [
        "OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND",
        "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION",
        "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS",
        "UNAUTHENTICATED",
    ]

    /// Whether `grpc.code` is compared with a number and `grpc.status` with a name of a status.
    mutating func checkStatus(_ left: CELSyntax, _ right: CELSyntax) -> Bool {
        guard isMapping, !isLenient, !locals.contains(where: { $0.name == "grpc" }) else {
            return true
        }
        for (place, other) in [(left, right), (right, left)] {
            guard let (chain, rest) = CELChain.of(place), rest.isEmpty, chain.steps.count == 1
            else { continue }
            switch (chain.text(1), other.kind) {
            case ("grpc.code", .string(let name)):
                _ = report(
                    "wrong-type", other.start, other.end, "`grpc.code` is a number",
                    expected: "grpc.status == \"NOT_FOUND\", or grpc.code == 5",
                    suggestion: Self.statuses.firstIndex(of: name).map { String($0) })
                return false
            case ("grpc.status", .int(let code)):
                let name =
                    Self.statuses.indices.contains(Int(clamping: code))
                    ? Self.statuses[Int(clamping: code)] : nil
                _ = report(
                    "wrong-type", other.start, other.end, "`grpc.status` is a name",
                    expected: "grpc.status == \"NOT_FOUND\", or grpc.code == 5",
                    suggestion: name.map { "\"\($0)\"" })
                return false
            case ("grpc.status", .string(let name)) where !Self.statuses.contains(name):
                problems.append(
                    CELProblem(
                        severity: .warning, code: "unknown-status", start: other.start,
                        end: other.end, message: "no status of gRPC is called `\(name)`",
                        expected: "one of " + Self.statuses.joined(separator: ", "),
                        suggestion: NearestName.find(name, in: Self.statuses).map { "\"\($0)\"" }))
            default: continue
            }
        }
        return true
    }

    /// A call of what is no function.
    mutating func unknown(
        _ name: CELName, _ receiver: CELSyntax?, _ arguments: [CELSyntax]
    ) -> CELChecked {
        if isMapping, !isLenient, let found = foreign(name, receiver) { return found }
        let isMacro = receiver != nil && CELForeignNames.macros.contains(name.text)
        let meant = isMacro ? nil : CELForeignNames.meant[name.text]
        // The receiver and the arguments may be wrong too; what a macro names is not there yet.
        if !isLenient {
            _ = receiver.map { check($0) }
            if !isMacro, !CELForeignNames.macros.contains(meant ?? "") {
                for argument in arguments { _ = check(argument) }
            }
        }
        let known = Array(CELFunctions.standard.keys) + ["has", "default", "lookup", "map"]
        let instead = isMapping ? CELForeignNames.instead[name.text] : nil
        return report(
            "unknown-function", name.start, name.end,
            isMacro
                ? "`\(name.text)` names its variable first"
                : "there is no function `\(name.text)`",
            expected: isMacro ? "list.\(name.text)(item, …)" : instead,
            suggestion: isMacro || instead != nil
                ? nil : meant ?? NearestName.find(name.text, in: known.sorted()))
    }

    /// `Math.round`, `Date.now`, `JSON.parse`, `Object.keys`.
    private mutating func foreign(_ name: CELName, _ receiver: CELSyntax?) -> CELChecked? {
        guard let receiver, case .identifier(let space, _) = receiver.kind,
            !locals.contains(where: { $0.name == space }), !names.names.contains(space)
        else { return nil }
        var suggestion: String?
        switch space {
        case "Math":
            let meant = CELForeignNames.meant[name.text] ?? name.text
            let full = meant.hasPrefix("math.") ? meant : "math." + meant
            guard CELFunctions.standard[full] != nil else { return nil }
            suggestion = full
        case "Date" where name.text == "now": suggestion = "now"
        case "JSON", "Object", "Array", "String", "Number": break
        default: return nil
        }
        return report(
            "unknown-function", receiver.start, name.end,
            "there is no function `\(space).\(name.text)`",
            expected: CELForeignNames.instead[name.text] ?? CELForeignNames.remark(space),
            suggestion: suggestion)
    }
}
