// SPDX-License-Identifier: Apache-2.0
// Comments and positions of one .proto file, where its descriptor carries source information.

internal import SwiftProtobuf

/// SourceCodeInfo by path; empty where the set was made without --include_source_info.
struct SourceComments {
    private var comments: [[Int32]: String] = [:]
    private var spans: [[Int32]: [Int32]] = [:]

    init(_ file: Google_Protobuf_FileDescriptorProto) {
        guard file.hasSourceCodeInfo else { return }
        for location in file.sourceCodeInfo.location where location.path.count % 2 == 0 {
            if spans[location.path] == nil { spans[location.path] = location.span }
            let text =
                location.hasLeadingComments
                ? location.leadingComments : location.trailingComments
            if !text.isEmpty, comments[location.path] == nil {
                comments[location.path] = SourceComments.tidy(text)
            }
        }
    }

    func comment(_ path: [Int32]) -> String? {
        comments.isEmpty ? nil : comments[path]
    }

    /// From 1.
    func position(_ path: [Int32]) -> (line: Int, column: Int)? {
        guard let span = spans[path], span.count >= 2 else { return nil }
        return (Int(span[0]) + 1, Int(span[1]) + 1)
    }

    /// Without the space after the slashes and without empty lines at either end.
    private static func tidy(_ text: String) -> String? {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map {
            line -> Substring in
            var line = line
            if line.first == " " { line = line.dropFirst() }
            while line.last == " " || line.last == "\r" || line.last == "\t" {
                line = line.dropLast()
            }
            return line
        }
        while lines.first?.isEmpty == true { lines.removeFirst() }
        while lines.last?.isEmpty == true { lines.removeLast() }
        return lines.isEmpty ? nil : lines.joined(separator: "\n")
    }
}
