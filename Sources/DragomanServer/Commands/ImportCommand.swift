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
        // What its operations turn out to lack is found while they are made.
        var told = Set(lines)
        let found = problems.all.map(\.description).filter { told.insert($0).inserted }
        result.report = lines + found + result.report
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
        // A reader that goes away, such as `head`, must not leave an import half done.
        Platform.ignoreBrokenPipes()
        var target = ImportTarget(folder: into)
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
        failed = !target.writeRecord() || failed
        return failed ? ExitCode.input : ExitCode.fine
    }
}

struct ImportFailure: Error {
    let text: String
}
