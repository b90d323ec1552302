// SPDX-License-Identifier: Apache-2.0
// `dragoman import`: reads contracts, and writes a gateway directory that works as it is. What a
// user has written is never overwritten.

internal import DragomanDocument
internal import DragomanMapping
internal import DragomanProtobuf
internal import DragomanXML

package struct ImportCommand: Sendable {
    package var sources: [String]
    package var into: String
    package var name: String?
    package var searched: [String] = []
    package var port: String?
    package var fetches = false
    package var onto: String?

    package init(sources: [String], into: String) {
        self.sources = sources
        self.into = into
    }

    package func run() -> Int32 {
        if let name, !ImportCommand.isServiceName(name) {
            return refuse(
                "--name \"\(name)\" is not a name of lower-case letters, digits and hyphens that "
                    + "begins with a letter, as `orders` or `orders-2`")
        }
        if let onto {
            do throws(ImportFailure) {
                try OpenAPIImportStep.putFace(sources, onto: onto, into: into)
                return ExitCode.fine
            } catch {
                return refuse(error.text)
            }
        }
        var results: [ImportResult] = []
        var taken = ImportTarget(folder: into).mappingNames
        let protos = sources.filter { $0.hasSuffix(".proto") }
        var remaining = sources.filter { !$0.hasSuffix(".proto") }
        do {
            if !protos.isEmpty {
                let set = try compile(protos)
                results.append(
                    try importDescriptors(
                        set.bytes, files: set.files, name: protos[0], taken: taken))
            }
            while let source = remaining.first {
                remaining.removeFirst()
                for result in results { taken.formUnion(result.upstreams.map(\.name)) }
                results.append(try importFile(source, taken))
            }
        } catch {
            return refuse(error.text)
        }
        return write(results)
    }

    /// The rule that `service` of a mapping file has.
    private static func isServiceName(_ name: String) -> Bool {
        let bytes = name.utf8
        guard let first = bytes.first, (0x61...0x7A).contains(first) else { return false }
        return bytes.allSatisfy {
            (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D
        }
    }

    private func refuse(_ text: String) -> Int32 {
        Console.error("error: \(text)")
        return ExitCode.input
    }

    private func compile(_ files: [String]) throws(ImportFailure) -> ProtoCompiler.Output {
        do throws(ProtoCompiler.Failure) {
            return try ProtoCompiler(searched: searched).compile(files)
        } catch {
            throw ImportFailure(text: error.text)
        }
    }

    private func importFile(
        _ source: String, _ taken: Set<String>
    ) throws(ImportFailure) -> ImportResult {
        if source.hasPrefix("grpc://") || source.hasPrefix("grpcs://") {
            return try importReflected(source, taken)
        }
        if ContractFetcher.isAddress(source) { return try importWSDL(source, taken) }
        let bytes: [UInt8]
        switch Platform.read(source) {
        case .success(let read): bytes = read
        case .failure(let error): throw ImportFailure(text: "\(source): \(error.message)")
        }
        let first = bytes.first { !($0 == 0x20 || ($0 >= 0x09 && $0 <= 0x0D)) }
        switch first {
        case nil: throw ImportFailure(text: "\(source) is empty")
        case 0x3C, 0xEF, 0xFE, 0xFF: return try importWSDL(source, taken)
        case _ where OpenAPIImportStep.isMeant(bytes, source):
            return try OpenAPIImportStep.make(bytes, source, name: name, taken: taken)
        default: return try importDescriptors(bytes, files: [], name: source, taken: taken)
        }
    }

    private func importReflected(
        _ source: String, _ taken: Set<String>
    ) throws(ImportFailure) -> ImportResult {
        let reflected = try ReflectionClient(source: source).fetch()
        var options = ProtobufImportOptions()
        options.services = reflected.services
        options.address = reflected.url
        return try importDescriptors(reflected.set, options, source, taken)
    }

    private func importWSDL(
        _ source: String, _ taken: Set<String>
    ) throws(ImportFailure) -> ImportResult {
        let fetcher = fetches ? try ContractFetcher() : nil
        var path = source
        if ContractFetcher.isAddress(source) {
            guard let fetcher else {
                throw ImportFailure(text: "\(source) is an address: --fetch reads it")
            }
            path = try fetcher.first(source)
        }
        var (contract, files, problems) = load(path, fetcher)
        while let fetcher, try fetcher.fetchMissing(files.references) {
            (contract, files, problems) = load(path, fetcher)
        }
        let lines = (fetcher?.notes ?? []) + problems.all.map(\.description)
        guard let contract, !problems.hasErrors else {
            throw ImportFailure(text: lines.joined(separator: "\n"))
        }
        var options = SOAPImportOptions()
        options.name = name
        options.port = port
        options.takenNames = taken
        var result = SOAPImport.make(contract, files: files, options: options)
        result.report = lines + result.report
        guard result.operationCount > 0 else {
            throw ImportFailure(
                text: (["\(source): there is no operation to import"] + result.report)
                    .joined(separator: "\n"))
        }
        return result
    }

    private func load(
        _ path: String, _ fetcher: ContractFetcher?
    ) -> (WSDLContract?, DragomanXML.ContractFiles, ContractProblems) {
        let problems = ContractProblems()
        let fetched = fetcher.map { [$0.folder] } ?? []
        let files = ContractFiles(
            start: path, folders: ContractFolders(root: nil, searched: searched + fetched),
            problems: problems)
        let contract = files.first().flatMap {
            WSDLContract.load($0, resolver: files.resolve, problems: problems)
        }
        return (contract, files, problems)
    }

    private func importDescriptors(
        _ bytes: [UInt8], files: [String], name source: String, taken: Set<String>
    ) throws(ImportFailure) -> ImportResult {
        var options = ProtobufImportOptions()
        options.files = Set(files)
        return try importDescriptors(bytes, options, source, taken)
    }

    private func importDescriptors(
        _ bytes: [UInt8], _ given: ProtobufImportOptions, _ source: String, _ taken: Set<String>
    ) throws(ImportFailure) -> ImportResult {
        let contract: ProtobufContract
        do throws(ContractLoadError) {
            contract = try ProtobufContract.load(bytes)
        } catch {
            throw ImportFailure(
                text: error.problems.map { "\(source): \($0.description)" }
                    .joined(separator: "\n"))
        }
        var options = given
        options.name = name
        options.takenNames = taken
        let result = ProtobufImport.make(contract, set: bytes, options: options)
        guard result.operationCount > 0 else {
            throw ImportFailure(
                text: (["\(source): there is no operation to import"] + result.report)
                    .joined(separator: "\n"))
        }
        return result
    }

    private func write(_ results: [ImportResult]) -> Int32 {
        let target = ImportTarget(folder: into)
        var failed = false
        for result in results {
            for line in result.report { Console.line(line) }
            for file in result.files { failed = !target.write(file.path, file.bytes) || failed }
        }
        for (kind, text) in [
            ("gateway", ConfigurationSchemas.gateway), ("mapping", ConfigurationSchemas.mapping),
        ] {
            failed =
                !target.write("schemas/dragoman/\(kind).schema.json", Array(text.utf8)) || failed
        }
        failed = !target.writeConfiguration(results.flatMap(\.upstreams)) || failed
        return failed ? ExitCode.input : ExitCode.fine
    }
}

struct ImportFailure: Error {
    let text: String
}

/// The gateway directory that import writes into.
struct ImportTarget {
    let folder: String

    /// Names of the mappings that are there, but for those that an earlier import of the same
    /// contract wrote: importing again compares with these.
    var mappingNames: Set<String> {
        let files = FileAccess.files(under: folder + "/mappings", suffix: ".yaml")
        let others = files.filter { file in
            guard case .success(let bytes) = FileAccess.read("\(folder)/mappings/\(file)") else {
                return true
            }
            let text = String(decoding: bytes, as: UTF8.self)
            return !text.contains("contract: \(file.dropLast(5))/")
        }
        return Set(others.map { String($0.dropLast(5)) })
    }

    /// Writes a file that is not there; leaves one alone that is, and says where they differ.
    /// - Returns: false where it can not be written.
    func write(_ path: String, _ bytes: [UInt8]) -> Bool {
        let full = FileAccess.join(folder, path)
        if case .success(let present) = FileAccess.read(full) {
            if present != bytes { report(path, present, bytes) }
            return true
        }
        if let failure = Platform.write(bytes, to: full) {
            Console.error("error: \(full): \(failure)")
            return false
        }
        return true
    }

    private func report(_ path: String, _ present: [UInt8], _ new: [UInt8]) {
        Console.line("kept: \(path), which differs from what import would write")
        guard TextScan.firstInvalidUTF8(new) == nil, TextScan.firstInvalidUTF8(present) == nil
        else { return }
        let old = String(decoding: present, as: UTF8.self).split(
            separator: "\n", omittingEmptySubsequences: false)
        let lines = String(decoding: new, as: UTF8.self).split(
            separator: "\n", omittingEmptySubsequences: false)
        guard old.count + lines.count < 4000 else { return }
        let difference = lines.difference(from: old)
        var changes: [(place: Int, sign: String, line: Substring)] = []
        for case .remove(let offset, let line, _) in difference.removals {
            changes.append((offset + 1, "-", line))
        }
        for case .insert(let offset, let line, _) in difference.insertions {
            changes.append((offset + 1, "+", line))
        }
        for change in changes.sorted(by: { $0.place < $1.place }) {
            Console.line("  \(change.sign)\(change.place) \(change.line)")
        }
    }

    /// gateway.yaml with the upstreams; one that is there is kept, and what it lacks is printed.
    func writeConfiguration(_ upstreams: [ImportedUpstream]) -> Bool {
        var lines: [String] = []
        for upstream in upstreams {
            let comment = upstream.comment.map { "   # \($0)" } ?? ""
            lines.append("  \(upstream.name): { url: \"\(upstream.url)\" }\(comment)")
        }
        let path = FileAccess.join(folder, "gateway.yaml")
        if case .success(let present) = FileAccess.read(path) {
            let text = String(decoding: present, as: UTF8.self)
            let missing = zip(upstreams, lines).filter { !text.contains("\($0.0.name):") }
            if !missing.isEmpty {
                Console.line("kept: gateway.yaml; add to its `upstreams:`")
                for (_, line) in missing { Console.line(line) }
            }
            return true
        }
        let head = [
            "# yaml-language-server: $schema=schemas/dragoman/gateway.schema.json",
            "listen: 127.0.0.1:8080", "upstreams:",
        ]
        return write("gateway.yaml", Array(((head + lines).joined(separator: "\n") + "\n").utf8))
    }
}

extension TextScan {
    static func firstInvalidUTF8(_ bytes: [UInt8]) -> Int? {
        bytes.withUnsafeBytes { firstInvalidUTF8($0) }
    }
}
