// SPDX-License-Identifier: Apache-2.0
// Raw requests of gunicorn and llhttp, read where they are; never copied into the project.

import Foundation

enum Suites {
    static let folder: URL? = {
        let named = ProcessInfo.processInfo.environment["DRAGOMAN_SUITES"]
        let beside = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("../shared/suites")
        let folder = named.map { URL(fileURLWithPath: $0) } ?? beside
        let http1 = folder.appendingPathComponent("http1")
        return FileManager.default.fileExists(atPath: http1.path) ? http1 : nil
    }()

    static var arePresent: Bool { folder != nil }

    // MARK: gunicorn

    struct Gunicorn: Decodable, Sendable, CustomStringConvertible {
        struct Request: Decodable, Sendable {
            var method: String
            var uri: String
            var version: [Int]
            var headers: [[String]]
            var body: String
            var trailers: [[String]]?
        }

        enum CodingKeys: String, CodingKey {
            case id, config, expect
            case rawLatin1 = "raw_latin1"
        }

        var id: String
        var rawLatin1: String
        var config: [String: String]
        var expect: [Request]?

        var raw: [UInt8] { octets(rawLatin1) }
        var description: String { id }
    }

    private struct GunicornFile: Decodable {
        var valid: [Gunicorn]
        var invalid: [Gunicorn]
    }

    private static let gunicorn: GunicornFile? = {
        guard let file = folder?.appendingPathComponent("gunicorn/cases.json"),
            let data = try? Data(contentsOf: file)
        else { return nil }
        return try? JSONDecoder().decode(GunicornFile.self, from: data)
    }()

    static var gunicornValid: [Gunicorn] { gunicorn?.valid ?? [] }
    static var gunicornInvalid: [Gunicorn] { gunicorn?.invalid ?? [] }

    // MARK: llhttp

    struct LLHTTP: Sendable, CustomStringConvertible {
        var file: String
        var title: String
        var type: String
        var raw: [UInt8]
        var log: String
        var description: String { "\(file): \(title)" }
    }

    static let llhttp: [LLHTTP] = {
        guard let folder = folder?.appendingPathComponent("llhttp/request"),
            let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
        else { return [] }
        return names.filter { $0.hasSuffix(".md") }.sorted().flatMap { name in
            let file = folder.appendingPathComponent(name)
            return read(name, (try? String(contentsOf: file, encoding: .utf8)) ?? "")
        }
    }()

    /// A heading, then `<!-- meta={…} -->`, a block `http` and a block `log`.
    private static func read(_ file: String, _ text: String) -> [LLHTTP] {
        var cases: [LLHTTP] = []
        var title = ""
        var type: String?
        var block: [String]?
        var raw: [UInt8] = []
        for line in text.components(separatedBy: "\n") {
            if var lines = block {
                if line != "```" {
                    lines.append(line)
                    block = lines
                    continue
                }
                block = nil
                if lines.first == "```http" {
                    raw = unescape(lines.dropFirst().joined(separator: "\n"))
                } else if lines.first == "```log", let known = type {
                    let log = lines.dropFirst().joined(separator: "\n")
                    cases.append(LLHTTP(file: file, title: title, type: known, raw: raw, log: log))
                    type = nil
                }
            } else if line.hasPrefix("```") {
                block = [line]
            } else if line.hasPrefix("#") {
                title = line.drop { $0 == "#" || $0 == " " }.description
            } else if let start = line.range(of: "\"type\""), line.contains("meta=") {
                let parts = line[start.upperBound...].components(separatedBy: "\"")
                type = parts.count > 1 ? parts[1] : nil
            }
        }
        return cases
    }

    /// As llhttp's own runner: escaped newlines go, newlines are CR LF, then the escapes.
    private static func unescape(_ text: String) -> [UInt8] {
        let source = Array(
            text.replacingOccurrences(of: "\\\n", with: "")
                .replacingOccurrences(of: "\n", with: "\r\n").utf8)
        var out: [UInt8] = []
        var index = 0
        while index < source.count {
            guard source[index] == UInt8(ascii: "\\"), index + 1 < source.count else {
                out.append(source[index])
                index += 1
                continue
            }
            index += 2
            switch source[index - 1] {
            case UInt8(ascii: "r"): out.append(0x0D)
            case UInt8(ascii: "n"): out.append(0x0A)
            case UInt8(ascii: "t"): out.append(0x09)
            case UInt8(ascii: "f"): out.append(0x0C)
            case UInt8(ascii: "x"):
                let digits = String(decoding: source[index..<(index + 2)], as: UTF8.self)
                out.append(UInt8(digits, radix: 16) ?? 0)
                index += 2
            default: out += [UInt8(ascii: "\\"), source[index - 1]]
            }
        }
        return out
    }

    // MARK: Both

    /// The suites' HTTP/1.1 requests mostly lack Host, for which RFC 9112 section 3.2 demands
    /// 400; supplied here, so that what they are about is what is tested.
    static func withHost(_ raw: [UInt8]) -> [UInt8] {
        let text = latin1(raw)
        var out = ""
        for (index, part) in text.components(separatedBy: " HTTP/1.1\r\n").enumerated() {
            if index > 0 {
                out += " HTTP/1.1\r\n"
                let head = ("\r\n" + part).components(separatedBy: "\r\n\r\n")[0].lowercased()
                if !head.contains("\r\nhost:") { out += "Host: suite.example\r\n" }
            }
            out += part
        }
        return octets(out)
    }
}
