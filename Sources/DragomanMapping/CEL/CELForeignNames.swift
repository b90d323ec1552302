// SPDX-License-Identifier: Apache-2.0
// What other languages call the functions of CEL, and how CEL says what it has no word for: for
// messages alone.

enum CELForeignNames {
    /// The function that is meant by a name of JavaScript, Python, Java, SQL or Go.
    static let meant: [String: String] = [
        "toUpperCase": "upperAscii", "upperCase": "upperAscii", "upper": "upperAscii",
        "toUpper": "upperAscii", "toLowerCase": "lowerAscii", "lowerCase": "lowerAscii",
        "lower": "lowerAscii", "toLower": "lowerAscii", "length": "size", "len": "size",
        "count": "size", "substr": "substring", "includes": "contains", "strip": "trim",
        "toString": "string", "str": "string", "parseInt": "int", "toInt": "int",
        "parseFloat": "double", "float": "double", "number": "double", "coalesce": "default",
        "ifnull": "default", "isnull": "has", "exists_any": "exists", "any": "exists",
        "every": "all", "some": "exists", "find": "filter", "where": "filter",
        "concat": "join", "replaceAll": "replace", "match": "matches", "test": "matches",
        "regex": "matches", "date": "timestamp", "datetime": "timestamp", "today": "now",
    ]

    /// How CEL says what words of other languages say.
    static let words: [String: String] = [
        "if": "condition ? one : other", "else": "condition ? one : other",
        "for": "list.map(item, …) or list.filter(item, …)",
        "let": "cel.bind(name, value, …)", "var": "cel.bind(name, value, …)",
        "const": "cel.bind(name, value, …)", "function": "an expression alone",
        "return": "an expression alone",
    ]
}
