// SPDX-License-Identifier: Apache-2.0
// `dragoman import` of a gRPC contract: one mapping for each service, the descriptor set it is
// compiled from, and a report. Nothing is read or written here.

internal import DragomanDocument
package import DragomanProtobuf
package import DragomanXML

package struct ProtobufImportOptions: Sendable {
    /// `--name`, for a contract with a single service.
    package var name: String?
    /// Names of mappings that are there already.
    package var takenNames: Set<String> = []
    /// Files whose services are imported; empty: all.
    package var files: Set<String> = []
    /// Full names of the services that a server says it has; empty: as `files` says.
    package var services: Set<String> = []
    /// The address of the server that was asked; nil where there was none.
    package var address: String?

    package init() {}
}

package enum ProtobufImport {
    /// `set`: the descriptor set that the contract was loaded from.
    package static func make(
        _ contract: ProtobufContract, set: [UInt8],
        options: ProtobufImportOptions = ProtobufImportOptions()
    ) -> ImportResult {
        var result = ImportResult()
        let all = contract.services.filter { !$0.methods.isEmpty }
        let services = wanted(all, contract, options)
        for service in all where !services.contains(where: { $0.fullName == service.fullName }) {
            result.report.append(
                "left out: \(service.fullName), of \(service.file), which is only imported")
        }
        guard let first = services.first else {
            result.report.append("the contract has no service with a method")
            return result
        }
        var taken = options.takenNames
        let folder = options.name ?? KebabCase.make(first.name)
        let contractPath = "\(folder)/\(folder).binpb"
        result.files.append(ImportedFile(path: "schemas/\(contractPath)", bytes: set))
        for service in services {
            let base =
                services.count == 1
                ? options.name ?? KebabCase.make(service.name)
                : KebabCase.make(service.name)
            let name = KebabCase.unique(base, among: &taken)
            let text = mapping(service, contract, name: name, contractPath: contractPath)
            result.files.append(
                ImportedFile(path: "mappings/\(name).yaml", bytes: Array(text.utf8)))
            result.operationCount += service.methods.count
            result.upstreams.append(
                ImportedUpstream(
                    name: name, url: options.address ?? SOAPImport.noAddress,
                    comment: options.address == nil ? "a contract has no address" : nil))
            let count = service.methods.count == 1 ? "1 method" : "\(service.methods.count) methods"
            result.report.append(
                "imported: \(service.fullName): \(count), as mappings/\(name).yaml")
        }
        addSchemas(contract, services, folder, &result)
        return result
    }

    /// The services of the files that were named. Of a descriptor set, which names none: those of
    /// files that no other imports, and of the packages that those are of; what they import
    /// besides (google.longrunning, say) is some other contract's.
    private static func wanted(
        _ all: [ServiceDescriptor], _ contract: ProtobufContract, _ options: ProtobufImportOptions
    ) -> [ServiceDescriptor] {
        if !options.services.isEmpty {
            return all.filter { options.services.contains($0.fullName) }
        }
        if !options.files.isEmpty { return all.filter { options.files.contains($0.file) } }
        func package(_ service: ServiceDescriptor) -> Substring {
            service.fullName.dropLast(service.name.utf8.count)
        }
        let roots = all.filter { !contract.importedFiles.contains($0.file) }
        let packages = Set(roots.map(package))
        return roots.isEmpty ? all : all.filter { packages.contains(package($0)) }
    }

    private static func mapping(
        _ service: ServiceDescriptor, _ contract: ProtobufContract, name: String,
        contractPath: String
    ) -> String {
        var lines = ["# yaml-language-server: $schema=../schemas/dragoman/mapping.schema.json"]
        if let comment = service.comment {
            lines += comment.split(separator: "\n").map { "# \($0)" }
        }
        lines += [
            "service: \(name)", "backend:", "  grpc:", "    contract: \(contractPath)",
            "    service: \(service.fullName)", "  upstream: \(name)",
        ]
        lines += [
            "# Routes are the contract's own: its google.api.http annotations, and",
            "# POST /package.Service/Method for a method without one. To change some, take the `# `",
            "# from the next two lines and from theirs: each then stands in place of its twin.",
            "# annotated: keep", "# routes:",
        ]
        for method in service.methods {
            for binding in method.bindingsOrDefault {
                let route = AnnotatedRouteText.line(method, binding, contract)
                let name = "# \(binding.method) \(binding.template)   (\(method.name))"
                lines.append("#   " + (route ?? name))
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The JSON Schema of each request and reply, to read.
    private static func addSchemas(
        _ contract: ProtobufContract, _ services: [ServiceDescriptor], _ folder: String,
        _ result: inout ImportResult
    ) {
        var seen: Set<Int> = []
        for method in services.flatMap(\.methods) {
            for (index, use) in [
                (method.input, MessageSchemaUse.request), (method.output, .reply),
            ] where seen.insert(index).inserted {
                let document = contract.jsonSchema(of: index, use, refusesTwins: true)
                let text = withExtendedLifetime(document) { document.root?.indentedJSON }
                guard let text else { continue }
                result.files.append(
                    ImportedFile(
                        path: "schemas/\(folder)/json/\(contract.messages[index].fullName).json",
                        bytes: Array((text + "\n").utf8)))
            }
        }
    }
}
