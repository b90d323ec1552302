// SPDX-License-Identifier: Apache-2.0
// What commands ask of the operating system: environment, files, signals.

internal import Dispatch
package import DragomanMapping

#if canImport(Glibc)
    internal import Glibc
#endif

package enum Platform {
    package static func environment(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }

    /// Whoever reads our output may go away; then writing fails, and the process goes on.
    package static func ignoreBrokenPipes() { signal(SIGPIPE, SIG_IGN) }

    /// The bytes of a file, of standard input where the name is `-`.
    package static func read(_ path: String) -> Result<[UInt8], FileError> {
        FileAccess.read(path == "-" ? "/dev/stdin" : path)
    }

    /// Makes the folders on the way, and writes the file. - Returns: why not; nil where it did.
    static func write(_ bytes: [UInt8], to path: String) -> String? {
        var folder = ""
        for part in FileAccess.directory(of: path).split(separator: "/") {
            folder += (folder.isEmpty && !path.hasPrefix("/") ? "" : "/") + part
            if mkdir(folder, 0o777) != 0, errno != EEXIST {
                return String(cString: strerror(errno))
            }
        }
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { return String(cString: strerror(errno)) }
        defer { close(descriptor) }
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress?.advanced(by: sent), bytes.count - sent)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return String(cString: strerror(errno)) }
            sent += count
        }
        return nil
    }

    /// The names in a folder, sorted; none where it can not be read.
    static func files(in folder: String) -> [String] {
        guard let stream = opendir(folder) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            names.append(
                withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                })
        }
        return names.sorted()
    }
}

/// SIGTERM and SIGINT as they come, from the moment this is made.
final class SignalQueue: @unchecked Sendable {
    // Sendable: a dispatch source may be used from any thread, and none is added later.
    private let stream: AsyncStream<Int32>
    private let sources: [any DispatchSourceSignal]

    init() {
        let (stream, continuation) = AsyncStream<Int32>.makeStream()
        self.stream = stream
        Platform.ignoreBrokenPipes()
        sources = [SIGTERM, SIGINT].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { continuation.yield(number) }
            source.resume()
            return source
        }
    }

    /// Waits for a signal, then ends the server well; a second signal ends the process at once.
    func drain(_ server: GatewayServer) async {
        var iterator = stream.makeAsyncIterator()
        guard let first = await iterator.next() else { return }
        Log.info("draining", ["signal": .text(first == SIGTERM ? "SIGTERM" : "SIGINT")])
        for source in sources {
            source.setEventHandler { _exit(128 + first) }
        }
        await server.drain(waits: first == SIGTERM)
        Log.info("stopped")
    }
}
