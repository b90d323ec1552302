// SPDX-License-Identifier: Apache-2.0
// A folder for the time of one command, such as what `import --fetch` has fetched.

internal import DragomanMapping

#if canImport(Glibc)
    internal import Glibc
#endif

extension Platform {
    /// A new folder of this process's own.
    static func temporaryFolder() -> String? {
        var template = Array("\(environment("TMPDIR") ?? "/tmp")/dragoman-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { return nil }
        return String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    static func remove(_ path: String) {
        for file in FileAccess.files(under: path, suffix: "") { unlink("\(path)/\(file)") }
        removeFolders(path)
    }

    private static func removeFolders(_ path: String) {
        guard let stream = opendir(path) else { return }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        closedir(stream)
        for name in names { removeFolders("\(path)/\(name)") }
        rmdir(path)
    }
}
