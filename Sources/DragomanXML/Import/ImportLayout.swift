// SPDX-License-Identifier: Apache-2.0
// Where the files of a contract are put when they are copied into a gateway directory, so that
// each is found again by the location that names it, with nothing changed inside.

/// Lays the files of one contract out below a folder.
struct ImportLayout {
    struct Copy {
        /// Relative to the contract's folder.
        let path: String
        let source: ContractSource
    }

    /// The contract itself comes first.
    private(set) var copies: [Copy] = []

    /// Copies that are made at most: circles of odd locations end here.
    private static let copiesMax = 2_000

    private struct Placed: Hashable {
        /// Absolute, as if the tree stood where it was found.
        let path: String
        let name: String
    }

    init(_ files: ContractFiles) {
        guard let first = files.sources.first else { return }
        let byName = Dictionary(
            files.sources.map { ($0.name, $0) }, uniquingKeysWith: { one, _ in one })
        let byBase = Dictionary(grouping: files.references, by: \.base)
        let start = ContractPath.folder(first.name)
        var placed: [Placed] = [Placed(path: first.name, name: first.name)]
        var seen = Set(placed)
        var next = 0
        // Folders through which a location climbs: each must have its name below ours.
        var climbed: Set<String> = []
        while next < placed.count, placed.count < ImportLayout.copiesMax {
            let current = placed[next]
            next += 1
            for reference in byBase[current.name] ?? [] {
                guard let target = reference.target else { continue }
                let path = ImportLayout.place(
                    reference.location, base: current.path, start: start, target: target,
                    &climbed)
                let copy = Placed(path: path, name: target)
                if seen.insert(copy).inserted { placed.append(copy) }
            }
        }
        let common = ImportLayout.commonFolder(placed.map(\.path) + climbed.map { $0 + "/." })
        var taken: Set<String> = []
        for item in placed {
            guard let source = byName[item.name], taken.insert(item.path).inserted else {
                continue
            }
            copies.append(
                Copy(path: String(item.path.dropFirst(common.count)), source: source))
        }
    }

    /// Where the resolver will look first for `location`.
    private static func place(
        _ location: String, base: String, start: String, target: String,
        _ climbed: inout Set<String>
    ) -> String {
        let address = ContractAddress(location)
        let path: String
        if address.isRelative {
            let folder = ContractPath.folder(base)
            // A location with a query is a file of that name only where one is there.
            let isPlain =
                !location.contains("?") && !location.contains("#")
                || ContractPath.lastPart(target) == ContractPath.lastPart(location)
            path = "\(folder)/\(isPlain ? location : address.paths.first ?? location)"
            climbed.insert(ContractPath.highestFolder(path))
        } else {
            // The address's own path, without its host: the last of the paths that are tried.
            let own = address.paths.last { !$0.hasSuffix(".xsd.xsd") }
            path = "\(start)/\(queryName(location, address) ?? own ?? "schema.xsd")"
        }
        return ContractPath.normalized(path)
    }

    private static func queryName(_ location: String, _ address: ContractAddress) -> String? {
        location.contains("?") ? address.paths.first : nil
    }

    /// The deepest folder that holds all paths, with its last slash.
    private static func commonFolder(_ paths: [String]) -> String {
        guard var common = paths.first.map({ ContractPath.folder($0).split(separator: "/") })
        else { return "" }
        for path in paths {
            let folder = ContractPath.folder(path).split(separator: "/")
            let length = zip(common, folder).prefix { $0 == $1 }.count
            common = Array(common.prefix(length))
        }
        return common.isEmpty ? "/" : "/" + common.joined(separator: "/") + "/"
    }
}
