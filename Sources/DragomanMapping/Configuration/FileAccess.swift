// SPDX-License-Identifier: Apache-2.0
// Reading files and folders at load, by the system's own calls: Foundation's cost more than the
// parsing of what they read.

internal import Glibc

package struct FileError: Error, Equatable {
    /// `errno`, or 0 where the file is refused by us.
    package let code: Int32
    package let message: String

    init(code: Int32) {
        self.code = code
        message = strerror(code).map { String(cString: $0) } ?? "error \(code)"
    }

    init(message: String) {
        code = 0
        self.message = message
    }

    package var isMissing: Bool { code == ENOENT || code == ENOTDIR }
}

package enum FileAccess {
    /// Configuration and contracts are far smaller.
    package static let bytesMax = 256 * 1024 * 1024

    /// `path` as seen from `directory`, unless it is absolute.
    package static func join(_ directory: String, _ path: String) -> String {
        if path.hasPrefix("/") || directory.isEmpty || directory == "." { return path }
        return directory.hasSuffix("/") ? directory + path : directory + "/" + path
    }

    /// Everything before the last slash; `.` where there is none.
    package static func directory(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// The whole of a regular file (or what a pipe gives), at most `bytesMax`.
    package static func read(_ path: String) -> Result<[UInt8], FileError> {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return .failure(FileError(code: errno)) }
        defer { _ = close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return .failure(FileError(code: errno)) }
        guard status.st_mode & S_IFMT != S_IFDIR else {
            return .failure(FileError(code: EISDIR))
        }
        var bytes: [UInt8] = []
        var wanted = max(4096, Int(status.st_size) + 1)
        while true {
            guard bytes.count + wanted <= bytesMax else {
                return .failure(FileError(message: "it is larger than \(bytesMax) bytes"))
            }
            let count = append(&bytes, wanted, descriptor)
            guard count >= 0 else { return .failure(FileError(code: errno)) }
            if count == 0 { return .success(bytes) }
            // A regular file that has been read whole needs no second look.
            if status.st_mode & S_IFMT == S_IFREG, bytes.count == Int(status.st_size) {
                return .success(bytes)
            }
            wanted = 64 * 1024
        }
    }

    /// Reads once; the count, 0 at the end, -1 for an error in `errno`.
    private static func append(_ bytes: inout [UInt8], _ wanted: Int, _ descriptor: Int32) -> Int {
        var count = 0
        let chunk = [UInt8](unsafeUninitializedCapacity: wanted) { buffer, used in
            repeat {
                count = Glibc.read(descriptor, buffer.baseAddress, wanted)
            } while count < 0 && errno == EINTR
            used = max(0, count)
        }
        if bytes.isEmpty { bytes = chunk } else { bytes += chunk }
        return count
    }

    package static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    package static func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// The path without symbolic links, `.` and `..`; nil where nothing is there.
    package static func resolved(_ path: String) -> String? {
        guard let text = realpath(path, nil) else { return nil }
        defer { free(text) }
        return String(cString: text)
    }

    /// The files under a folder whose names end so, as paths from there in byte order. Names that
    /// begin with a dot are not looked at. A missing folder has none.
    package static func files(under directory: String, suffix: String) -> [String] {
        var found: [String] = []
        collect(directory, "", suffix, 0, &found)
        return found.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    private static func collect(
        _ root: String, _ prefix: String, _ suffix: String, _ depth: Int,
        _ found: inout [String]
    ) {
        // A symbolic link may lead back up.
        guard depth < 32, found.count < 100_000, let stream = opendir(join(root, prefix)) else {
            return
        }
        var folders: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name.hasPrefix(".") { continue }
            let path = prefix.isEmpty ? name : prefix + "/" + name
            let type = Int32(entry.pointee.d_type)
            let isUnknown = type == Int32(DT_UNKNOWN) || type == Int32(DT_LNK)
            if type == Int32(DT_DIR) || isUnknown && isDirectory(join(root, path)) {
                folders.append(path)
            } else if name.hasSuffix(suffix) {
                found.append(path)
            }
        }
        _ = closedir(stream)
        for folder in folders { collect(root, folder, suffix, depth + 1, &found) }
    }
}
