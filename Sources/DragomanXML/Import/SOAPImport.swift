// SPDX-License-Identifier: Apache-2.0
// `dragoman import` of a WSDL: from the loaded contract to the files of a gateway directory, the
// upstreams to add, and a report. Nothing is read or written here.

internal import DragomanDocument

package struct SOAPImportOptions: Sendable {
    /// `--name`, for a contract with a single service.
    package var name: String?
    /// `--port`
    package var port: String?
    /// Names of mappings that are there already.
    package var takenNames: Set<String> = []
    /// Write the JSON Schemas of messages, to read.
    package var writesMessageSchemas = true
    package init() {}
}

package struct ImportedFile: Sendable {
    /// Relative to the gateway directory: `mappings/x.yaml`, `schemas/x/x.wsdl`.
    package let path: String
    package let bytes: [UInt8]

    package init(path: String, bytes: [UInt8]) {
        self.path = path
        self.bytes = bytes
    }
}

package struct ImportedUpstream: Sendable, Equatable {
    package let name: String
    package let url: String
    /// Why the URL is not one to call; nil where it is.
    package let comment: String?

    package init(name: String, url: String, comment: String?) {
        self.name = name
        self.url = url
        self.comment = comment
    }
}

package struct ImportResult: Sendable {
    package var files: [ImportedFile] = []
    package var upstreams: [ImportedUpstream] = []
    /// What was found, what was not carried and why; a line each.
    package var report: [String] = []
    /// None: the command exits with 2.
    package var operationCount = 0

    package init() {}
}

package enum SOAPImport {
    /// The address that stands where a contract has none to use.
    package static let noAddress = "http://backend.invalid/"

    /// `contract`: loaded without errors.
    /// `files`: what the contract was loaded from.
    package static func make(
        _ contract: WSDLContract, files: ContractFiles,
        options: SOAPImportOptions = SOAPImportOptions()
    ) -> ImportResult {
        var writer = SOAPImportWriter(contract: contract, options: options)
        return writer.make(files)
    }
}

/// One import under way.
private struct SOAPImportWriter {
    let contract: WSDLContract
    let options: SOAPImportOptions
    var result = ImportResult()
    var taken: Set<String>
    /// Below `schemas/`, without a slash at its end.
    var folder = ""
    var contractPath = ""

    init(contract: WSDLContract, options: SOAPImportOptions) {
        self.contract = contract
        self.options = options
        taken = options.takenNames
    }

    mutating func make(_ files: ContractFiles) -> ImportResult {
        if contract.isSchema {
            importSchema(files)
            return result
        }
        let endpoints = contract.endpoints()
        let chosen = choose(endpoints)
        reportOthers(endpoints, chosen)
        let serviceNames = ImportChoice.distinct(chosen.map(\.endpoint.service))
        for service in serviceNames {
            importService(
                chosen.filter { $0.endpoint.service == service }, files,
                isOnly: serviceNames.count == 1,
                needsPort: endpoints.count { $0.service == service } > 1,
                needsService: ImportChoice.distinct(endpoints.map(\.service)).count > 1)
        }
        for name in contract.model.unknownExtensions {
            result.report.append("seen and not acted on: \(name)")
        }
        return result
    }

    // MARK: Ports

    private func choose(_ endpoints: [WSDLEndpoint]) -> [ImportChoice] {
        ImportChoice.choose(endpoints, port: options.port, contract: contract)
    }

    private mutating func reportOthers(
        _ endpoints: [WSDLEndpoint], _ chosen: [ImportChoice]
    ) {
        for endpoint in endpoints where !endpoint.isCallable {
            let why =
                switch endpoint.binding.wire {
                case .other(let space): "a binding of \(space.isEmpty ? "no known kind" : space)"
                default: "a transport that is not HTTP"
                }
            result.report.append("not imported: \(endpoint.title): \(why)")
        }
        if let port = options.port, chosen.isEmpty {
            let ports = endpoints.filter(\.isCallable).compactMap(\.port)
            let others = ports.isEmpty ? "" : "; there is " + ports.joined(separator: ", ")
            result.report.append("there is no port \(port) that can be called over HTTP\(others)")
        }
        if endpoints.isEmpty, !contract.isSchema {
            result.report.append("the contract has no service, no binding and no port type")
        }
    }

