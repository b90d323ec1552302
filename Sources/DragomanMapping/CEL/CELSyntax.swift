// SPDX-License-Identifier: Apache-2.0
// An expression of the Common Expression Language as it was written: what the parser makes and
// the checker reads. Macros are resolved already.

/// A part of an expression, and where it stands: UTF-8 bytes into the source.
struct CELSyntax {
    let kind: Kind
    let start: Int
    let end: Int

    indirect enum Kind {
        case null
        case bool(Bool)
        case int(Int64)
        case uint(UInt64)
        case double(Double)
        case string(String)
        case bytes([UInt8])
        /// `isGlobal`: written with a dot before it, and so never a variable of a macro.
        case identifier(String, isGlobal: Bool)
        case select(CELSyntax, CELName, isOptional: Bool)
        case index(CELSyntax, CELSyntax, isOptional: Bool)
        case call(CELName, receiver: CELSyntax?, [CELSyntax])
        case unary(CELOperator, CELSyntax)
        case binary(CELOperator, CELSyntax, CELSyntax)
        case conditional(CELSyntax, CELSyntax, CELSyntax)
        case list([CELItem])
        case map([CELEntry])
        case message(String, isGlobal: Bool, [CELField])
        /// The macro `has`.
        case has(CELSyntax)
        /// The macro `default` of mappings.
        case defaulted(CELSyntax, CELSyntax)
        case comprehension(CELComprehensionSyntax)
        /// `cel.bind(name, value, body)`.
        case bind(CELName, CELSyntax, CELSyntax)
        /// `optMap` and `optFlatMap`.
        case optionalMap(CELSyntax, CELName, CELSyntax, isFlat: Bool)
    }
}

/// A name and where it stands.
struct CELName {
    let text: String
    let start: Int
    let end: Int
}

struct CELItem {
    let value: CELSyntax
    let isOptional: Bool
}

struct CELEntry {
    let key: CELSyntax
    let value: CELSyntax
    let isOptional: Bool
}

struct CELField {
    let name: CELName
    let value: CELSyntax
    let isOptional: Bool
}

enum CELOperator: String, Sendable {
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
    case modulo = "%"
    case equal = "=="
    case notEqual = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case `in` = "in"
    case and = "&&"
    case or = "||"
    case not = "!"
}

/// A macro that goes over a list or a map.
struct CELComprehensionSyntax {
    let kind: CELComprehensionKind
    let range: CELSyntax
    let first: CELName
    /// Of two: the value beside an index or a key.
    let second: CELName?
    /// What lets an item through, where there is such.
    let filter: CELSyntax?
    /// The condition of `all` and `exists`, the result of `map`; nil for `filter`.
    let body: CELSyntax?
}

enum CELComprehensionKind: Sendable {
    case all, exists, existsOne, list, map, mapEntries
}

/// Why a text is no expression, and where.
struct CELSyntaxError: Error {
    let message: String
    let start: Int
    let end: Int
    var expected: String?
    var suggestion: String?
}
