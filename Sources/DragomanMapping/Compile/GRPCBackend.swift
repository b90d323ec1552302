// SPDX-License-Identifier: Apache-2.0
// gRPC contracts as mappings use them: methods with the JSON Schemas of their messages.

internal import DragomanDocument
internal import DragomanProtobuf
internal import DragomanSchema

/// A descriptor set under one choice of JSON options.
final class GRPCContract {
    /// Which part of a message a body is.
    enum BodyPart: Hashable {
        case whole
        /// All but these fields, dotted paths of .proto names: the path sets them.
        case without([String])
        /// One field, by its .proto name, less what the path sets below it.
        case member(String, without: [String])
    }

    let contract: ProtobufContract
    let options: ProtoJSONOptions
    let rules: HTTPRules
    private let library: SchemaLibrary
    private let number: Int
    private var requestShapes: [Int: SchemaShape?] = [:]
    private var replyShapes: [Int: SchemaShape?] = [:]
    private var bodies: [Int: [BodyPart: LazySchema]] = [:]
    private var replies: [Int: LazySchema] = [:]

    init(
        contract: ProtobufContract, options: ProtoJSONOptions, rules: HTTPRules,
        library: SchemaLibrary
    ) {
        self.contract = contract
        self.options = options
        self.rules = rules
        self.library = library
        number = library.uniqueNumber()
    }

    /// The JSON form of a message as the gateway takes it.
    func requestShape(_ index: Int) -> SchemaShape? {
        if let known = requestShapes[index] { return known }
        let made = schema(index, .request).shape(
            contract.messages[index].fullName,
            ProtoShape(contract: contract, options: options, message: index, isList: false))
        requestShapes[index] = .some(made)
        return made
    }

    /// The JSON form of a message as the gateway answers it.
    func replyShape(_ index: Int) -> SchemaShape? {
        if let known = replyShapes[index] { return known }
        let made = schema(index, .reply).shape(
            contract.messages[index].fullName,
            ProtoShape(contract: contract, options: options, message: index, isList: false))
        replyShapes[index] = .some(made)
        return made
    }

    /// A dotted path of fields as replies write their names; as it is where there is none.
    func written(
        _ path: String, of message: Int, _ names: FieldPathNames = .contract
    ) -> String {
        let fields = contract.fields(along: path, of: message, names)
        return fields?.map { $0.writtenName(options.names) }.joined(separator: ".") ?? path
    }

    private func schema(_ index: Int, _ form: ProtoSchema.Form) -> ProtoSchema {
        ProtoSchema(
            contract: contract, options: options, message: index, form: form,
            uri: "dragoman:protobuf/\(number)/\(form.rawValue)/\(index)", library: library)
    }

    /// What a reply is; made when it is needed.
    func replySchema(_ index: Int) -> LazySchema {
        if let known = replies[index] { return known }
        let schema = schema(index, .reply)
        let made = LazySchema { schema.compiled(.whole) }
        replies[index] = made
        return made
    }

    /// What a body that is a message, or a part of one, must be; made when it is needed.
    func bodySchema(_ index: Int, _ part: BodyPart) -> LazySchema {
        if let known = bodies[index]?[part] { return known }
        let schema = schema(index, .request)
        let made = LazySchema { schema.compiled(part) }
        bodies[index, default: [:]][part] = made
        return made
    }
}

/// The JSON Schema of a message; everything about it can be made on any thread.
struct ProtoSchema: Sendable {
    enum Form: String { case request, reply }

    let contract: ProtobufContract
    let options: ProtoJSONOptions
    let message: Int
    let form: Form
    let uri: String
    let library: SchemaLibrary

    private func document(
        _ uri: String, omitting omitted: [String] = [], field: FieldDescriptor? = nil
    ) -> Document {
        library.document(uri) {
            contract.jsonSchema(
                of: message, form == .reply ? .reply : .request, options, omitting: omitted,
                field: field)
        }
    }

    func shape(_ name: String, _ message: ProtoShape? = nil) -> SchemaShape? {
        let document = document(uri)
        guard case .success(let program) = library.compile(uri, origin: .derived) else {
            return nil
        }
        return SchemaShape(
            view: program.view, source: SchemaSource(document: document, uri: uri), name: name,
            message: message)
    }

    func compiled(_ part: GRPCContract.BodyPart) -> LazySchema.Compiled? {
        switch part {
        case .whole:
            _ = document(uri)
            return library.compiled(uri)
        case .member(let name, let names):
            guard let field = contract.messages[message].field(named: name) else { return nil }
            let uri =
                "\(uri)/field/\(field.number)"
                + (names.isEmpty ? "" : "/without/\(names.joined(separator: ","))")
            _ = document(uri, omitting: names, field: field)
            return library.compiled(uri)
        case .without(let names):
            let uri = "\(uri)/without/\(names.joined(separator: ","))"
            _ = document(uri, omitting: names)
            return library.compiled(uri)
        }
    }
}

/// The part of a contract that one mapping speaks of.
final class GRPCBackend {
    let shared: GRPCContract
    /// The mapping's service; nil for all of the contract's.
    let service: ServiceDescriptor?

    var contract: ProtobufContract { shared.contract }

    init(shared: GRPCContract, service: ServiceDescriptor?) {
        self.shared = shared
        self.service = service
    }

    /// What `call` may name.
    var names: [String] {
        if let service { return service.methods.map(\.name) }
        let all = contract.services.flatMap(\.methods)
        return all.map(\.name) + all.map(\.operation)
    }

    /// HTTP faces of a method: by the mapping's `rules`, else by its annotation, else by default.
    func bindings(of method: MethodDescriptor) -> [HTTPBinding] {
        shared.rules.bindings(of: method) ?? method.bindingsOrDefault
    }

