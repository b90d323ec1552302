// SPDX-License-Identifier: Apache-2.0
// What other languages call the functions and the roots of CEL, and how CEL says what it has no
// word for: for messages alone.

enum CELForeignNames {
    /// The function that is meant by a name of JavaScript, Python, Java, SQL or Go.
    static let meant: [String: String] = [
        "toUpperCase": "upperAscii", "upperCase": "upperAscii", "upper": "upperAscii",
        "toUpper": "upperAscii", "upcase": "upperAscii", "ucase": "upperAscii",
        "toLowerCase": "lowerAscii", "lowerCase": "lowerAscii", "downcase": "lowerAscii",
        "lower": "lowerAscii", "toLower": "lowerAscii", "lcase": "lowerAscii", "length": "size",
        "len": "size", "count": "size", "substr": "substring", "slice": "substring",
        "includes": "contains", "strip": "trim", "toString": "string", "str": "string",
        "String": "string", "parseInt": "int", "toInt": "int", "toNumber": "double",
        "parseFloat": "double", "float": "double", "number": "double", "Number": "double",
        "decimal": "double", "Boolean": "bool", "boolean": "bool", "coalesce": "default",
        "ifnull": "default", "nvl": "default", "isnull": "has", "isset": "has", "defined": "has",
        "present": "has", "isPresent": "has", "exists": "has", "notNull": "has",
        "exists_any": "exists", "any": "exists", "every": "all", "some": "exists",
        "find": "filter", "where": "filter", "select": "map", "collect": "map", "forEach": "map",
        "concat": "join", "replaceAll": "replace", "match": "matches", "test": "matches",
        "regex": "matches", "date": "timestamp", "datetime": "timestamp", "Date": "timestamp",
        "today": "now", "uuidv4": "uuid", "guid": "uuid", "newGuid": "uuid", "UUID": "uuid",
        "typeof": "type", "round": "math.round", "abs": "math.abs", "ceil": "math.ceil",
        "floor": "math.floor", "min": "math.least", "max": "math.greatest",
        "format_string": "format", "sprintf": "format", "printf": "format", "btoa": "base64.encode",
        "atob": "base64.decode",
    ]

    /// What is said instead of a call that has no function of its own.
    static let instead: [String: String] = [
        "concat": "`+`, or list.join(separator)", "sum": "nothing adds up a list",
        "reduce": "nothing folds a list", "first": "list[0]", "last": "list[size(list) - 1]",
        "keys": "map.map(key, key)", "values": "map.map(key, map[key])",
        "get": "x.name or x[\"name\"], and default(x.name, y)", "has": "has(x.name)",
        "push": "list + [item]", "append": "list + [item]", "add": "list + [item]",
        "stringify": "the value itself: it becomes JSON where it stands",
        "parse": "the value itself: what comes is read already",
        "toFixed": "math.round(x), or \"%.2f\".format([x])", "keySet": "map.map(key, key)",
        "jsonpath": "a root and its members, such as body.a",
        "xpath": "a root and its members, such as reply.a",
        "exists": "has(x), or list.exists(item, …)",
        "env": "nothing: mapping files do not read the environment",
    ]

    /// Macros, whose first argument is a name.
    static let macros: Set<String> = ["map", "filter", "exists", "all"]

    /// The root or value that is meant by a name, best first.
    static let roots: [String: [String]] = [
        "True": ["true"], "TRUE": ["true"], "yes": ["true"], "False": ["false"],
        "FALSE": ["false"], "no": ["false"], "None": ["null"], "nil": ["null"], "NULL": ["null"],
        "Null": ["null"], "undefined": ["null"], "NaN": ["double(\"NaN\")"],
        "request": ["body"], "req": ["body"], "input": ["body"], "event": ["body"],
        "msg": ["body"], "message": ["body"], "payload": ["body"], "data": ["body"],
        "json": ["body"], "params": ["path"], "pathParameters": ["path"], "vars": ["path"],
        "args": ["query"], "queryString": ["query"], "search": ["query"],
        "queryParameters": ["query"], "response": ["reply"], "res": ["reply"],
        "resp": ["reply"], "result": ["reply"], "output": ["reply"], "answer": ["reply"],
        "headers": ["header"], "cookies": ["cookie"], "token": ["claims"], "jwt": ["claims"],
        "user": ["claims"], "error": ["fault", "grpc"], "err": ["fault", "grpc"],
        "exception": ["fault", "grpc"], "uuid": ["uuid()"], "now": ["now()"],
        "Date": ["now()"], "today": ["now()"], "Math": ["math"], "it": ["item"], "_": ["item"],
    ]

    /// The one that is there, or is a value of itself.
    static func root(_ name: String, in names: [String]) -> String? {
        roots[name]?.first { names.contains($0) || !isRoot($0) }
    }

    private static func isRoot(_ name: String) -> Bool {
        RootSlot.allCases.contains { $0.name == name } || name == "item"
    }

    /// What stands for names that have nothing in their place.
    static func remark(_ name: String) -> String? {
        switch name {
        case "env", "ENV", "process", "environ", "os":
            "another way: mapping files do not read the environment"
        case "request", "req", "ctx", "context", "this", "self", "root":
            "its parts, each a root of its own"
        case "JSON": "the value itself: it is read already, and becomes JSON where it stands"
        case "Object", "Array", "String", "Number":
            "methods of the value, such as x.size() or x.map(key, …)"
        default: nil
        }
    }

    /// How CEL says what words of other languages say.
    static let words: [String: String] = [
        "if": "condition ? one : other", "else": "condition ? one : other",
        "for": "list.map(item, …) or list.filter(item, …)",
        "let": "cel.bind(name, value, …)", "var": "cel.bind(name, value, …)",
        "const": "cel.bind(name, value, …)", "function": "an expression alone",
        "return": "an expression alone",
    ]
}
