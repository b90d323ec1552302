// SPDX-License-Identifier: Apache-2.0
// Where import writes: what a user has changed is never overwritten, what nobody has touched since
// the import before follows the contract.

internal import DragomanMapping
internal import DragomanXML

/// The gateway directory that import writes into.
struct ImportTarget {
    let folder: String
    private var record: ImportRecord

    init(folder: String) {
        self.folder = folder
        record = ImportRecord(folder: folder)
    }

    /// Names of the mappings that are there, but for those that an earlier import of the same
    /// contract wrote: importing again compares with these.
    var mappingNames: Set<String> {
        let files = FileAccess.files(under: folder + "/mappings", suffix: ".yaml")
        let others = files.filter { file in
            guard case .success(let bytes) = FileAccess.read("\(folder)/mappings/\(file)") else {
                return true
            }
            let text = String(decoding: bytes, as: UTF8.self)
            return !text.contains("contract: \(file.dropLast(5))/")
        }
        return Set(others.map { String($0.dropLast(5)) })
    }

    /// Writes a file that is not there, or that is as an import before has written it. One that
    /// somebody has changed since is left alone. Either way what differs is shown.
    /// - Returns: false where it can not be written.
    mutating func write(_ path: String, _ bytes: [UInt8]) -> Bool {
        let full = FileAccess.join(folder, path)
        if case .success(let present) = FileAccess.read(full) {
            if present == bytes {
                record.note(path, bytes)
                return true
            }
            let isOwn = record.holds(path, present)
            Console.line(
                isOwn
                    ? "updated: \(path)"
                    : "kept: \(path), which differs from what import would write")
            for line in ImportDifference.lines(present, bytes) { Console.line(line) }
            guard isOwn else { return true }
        }
        if let failure = Platform.write(bytes, to: full) {
            Console.error("error: \(full): \(failure)")
            return false
        }
        record.note(path, bytes)
        return true
    }

    /// Writes down what import wrote, for the next one.
    func writeRecord() -> Bool {
        guard let failure = record.write() else { return true }
        Console.error("error: \(record.path): \(failure)")
        return false
    }

    /// gateway.yaml with the upstreams; one that is there is kept, and what it lacks is printed.
    mutating func writeConfiguration(_ upstreams: [ImportedUpstream]) -> Bool {
        var lines: [String] = []
        for upstream in upstreams {
            let comment = upstream.comment.map { "   # \($0)" } ?? ""
            lines.append("  \(upstream.name): { url: \"\(upstream.url)\" }\(comment)")
        }
        let path = FileAccess.join(folder, "gateway.yaml")
        if case .success(let present) = FileAccess.read(path) {
            let text = String(decoding: present, as: UTF8.self)
            let missing = zip(upstreams, lines).filter { !text.contains("\($0.0.name):") }
            if !missing.isEmpty {
                Console.line("kept: gateway.yaml; add to its `upstreams:`")
                for (_, line) in missing { Console.line(line) }
            }
            return true
        }
        let head = [
            "# yaml-language-server: $schema=schemas/dragoman/gateway.schema.json",
            "listen: 127.0.0.1:8080", "upstreams:",
        ]
        return write("gateway.yaml", Array(((head + lines).joined(separator: "\n") + "\n").utf8))
    }
}
