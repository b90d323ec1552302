// SPDX-License-Identifier: Apache-2.0
// A program that a test starts, hears, and ends: always by its own handle, never by name.

import Foundation

/// Seconds that a test waits for what should come at once: a machine may have much to do besides.
let patience: Double = 120

struct ProcessFailure: Error, CustomStringConvertible {
    let description: String
}

/// A file that a process writes to.
private final class SpokenText: Sendable {
    private let folder: TemporaryFolder
    private let file: URL
    let handle: FileHandle

    init(_ folder: TemporaryFolder, _ name: String) throws {
        self.folder = folder
        file = URL(filePath: folder.path).appending(path: name)
        try Data().write(to: file)
        handle = try FileHandle(forWritingTo: file)
    }

    var text: String {
        (try? Data(contentsOf: file)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
}

final class RunningProcess: @unchecked Sendable {
    // Sendable: `process` is only started and ended, which Foundation allows from any thread.
    private let process = Process()
    private let input = Pipe()
    /// What it says goes to files, where it is read as it comes. A handler on a pipe would have
    /// Dispatch watch a descriptor that is closed when the test ends, and Dispatch does not
    /// survive that each time.
    private let output: SpokenText
    private let errors: SpokenText

    init(_ program: String, _ arguments: [String], folder: String? = nil) throws {
        let place = try TemporaryFolder()
        output = try SpokenText(place, "output")
        errors = try SpokenText(place, "errors")
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [program] + arguments
        if let folder { process.currentDirectoryURL = URL(filePath: folder) }
        process.standardInput = input
        process.standardOutput = output.handle
        process.standardError = errors.handle
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
        onError: Bool = false,
        where condition: (Substring) -> Bool = { _ in true }
    ) throws -> String {
        let end = Date().addingTimeInterval(patience)
        let lines = onError ? errors : output
        while true {
            let isOver = !process.isRunning
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

    /// Runs a program to its end.
    static func run(
        _ program: String, _ arguments: [String], folder: String? = nil
    ) throws -> (code: Int32, output: String, errors: String) {
        let place = try TemporaryFolder()
        let output = try SpokenText(place, "output")
        let errors = try SpokenText(place, "errors")
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [program] + arguments
        if let folder { process.currentDirectoryURL = URL(filePath: folder) }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output.handle
        process.standardError = errors.handle
        try process.run()
        process.waitUntilExit()
        return (process.terminationStatus, output.text, errors.text)
    }
}
