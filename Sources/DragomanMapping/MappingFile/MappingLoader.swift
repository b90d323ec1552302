// SPDX-License-Identifier: Apache-2.0
// All mapping files of a gateway directory: every `mappings/**/*.yaml` in byte order of path. The
// order decides nothing but the order of messages.

package enum MappingLoader {
    /// Reads the files beside the configuration. `directory`: where gateway.yaml lies.
    /// `isComplete`: every file was read, and each has a service of its own.
    package static func load(
        directory: String, into collector: DiagnosticCollector
    ) -> (mappings: [MappingFile], files: ContractFiles, isComplete: Bool) {
        let files = ContractFiles(root: FileAccess.join(directory, "schemas"))
        let folder = FileAccess.join(directory, "mappings")
        var mappings: [MappingFile] = []
        let names = FileAccess.files(under: folder, suffix: ".yaml")
        if names.isEmpty {
            collector.report(
                Diagnostic(
                    .warning, code: "no-mappings", file: "mappings",
                    message: "there is no mapping file, so nothing is served",
                    expected: "`mappings/*.yaml` beside gateway.yaml"))
        }
        for name in names {
            let shown = "mappings/" + name
            switch FileAccess.read(folder + "/" + name) {
            case .failure(let error):
                collector.report(
                    Diagnostic(
                        code: "missing-file", file: shown,
                        message: "the file cannot be read: \(error.message)"))
            case .success(let bytes):
                let source = SourceText(path: shown, bytes: bytes)
                if let mapping = MappingReader.read(source, files: files, into: collector) {
                    mappings.append(mapping)
                }
            }
        }
        for name in FileAccess.files(under: folder, suffix: ".yml") {
            collector.report(
                Diagnostic(
                    .warning, code: "ignored-file", file: "mappings/" + name,
                    message: "this file is not loaded: mapping files end in .yaml"))
        }
        let isUnique = checkServices(mappings, collector)
        return (mappings, files, isUnique && mappings.count == names.count)
    }

    /// A service is the name in logs, metrics and OpenAPI, so it belongs to one file.
    private static func checkServices(
        _ mappings: [MappingFile], _ collector: DiagnosticCollector
    ) -> Bool {
        var first: [String: MappingFile] = [:]
        for mapping in mappings {
            let name = mapping.service.text
            guard let other = first[name] else {
                first[name] = mapping
                continue
            }
            collector.error(
                "duplicate-service", mapping.path, mapping.service.node,
                "the service `\(name)` is already the name of another mapping",
                expected: "a name that no other mapping file has",
                related: [
                    Diagnostic.Related(
                        file: other.path, position: other.service.node.position,
                        message: "the other one")
                ])
        }
        return first.count == mappings.count
    }

    /// Reports routes that are alike in everything. `origin`: the file, key and host of a route.
    package static func report(
        _ conflicts: [RouteConflict], into collector: DiagnosticCollector,
        origin: (Int) -> (file: String, node: YAMLNode)
    ) {
        for conflict in conflicts {
            let (first, second) = (origin(conflict.first), origin(conflict.second))
            let name = second.node.text ?? "a route"
            collector.error(
                "duplicate-route", second.file, second.node,
                "`\(name)` and another route are alike: one request could mean both",
                expected: "another path, host, method or `match`",
                related: [
                    Diagnostic.Related(
                        file: first.file, position: first.node.position,
                        message: "`\(first.node.text ?? "the other route")` is here")
                ])
        }
    }
}
