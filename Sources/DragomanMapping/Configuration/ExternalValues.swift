// SPDX-License-Identifier: Apache-2.0
// `{ env: NAME }` and `{ file: path }` in the place of a scalar of gateway.yaml: secrets and what
// differs from node to node stay out of the file.

/// A scalar that stands elsewhere.
struct ExternalReference {
    enum Source {
        case environment
        case file
    }

    let source: Source
    let name: YAMLNode

    init?(_ node: YAMLNode) {
        guard let pairs = node.pairs, pairs.count == 1, pairs[0].value.text != nil else {
            return nil
        }
        switch pairs[0].name {
        case "env": source = .environment
        case "file": source = .file
        default: return nil
        }
        name = pairs[0].value
    }
}

package struct ExternalValues {
    /// What an environment variable holds.
    package let environment: (String) -> String?
    /// The directory of gateway.yaml.
    package let directory: String

    package init(directory: String, environment: @escaping (String) -> String?) {
        self.directory = directory
        self.environment = environment
    }

    /// The scalar, or nil and a diagnostic.
    func value(
        _ reference: ExternalReference, _ node: YAMLNode, _ file: String,
        _ collector: DiagnosticCollector
    ) -> YAMLNode? {
        let name = reference.name.text ?? ""
        let text: String
        switch reference.source {
        case .environment:
            guard let value = environment(name) else {
                collector.error(
                    "missing-variable", file, reference.name,
                    "the environment has no variable `\(name)`")
                return nil
            }
            text = value
        case .file:
            switch FileAccess.read(FileAccess.join(directory, name)) {
            case .success(let bytes): text = Self.firstText(bytes)
            case .failure(let error):
                collector.error(
                    "missing-file", file, reference.name,
                    "the file `\(name)` cannot be read: \(error.message)")
                return nil
            }
        }
        return YAMLNode(
            .scalar(text), style: .external, position: node.position, width: node.width)
    }

    /// The text of a file that holds one value: the line's end after it is not part of it.
    private static func firstText(_ bytes: [UInt8]) -> String {
        var bytes = bytes[...]
        if bytes.last == 0x0A { bytes = bytes.dropLast() }
        if bytes.last == 0x0D { bytes = bytes.dropLast() }
        return String(decoding: bytes, as: UTF8.self)
    }
}
