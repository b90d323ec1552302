// SPDX-License-Identifier: Apache-2.0
// Where the suites of real cases are, and contracts compiled from their .proto files by protoc.

import DragomanDocument
import DragomanProtobuf
import Foundation

enum Suites {
    /// `$DRAGOMAN_SUITES`, else ../shared/suites beside the package; nil where neither is there.
    static let root: URL? = {
        var candidates: [URL] = []
        if let path = ProcessInfo.processInfo.environment["DRAGOMAN_SUITES"] {
            candidates.append(URL(fileURLWithPath: path))
        }
        let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        candidates.append(
            package.deletingLastPathComponent().appendingPathComponent("shared/suites"))
        return candidates.first { FileManager.default.fileExists(atPath: $0.path) }
    }()

    static var arePresent: Bool { root != nil && Protoc.path != nil }

    static func bytes(_ path: String) throws -> [UInt8] {
        guard let root else { throw SuitesError.missing }
        return Array(try Data(contentsOf: root.appendingPathComponent(path)))
    }

    static func path(_ path: String) -> String {
        root?.appendingPathComponent(path).path ?? path
    }

    static let conformance = Result {
        try Protoc.contract(
            [path("protobuf-conformance/src")],
            [
                "google/protobuf/test_messages_proto3.proto",
                "google/protobuf/test_messages_proto2.proto",
            ])
    }
}

enum SuitesError: Error {
    case missing
    case protoc(String)
}

enum Protoc {
    static let path: String? = ["/usr/bin/protoc", "/usr/local/bin/protoc"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    /// A descriptor set of the files, with their imports.
    static func set(
        _ includes: [String], _ files: [String], arguments: [String] = ["--include_imports"]
    ) throws -> [UInt8] {
        guard let path else { throw SuitesError.missing }
        let output = FileManager.default.temporaryDirectory
            .appendingPathComponent("dragoman-\(UUID().uuidString).binpb")
        defer { try? FileManager.default.removeItem(at: output) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments =
            includes.map { "-I\($0)" } + arguments
            + ["--descriptor_set_out=\(output.path)"] + files
        let errors = Pipe()
        process.standardError = errors
        try process.run()
        let message = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw SuitesError.protoc(String(decoding: message, as: UTF8.self))
        }
        return Array(try Data(contentsOf: output))
    }

    static func contract(_ includes: [String], _ files: [String]) throws -> ProtobufContract {
        try ProtobufContract.load(
            try set(includes, files, arguments: ["--include_imports", "--include_source_info"]))
    }

    /// A contract of one file written here.
    static func contract(source: String) throws -> ProtobufContract {
        try ProtobufContract.load(try set(source: source))
    }

    static func set(
        source: String, arguments: [String] = ["--include_imports", "--include_source_info"]
    ) throws -> [UInt8] {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("dragoman-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try source.write(
            to: folder.appendingPathComponent("test.proto"), atomically: true, encoding: .utf8)
        var includes = [folder.path]
        if Suites.root != nil { includes.append(Suites.path("googleapis")) }
        return try set(includes, ["test.proto"], arguments: arguments)
    }
}

/// Translations as tests write them.
extension MessagePlan {
    func wire(_ json: String, _ options: ProtoJSONOptions = ProtoJSONOptions()) throws -> [UInt8] {
        let document = try Document.reading(json)
        let output = OutputBuffer()
        guard let root = document.root else { throw SuitesError.missing }
        try write(root, to: output, options)
        return Array(output.bytes)
    }

    func json(
        _ wire: [UInt8], _ options: ProtoJSONOptions = ProtoJSONOptions(),
        limits: DocumentLimits = DocumentLimits()
    ) throws -> String {
        let document = Document()
        try wire.withUnsafeBytes { try read($0, into: document, options, limits: limits) }
        return document.root?.json ?? ""
    }
}

func bytes(_ hexadecimal: String) -> [UInt8] {
    var bytes: [UInt8] = []
    var high: UInt8?
    for character in hexadecimal where !character.isWhitespace {
        let digit = UInt8(character.hexDigitValue ?? 0)
        if let first = high {
            bytes.append(first << 4 | digit)
            high = nil
        } else {
            high = digit
        }
    }
    return bytes
}
