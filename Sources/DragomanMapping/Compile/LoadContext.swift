// SPDX-License-Identifier: Apache-2.0
// What all mapping files of one load share.

internal import DragomanDocument

/// Shared state of one load; on the one thread that loads.
final class LoadContext {
    let configuration: GatewayConfiguration
    let collector: DiagnosticCollector
    let files: ContractFiles
    let library: SchemaLibrary
    let constants: ConstantChecker
    let contracts: ContractLibrary
    let upstreams: UpstreamTable
    let arena = PlanArena()
    /// The plan is to be described: what response templates make is worked out.
    var describes = false
    /// `{}`.
    let empty: ConstantNode?
    /// Accepts and returns by file, compiled once for each.
    var userSchemas: [String: UserSchema?] = [:]
    /// What `lookup` finds things in, by the path of the mapping file.
    var tables: [String: [String: CELTable]] = [:]
    /// Every mapping was read, and its contract.
    var isComplete = true
    /// Backends by the service of their mapping.
    var backends: [String: MappedBackend] = [:]

    init(
        configuration: GatewayConfiguration, files: ContractFiles,
        overrides: [String: UpstreamURL], collector: DiagnosticCollector
    ) {
        self.configuration = configuration
        self.collector = collector
        self.files = files
        library = SchemaLibrary(files: files)
        constants = ConstantChecker(library: library)
        contracts = ContractLibrary(files: files, library: library, collector: collector)
        upstreams = UpstreamTable(
            configuration: configuration, overrides: overrides, collector: collector)
        empty = arena.constant {
            $0.beginObject()
            $0.endObject()
        }
    }
}

/// A mapping with the contract that it calls and where.
final class MappedBackend {
    let mapping: MappingFile
    let source: MappingSource
    let contract: BackendContract
    let settings: UpstreamSettings
    let upstream: Int

    init(
        mapping: MappingFile, source: MappingSource, contract: BackendContract,
        settings: UpstreamSettings, upstream: Int
    ) {
        self.mapping = mapping
        self.source = source
        self.contract = contract
        self.settings = settings
        self.upstream = upstream
    }
}

/// The contract of a backend, by its kind.
enum BackendContract {
    case grpc(GRPCBackend)
    case soap(SOAPBackend)
    case xml(XMLBackend)
    case http(path: String)
}
