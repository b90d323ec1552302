// SPDX-License-Identifier: Apache-2.0
// Runs protoc, which turns .proto files into a descriptor set.

internal import DragomanMapping
internal import Foundation

struct ProtoCompiler {
    /// Folders in which imports are looked for; the files' own folders come last.
    let searched: [String]

    /// The descriptor set, and the names that the files have in it.
    struct Output {
        let bytes: [UInt8]
        let files: [String]
    }

    func compile(_ files: [String]) throws(ImportFailure) -> Output {
        for file in files where !FileAccess.exists(file) {
            throw ImportFailure(text: "\(file): there is no such file")
        }
        guard let folder = Platform.temporaryFolder() else {
            throw ImportFailure(text: "no temporary folder can be made")
        }
        defer { Platform.remove(folder) }
        let output = folder + "/set.binpb"
        var folders = searched
        for file in files {
            let own = FileAccess.directory(of: file)
            if !folders.contains(where: { isBelow(file, $0) }), !folders.contains(own) {
                folders.append(own)
            }
        }
        var arguments = ["--include_imports", "--include_source_info", "-o", output]
        for folder in folders { arguments += ["-I", folder] }
        let errors = try run(arguments + files)
        guard errors.isEmpty || FileAccess.exists(output),
            case .success(let bytes) = FileAccess.read(output)
        else {
            let hint =
                errors.contains("File not found")
                ? "\nhelp: name the folder that imports are found in with -I" : ""
            throw ImportFailure(text: "protoc: \(errors)\(hint)")
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

    /// - Returns: what protoc said on standard error.
    private func run(_ arguments: [String]) throws(ImportFailure) -> String {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["protoc"] + arguments
        let errors = Pipe()
        process.standardError = errors
        process.standardInput = FileHandle.nullDevice
        do { try process.run() } catch {
            throw ImportFailure(text: "protoc can not be started: \(error)")
        }
        let text = String(
            decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        if process.terminationStatus == 127 {
            throw ImportFailure(
                text: "protoc is missing; install protobuf-compiler, or give a descriptor set "
                    + "made by `protoc --include_imports -o FILE`")
        }
        if text.contains("editions"), process.terminationStatus != 0 {
            throw ImportFailure(
                text: "\(text)help: this protoc is too old for editions; a newer one comes with "
                    + "PyPI's grpcio-tools (`python3 -m grpc_tools.protoc`)")
        }
        return process.terminationStatus == 0 ? "" : text.isEmpty ? "it failed" : text
    }
}