    // MARK: One service

    private mutating func importService(
        _ choices: [ImportChoice], _ files: ContractFiles, isOnly: Bool, needsPort: Bool,
        needsService: Bool
    ) {
        var seen: Set<String> = []
        var isFirst = true
        for choice in choices {
            let service = ImportedContract(contract, choice.endpoint)
            let operations = service.operationNames.filter { !seen.contains($0) }
            reportOmitted(service, seen)
            if operations.isEmpty || (!isFirst && seen.isEmpty) {
                if isFirst {
                    result.report.append(
                        "not imported: \(choice.endpoint.title): no operation that can be called")
                } else if let port = choice.endpoint.port {
                    result.report.append(
                        "left out: \(choice.endpoint.title): the same operations; --port \(port) "
                            + "takes it instead")
                }
                continue
            }
            seen.formUnion(service.operationNames)
            let base = name(of: choice.endpoint, isFirst: isFirst, isOnly: isOnly)
            let name = KebabCase.unique(base, among: &taken)
            isFirst = false
            write(
                service, operations, name: name, files: files, needsPort: needsPort,
                needsService: needsService)
        }
    }

    private func name(of endpoint: WSDLEndpoint, isFirst: Bool, isOnly: Bool) -> String {
        if isFirst, isOnly, let name = options.name { return name }
        let service =
            isOnly
            ? options.name ?? KebabCase.make(endpoint.serviceName.local)
            : KebabCase.make(endpoint.serviceName.local)
        if isFirst { return service }
        return "\(service)-\(KebabCase.make(endpoint.port ?? "port", fallback: "port"))"
    }

    /// A schema alone: each global element is a message that may be sent.
    private mutating func importSchema(_ files: ContractFiles) {
        if let port = options.port {
            result.report.append("there is no port \(port): this is an XML Schema")
            return
        }
        let schema = ImportedContract.xml(XMLServiceContract.make(contract, nil))
        let routes = schema.routes(only: Set(schema.operationNames))
        let called = Set(routes.map(\.call))
        guard !routes.isEmpty else {
            result.report.append("this XML Schema has no global element to send")
            return
        }
        for name in schema.operationNames where !called.contains(name) {
            result.report.append("no route: \(name): by its name it is a reply")
        }
        let file = contract.file.split(separator: "/").last.map(String.init) ?? "service"
        let stem = file.lowercased().hasSuffix(".xsd") ? String(file.dropLast(4)) : file
        let base = options.name ?? KebabCase.make(stem, fallback: "service")
        write(
            schema, routes.map(\.call), name: KebabCase.unique(base, among: &taken),
            files: files, needsPort: false, needsService: false)
    }

    private mutating func write(
        _ service: ImportedContract, _ operations: [String], name: String,
        files: ContractFiles, needsPort: Bool, needsService: Bool
    ) {
        if folder.isEmpty { copyContract(files, to: name) }
        let routes = service.routes(only: Set(operations))
        let mapping = MappingText(
            name: name, contractPath: contractPath, contract: service, routes: routes,
            writesPort: needsPort, writesService: needsService)
        add("mappings/\(name).yaml", mapping.text)
        result.operationCount += operations.count
        let address = service.address
        result.upstreams.append(
            ImportedUpstream(
                name: name, url: address ?? SOAPImport.noAddress,
                comment: address == nil ? noAddressComment(service.endpoint) : nil))
        if options.writesMessageSchemas { writeSchemas(routes, files) }
        let title = service.endpoint?.title ?? name
        let count = operations.count == 1 ? "1 operation" : "\(operations.count) operations"
        result.report.append(
            "imported: \(title): \(service.title), \(count), as mappings/\(name).yaml")
        if service.endpoint?.isAssumed ?? false {
            result.report.append(
                "assumed: SOAP 1.1 document/literal, for \(title) has no binding")
        }
        for route in routes { result.report += route.notes }
        if case .soap(let contract) = service { reportPolicy(contract, name) }
    }

