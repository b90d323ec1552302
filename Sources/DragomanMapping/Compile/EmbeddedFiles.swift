// SPDX-License-Identifier: Apache-2.0
// A gateway directory that the program itself carries (`dragoman demo`): laid out in a folder of
// its own for as long as loading takes, so that one way of reading files serves both.

#if canImport(Glibc)
    internal import Glibc
#endif

/// A folder that only this user can read, and that is gone with this value.
struct TemporaryDirectory: ~Copyable {
    let path: String
    private var files: [String] = []
    private var folders: [String] = []

    /// Nil where no folder can be made.
    init?() {
        var template = Array("\(TemporaryDirectory.root)/dragoman-XXXXXX".utf8CString)
        let made = template.withUnsafeMutableBufferPointer { buffer -> String? in
            guard let start = buffer.baseAddress, let made = mkdtemp(start) else { return nil }
            return String(cString: made)
        }
        guard let made else { return nil }
        path = made
    }

    deinit {
        for file in files { unlink(file) }
        for folder in folders.reversed() { rmdir(folder) }
        rmdir(path)
    }

    private static var root: String {
        getenv("TMPDIR").map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
    }

    /// Writes a file, with the folders that it lies in. - Returns: whether that worked.
    mutating func write(_ name: String, _ bytes: [UInt8]) -> Bool {
        var folder = path
        let parts = name.split(separator: "/")
        guard !parts.contains(".."), let last = parts.last else { return false }
        for part in parts.dropLast() {
            folder += "/" + part
            if mkdir(folder, 0o700) == 0 {
                folders.append(folder)
            } else if errno != EEXIST {
                return false
            }
        }
        let file = folder + "/" + last
        let descriptor = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return false }
        files.append(file)
        defer { _ = close(descriptor) }
        var offset = 0
        while offset < bytes.count {
            let written = bytes[offset...].withUnsafeBytes {
                TemporaryDirectory.put(descriptor, $0.baseAddress, $0.count)
            }
            if written <= 0 { return false }
            offset += written
        }
        return true
    }

    private static func put(
        _ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int
    ) -> Int {
        var written: Int
        repeat {
            written = unistdWrite(descriptor, bytes, count)
        } while written < 0
            && errno == EINTR
        return written
    }
}

/// `write(2)`, whose name the method above would hide.
private func unistdWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
    write(descriptor, bytes, count)
}

extension GatewayLoader {
    /// Loads a directory whose files are in memory, by their paths from it, such as
    /// `mappings/orders.yaml`; `describes` as of a directory.
    package static func load(
        files: [String: [UInt8]], configurationFile: String = "gateway.yaml",
        upstreams: [String: UpstreamURL] = [:], describes: Bool = false
    ) -> GatewayLoad {
        let failure = Diagnostic(
            code: "missing-file", file: configurationFile,
            message: "the directory can not be laid out in the folder for temporary files")
        guard var directory = TemporaryDirectory() else { return GatewayLoad(failure) }
        for name in files.keys.sorted() {
            guard directory.write(name, files[name] ?? []) else { return GatewayLoad(failure) }
        }
        return load(
            configurationFile: directory.path + "/" + configurationFile,
            name: configurationFile, upstreams: upstreams, describes: describes)
    }
}

extension GatewayLoad {
    /// Nothing could be loaded at all.
    init(_ failure: Diagnostic) {
        self.init(plan: nil, diagnostics: [failure], sources: [:], omittedCount: 0)
    }
}
