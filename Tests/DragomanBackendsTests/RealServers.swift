// SPDX-License-Identifier: Apache-2.0
// Backends that others wrote, each a process on a free port, ended with the test.

import Foundation
import FreePorts
import NIOCore
import NIOPosix
import Testing

/// A server process. Ends when told, by its own identifier.
final class ServerProcess: @unchecked Sendable {
    // @unchecked: `Process` is used by the one test that made it, never at the same time.
    private let process = Process()
    let port: Int

    static func executable(_ names: [String]) -> String? {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        for folder in folders.map(String.init) + ["/usr/sbin", "/usr/bin"] {
            for path in names.map({ "\(folder)/\($0)" })
            where FileManager.default.isExecutableFile(atPath: path) {
                return path
            }
        }
        return nil
    }

    static let nghttpd = executable(["nghttpd"])
    static let python = executable(["python3"])

    /// Whether Python has grpcio.
    static let hasGRPC: Bool = {
        guard let python else { return false }
        let probe = Process()
        probe.executableURL = URL(fileURLWithPath: python)
        probe.arguments = ["-c", "import grpc"]
        probe.standardError = FileHandle.nullDevice
        guard (try? probe.run()) != nil else { return false }
        probe.waitUntilExit()
        return probe.terminationStatus == 0
    }()

    /// Starts it, and returns when its port takes connections.
    init(_ path: String, _ arguments: (Int) -> [String]) async throws {
        port = try FreePort.take()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments(port)
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        let port = port
        let isUp = try await eventually {
            let channel = try? await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connect(host: "127.0.0.1", port: port).get()
            try? await channel?.close()
            return channel != nil
        }
        try #require(isUp)
    }

    deinit { stop() }

    func stop() {
        guard process.isRunning else { return }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }
}
