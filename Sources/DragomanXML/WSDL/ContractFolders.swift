// SPDX-License-Identifier: Apache-2.0
// Where the files of a contract are found: beside the file that names them, or in folders given
// for that. Nothing is ever fetched, and nothing outside the root is read where there is one.

#if canImport(Glibc)
    internal import Glibc
#endif

/// A file of a contract, as found on disk.
package struct ContractFile: Sendable {
    /// Absolute, without symbolic links: what tells one file from another.
    package let path: String
    package let bytes: [UInt8]
}

/// Finds files by the locations that WSDL and XSD imports name.
package struct ContractFolders: Sendable {
    package enum Failure: Error, Sendable, Equatable {
        /// Nowhere to be found.
        case missing
        /// It would be outside the root: the path.
        case outside(String)
        case unreadable(String)
    }

    /// No file is read outside; nil for no such bound. Absolute and free of symbolic links.
    package let root: String?
    /// Looked through, in order, for what is not beside the file that names it.
    package let folders: [String]
    private let index: [String: [String]]

    /// Bytes that a contract file may have.
    static let fileBytesMax = 256 << 20
    /// Bounds on looking through the folders, once.
    static let indexedFilesMax = 50_000
    static let indexedDepthMax = 16

    /// `searched`: folders (`-I`), each looked through with all that is below it.
    package init(root: String?, searched: [String] = []) {
        self.root = root.map { ContractPath.real($0) ?? $0 }
        folders = searched.map { ContractPath.real($0) ?? $0 }
        var index: [String: [String]] = [:]
        var count = 0
        for folder in folders {
            ContractFolders.walk(folder, depth: 0) { path in
                index[ContractPath.lastPart(path), default: []].append(path)
                count += 1
                return count < ContractFolders.indexedFilesMax
            }
        }
        self.index = index
    }

    /// The file at a path of the file system.
    package func file(at path: String) -> Result<ContractFile, Failure> {
        guard let real = ContractPath.real(path) else { return .failure(.missing) }
        if let root, real != root, !real.hasPrefix(root + "/") { return .failure(.outside(real)) }
        guard let bytes = ContractPath.read(real, bytesMax: ContractFolders.fileBytesMax) else {
            return .failure(.unreadable(real))
        }
        return .success(ContractFile(path: real, bytes: bytes))
    }

    /// The file that `location` names.
    /// `base`: path of the file in which the location stands.
    /// `start`: folder of the contract itself, where addresses are looked for too.
    package func file(
        location: String, base: String, start: String
    ) -> Result<ContractFile, Failure> {
        var failure = Failure.missing
        for candidate in candidates(location, base: base, start: start) {
            switch file(at: candidate) {
            case .success(let file): return .success(file)
            case .failure(.missing): continue
            case .failure(let other): if failure == .missing { failure = other }
            }
        }
        return .failure(failure)
    }

    private func candidates(_ location: String, base: String, start: String) -> [String] {
        let address = ContractAddress(location)
        let here = ContractPath.folder(base)
        var candidates: [String] = []
        if address.isRelative {
            candidates.append("\(here)/\(address.raw)")
            candidates += address.paths.map { "\(here)/\($0)" }
        }
        var places = [here, start]
        if let root { places.append(root) }
        if !address.isRelative {
            for place in places + folders {
                candidates += address.paths.map { "\(place)/\($0)" }
            }
        } else {
            for place in folders { candidates += address.paths.map { "\(place)/\($0)" } }
        }
        for last in address.lastParts {
            candidates += folders.map { "\($0)/\(last)" }
            candidates += likeliest(index[last] ?? [], like: address.paths.first ?? last)
            if !address.isRelative { candidates += [here, start].map { "\($0)/\(last)" } }
        }
        return candidates
    }

    /// Those whose path ends most like the address come first.
    private func likeliest(_ paths: [String], like address: String) -> [String] {
        guard paths.count > 1 else { return paths }
        let wanted = Array(address.split(separator: "/").reversed())
        func likeness(_ path: String) -> Int {
            zip(path.split(separator: "/").reversed(), wanted).prefix { $0 == $1 }.count
        }
        return paths.enumerated().sorted {
            let (left, right) = (likeness($0.element), likeness($1.element))
            return left == right ? $0.offset < $1.offset : left > right
        }.map(\.element)
    }

    private static func walk(_ folder: String, depth: Int, _ body: (String) -> Bool) {
        guard depth < indexedDepthMax, let directory = opendir(folder) else { return }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        for name in names.sorted() {
            let path = "\(folder)/\(name)"
            switch ContractPath.kind(path) {
            case .folder: walk(path, depth: depth + 1, body)
            case .file: if !body(path) { return }
            case nil: break
            }
        }
    }
}

/// A location as imports spell it: `../a.xsd`, `http://host/a/b.xsd`, `X?xsd=NAME`, `/a/b.xsd`.
struct ContractAddress {
    let raw: String
    let isRelative: Bool
    /// Paths to try below a folder, likeliest first.
    let paths: [String]
    /// File names to try anywhere, likeliest first.
    let lastParts: [String]

    init(_ location: String) {
        raw = location
        var rest = Substring(location)
        if let hash = rest.firstIndex(of: "#") { rest = rest[..<hash] }
        var query: Substring?
        if let mark = rest.firstIndex(of: "?") {
            query = rest[rest.index(after: mark)...]
            rest = rest[..<mark]
        }
        var host: Substring?
        if let colon = rest.firstIndex(of: ":"), rest[colon...].hasPrefix("://") {
            rest = rest[colon...].dropFirst(3)
            let slash = rest.firstIndex(of: "/") ?? rest.endIndex
            host = rest[..<slash]
            rest = rest[slash...]
        } else if rest.hasPrefix("file:") {
            rest = rest.dropFirst(5)
        }
        isRelative = host == nil && !rest.hasPrefix("/") && !location.hasPrefix("urn:")
        let path = ContractPath.percentDecoded(String(rest.drop { $0 == "/" }))
        let last = ContractPath.lastPart(path)
        // "the include X?xsd=NAME that is no file is looked for as NAME"
        var named: [String] = []
        if let query, let equals = query.firstIndex(of: "=") {
            let name = ContractPath.percentDecoded(String(query[query.index(after: equals)...]))
            if !name.isEmpty, !name.hasPrefix("/"), !name.contains("..") {
                let folder = path.dropLast(last.count)
                named = ["\(folder)\(name)", "\(folder)\(name).xsd"]
            }
        }
        var paths = path.isEmpty ? [] : [path]
        if let host, !path.isEmpty { paths.insert("\(host)/\(path)", at: 0) }
        self.paths = (query == nil ? paths : []) + named + (query == nil ? [] : paths)
        let names = named.map(ContractPath.lastPart)
        lastParts = names + (last.isEmpty ? [] : [last])
    }
}
