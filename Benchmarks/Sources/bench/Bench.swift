// SPDX-License-Identifier: Apache-2.0
// Times one operation on one document when told to, so that `compare.py` can take turns between
// this program and the libraries that it is compared with.
//
//     load NAME DOCUMENT [SCHEMA]    ok BYTES (valid|invalid|-)
//     message NAME CONTRACT TYPE JSON    ok BYTES BYTES, of JSON and of the wire
//     OPERATION NAME COUNT           nanoseconds of CPU for COUNT times
//     allocations NAME COUNT         objects allocated by COUNT validations, -1 if unknown
//     hostile KIND BYTES             nanoseconds of CPU to read one document of so many bytes
//
// What fails is answered with `error: …`. A further operation is a case of `Operation`.

internal import DragomanDocument
internal import DragomanSchema
internal import Foundation

struct BenchError: Error, CustomStringConvertible {
    let description: String
}

/// A document, and what is kept between two times of an operation on it.
final class Case {
    let bytes: [UInt8]
    let document: Document
    let program: SchemaProgram?
    let context = EvaluationContext()
    let arena = Document()
    let output = OutputBuffer()

    init(document: [UInt8], schema: [UInt8]?) throws {
        bytes = document
        self.document = try document.withUnsafeBytes { try Document.reading($0) }
        guard let schema else {
            program = nil
            return
        }
        let compiler = SchemaCompiler()
        let text = try schema.withUnsafeBytes { try Document.reading($0) }
        program = try compiler.compile(document: text, baseURI: "file:///schema")
    }

    var verdict: String {
        guard let program, let root = document.root else { return "-" }
        return program.isValid(root, context) ? "valid" : "invalid"
    }
}

/// What can be timed.
enum Operation: String {
    case parse, validate, print

    func run(_ subject: Case, _ times: Int) throws {
        switch self {
        case .parse:
            for _ in 0..<times {
                subject.arena.removeAll(keepingAtMost: 1 << 24)
                subject.bytes.withUnsafeBytes { subject.arena.append(source: $0) }
                try subject.arena.readJSON()
            }
        case .validate:
            guard let program = subject.program, let root = subject.document.root else {
                throw BenchError(description: "no schema")
            }
            var valid = 0
            for _ in 0..<times where program.isValid(root, subject.context) { valid += 1 }
            guard valid == 0 || valid == times else {
                throw BenchError(description: "not one verdict")
            }
        case .print:
            guard let root = subject.document.root else { return }
            for _ in 0..<times {
                subject.output.removeAll(keepingAtMost: 1 << 24)
                JSONWriter.write(root, to: subject.output)
            }
        }
    }
}

enum Clock {
    /// CPU of this thread, in nanoseconds: other work on the machine does not count.
    static func now() -> Int {
        var time = timespec()
        // Fails only where the clock does not exist, and then the result is 0.
        _ = clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }
}

@main
struct Bench {
    var cases: [String: Case] = [:]
    var messages: [String: Message] = [:]

    static func main() {
        var bench = Bench()
        while let line = readLine() {
            do {
                Swift.print(try bench.answer(line.split(separator: "\t").map(String.init)))
            } catch {
                Swift.print("error: \(error)")
            }
            fflush(nil)
        }
    }

    mutating func answer(_ words: [String]) throws -> String {
        switch words.first {
        case "load" where words.count >= 3:
            let schema = words.count > 3 ? try Bench.read(words[3]) : nil
            let subject = try Case(document: try Bench.read(words[2]), schema: schema)
            cases[words[1]] = subject
            return "ok \(subject.bytes.count) \(subject.verdict)"
        case "message" where words.count == 5:
            let message = try Message(
                contract: try Bench.read(words[2]), type: words[3], json: try Bench.read(words[4]))
            messages[words[1]] = message
            return "ok \(message.json.count) \(message.wire.count)"
        case "to-wire" where words.count == 3, "to-json" where words.count == 3:
            guard let message = messages[words[1]], let times = Int(words[2]) else { break }
            let start = Clock.now()
            for _ in 0..<times {
                if words[0] == "to-wire" { try message.toWire() } else { try message.toJSON() }
            }
            return "\(Clock.now() - start)"
        case "hostile" where words.count == 3:
            guard let kind = Hostile(rawValue: words[1]), let bytes = Int(words[2]) else { break }
            return "\(kind.nanoseconds(bytes))"
        case "allocations" where words.count == 3:
            guard let subject = cases[words[1]], let times = Int(words[2]) else { break }
            try Operation.validate.run(subject, 1)
            let count = try Allocations.counted {
                try Operation.validate.run(subject, times)
            }
            return "\(count ?? -1)"
        case let name? where words.count == 3:
            guard let operation = Operation(rawValue: name), let subject = cases[words[1]],
                let times = Int(words[2])
            else { break }
            let start = Clock.now()
            try operation.run(subject, times)
            return "\(Clock.now() - start)"
        default: break
        }
        throw BenchError(description: "not understood: \(words.joined(separator: " "))")
    }

    static func read(_ path: String) throws -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw BenchError(description: "can not read \(path)")
        }
        return Array(data)
    }
}
