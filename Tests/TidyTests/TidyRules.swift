// SPDX-License-Identifier: Apache-2.0
// The rules of the house that a machine can check, as functions from a file's text to what is
// wrong with it: each can be shown to fire, and is.

/// One file of the project, by its path from the root.
struct SourceFile {
    let path: String
    let lines: [String]

    init(path: String, text: String) {
        self.path = path
        lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    /// The room that the file stands in: `Sources/ROOM/…`.
    var room: String {
        let parts = path.split(separator: "/")
        return parts.count > 1 ? String(parts[1]) : ""
    }

    var isSource: Bool { path.hasPrefix("Sources/") }
    /// Made by a program from other files of the repository, which are tidy themselves.
    var isGenerated: Bool { path.hasSuffix("+Generated.swift") }
}

enum TidyRules {
    static let fileLinesMax = 400
    static let functionLinesMax = 60
    static let lineColumnsMax = 100

    static let all: [@Sendable (SourceFile) -> [String]] = [
        firstLine, fileLength, lineLength, functionLength, bannedWords, proofs,
    ]

    static func firstLine(_ file: SourceFile) -> [String] {
        let opens =
            file.lines.first == "// SPDX-License-Identifier: Apache-2.0"
            && file.lines.dropFirst().first?.hasPrefix("// ") == true
        return opens ? [] : ["\(file.path): does not open with its licence and what it is"]
    }

    static func fileLength(_ file: SourceFile) -> [String] {
        let count = file.lines.count - 1
        guard count > fileLinesMax, !file.isGenerated else { return [] }
        return ["\(file.path): \(count) lines, at most \(fileLinesMax)"]
    }

    static func lineLength(_ file: SourceFile) -> [String] {
        if file.isGenerated { return [] }
        return file.lines.enumerated().compactMap { index, line in
            // A string that can not be broken may stand out, as the formatter allows too.
            guard line.count > lineColumnsMax, !line.contains("\"") else { return nil }
            return "\(file.path):\(index + 1): \(line.count) columns, at most \(lineColumnsMax)"
        }
    }

    /// A function is what stands between its `func` or `init` and the brace that closes it at the
    /// same indentation: the formatter sees to that.
    static func functionLength(_ file: SourceFile) -> [String] {
        if file.isGenerated { return [] }
        var problems: [String] = []
        var open: [(line: Int, indentation: Int, text: String)] = []
        for (index, line) in file.lines.enumerated() {
            let trimmed = line.drop { $0 == " " }
            let indentation = line.count - trimmed.count
            if let function = open.last, indentation == function.indentation, trimmed.first == "}" {
                open.removeLast()
                let count = index - function.line + 1
                if count > functionLinesMax {
                    problems.append(
                        "\(file.path):\(function.line + 1): a function of \(count) lines, "
                            + "at most \(functionLinesMax)")
                }
            }
            if isFunctionHead(trimmed), !trimmed.hasSuffix("}") {
                if let last = open.last, last.indentation >= indentation { open.removeLast() }
                open.append((index, indentation, String(trimmed)))
            }
        }
        return problems
    }

    private static func isFunctionHead(_ line: Substring) -> Bool {
        guard !line.hasPrefix("//") else { return false }
        let words = line.split(separator: " ").prefix(8)
        return words.contains("func")
            || words.contains { $0.hasPrefix("init(") || $0.hasPrefix("init?(") || $0 == "deinit" }
    }

    private static let banned: [(text: String, instead: String)] = [
        ("try" + "!", "throw, or handle the error"),
        ("as" + "!", "as?, and say what happens otherwise"),
        ("fatal" + "Error(", "throw an error that says where and what to do"),
        ("TO" + "DO", "do it, or leave it out"),
        ("FIX" + "ME", "mend it"),
    ]

    /// Tests may read JSON by other means than the ones they test.
    private static let bannedOutsideTests: [(text: String, instead: String)] = [
        ("[String: " + "Any]", "a Document"),
        ("JSON" + "Serialization", "a Document"),
    ]

    static func bannedWords(_ file: SourceFile) -> [String] {
        var problems: [String] = []
        for (index, line) in file.lines.enumerated() {
            let rules = banned + (file.isSource ? bannedOutsideTests : [])
            for (text, instead) in rules where line.contains(text) {
                problems.append("\(file.path):\(index + 1): \(text) is banned, use: \(instead)")
            }
            let trimmed = line.drop { $0 == " " }
            if file.isSource, !file.room.hasPrefix("dragoman"), trimmed.hasPrefix("print(") {
                problems.append("\(file.path):\(index + 1): print( is banned, use: Log")
            }
        }
        return problems
    }

