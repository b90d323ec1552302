// SPDX-License-Identifier: Apache-2.0
// Every function by name, with its overloads as one reads them in CEL's documents:
// `.(string, int) string` is called on a string with an int, and gives a string.

/// One way to call a function.
struct CELOverload: @unchecked Sendable {
    // Sendable: a signature's types hold no schema, which is all of CELType that is not.
    let isReceiver: Bool
    let arguments: [CELType]
    let result: CELType

    /// As written in the table below.
    init(_ text: String) {
        isReceiver = text.hasPrefix(".")
        let open = text.firstIndex(of: "(") ?? text.startIndex
        let close = text.lastIndex(of: ")") ?? text.index(before: text.endIndex)
        var reader = CELTypeReader(text[text.index(after: open)..<close])
        arguments = reader.list()
        var result = CELTypeReader(text[text.index(after: close)...])
        self.result = result.type()
    }

    /// As people write it: `string.charAt(int)`.
    func call(_ name: String) -> String {
        let names = arguments.map(\.name)
        guard isReceiver, let first = names.first else {
            return "\(name)(\(names.joined(separator: ", ")))"
        }
        return "\(first).\(name)(\(names.dropFirst().joined(separator: ", ")))"
    }
}

/// Reads types of the form `map<A, list<B>>`.
private struct CELTypeReader {
    private let text: [Character]
    private var index = 0

    init(_ text: Substring) { self.text = text.filter { $0 != " " } }

    mutating func list() -> [CELType] {
        var types: [CELType] = []
        while index < text.count, text[index] != ">" {
            types.append(type())
            if index < text.count, text[index] == "," { index += 1 }
        }
        return types
    }

    mutating func type() -> CELType {
        let start = index
        while index < text.count, text[index].isLetter || text[index] == "_" { index += 1 }
        let name = String(text[start..<index])
        var inner: [CELType] = []
        if index < text.count, text[index] == "<" {
            index += 1
            inner = list()
            index += 1
        }
        switch name {
        case "bool": return .bool
        case "int": return .int
        case "uint": return .uint
        case "double": return .double
        case "string": return .string
        case "bytes": return .bytes
        case "timestamp": return .timestamp
        case "duration": return .duration
        case "type": return .type
        case "list": return .list(inner.first ?? .dyn)
        case "map": return .map(inner.first ?? .dyn, inner.last ?? .dyn)
        case "optional": return .optional(inner.first ?? .dyn)
        case "dyn": return .dyn
        default: return .parameter(name)
        }
    }
}

/// A function and how it can be called.
struct CELDeclaration: Sendable {
    let function: CELFunction
    let overloads: [CELOverload]
    /// Takes one or more arguments of any of its types.
    let isVariadic: Bool
}

/// Functions by name; those of a namespace by `namespace.name`.
enum CELFunctions {
    /// Of the standard and of the extensions.
    static let standard: [String: CELDeclaration] = table(
        conversions + collections + strings + moments + math + others)

    /// Those that only mappings have.
    static let mapping: [String: CELDeclaration] = table([
        ("now", ["()timestamp"], CELMappingFunctions.now),
        ("uuid", ["()string"], CELMappingFunctions.uuid),
    ])

    static let operators: [CELOperator: [CELOverload]] = [
        .add: [
            "(int,int)int", "(uint,uint)uint", "(double,double)double", "(string,string)string",
            "(bytes,bytes)bytes", "(list<A>,list<A>)list<A>", "(duration,duration)duration",
            "(timestamp,duration)timestamp", "(duration,timestamp)timestamp",
        ],
        .subtract: [
            "(int,int)int", "(uint,uint)uint", "(double,double)double",
            "(duration,duration)duration", "(timestamp,duration)timestamp",
            "(timestamp,timestamp)duration",
        ],
        .multiply: ["(int,int)int", "(uint,uint)uint", "(double,double)double"],
        .divide: ["(int,int)int", "(uint,uint)uint", "(double,double)double"],
        .modulo: ["(int,int)int", "(uint,uint)uint"],
        .not: ["(bool)bool"],
    ].mapValues { $0.map(CELOverload.init) }

    static let negation = ["(int)int", "(double)double"].map(CELOverload.init)

    private typealias Row = (String, [String], CELFunction.Body)

    private static let variadic: Set<String> = ["math.greatest", "math.least"]

    private static func table(_ rows: [Row]) -> [String: CELDeclaration] {
        var table: [String: CELDeclaration] = [:]
        for (name, overloads, body) in rows {
            table[name] = CELDeclaration(
                function: CELFunction(name: name, body: body),
                overloads: overloads.map(CELOverload.init), isVariadic: variadic.contains(name))
        }
        return table
    }

    private static let conversions: [Row] = [
        (
            "int",
            [
                "(int)int", "(uint)int", "(double)int", "(string)int", "(timestamp)int",
                "(duration)int",
            ], CELConversions.int
        ),
        ("uint", ["(uint)uint", "(int)uint", "(double)uint", "(string)uint"], CELConversions.uint),
        (
            "double", ["(double)double", "(int)double", "(uint)double", "(string)double"],
            CELConversions.double
        ),
        (
            "string",
            [
                "(string)string", "(bool)string", "(int)string", "(uint)string",
                "(double)string", "(bytes)string", "(timestamp)string", "(duration)string",
            ], CELConversions.string
        ),
        ("bytes", ["(bytes)bytes", "(string)bytes"], CELConversions.bytes),
        ("bool", ["(bool)bool", "(string)bool"], CELConversions.bool),
        (
            "timestamp", ["(timestamp)timestamp", "(string)timestamp", "(int)timestamp"],
            CELConversions.timestamp
        ),
        ("duration", ["(duration)duration", "(string)duration"], CELConversions.duration),
        ("type", ["(A)type"], CELConversions.type),
        ("dyn", ["(A)dyn"], CELConversions.dyn),
    ]