    private mutating func reportPolicy(_ contract: ServiceContract, _ name: String) {
        if contract.wantsAddressing {
            result.report.append("policy: \(name) bears WS-Addressing's headers")
        }
        if contract.wantsMTOM { result.report.append("policy: \(name) sends MTOM") }
        let demands = contract.demands
        if !demands.titles.isEmpty {
            let text = "policy: \(name) asks for \(demands.titles.joined(separator: ", "))"
            result.report.append(
                demands.settings(of: name).isEmpty
                    ? text
                    : text + ": a comment in mappings/\(name).yaml says what to tell the upstream")
        }
        if demands.needsHTTPS, let address = contract.address, address.hasPrefix("http:") {
            result.report.append("policy: \(name) is to be called by HTTPS, not at \(address)")
        }
        for reference in demands.unresolved.prefix(20) {
            result.report.append(
                "policy: \(name) refers to \(reference), which the contract does not have")
        }
        guard !demands.uncarried.isEmpty else { return }
        let names = demands.uncarried.prefix(20).joined(separator: ", ")
        result.report.append("policy: \(name) asks for \(names), which is not carried")
    }

    private func noAddressComment(_ endpoint: WSDLEndpoint?) -> String {
        guard let address = endpoint?.address, !address.isEmpty else {
            return "the contract has no address"
        }
        let visible = address.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }
        return "the contract's address is \(String(String.UnicodeScalarView(visible)))"
    }

    private mutating func reportOmitted(_ service: ImportedContract, _ seen: Set<String>) {
        for operation in service.omitted where !seen.contains(operation.name) {
            let line = "not imported: \(operation.name): \(operation.reason)"
            if !result.report.contains(line) { result.report.append(line) }
        }
    }

    private mutating func copyContract(_ files: ContractFiles, to name: String) {
        folder = name
        let layout = ImportLayout(files)
        for (index, copy) in layout.copies.enumerated() {
            if index == 0 { contractPath = "\(folder)/\(copy.path)" }
            result.files.append(
                ImportedFile(path: "schemas/\(folder)/\(copy.path)", bytes: copy.source.bytes))
        }
    }

    private mutating func writeSchemas(_ routes: [DerivedRoute], _ files: ContractFiles) {
        let size = files.sources.reduce(0) { $0 + $1.bytes.count }
        for file in MessageSchemas(routes: routes, contractBytes: size).files() {
            add("schemas/\(folder)/json/\(file.name)", file.text)
        }
    }

    private mutating func add(_ path: String, _ text: String) {
        var unique = path
        var number = 2
        while result.files.contains(where: { $0.path == unique }) {
            unique = "\(path.dropLast(5))-\(number)\(path.suffix(5))"
            number += 1
        }
        result.files.append(ImportedFile(path: unique, bytes: Array(text.utf8)))
    }
}

/// An endpoint that import turns into a mapping.
struct ImportChoice {
    let endpoint: WSDLEndpoint

    /// Of each service the first port, and after it those that may add operations; or the
    /// port that was asked for.
    static func choose(
        _ endpoints: [WSDLEndpoint], port: String?, contract: WSDLContract
    ) -> [ImportChoice] {
        var choices: [ImportChoice] = []
        for service in distinct(endpoints.map(\.service)) {
            // SOAP's ports first, whatever the document's order.
            let own = endpoints.filter { $0.service == service }
            let usable = own.filter(\.isSOAP) + own.filter(\.isHTTPBinding)
            if let port {
                let named = usable.first { $0.port == port || $0.binding.name.local == port }
                if let named { choices.append(ImportChoice(endpoint: named)) }
                continue
            }
            choices += usable.map { ImportChoice(endpoint: $0) }
        }
        return choices
    }

    /// Without repetition, in order.
    static func distinct(_ names: [String]) -> [String] {
        var seen: Set<String> = []
        return names.filter { seen.insert($0).inserted }
    }
}
