// SPDX-License-Identifier: Apache-2.0
// A compiled pattern: a table where the pattern is regular and small, else PCRE2's machine code.
internal import CPCRE2
internal import DragomanDocument

/// What evaluation reads of a pattern. Belongs to the `Pattern` that it came from.
struct PatternCode: BitwiseCopyable {
    /// For each state, a row of next states by class; nil where PCRE2 does it.
    var rows: UnsafePointer<UInt16>?
    var classes: UnsafePointer<UInt8>
    /// For each state (times the number of classes), whether the text may end there.
    var accepting: UnsafePointer<Bool>
    /// For each state the bytes that it stays in: 0 for few or none, else the number of a run of
    /// 256 in `stays`, from 1.
    var loops: UnsafePointer<UInt8>
    var stays: UnsafePointer<UInt8>
    /// The first state, already multiplied as the states in `rows` are.
    var start: Int
    var classCount: Int
    /// Used where `rows` is nil.
    var runs: UnsafePointer<PatternRun>?
    var runCount = 0
    var expression: OpaquePointer?
}

/// A pattern, shared by all schemas of a compiler that spell it alike.
final class Pattern: @unchecked Sendable {
    // Sendable: immutable once made; PCRE2 lets threads share compiled code.
    let source: String
    let code: UnsafePointer<PatternCode>
    private let arena = ProgramArena()
    private var expression: OpaquePointer?

    init(_ source: String) throws(PatternError) {
        self.source = source
        let node = try PatternParser.parse(source)
        let place = arena.allocate(PatternCode.self, 1)
        if let graph = PatternGraph(node), let tables = PatternTableBuilder.build(graph) {
            place.initialize(to: Pattern.code(tables, arena))
        } else if let runs = PatternRuns.runs(node, arena) {
            var code = Pattern.code(arena, nil)
            code.runs = arena.copy(runs)
            code.runCount = runs.count
            place.initialize(to: code)
        } else {
            let compiled = try Pattern.compile(PatternExpression.text(node))
            expression = compiled
            place.initialize(to: Pattern.code(arena, compiled))
        }
        code = UnsafePointer(place)
    }

    deinit {
        if let expression { pcre2_code_free_8(expression) }
    }

    private static func code(_ arena: ProgramArena, _ expression: OpaquePointer?) -> PatternCode {
        PatternCode(
            rows: nil, classes: arena.copy([0]), accepting: arena.copy([false]),
            loops: arena.copy([0]), stays: arena.copy([0]), start: 0,
            classCount: 0, expression: expression)
    }

    private static func code(_ tables: PatternTables, _ arena: ProgramArena) -> PatternCode {
        // States are kept times the number of classes, which saves a multiplication a byte.
        let rows = tables.rows.map { UInt16(Int($0) * tables.classCount) }
        var accepting = [Bool](repeating: false, count: rows.count)
        for (state, accepts) in tables.accepting.enumerated() {
            accepting[state * tables.classCount] = accepts
        }
        let loops = loops(tables)
        return PatternCode(
            rows: arena.copy(rows), classes: arena.copy(tables.classes),
            accepting: arena.copy(accepting), loops: arena.copy(loops.numbers),
            stays: arena.copy(loops.stays), start: tables.start * tables.classCount,
            classCount: tables.classCount, expression: nil)
    }

    /// States that many bytes do not lead out of: those can be passed over without going from
    /// state to state.
    private static func loops(_ tables: PatternTables) -> (numbers: [UInt8], stays: [UInt8]) {
        let bytesMin = 8
        let loopsMax = 64
        var numbers = [UInt8](repeating: 0, count: tables.rows.count)
        var stays: [UInt8] = []
        for state in tables.accepting.indices where state > PatternTables.matched {
            let first = state * tables.classCount
            let stay = tables.classes.map { Int(tables.rows[first + Int($0)]) == state ? 1 : 0 }
            guard stay.reduce(0, +) >= bytesMin, stays.count < loopsMax * 256 else { continue }
            stays += stay.map(UInt8.init)
            numbers[first] = UInt8(stays.count / 256)
        }
        return (numbers, stays)
    }