    private static let collections: [Row] = [
        (
            "size",
            [
                "(string)int", "(bytes)int", "(list<A>)int", "(map<A,B>)int", ".(string)int",
                ".(bytes)int", ".(list<A>)int", ".(map<A,B>)int",
            ], CELStrings.size
        )
    ]

    private static let strings: [Row] = [
        ("contains", [".(string,string)bool"], CELStrings.contains),
        ("startsWith", [".(string,string)bool"], CELStrings.startsWith),
        ("endsWith", [".(string,string)bool"], CELStrings.endsWith),
        ("matches", [".(string,string)bool", "(string,string)bool"], CELStrings.matches),
        ("charAt", [".(string,int)string"], CELStrings.charAt),
        ("indexOf", [".(string,string)int", ".(string,string,int)int"], CELStrings.indexOf),
        (
            "lastIndexOf", [".(string,string)int", ".(string,string,int)int"],
            CELStrings.lastIndexOf
        ),
        ("lowerAscii", [".(string)string"], CELStrings.lowerAscii),
        ("upperAscii", [".(string)string"], CELStrings.upperAscii),
        (
            "replace", [".(string,string,string)string", ".(string,string,string,int)string"],
            CELStrings.replace
        ),
        (
            "split", [".(string,string)list<string>", ".(string,string,int)list<string>"],
            CELStrings.split
        ),
        (
            "substring", [".(string,int)string", ".(string,int,int)string"],
            CELStrings.substring
        ),
        ("trim", [".(string)string"], CELStrings.trim),
        (
            "join", [".(list<string>)string", ".(list<string>,string)string"], CELStrings.join
        ),
        ("reverse", [".(string)string"], CELStrings.reverse),
        ("format", [".(string,list<dyn>)string"], CELFormat.format),
        ("strings.quote", ["(string)string"], CELStrings.quote),
        ("base64.encode", ["(bytes)string"], CELStrings.encode),
        ("base64.decode", ["(string)bytes"], CELStrings.decode),
    ]

    private static let zoned = [".(timestamp)int", ".(timestamp,string)int"]
    private static let units = zoned + [".(duration)int"]

    private static let moments: [Row] = [
        ("getFullYear", zoned, CELMoments.fullYear),
        ("getMonth", zoned, CELMoments.month),
        ("getDate", zoned, CELMoments.date),
        ("getDayOfMonth", zoned, CELMoments.dayOfMonth),
        ("getDayOfWeek", zoned, CELMoments.dayOfWeek),
        ("getDayOfYear", zoned, CELMoments.dayOfYear),
        ("getHours", units, CELMoments.hours),
        ("getMinutes", units, CELMoments.minutes),
        ("getSeconds", units, CELMoments.seconds),
        ("getMilliseconds", units, CELMoments.milliseconds),
    ]

    private static let doubles = ["(double)double"]
    private static let tests = ["(double)bool"]
    private static let pairs = ["(int,int)int", "(uint,uint)uint"]
    private static let shifts = ["(int,int)int", "(uint,int)uint"]

    private static let math: [Row] = [
        ("math.greatest", ["(int)dyn", "(uint)dyn", "(double)dyn"], CELMath.greatest),
        ("math.least", ["(int)dyn", "(uint)dyn", "(double)dyn"], CELMath.least),
        ("math.ceil", doubles, CELMath.ceil),
        ("math.floor", doubles, CELMath.floor),
        ("math.round", doubles, CELMath.round),
        ("math.trunc", doubles, CELMath.trunc),
        (
            "math.sqrt", ["(double)double", "(int)double", "(uint)double"], CELMath.squareRoot
        ),
        ("math.abs", ["(int)int", "(uint)uint", "(double)double"], CELMath.abs),
        ("math.sign", ["(int)int", "(uint)uint", "(double)double"], CELMath.sign),
        ("math.isNaN", tests, CELMath.isNaN),
        ("math.isInf", tests, CELMath.isInf),
        ("math.isFinite", tests, CELMath.isFinite),
        ("math.bitAnd", pairs, CELMath.bitAnd),
        ("math.bitOr", pairs, CELMath.bitOr),
        ("math.bitXor", pairs, CELMath.bitXor),
        ("math.bitNot", ["(int)int", "(uint)uint"], CELMath.bitNot),
        ("math.bitShiftLeft", shifts, CELMath.shiftLeft),
        ("math.bitShiftRight", shifts, CELMath.shiftRight),
    ]

    private static let others: [Row] = [
        ("optional.of", ["(A)optional<A>"], CELOptionals.of),
        ("optional.none", ["()optional<dyn>"], CELOptionals.none),
        ("optional.ofNonZeroValue", ["(A)optional<A>"], CELOptionals.ofNonZeroValue),
        ("optional.unwrap", ["(list<optional<A>>)list<A>"], CELOptionals.unwrap),
        ("unwrapOpt", [".(list<optional<A>>)list<A>"], CELOptionals.unwrap),
        ("hasValue", [".(optional<A>)bool"], CELOptionals.hasValue),
        ("value", [".(optional<A>)A"], CELOptionals.value),
    ]
}