    private static let needsProof = ["@unchecked " + "Sendable", "nonisolated" + "(unsafe)"]

    /// What the compiler is asked to believe has its proof on the line before or after.
    static func proofs(_ file: SourceFile) -> [String] {
        file.lines.enumerated().compactMap { index, line in
            guard needsProof.contains(where: line.contains),
                !line.drop(while: { $0 == " " }).hasPrefix("//")
            else { return nil }
            let around = file.lines[max(0, index - 1)...min(index + 2, file.lines.count - 1)]
            let isProven = around.contains { $0.drop { $0 == " " }.hasPrefix("//") }
            return isProven ? nil : "\(file.path):\(index + 1): no proof beside it"
        }
    }

    // MARK: Arrows

    /// What each room may import: rooms below it, C libraries, and packages.
    static let arrows: [String: Set<String>] = [
        "DragomanDocument": ["Glibc", "Synchronization"],
        "DragomanHTTP": ["DragomanDocument", "Glibc"],
        "DragomanSchema": [
            "DragomanDocument", "CPCRE2", "CIDN2", "Glibc", "Synchronization", "Foundation",
        ],
        "DragomanProtobuf": [
            "DragomanDocument", "SwiftProtobuf", "Foundation", "FoundationEssentials", "Glibc",
            "Synchronization",
        ],
        "DragomanXML": [
            "DragomanDocument", "CLibXML2", "Foundation", "FoundationEssentials", "Glibc",
            "Synchronization",
        ],
        "DragomanKeys": ["CLibCrypto"],
        "DragomanMapping": [
            "DragomanDocument", "DragomanSchema", "DragomanProtobuf", "DragomanXML", "Yams",
            "CYaml", "CPCRE2", "Foundation", "FoundationEssentials", "Glibc", "Musl", "Darwin",
            "Synchronization",
        ],
        "DragomanHTTP2": ["DragomanDocument", "DragomanHTTP", "CNGHTTP2", "NIOCore", "Glibc"],
        "DragomanBackends": [
            "DragomanDocument", "DragomanHTTP", "DragomanHTTP2", "NIOCore", "NIOPosix", "NIOSSL",
            "NIOTLS", "Glibc", "Synchronization",
        ],
        "DragomanGateway": [
            "DragomanDocument", "DragomanHTTP", "DragomanMapping", "DragomanBackends",
            "DragomanSchema", "DragomanProtobuf", "DragomanXML", "DragomanKeys", "CZlib", "Crypto",
            "CryptoExtras", "NIOCore", "Glibc", "Foundation", "FoundationEssentials",
        ],
        "DragomanServer": [
            "DragomanGateway", "DragomanMapping", "DragomanBackends", "DragomanHTTP",
            "DragomanHTTP2", "DragomanProtobuf", "DragomanSchema", "DragomanXML",
            "DragomanDocument", "Crypto", "NIOCore", "NIOPosix", "NIOSSL", "Dispatch",
            "Foundation", "FoundationEssentials", "Glibc", "Synchronization",
        ],
        "dragoman": [
            "DragomanServer", "DragomanGateway", "DragomanMapping", "ArgumentParser", "Foundation",
            "FoundationEssentials", "Glibc",
        ],
        "dragoman-harness": [
            "DragomanDocument", "DragomanSchema", "DragomanProtobuf", "DragomanXML",
            "DragomanMapping", "ArgumentParser", "SwiftProtobuf", "Foundation",
            "FoundationEssentials", "Glibc",
        ],
    ]

    static func imports(_ file: SourceFile) -> [String] {
        guard file.isSource, let allowed = arrows[file.room] else { return [] }
        return file.lines.enumerated().compactMap { index, line in
            let words = line.split(separator: " ").map(String.init)
            let modifiers = ["internal", "package", "public", "private", "@preconcurrency"]
            guard let at = words.firstIndex(of: "import"), at + 1 < words.count,
                words[..<at].allSatisfy(modifiers.contains)
            else { return nil }
            let name = String(words[at + 1].split(separator: ".")[0])
            if allowed.contains(name) { return nil }
            return "\(file.path):\(index + 1): \(file.room) must not import \(name)"
        }
    }
}
