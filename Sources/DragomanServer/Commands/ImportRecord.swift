// SPDX-License-Identifier: Apache-2.0
// What an import wrote, as digests beside the contracts: the next import tells by them which files
// somebody has changed since.

internal import Crypto
internal import DragomanDocument
internal import DragomanMapping

/// `schemas/dragoman/imported.json`: an object, SHA-256 by path.
struct ImportRecord {
    let path: String
    private var digests: [String: String] = [:]

    init(folder: String) {
        path = FileAccess.join(folder, "schemas/dragoman/imported.json")
        guard case .success(let bytes) = FileAccess.read(path) else { return }
        let document = Document()
        bytes.withUnsafeBytes { document.append(source: $0) }
        // A record that can not be read is none: everything is then somebody's own.
        guard (try? document.readJSON(.init(depthMax: 16))) != nil, let root = document.root,
            root.isObject
        else { return }
        var members = root.members
        while let member = members.next() {
            if member.value.isString { digests[member.name.string] = member.value.string }
        }
    }

    /// The file is as import wrote it.
    func holds(_ path: String, _ bytes: [UInt8]) -> Bool {
        digests[path] == Self.digest(bytes)
    }

    mutating func note(_ path: String, _ bytes: [UInt8]) { digests[path] = Self.digest(bytes) }

    /// - Returns: why it could not be written; nil where it was.
    func write() -> String? {
        let document = Document()
        document.beginObject()
        for (path, digest) in digests.sorted(by: { $0.key < $1.key }) {
            document.key(path)
            document.append(string: digest)
        }
        document.endObject()
        let text = withExtendedLifetime(document) { document.root?.indentedJSON ?? "{}" }
        return Platform.write(Array((text + "\n").utf8), to: path).map { "\($0)" }
    }

    private static func digest(_ bytes: [UInt8]) -> String {
        SHA256.hash(data: bytes).map { byte in
            let text = String(byte, radix: 16)
            return text.utf8.count == 1 ? "0" + text : text
        }.joined()
    }
}

/// What differs between two texts, line by line.
enum ImportDifference {
    /// Lines that are looked at; what is larger is a contract of thousands of types.
    private static let linesMax = 20_000

    /// `-4 text` for a line that is there, `+4 text` for one that import would write.
    static func lines(_ present: [UInt8], _ new: [UInt8]) -> [String] {
        guard present.withUnsafeBytes({ TextScan.firstInvalidUTF8($0) }) == nil,
            new.withUnsafeBytes({ TextScan.firstInvalidUTF8($0) }) == nil
        else { return [] }
        let (old, lines) = (split(present), split(new))
        // What both begin and end with is not compared again.
        var start = 0
        while start < min(old.count, lines.count), old[start] == lines[start] { start += 1 }
        var end = 0
        while end < min(old.count, lines.count) - start,
            old[old.count - 1 - end] == lines[lines.count - 1 - end]
        {
            end += 1
        }
        let (left, right) = (old[start..<(old.count - end)], lines[start..<(lines.count - end)])
        guard left.count + right.count < linesMax else {
            return ["  \(left.count) lines are \(right.count) other ones"]
        }
        let difference = Array(right).difference(from: Array(left))
        var changes: [(place: Int, isAdded: Bool, line: Substring)] = []
        for case .remove(let offset, let line, _) in difference.removals {
            changes.append((start + offset + 1, false, line))
        }
        for case .insert(let offset, let line, _) in difference.insertions {
            changes.append((start + offset + 1, true, line))
        }
        return changes.sorted { ($0.place, $0.isAdded ? 1 : 0) < ($1.place, $1.isAdded ? 1 : 0) }
            .map { "  \($0.isAdded ? "+" : "-")\($0.place) \($0.line)" }
    }

    /// A line ends with LF or CRLF.
    private static func split(_ bytes: [UInt8]) -> [Substring] {
        String(decoding: bytes, as: UTF8.self)
            .split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
    }
}
