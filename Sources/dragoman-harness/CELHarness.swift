// SPDX-License-Identifier: Apache-2.0
// Cases of the CEL conformance suite, one JSON object a line, evaluated without a mapping: what
// an expression gives, or why it gives nothing.

internal import ArgumentParser
internal import DragomanDocument
internal import DragomanMapping

struct CELHarness: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cel", abstract: "CEL conformance cases, one a line.")

    func run() throws {
        var lines = LineStream()
        while let line = lines.next() {
            if line.allSatisfy({ $0 == 0x20 || $0 &- 0x09 <= 4 }) { continue }
            if !LineStream.write(CELCase.answer(line)) { throw ExitCode(2) }
        }
    }
}

/// One case.
enum CELCase {
    /// The answer, as JSON text.
    static func answer(_ line: ArraySlice<UInt8>) -> String {
        let request = Document(textCapacity: line.count + 64)
        line.withUnsafeBytes { request.append(source: $0) }
        let answer = Document()
        answer.beginObject()
        do throws(CELCaseError) {
            let value = try value(request)
            answer.key("value")
            try CELCaseValues.append(value, to: answer)
            answer.endObject()
        } catch {
            answer.removeAll()
            answer.beginObject()
            answer.key("error")
            answer.append(string: error.message)
            answer.endObject()
        }
        return withExtendedLifetime(answer) { answer.root?.json ?? "{}" }
    }

    private static func value(_ request: Document) throws(CELCaseError) -> CELValue {
        do throws(JSONSyntaxError) { try request.readJSON() } catch {
            throw CELCaseError("column \(error.column): \(error.detail)")
        }
        defer { withExtendedLifetime(request) {} }
        guard let test = request.root, test.isObject, let source = test.member("expr"),
            source.isString
        else { throw CELCaseError("a case is an object with a string named expr") }
        var suite = CELSuite()
        suite.messages = CELCaseMessages.types
        suite.container = test.member("container")?.string ?? ""
        suite.isUnchecked = test.member("disableCheck")?.bool ?? false
        for declaration in test.member("typeEnv")?.items.map({ $0 }) ?? [] {
            guard let name = declaration.member("name"), let ident = declaration.member("ident")
            else { continue }
            suite.names[name.string] =
                ident.member("type").map { CELCaseValues.type($0) } ?? .dyn
        }
        var bindings: [String: CELValue] = [:]
        if let bound = test.member("bindings") {
            for member in bound.members {
                let name = member.name.string
                bindings[name] = try CELCaseValues.value(
                    member.value.member("value") ?? member.value)
                if suite.names[name] == nil { suite.names[name] = .dyn }
            }
        }
        let program: CELProgram
        do throws(CELSuite.Refusal) {
            program = try suite.compile(source.string)
        } catch {
            throw CELCaseError(error.messages.joined(separator: "; "))
        }
        switch program.evaluate(bindings) {
        case .success(let value): return value
        case .failure(let failure): throw CELCaseError(failure.message)
        }
    }
}

struct CELCaseError: Error {
    let message: String
    init(_ message: String) { self.message = message }
}
