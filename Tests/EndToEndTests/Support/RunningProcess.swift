// SPDX-License-Identifier: Apache-2.0
// A program that a test starts, hears, and ends: always by its own handle, never by name.

import Foundation
import Synchronization

/// Lines that came so far, and whoever waits for one.
private final class Lines: Sendable {
    private struct State {
        /// A piece may end within a character.
        var bytes = Data()
        var isOver = false
    }
    private let state = Mutex(State())

    func take(_ data: Data) {
        state.withLock { state in
            if data.isEmpty { state.isOver = true }
            state.bytes += data
        }
    }

    var text: String { String(decoding: state.withLock { $0.bytes }, as: UTF8.self) }
    var isOver: Bool { state.withLock { $0.isOver } }
}

struct ProcessFailure: Error, CustomStringConvertible {
    let description: String
}

final class RunningProcess: @unchecked Sendable {
    // Sendable: `process` is only started and ended, which Foundation allows from any thread.
    private let process = Process()
    private let input = Pipe()
    private let output = Lines()
    private let errors = Lines()

    init(_ program: String, _ arguments: [String], folder: String? = nil) throws {
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [program] + arguments
        if let folder { process.currentDirectoryURL = URL(filePath: folder) }
        process.standardInput = input
        for (pipe, lines) in [(Pipe(), output), (Pipe(), errors)] {
            pipe.fileHandleForReading.readabilityHandler = { handle in
                let data = handle.availableData
                lines.take(data)
                if data.isEmpty { handle.readabilityHandler = nil }
            }
            if lines === output {
                process.standardOutput = pipe
            } else {
                process.standardError = pipe
            }
        }
        try process.run()
    }

    /// A test's thread blocks most signals, and what it starts inherits that: SIGTERM would wait.
    deinit { if process.isRunning { signal(SIGKILL) } }

    var identifier: Int32 { process.processIdentifier }
    var isRunning: Bool { process.isRunning }
    var standardOutput: String { output.text }
    var standardError: String { errors.text }

    /// The first line on standard output, or on standard error, that satisfies `condition`.
    func line(
        onError: Bool = false, seconds: Double = 20,
        where condition: (Substring) -> Bool = { _ in true }
    ) throws -> String {
        let end = Date().addingTimeInterval(seconds)
        let lines = onError ? errors : output
        while true {
            let isOver = lines.isOver
            let text = lines.text
            let whole = text.split(separator: "\n", omittingEmptySubsequences: true)
                .dropLast(text.hasSuffix("\n") ? 0 : 1)
            if let found = whole.first(where: condition) { return String(found) }
            if isOver || Date() > end {
                throw ProcessFailure(
                    description: "no such line; output: \(text); errors: \(errors.text)")
            }
            Thread.sleep(forTimeInterval: 0.005)
        }
    }

    func signal(_ number: Int32) { kill(process.processIdentifier, number) }

    /// Ends it and waits for its end.
    @discardableResult
    func end(_ number: Int32 = SIGTERM) -> Int32 {
        if process.isRunning { signal(number) }
        process.waitUntilExit()
        return process.terminationStatus
    }

    /// Waits until it has ended by itself.
    func exitCode() -> Int32 {
        process.waitUntilExit()
        return process.terminationStatus
    }

    /// Runs a program to its end. Through files: what a program writes last is there when it has
    /// ended, however much it is.
    static func run(
        _ program: String, _ arguments: [String], folder: String? = nil
    ) throws -> (code: Int32, output: String, errors: String) {
        let place = try TemporaryFolder()
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [program] + arguments
        if let folder { process.currentDirectoryURL = URL(filePath: folder) }
        process.standardInput = FileHandle.nullDevice
        let files = ["output", "errors"].map { URL(filePath: place.path).appending(path: $0) }
        let handles = try files.map { file in
            try Data().write(to: file)
            return try FileHandle(forWritingTo: file)
        }
        process.standardOutput = handles[0]
        process.standardError = handles[1]
        try process.run()
        process.waitUntilExit()
        let texts = try files.map { String(decoding: try Data(contentsOf: $0), as: UTF8.self) }
        return (process.terminationStatus, texts[0], texts[1])
    }
}
