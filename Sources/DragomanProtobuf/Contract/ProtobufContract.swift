// SPDX-License-Identifier: Apache-2.0
// A descriptor set, loaded: every message, enum, service and method of a gRPC contract, by name,
// and the compiled plans that translate its messages. Immutable to everyone who holds it.

/// One descriptor set with all that it defines.
package final class ProtobufContract: Sendable {
    /// Names of the .proto files, in the order of the set.
    package let files: [String]
    /// Of those, the ones that another imports.
    package let importedFiles: Set<String>
    package let messages: [MessageDescriptor]
    package let enums: [EnumDescriptor]
    package let services: [ServiceDescriptor]

    let messageIndexes: [String: Int]
    let enumIndexes: [String: Int]
    private let serviceIndexes: [String: Int]
    let tables: PlanTables
    /// The contract as it is, where a mapping's `types` has reshaped this one.
    private let original: ProtobufContract?

    init(
        files: [String], importedFiles: Set<String>, messages: [MessageDescriptor],
        enums: [EnumDescriptor],
        services: [ServiceDescriptor], symbols: ContractSymbols,
        original: ProtobufContract? = nil
    ) {
        self.original = original
        self.files = files
        self.importedFiles = importedFiles
        self.messages = messages
        self.enums = enums
        self.services = services
        messageIndexes = symbols.messages
        enumIndexes = symbols.enums
        var byName: [String: Int] = [:]
        for (index, service) in services.enumerated() { byName[service.fullName] = index }
        serviceIndexes = byName
        tables = PlanTables(messages, enums, symbols.messages)
    }

    /// Loads a serialised FileDescriptorSet; all that is wrong with it is in the error.
    package static func load(
        _ bytes: UnsafeRawBufferPointer
    ) throws(ContractLoadError) -> ProtobufContract {
        try ContractLoader.load(Array(bytes))
    }

    package static func load(_ bytes: [UInt8]) throws(ContractLoadError) -> ProtobufContract {
        try ContractLoader.load(bytes)
    }

    // MARK: By name

    /// Place in `messages` of the message of that full name, without a leading dot.
    package func messageIndex(named name: String) -> Int? { messageIndexes[name] }

    package func message(named name: String) -> MessageDescriptor? {
        messageIndexes[name].map { messages[$0] }
    }

    package func enumeration(named name: String) -> EnumDescriptor? {
        enumIndexes[name].map { enums[$0] }
    }

    /// By full name; or by the last part of it, where only one service has that.
    package func service(named name: String) -> ServiceDescriptor? {
        if let index = serviceIndexes[name] { return services[index] }
        let found = services.filter { $0.name == name }
        return found.count == 1 ? found[0] : nil
    }

    /// `package.Service/Method`; or `Method` alone, where only one service has it.
    package func method(named name: String) -> MethodDescriptor? {
        if let slash = name.firstIndex(of: "/") {
            return service(named: String(name[..<slash]))?
                .method(named: String(name[name.index(after: slash)...]))
        }
        let found = services.compactMap { $0.method(named: name) }
        return found.count == 1 ? found[0] : nil
    }

    /// Key and value of a map field.
    package func mapEntry(
        of field: FieldDescriptor
    ) -> (key: FieldDescriptor, value: FieldDescriptor)? {
        guard field.cardinality == .map, case .message(let index) = field.type else { return nil }
        let entry = messages[index]
        guard let key = entry.fields.first(where: { $0.number == 1 }),
            let value = entry.fields.first(where: { $0.number == 2 })
        else { return nil }
        return (key, value)
    }

    /// Every method as `package.Service/Method`, in the order of the set.
    package var operations: [String] {
        services.flatMap { $0.methods.map(\.operation) }
    }

    // MARK: Plans

    /// The compiled translation of the message at that place in `messages`; compiled with all
    /// that it holds on the first call, later calls cost a lock and a look.
    package func plan(at index: Int) -> MessagePlan {
        MessagePlan(tables: tables, table: tables.table(at: index), index: index)
    }

    /// The same for the message in ProtoJSON's own form, whatever a mapping has made of it.
    package func originalPlan(at index: Int) -> MessagePlan {
        original?.plan(at: index) ?? plan(at: index)
    }

    package func plan(named name: String) -> MessagePlan? {
        messageIndexes[name].map { plan(at: $0) }
    }
}

/// Where the names of a contract point to.
struct ContractSymbols {
    var messages: [String: Int] = [:]
    var enums: [String: Int] = [:]
}
