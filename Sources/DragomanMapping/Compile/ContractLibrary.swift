// SPDX-License-Identifier: Apache-2.0
// Contracts by file: each is read and compiled once, however many mappings name it.

internal import DragomanDocument
internal import DragomanSchema

/// All contracts of one load.
final class ContractLibrary {
    let files: ContractFiles
    let library: SchemaLibrary
    let collector: DiagnosticCollector
    /// By path and by what of the contract is meant.
    var grpc: [String: GRPCContract?] = [:]
    var grpcBackends: [GRPCBackend] = []
    var soap: [String: SOAPBackend?] = [:]

    init(files: ContractFiles, library: SchemaLibrary, collector: DiagnosticCollector) {
        self.files = files
        self.library = library
        self.collector = collector
    }

    /// The bytes of a contract; nil where it can not be read, which is reported.
    func bytes(_ reference: ContractReference, _ file: MappingSource) -> [UInt8]? {
        guard let path = reference.path else { return nil }
        switch FileAccess.read(path) {
        case .success(let bytes): return bytes
        case .failure(let error):
            file.report(
                .error, "missing-file", reference.text.node,
                "the file `\(reference.text.text)` cannot be read: \(error.message)")
            return nil
        }
    }

    /// A schema that a contract implies, compiled; nil where it can not be, which no user can
    /// mend: then nothing is checked against it.
    func shape(name: String, _ build: (Document) -> Void) -> SchemaShape? {
        let document = Document(tapeCapacity: 256, textCapacity: 1024)
        build(document)
        guard document.root != nil else { return nil }
        let uri = library.add(document, name: "contract", origin: .derived)
        guard case .success(let program) = library.compile(uri, origin: .derived) else {
            return nil
        }
        return SchemaShape(
            view: program.view, source: SchemaSource(document: document, uri: uri), name: name)
    }
}