    func isAnnotated(_ method: MethodDescriptor) -> Bool {
        !method.bindings.isEmpty || shared.rules.bindings(of: method) != nil
    }

    func method(named name: String) -> MethodDescriptor? {
        if let service, !name.contains("/") { return service.method(named: name) }
        guard let method = contract.method(named: name) else { return nil }
        return method
    }

    func operation(named name: String) -> OperationContract? {
        method(named: name).map(operation)
    }

    func operation(_ method: MethodDescriptor) -> OperationContract {
        OperationContract(
            name: method.operation,
            target: .grpc(GRPCOperation(method: method, shared: shared)),
            isIdempotent: method.idempotency != .unknown,
            bodySchema: shared.bodySchema(method.input, .whole),
            replySchema: shared.replySchema(method.output),
            request: { [shared] in shared.requestShape(method.input) },
            reply: { [shared] in shared.replyShape(method.output) })
    }
}

/// A method of a contract.
struct GRPCOperation {
    let method: MethodDescriptor
    let shared: GRPCContract

    /// Request and reply are bytes of any media type.
    var takesHTTPBody: Bool { shared.contract.isHTTPBody(method.input) }
    var answersHTTPBody: Bool { shared.contract.isHTTPBody(method.output) }

    var isStreaming: Bool { method.isClientStreaming || method.isServerStreaming }

    func call(
        upstream: Int, _ settings: UpstreamSettings, metadata: [NamedTemplate], arena: PlanArena
    ) -> GRPCCall {
        GRPCCall(
            upstream: upstream, method: method,
            path: arena.text(settings.prefix + method.path),
            request: shared.contract.plan(at: method.input),
            reply: shared.contract.plan(at: method.output), options: shared.options,
            metadata: metadata, contract: shared.contract,
            compression: settings.compression.map { coding in
                switch coding {
                case .gzip: .gzip
                case .deflate: .deflate
                }
            })
    }
}

extension ContractLibrary {
    /// The contract of a mapping; nil where it can not be used, which has been reported.
    func grpc(_ backend: MappingBackend.GRPC, _ mapping: MappingFile, _ file: MappingSource)
        -> GRPCBackend?
    {
        let options = ContractLibrary.options(mapping.json)
        guard let shared = shared(backend, options, mapping, file) else { return nil }
        guard let name = backend.service else {
            return GRPCBackend(shared: shared, service: nil)
        }
        if let service = shared.contract.service(named: name.text) {
            return GRPCBackend(shared: shared, service: service)
        }
        let names = shared.contract.services.map(\.fullName)
        file.report(
            .error, "unknown-service", name.node, "the contract has no service `\(name.text)`",
            expected: "one of " + NameList.listed(names),
            suggestion: NearestName.find(name.text, in: names))
        return nil
    }

    private func shared(
        _ backend: MappingBackend.GRPC, _ options: ProtoJSONOptions, _ mapping: MappingFile,
        _ file: MappingSource
    ) -> GRPCContract? {
        guard let path = backend.contract.path, !path.hasSuffix(".proto") else { return nil }
        let rules = backend.rules?.path ?? ""
        var key = path + "\n" + rules + "\n" + ContractLibrary.key(options)
        // Rare, and not worth comparing: such a mapping has its own.
        if !mapping.types.isEmpty { key += "\n" + mapping.path }
        if let known = grpc[key] { return known }
        let made = load(backend, file).map { contract in
            GRPCContract(
                contract: reshaped(contract, mapping, file), options: options,
                rules: HTTPRules(backend.rules, contract, collector, file), library: library)
        }
        grpc[key] = .some(made)
        return made
    }

    private func reshaped(
        _ contract: ProtobufContract, _ mapping: MappingFile, _ file: MappingSource
    ) -> ProtobufContract {
        if mapping.types.isEmpty { return contract }
        let (made, problems) = contract.reshaped(
            mapping.types.map { type in
                var reshaping = MessageReshaping(type: type.name.text)
                reshaping.rename = type.rename.map { ($0.member.text, $0.name.text) }
                reshaping.omit = type.omit.map(\.text)
                reshaping.unwrap = type.unwrap.map(\.text)
                reshaping.integers = type.textual.map {
                    ($0.member.text, $0.type.text == "number" ? .number : .string)
                }
                return reshaping
            })
        NamingDiagnostics.report(problems, mapping, file)
        return made
    }

    private func load(
        _ backend: MappingBackend.GRPC, _ file: MappingSource
    ) -> ProtobufContract? {
        guard let bytes = bytes(backend.contract, file) else { return nil }
        do throws(ContractLoadError) {
            return try ProtobufContract.load(bytes)
        } catch {
            for problem in error.problems {
                file.report(
                    .error, "contract", backend.contract.text.node, problem.description)
            }
            return nil
        }
    }

    /// A text that is equal for equal options.
    private static func key(_ options: ProtoJSONOptions) -> String {
        let choices = [
            options.int64.rawValue, options.enums.rawValue, options.names.rawValue,
            options.defaults.rawValue, options.arrays.rawValue, options.unknown.rawValue,
        ]
        return String(decoding: choices.map { $0 + 0x30 }, as: UTF8.self)
    }

    private static func options(_ json: JSONOptions) -> ProtoJSONOptions {
        var options = ProtoJSONOptions()
        if json.int64 == .number { options.int64 = .number }
        switch json.enums {
        case .short: options.enums = .short
        case .number: options.enums = .number
        case .name, nil: break
        }
        if json.names == .proto { options.names = .proto }
        if json.defaults == .print { options.defaults = .print }
        if json.arrays == .print { options.arrays = .print }
        if json.unknown == .ignore { options.unknown = .ignore }
        return options
    }
}
