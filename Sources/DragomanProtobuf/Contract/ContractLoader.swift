// SPDX-License-Identifier: Apache-2.0
// From the bytes of a FileDescriptorSet to a ProtobufContract: decode, index every name, resolve
// every reference, and collect whatever does not hold together.

internal import Foundation
internal import SwiftProtobuf

/// The state of one loading. The decoded descriptors live only as long as it.
struct ContractLoader {
    typealias FileProto = Google_Protobuf_FileDescriptorProto
    typealias MessageProto = Google_Protobuf_DescriptorProto
    typealias FieldProto = Google_Protobuf_FieldDescriptorProto
    typealias EnumProto = Google_Protobuf_EnumDescriptorProto

    /// A message as decoded, with what stands around it.
    struct Message {
        let proto: MessageProto
        let fullName: String
        let file: Int
        let path: [Int32]
        let features: Features
    }

    struct Enumeration {
        let proto: EnumProto
        let fullName: String
        let file: Int
        let path: [Int32]
        let features: Features
    }

    struct Extension {
        let proto: FieldProto
        let scope: String
        let file: Int
        let path: [Int32]
        let features: Features
    }

    /// What the tables have room for in one message (MessageTable.byNumber).
    static let fieldsMax = 60_000

    var files: [FileProto] = []
    var sources: [SourceComments] = []
    var messages: [Message] = []
    var enums: [Enumeration] = []
    var extensions: [Extension] = []
    var symbols = ContractSymbols()
    /// Extension fields by the place of the message that they extend.
    var extensionFields: [Int: [FieldDescriptor]] = [:]
    var problems: [ContractProblem] = []
    /// Files imported that the set does not have.
    var missingImports: Set<String> = []

    static func load(_ bytes: [UInt8]) throws(ContractLoadError) -> ProtobufContract {
        try ContractDiagnosis.checkKind(bytes)
        let set: Google_Protobuf_FileDescriptorSet
        do {
            set = try Google_Protobuf_FileDescriptorSet(serializedBytes: bytes, partial: true)
        } catch {
            throw ContractLoadError(problems: [
                ContractProblem("this is not a descriptor set: its bytes can not be decoded")
            ])
        }
        return try load(set.file)
    }

    static func load(_ files: [FileProto]) throws(ContractLoadError) -> ProtobufContract {
        var loader = ContractLoader()
        loader.collect(files)
        let messages = loader.linkMessages()
        let enums = loader.linkEnums()
        let services = loader.linkServices()
        if !loader.problems.isEmpty { throw ContractLoadError(problems: loader.problems) }
        return ProtobufContract(
            files: loader.files.map(\.name),
            importedFiles: Set(loader.files.flatMap(\.dependency)), messages: messages,
            enums: enums,
            services: services, symbols: loader.symbols)
    }

    // MARK: Names

    private mutating func collect(_ all: [FileProto]) {
        var seen: Set<String> = []
        for file in all where seen.insert(file.name).inserted { files.append(file) }
        for (index, file) in files.enumerated() {
            sources.append(SourceComments(file))
            for name in file.dependency where !seen.contains(name) {
                missingImports.insert(name)
                problems.append(
                    ContractProblem(
                        file: file.name,
                        "imports \(name), which is not in the set; protoc puts it there with "
                            + "--include_imports"))
            }
            guard let features = Features.of(file) else {
                problems.append(
                    ContractProblem(
                        file: file.name,
                        "has the syntax \(file.syntax) \(file.edition), which is not supported"))
                continue
            }
            let package = file.package
            for (place, message) in file.messageType.enumerated() {
                collect(message, in: package, index, [4, Int32(place)], features, depth: 0)
            }
            for (place, enumeration) in file.enumType.enumerated() {
                collect(enumeration, in: package, index, [5, Int32(place)], features)
            }
            for (place, field) in file.extension.enumerated() {
                extensions.append(
                    Extension(
                        proto: field, scope: package, file: index, path: [7, Int32(place)],
                        features: features))
            }
        }
    }

    private mutating func collect(
        _ message: MessageProto, in scope: String, _ file: Int, _ path: [Int32],
        _ around: Features, depth: Int
    ) {
        let fullName = ContractLoader.join(scope, message.name)
        let features =
            message.options.hasFeatures ? around.with(message.options.features) : around
        declare(fullName, file, path)
        symbols.messages[fullName] = messages.count
        messages.append(
            Message(
                proto: message, fullName: fullName, file: file, path: path, features: features))
        guard depth < 64 else {
            report(file, fullName, path, "messages declared inside one another too deeply")
            return
        }
        for (place, nested) in message.nestedType.enumerated() {
            collect(
                nested, in: fullName, file, path + [3, Int32(place)], features, depth: depth + 1)
        }
        for (place, enumeration) in message.enumType.enumerated() {
            collect(enumeration, in: fullName, file, path + [4, Int32(place)], features)
        }
        for (place, field) in message.extension.enumerated() {
            extensions.append(
                Extension(
                    proto: field, scope: fullName, file: file, path: path + [6, Int32(place)],
                    features: features))
        }
    }

    private mutating func collect(
        _ enumeration: EnumProto, in scope: String, _ file: Int, _ path: [Int32],
        _ around: Features
    ) {
        let fullName = ContractLoader.join(scope, enumeration.name)
        declare(fullName, file, path)
        symbols.enums[fullName] = enums.count
        let options = enumeration.options
        enums.append(
            Enumeration(
                proto: enumeration, fullName: fullName, file: file, path: path,
                features: options.hasFeatures ? around.with(options.features) : around))
    }

    private mutating func declare(_ fullName: String, _ file: Int, _ path: [Int32]) {
        if symbols.messages[fullName] != nil || symbols.enums[fullName] != nil {
            report(file, fullName, path, "is defined twice")
        }
    }

    static func join(_ scope: String, _ name: String) -> String {
        scope.isEmpty ? name : scope + "." + name
    }

    // MARK: Problems

    mutating func report(_ file: Int, _ element: String, _ path: [Int32], _ message: String) {
        let position = sources[file].position(path)
        problems.append(
            ContractProblem(
                file: files[file].name, element: element, line: position?.line,
                column: position?.column, message))
    }

    /// What a type's name stands for, looked up from `scope` outwards where it has no leading dot.
    func resolve<Value>(_ name: String, from scope: String, in table: [String: Value]) -> Value? {
        if name.hasPrefix(".") { return table[String(name.dropFirst())] }
        var scope = scope
        while true {
            if let found = table[ContractLoader.join(scope, name)] { return found }
            if scope.isEmpty { return nil }
            scope = scope.lastIndex(of: ".").map { String(scope[..<$0]) } ?? ""
        }
    }
}
