// SPDX-License-Identifier: Apache-2.0
// Runs protoc, which turns .proto files into a descriptor set: the one that the environment names,
// the system's, or the newer one that comes with PyPI's grpcio-tools.

internal import Foundation

package struct ProtoCompiler {
    /// The descriptor set, and the names that the files have in it.
    package struct Output {
        package let bytes: [UInt8]
        package let files: [String]
    }

    package struct Failure: Error {
        /// For a person; may be of several lines.
        package let text: String
    }

    /// Folders in which imports are looked for; the files' own folders come last.
    private let searched: [String]

    package init(searched: [String]) { self.searched = searched }

    package func compile(_ files: [String]) throws(Failure) -> Output {
        for file in files where !FileAccess.exists(file) {
            throw Failure(text: "\(file): there is no such file")
        }
        let output = FileManager.default.temporaryDirectory
            .appendingPathComponent("dragoman-\(UUID().uuidString).binpb").path
        defer { try? FileManager.default.removeItem(atPath: output) }
        var folders = searched
        for file in files {
            let own = FileAccess.directory(of: file)
            if !folders.contains(where: { isBelow(file, $0) }), !folders.contains(own) {
                folders.append(own)
            }
        }
        var arguments = ["--include_imports", "--include_source_info", "-o", output]
        for folder in folders { arguments += ["-I", folder] }
        try run(arguments + files)
        guard case .success(let bytes) = FileAccess.read(output) else {
            throw Failure(text: "protoc wrote nothing")
        }
        return Output(bytes: bytes, files: files.map { nameInSet($0, folders) })
    }

    private func isBelow(_ file: String, _ folder: String) -> Bool {
        guard let file = FileAccess.resolved(file), let folder = FileAccess.resolved(folder) else {
            return false
        }
        return file.hasPrefix(folder + "/")
    }

    /// The path from the first folder that the file lies below, as protoc names it.
    private func nameInSet(_ file: String, _ folders: [String]) -> String {
        for folder in folders where isBelow(file, folder) {
            guard let file = FileAccess.resolved(file), let root = FileAccess.resolved(folder)
            else { continue }
            return String(file.dropFirst(root.count + 1))
        }
        return file
    }

    // MARK: Which protoc

    /// Commands to try, in this order.
    private static var commands: [[String]] {
        if let named = ProcessInfo.processInfo.environment["PROTOC"], !named.isEmpty {
            return [[named]]
        }
        return [["protoc"], ["python3", "-m", "grpc_tools.protoc"]]
    }

    private func run(_ arguments: [String]) throws(Failure) {
        var complaints: [String] = []
        var isTooOld = false
        var isBare = false
        for command in ProtoCompiler.commands {
            let (status, text) = try start(command + arguments)
            if status == 0 { return }
            let isMissing =
                status == 127 || status == 126 || text.contains("No module named")
                || text.contains("ModuleNotFoundError")
            if isMissing { continue }
            complaints.append(text.isEmpty ? "it failed with the status \(status)" : text)
            // Another one may know what this one does not.
            isTooOld = isTooOld || ProtoCompiler.isTooOld(text)
            isBare = isBare || ProtoCompiler.isBare(text)
            guard isTooOld || isBare else { break }
        }
        guard let first = complaints.last else { throw Failure(text: missing) }
        var text = "protoc: " + first.trimmingCharacters(in: .whitespacesAndNewlines)
        if isBare {
            text +=
                "\nhelp: this protoc has not the files of google/protobuf, which come with it; "
                + "install libprotobuf-dev (Debian), or PyPI's grpcio-tools, which has them, or "
                + "name their folder with -I"
        } else if first.contains("File not found") || first.contains("not found or had errors") {
            text += "\nhelp: name the folder that imports are found in with -I"
        }
        if isTooOld {
            text +=
                "\nhelp: this protoc is too old for these files; install a newer one and name it "
                + "in PROTOC, or PyPI's grpcio-tools, which has one "
                + "(`pip install grpcio-tools`)"
        }
        throw Failure(text: text)
    }

    private var missing: String {
        if let named = ProcessInfo.processInfo.environment["PROTOC"], !named.isEmpty {
            return "PROTOC names \(named), which can not be run"
        }
        return "protoc is missing; install protobuf-compiler, or PyPI's grpcio-tools, or give a "
            + "descriptor set made elsewhere by `protoc --include_imports --include_source_info "
            + "-o FILE`"
    }

    /// What a protoc says of an edition or of `optional` that came after it.
    private static func isTooOld(_ text: String) -> Bool {
        text.contains("Expected top-level statement") || text.contains("edition")
            || text.contains("--experimental_allow_proto3_optional")
    }

    /// Debian's protoc comes without the well-known types, which a package of their own has.
    private static func isBare(_ text: String) -> Bool {
        text.split(separator: "\n").contains {
            $0.hasPrefix("google/protobuf/") && $0.hasSuffix(": File not found.")
        }
    }

    /// - Returns: the exit status, and what was said on standard error.
    private func start(_ command: [String]) throws(Failure) -> (Int32, String) {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = command
        let errors = Pipe()
        process.standardError = errors
        process.standardOutput = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        do { try process.run() } catch {
            throw Failure(text: "\(command[0]) can not be started: \(error)")
        }
        let text = String(
            decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, text)
    }
}
