// SPDX-License-Identifier: Apache-2.0
// The `schemas` folder: what mappings and contracts may name. Nothing outside is ever opened, by
// `..` or by way of a symbolic link (PRODUCT.md).

internal import DragomanDocument

package final class ContractFiles {
    package enum Problem: Error, Equatable {
        case missing
        case outside
        case isFolder

        package var message: String {
            switch self {
            case .missing: "is not there"
            case .outside: "lies outside of the `schemas` folder"
            case .isFolder: "is a folder"
            }
        }
    }

    /// The folder, as it can be opened.
    package let root: String
    private lazy var resolvedRoot = FileAccess.resolved(root)
    private var known: [String: Result<String, Problem>] = [:]
    private lazy var names = FileAccess.files(under: root, suffix: "")

    package init(root: String) {
        self.root = root
    }

    /// The file that a reference means, as it can be opened. `file`: the one that it stands in, a
    /// path that this function gave; nil for references of mapping files, which begin at the
    /// folder itself.
    package func resolve(
        _ reference: String, from file: String? = nil
    ) -> Result<String, Problem> {
        let folder = file.map { FileAccess.directory(of: $0) } ?? root
        let key = reference.hasPrefix("/") ? reference : folder + "/" + reference
        if let answer = known[key] { return answer }
        let answer = resolve(reference, in: folder)
        known[key] = answer
        return answer
    }

    private func resolve(_ reference: String, in folder: String) -> Result<String, Problem> {
        guard !reference.hasPrefix("/"), !reference.utf8.contains(0) else {
            return .failure(.outside)
        }
        let path = folder + "/" + reference
        guard let resolvedRoot, let target = FileAccess.resolved(path) else {
            return .failure(Self.climbs(reference) && folder == root ? .outside : .missing)
        }
        guard target.hasPrefix(resolvedRoot + "/") else { return .failure(.outside) }
        return FileAccess.isDirectory(target) ? .failure(.isFolder) : .success(path)
    }

    /// Whether a path leaves the folder that it begins in.
    private static func climbs(_ path: String) -> Bool {
        var depth = 0
        for part in path.split(separator: "/") {
            depth += part == ".." ? -1 : part == "." ? 0 : 1
            if depth < 0 { return true }
        }
        return false
    }

    /// The file whose name is nearest to one that is missing.
    package func nearest(to reference: String) -> String? {
        let name = reference.split(separator: "/").last.map(String.init)
        return NearestName.find(reference, in: names)
            ?? names.first { $0.split(separator: "/").last.map(String.init) == name }
    }

    /// A reference of a mapping file, with a diagnostic where it means no file.
    func reference(
        _ node: YAMLNode, _ file: String, _ collector: DiagnosticCollector
    ) -> ContractReference {
        let text = LocatedText(node)
        switch resolve(text.text) {
        case .success(let path): return ContractReference(text: text, path: path)
        case .failure(let problem):
            collector.error(
                problem == .outside ? "outside-schemas" : "missing-file", file, node,
                "the file `\(text.text)` \(problem.message)",
                expected: "a file of the `schemas` folder, named from there",
                suggestion: problem == .missing ? nearest(to: text.text) : nil)
            return ContractReference(text: text, path: nil)
        }
    }
}
