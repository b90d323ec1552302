// SPDX-License-Identifier: Apache-2.0
// The release binary on a gateway directory that a test has written, and the real backends that
// stand behind it.

import Foundation
import FreePorts

enum Project {
    static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    static let support = root.appending(path: "Tests/Support").path

    /// The program under test, built beside the tests.
    static let binary: String = {
        let named = ProcessInfo.processInfo.environment["DRAGOMAN_BINARY"]
        return named ?? root.appending(path: ".build/release/dragoman").path
    }()

    static let python: String = {
        let own = root.appending(path: ".build/python/bin/python").path
        return FileManager.default.isExecutableFile(atPath: own) ? own : "python3"
    }()
}

/// A folder that goes with the test.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        let name = "dragoman-test-\(UUID().uuidString)"
        path = FileManager.default.temporaryDirectory.appending(path: name).path
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ text: String, to name: String) throws {
        let file = URL(filePath: path).appending(path: name)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try text.write(to: file, atomically: true, encoding: .utf8)
    }

    func copy(_ source: String, to name: String) throws {
        let file = URL(filePath: path).appending(path: name)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: source, toPath: file.path)
    }
}

/// A running gateway.
final class TestGateway: Sendable {
    let folder: TemporaryFolder
    let process: RunningProcess
    let port: Int
    let adminPort: Int

    /// `files`: by their paths in the gateway directory; `gateway.yaml` is made of
    ///   `upstreams` and `settings` where it is not among them.
    init(
        upstreams: String = "{}", settings: String = "", files: [String: String],
        copies: [String: String] = [:], arguments: [String] = []
    ) throws {
        folder = try TemporaryFolder()
        let configuration = """
            listen: 127.0.0.1:0
            admin: 127.0.0.1:0
            upstreams: \(upstreams)
            \(settings)

            """
        try folder.write(files["gateway.yaml"] ?? configuration, to: "gateway.yaml")
        for (name, text) in files where name != "gateway.yaml" {
            try folder.write(text, to: name)
        }
        for (name, source) in copies { try folder.copy(source, to: name) }
        process = try RunningProcess(
            Project.binary,
            ["serve", "--config", folder.path + "/gateway.yaml", "--workers", "1"] + arguments)
        let line = try process.line(onError: true) { $0.contains("listening") }
        let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
        func port(_ url: Any?) -> Int {
            (url as? String).flatMap { URL(string: $0)?.port } ?? 0
        }
        self.port = port((object?["listen"] as? [String])?.first)
        adminPort = port(object?["admin"])
    }

    deinit { process.end(SIGKILL) }

    func ask(
        _ method: String = "GET", _ path: String, body: String? = nil, headers: [String] = []
    ) throws -> RawResponse {
        try RawClient.ask(port, method, path, body: body, headers: headers)
    }
}

/// Real backends.
enum Backend {
    /// The Echo service on grpcio. - Returns: the process and its port.
    static func grpc(
        port: Int = 0, descriptors: String, tls: [String] = []
    ) throws -> (process: RunningProcess, port: Int) {
        let process = try RunningProcess(
            Project.python,
            [Project.support + "/grpc_server.py", descriptors, String(port)] + tls)
        let line = try process.line()
        return (process, Int(line) ?? 0)
    }

    /// echo.proto, compiled by protoc into `folder`. - Returns: the file's path.
    static func echoDescriptors(in folder: TemporaryFolder) throws -> String {
        let file = folder.path + "/echo.binpb"
        let result = try RunningProcess.run(
            "protoc",
            ["-I", Project.support, "--include_imports", "-o", file, "echo.proto"])
        guard result.code == 0 else { throw ProcessFailure(description: result.errors) }
        return file
    }

    /// The Library service on PHP's SoapServer.
    static func soap() throws -> (process: RunningProcess, port: Int) {
        let port = try FreePort.take()
        let process = try RunningProcess(
            "php", ["-S", "127.0.0.1:\(port)", "soap_server.php"], folder: Project.support)
        try waitUntilOpen(port)
        return (process, port)
    }

    /// nghttpd over a folder of files.
    static func http2(folder: String, arguments: [String] = []) throws -> (
        process: RunningProcess, port: Int
    ) {
        let port = try FreePort.take()
        let process = try RunningProcess(
            "nghttpd", arguments + ["--no-tls", "-d", folder, String(port)])
        try waitUntilOpen(port)
        return (process, port)
    }

    static func waitUntilOpen(_ port: Int) throws {
        let end = Date().addingTimeInterval(patience)
        while Date() < end {
            if (try? RawClient(port: port)) != nil { return }
            Thread.sleep(forTimeInterval: 0.02)
        }
        throw ProcessFailure(description: "nothing listens on port \(port)")
    }
}
