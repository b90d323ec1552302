// SPDX-License-Identifier: Apache-2.0
// The files that a contract consists of, as they are resolved: what `import` copies, and what is
// said of those that are not there.

/// Resolves the locations of one contract in its folders and remembers what came of each.
/// Used by one thread while loading.
package final class ContractFiles {
    /// One location, as some file spells it, and the file that it turned out to name.
    package struct Reference: Sendable {
        package let location: String
        /// Name of the file in which the location stands.
        package let base: String
        /// Nil where there is none.
        package let target: String?
    }

    package let folders: ContractFolders
    /// Path of the contract itself.
    package let start: String
    package private(set) var references: [Reference] = []
    /// By name, in the order in which they were first needed.
    package private(set) var sources: [ContractSource] = []
    private var placeOfName: [String: Int] = [:]
    private var known: [String: String?] = [:]
    private let problems: ContractProblems

    package init(start: String, folders: ContractFolders, problems: ContractProblems) {
        self.start = ContractPath.real(start) ?? start
        self.folders = folders
        self.problems = problems
    }

    /// The contract's own file; nil, and a problem, where it can not be read.
    package func first() -> ContractSource? {
        switch folders.file(at: start) {
        case .success(let file): return keep(file)
        case .failure(let failure):
            let place = ContractPlace(file: start, line: 0, column: 0)
            problems.error(place, code: "file", ContractFiles.sentence(failure, start))
            return nil
        }
    }

    /// A `ContractResolver`.
    package func resolve(_ location: String, _ base: String) -> ContractSource? {
        let key = "\(base)\n\(location)"
        if let known = known[key] { return known.flatMap(source(named:)) }
        let result = folders.file(
            location: location, base: base, start: ContractPath.folder(start))
        switch result {
        case .success(let file):
            known[key] = file.path
            references.append(Reference(location: location, base: base, target: file.path))
            return keep(file)
        case .failure(let failure):
            known[key] = .some(nil)
            references.append(Reference(location: location, base: base, target: nil))
            if failure != .missing {
                let place = ContractPlace(file: base, line: 0, column: 0)
                problems.error(place, code: "file", ContractFiles.sentence(failure, location))
            }
            return nil
        }
    }

    private func source(named name: String) -> ContractSource? {
        placeOfName[name].map { sources[$0] }
    }

    private func keep(_ file: ContractFile) -> ContractSource {
        if let source = source(named: file.path) { return source }
        let source = ContractSource(name: file.path, bytes: file.bytes)
        placeOfName[file.path] = sources.count
        sources.append(source)
        return source
    }

    private static func sentence(_ failure: ContractFolders.Failure, _ location: String) -> String {
        switch failure {
        case .missing: "there is no file \(location)"
        case .outside(let path): "\(location) leads outside the schemas folder, to \(path)"
        case .unreadable(let path): "\(path) can not be read"
        }
    }
}
