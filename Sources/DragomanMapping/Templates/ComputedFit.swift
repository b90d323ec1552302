// SPDX-License-Identifier: Apache-2.0
// Whether what an expression computes can be what its target takes: a type that never fits is an
// error, a double that would be cut to a decimal or a whole number is a warning.

internal import DragomanSchema

enum ComputedFit {
    /// False where the value never fits, which is reported.
    static func check(
        _ type: CELType, _ target: SchemaShape, _ source: String, at place: ExpressionPlace,
        _ scope: TemplateScope
    ) -> Bool {
        guard let given = type.jsonTypes, !target.types.isEmpty else { return true }
        let width = source.prefix { $0 != "\n" }.unicodeScalars.count
        guard !given.isDisjoint(with: target.types) || isText(type, target) else {
            scope.file.report(
                .error, "wrong-type", place.node, offset: place.offset, width: width,
                "this expression gives \(TypeNames.article(given)), "
                    + "and \(TypeNames.article(target.types)) is wanted",
                expected: "\(TypeNames.article(target.types)), as \(target.name) has it",
                suggestion: conversion(type, target, source))
            return false
        }
        guard case .double = type.plain, isExact(target, scope) else { return true }
        scope.file.report(
            .warning, "inexact-number", place.node, offset: place.offset, width: width,
            "this expression gives a double, which has no exact form as "
                + (isWhole(target) ? "an integer" : "a decimal"),
            expected: isWhole(target)
                ? "int(…) around it, after math.round(…) where it is to be rounded"
                : "the value moved unchanged, or arithmetic of integers")
        return true
    }

    /// Null, texts of numbers and the like that a contract's JSON form lets pass.
    private static func isText(_ type: CELType, _ target: SchemaShape) -> Bool {
        if case .null = type { return !target.types.isDisjoint(with: .null) }
        return false
    }

    private static func conversion(
        _ type: CELType, _ target: SchemaShape, _ source: String
    ) -> String? {
        switch type.plain {
        case .int, .uint, .double, .bool:
            return target.types.contains(.string) ? "${string(\(source))}" : nil
        case .string:
            let types = target.types.subtracting(.null)
            if types == .integer { return "${int(\(source))}" }
            if types.isSubset(of: .number) { return "${double(\(source))}" }
            return nil
        default: return nil
        }
    }

    private static func isWhole(_ target: SchemaShape) -> Bool {
        target.types.subtracting([.null, .string]) == .integer
    }

    /// Digits count there: an integer, or a decimal of XML, which JSON has as a plain number where
    /// a double may also be one of the texts INF and NaN.
    private static func isExact(_ target: SchemaShape, _ scope: TemplateScope) -> Bool {
        if isWhole(target) { return true }
        let types = target.types.subtracting(.null)
        return scope.stage == .request && !types.isEmpty && types.isSubset(of: .number)
    }
}