    private static func compile(_ text: String) throws(PatternError) -> OpaquePointer {
        var number: Int32 = 0
        var offset = 0
        let options =
            PCRE2_UTF | PCRE2_DOLLAR_ENDONLY | PCRE2_MATCH_UNSET_BACKREF
        var text = text
        let code = text.withUTF8 {
            pcre2_compile_8($0.baseAddress, $0.count, options, &number, &offset, nil)
        }
        guard let code else { throw PatternError(message: message(number)) }
        // Possible return codes: 0; PCRE2_ERROR_NOMEMORY or JIT_BADOPTION where there is no JIT
        // here, and then the interpreter runs the pattern.
        _ = pcre2_jit_compile_8(code, PCRE2_JIT_COMPLETE)
        return code
    }

    private static func message(_ number: Int32) -> String {
        if number == 125 {
            return "a look-behind whose length varies is not supported"
        }
        var text = [UInt8](repeating: 0, count: 200)
        let length = pcre2_get_error_message_8(number, &text, text.count)
        return length > 0 ? String(decoding: text[..<Int(length)], as: UTF8.self) : "it is not one"
    }
}

extension Pattern {
    /// For loading; evaluation goes by `code`.
    func matches(_ text: String, _ context: EvaluationContext) -> Bool {
        var text = text
        return text.withUTF8 {
            PatternCode.matches(code, UnsafeRawBufferPointer($0), context)
        }
    }
}

extension PatternCode {
    /// The text matches, somewhere in it. `context` is told where it could not be found out.
    @inline(__always)
    static func matches(
        _ code: UnsafePointer<PatternCode>, _ text: UnsafeRawBufferPointer,
        _ context: EvaluationContext
    ) -> Bool {
        guard let rows = code.pointee.rows else { return matchesSlowly(code, text, context) }
        let decided = code.pointee.classCount
        let classes = code.pointee.classes
        var state = code.pointee.start
        if state <= decided { return state == decided }
        guard let start = text.baseAddress else { return code.pointee.accepting[state] }
        var place = start.assumingMemoryBound(to: UInt8.self)
        let end = place + text.count
        while place < end {
            let next = Int(rows[state &+ Int(classes[Int(place.pointee)])])
            if next <= decided { return next == decided }
            place += 1
            if next == state, code.pointee.loops[state] > 0 {
                place = endOfLoop(code, state, place, end)
            }
            state = next
        }
        return code.pointee.accepting[state]
    }

    /// The first byte that leads out of the state, eight at a time.
    @inline(__always)
    private static func endOfLoop(
        _ code: UnsafePointer<PatternCode>, _ state: Int, _ start: UnsafePointer<UInt8>,
        _ end: UnsafePointer<UInt8>
    ) -> UnsafePointer<UInt8> {
        let stays = code.pointee.stays + (Int(code.pointee.loops[state]) &- 1) &* 256
        var place = start
        while end - place >= 8 {
            let first = stays[Int(place[0])] & stays[Int(place[1])] & stays[Int(place[2])]
            let second = stays[Int(place[3])] & stays[Int(place[4])] & stays[Int(place[5])]
            if first & second & stays[Int(place[6])] & stays[Int(place[7])] == 0 { break }
            place += 8
        }
        while place < end, stays[Int(place.pointee)] != 0 { place += 1 }
        return place
    }

    @inline(never)
    private static func matchesSlowly(
        _ code: UnsafePointer<PatternCode>, _ text: UnsafeRawBufferPointer,
        _ context: EvaluationContext
    ) -> Bool {
        guard let runs = code.pointee.runs else {
            return context.matches(code.pointee.expression, text)
        }
        return PatternRuns.match(runs, code.pointee.runCount, text)
    }
}
