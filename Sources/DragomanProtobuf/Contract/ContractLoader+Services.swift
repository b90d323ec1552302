// SPDX-License-Identifier: Apache-2.0
// Enums, services and methods, with the google.api.http rules in the methods' options.

internal import Foundation
internal import SwiftProtobuf

extension ContractLoader {
    mutating func linkEnums() -> [EnumDescriptor] {
        var linked: [EnumDescriptor] = []
        linked.reserveCapacity(enums.count)
        for enumeration in enums { linked.append(link(enumeration)) }
        return linked
    }

    private mutating func link(_ enumeration: Enumeration) -> EnumDescriptor {
        let proto = enumeration.proto
        if proto.value.isEmpty {
            report(
                enumeration.file, enumeration.fullName, enumeration.path,
                "is an enum without values")
        }
        var shortNames = proto.value.map { FieldNames.short($0.name, of: proto.name) }
        let all = Set(proto.value.map(\.name))
        var taken: [String: Int] = [:]
        for name in shortNames { taken[name, default: 0] += 1 }
        for (place, value) in proto.value.enumerated() {
            let short = shortNames[place]
            // A short name that means two things means neither.
            if short != value.name, all.contains(short) || taken[short] != 1 {
                shortNames[place] = value.name
            }
        }
        let source = sources[enumeration.file]
        return EnumDescriptor(
            fullName: enumeration.fullName, file: files[enumeration.file].name,
            values: proto.value.enumerated().map { place, value in
                EnumValueDescriptor(
                    name: value.name, shortName: shortNames[place], number: value.number,
                    isDeprecated: value.options.deprecated,
                    comment: source.comment(enumeration.path + [2, Int32(place)]))
            },
            isClosed: enumeration.features.isEnumClosed, isDeprecated: proto.options.deprecated,
            comment: source.comment(enumeration.path))
    }

    mutating func linkServices() -> [ServiceDescriptor] {
        var linked: [ServiceDescriptor] = []
        for index in files.indices {
            let file = files[index]
            for (place, service) in file.service.enumerated() {
                let path = [6, Int32(place)]
                let fullName = ContractLoader.join(file.package, service.name)
                if linked.contains(where: { $0.fullName == fullName }) {
                    report(index, fullName, path, "is defined twice")
                }
                var methods: [MethodDescriptor] = []
                methods.reserveCapacity(service.method.count)
                for (number, method) in service.method.enumerated() {
                    let path = path + [2, Int32(number)]
                    if let method = link(method, of: fullName, index, path) {
                        methods.append(method)
                    }
                }
                linked.append(
                    ServiceDescriptor(
                        fullName: fullName, file: file.name, methods: methods,
                        isDeprecated: service.options.deprecated,
                        comment: sources[index].comment(path)))
            }
        }
        return linked
    }

    private mutating func link(
        _ method: Google_Protobuf_MethodDescriptorProto, of service: String, _ file: Int,
        _ path: [Int32]
    ) -> MethodDescriptor? {
        let fullName = service + "." + method.name
        func message(_ name: String) -> Int? {
            resolve(name, from: service, in: symbols.messages)
        }
        guard let input = message(method.inputType), let output = message(method.outputType) else {
            let name = message(method.inputType) == nil ? method.inputType : method.outputType
            report(
                file, fullName, path,
                "uses the message \(name.drop { $0 == "." }), \(whyUnresolved(file))")
            return nil
        }
        let idempotency: Idempotency
        switch method.options.idempotencyLevel {
        case .noSideEffects: idempotency = .noSideEffects
        case .idempotent: idempotency = .idempotent
        default: idempotency = .unknown
        }
        return MethodDescriptor(
            name: method.name, operation: service + "/" + method.name, fullName: fullName,
            input: input, output: output, isClientStreaming: method.clientStreaming,
            isServerStreaming: method.serverStreaming, idempotency: idempotency,
            isDeprecated: method.options.deprecated, comment: sources[file].comment(path),
            bindings: bindings(method, fullName, file, path))
    }

    private mutating func bindings(
        _ method: Google_Protobuf_MethodDescriptorProto, _ fullName: String, _ file: Int,
        _ path: [Int32]
    ) -> [HTTPBinding] {
        let options = method.hasOptions ? [UInt8](method.options.unknownFields.data) : []
        guard !options.isEmpty else { return [] }
        do throws(WireFailure) {
            return try HTTPRuleReader.bindings(inOptions: options)
        } catch {
            report(
                file, fullName, path, "its google.api.http rule can not be read: \(error.detail)")
            return []
        }
    }
}
