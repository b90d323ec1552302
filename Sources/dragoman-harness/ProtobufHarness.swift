// SPDX-License-Identifier: Apache-2.0
// A testee of protobuf's conformance runner: JSON and binary, each to each, for every message of
// its descriptors. JSON is read and written by the gateway's own translation; only binary to
// binary, which a gateway never does, is WireMessage's.

internal import ArgumentParser
internal import DragomanDocument
internal import DragomanMapping
internal import DragomanProtobuf
internal import Foundation

struct ProtobufHarness: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "protobuf", abstract: "A testee of protobuf's conformance runner.",
        discussion: """
            Reads a 4-byte little-endian length and a ConformanceRequest, again and again to the \
            end of standard input, and answers each with a ConformanceResponse in the same form.
            """)

    @Option(help: "A descriptor set of the test messages; else $DRAGOMAN_SUITES is compiled.")
    var descriptors: String?

    func run() throws {
        let testee = ConformanceTestee(try TestDescriptors.load(descriptors))
        while let head = StandardInput.read(4) {
            let length = head.reversed().reduce(0) { $0 << 8 | Int($1) }
            guard let request = StandardInput.read(length) else {
                throw ValidationError("the input ends inside a request")
            }
            let response = testee.answer(request)
            var frame = withUnsafeBytes(of: UInt32(response.count).littleEndian) { Array($0) }
            frame += response
            FileHandle.standardOutput.write(Data(frame))
        }
    }
}

enum StandardInput {
    /// Nil at the end, and where less than that is left.
    static func read(_ count: Int) -> [UInt8]? {
        if count == 0 { return [] }
        var data = Data()
        while data.count < count {
            let more = FileHandle.standardInput.readData(ofLength: count - data.count)
            if more.isEmpty { return nil }
            data.append(more)
        }
        return Array(data)
    }
}

/// The messages that cases are about.
enum TestDescriptors {
    static func load(_ path: String?) throws -> ProtobufContract {
        if let path {
            switch FileAccess.read(path) {
            case .success(let bytes): return try contract(bytes)
            case .failure(let error): throw ValidationError("\(path): \(error.message)")
            }
        }
        let suites = ProcessInfo.processInfo.environment["DRAGOMAN_SUITES"] ?? "../shared/suites"
        return try compile(suites + "/protobuf-conformance")
    }

    private static func contract(_ bytes: [UInt8]) throws -> ProtobufContract {
        do throws(ContractLoadError) {
            return try ProtobufContract.load(bytes)
        } catch {
            throw ValidationError(error.problems.map(\.description).joined(separator: "\n"))
        }
    }

    /// All test messages together; files that this protoc does not understand are left out, and
    /// named on standard error.
    private static func compile(_ folder: String) throws -> ProtobufContract {
        let files = FileAccess.files(under: folder, suffix: ".proto")
            .filter { $0.contains("test_messages") }.map { "\(folder)/\($0)" }
        guard !files.isEmpty else {
            throw ValidationError("\(folder) has no test_messages*.proto; give --descriptors")
        }
        let roots = ["\(folder)/src", folder].filter(FileAccess.isDirectory)
        let compiler = ProtoCompiler(searched: roots)
        if let all = try? compiler.compile(files) { return try contract(all.bytes) }
        // A FileDescriptorSet is a list: two of them, one behind the other, are one.
        var set: [UInt8] = []
        for file in files {
            do throws(ProtoCompiler.Failure) {
                set += try compiler.compile([file]).bytes
            } catch {
                FileHandle.standardError.write(Data("left out \(file): \(error.text)\n".utf8))
            }
        }
        guard !set.isEmpty else { throw ValidationError("none of them can be compiled") }
        return try contract(set)
    }
}

/// A ConformanceRequest, as far as it matters here (conformance.proto).
struct ConformanceRequest {
    enum Payload {
        case binary([UInt8])
        case json([UInt8])
        /// JSPB, text format, or a form that this does not know.
        case other
    }

    var payload = Payload.other
    /// 1 is binary, 2 JSON.
    var output: UInt64 = 0
    var messageType = ""
    /// 3: unknown members of JSON are ignored.
    var category: UInt64 = 0

    init(_ bytes: [UInt8]) throws(WireError) {
        var scan = WireScan(bytes[...])
        while !scan.isAtEnd {
            let tag = try scan.tag()
            switch tag {
            case 1 << 3 | 2: payload = .binary(Array(try scan.slice()))
            case 2 << 3 | 2: payload = .json(Array(try scan.slice()))
            case 3 << 3: output = try scan.varint()
            case 4 << 3 | 2: messageType = String(decoding: try scan.slice(), as: UTF8.self)
            case 5 << 3: category = try scan.varint()
            default: try scan.skip(Int(tag >> 3), UInt8(tag & 7), depth: 0)
            }
        }
    }
}

/// A ConformanceResponse: its one field.
enum ConformanceResult {
    case parseError(String)
    case serializeError(String)
    case runtimeError(String)
    case binary([UInt8])
    case json([UInt8])
    case skipped(String)

    var bytes: [UInt8] {
        var output = WireOutput()
        let (number, content): (Int, [UInt8]) =
            switch self {
            case .parseError(let text): (1, Array(text.utf8))
            case .runtimeError(let text): (2, Array(text.utf8))
            case .binary(let bytes): (3, bytes)
            case .json(let bytes): (4, bytes)
            case .skipped(let text): (5, Array(text.utf8))
            case .serializeError(let text): (6, Array(text.utf8))
            }
        output.tag(number, 2)
        output.text(content)
        return output.bytes
    }
}

struct ConformanceTestee {
    private let contract: ProtobufContract
    private let types: WireTypes

    init(_ contract: ProtobufContract) {
        self.contract = contract
        types = WireTypes(contract)
    }

    func answer(_ bytes: [UInt8]) -> [UInt8] {
        do throws(WireError) {
            return result(try ConformanceRequest(bytes)).bytes
        } catch {
            return ConformanceResult.runtimeError(
                "this is no ConformanceRequest: \(error.text)"
            ).bytes
        }
    }

    private func result(_ request: ConformanceRequest) -> ConformanceResult {
        // The runner's first question: which failures are expected. None.
        if request.messageType == "conformance.FailureSet" { return .binary([]) }
        guard request.output == 1 || request.output == 2 else {
            return .skipped("only binary and JSON are written here")
        }
        if case .other = request.payload { return .skipped("only binary and JSON are read here") }
        guard let index = contract.messageIndex(named: request.messageType) else {
            return .skipped("the descriptors have no message \(request.messageType)")
        }
        let options = ProtoJSONOptions(unknown: request.category == 3 ? .ignore : .refuse)
        switch request.payload {
        case .binary(let bytes): return fromBinary(bytes, index, request, options)
        case .json(let bytes): return fromJSON(bytes, index, request, options)
        case .other: return .skipped("")
        }
    }

    private func fromBinary(
        _ bytes: [UInt8], _ index: Int, _ request: ConformanceRequest, _ options: ProtoJSONOptions
    ) -> ConformanceResult {
        let message: WireMessage
        do throws(WireError) {
            message = try WireMessage.parse(bytes, types, index)
        } catch {
            return .parseError(error.text)
        }
        return request.output == 1 ? .binary(message.serialized()) : json(bytes, index, options)
    }

    private func fromJSON(
        _ bytes: [UInt8], _ index: Int, _ request: ConformanceRequest, _ options: ProtoJSONOptions
    ) -> ConformanceResult {
        let wire = OutputBuffer()
        do {
            let document = try bytes.withUnsafeBytes { try Document.reading($0) }
            guard let root = document.root else { return .parseError("no value") }
            try contract.plan(at: index).write(root, to: wire, options)
        } catch let error as JSONSyntaxError {
            return .parseError(error.detail)
        } catch let error as TranslationError {
            return .parseError(error.detail)
        } catch {
            return .runtimeError("\(error)")
        }
        let message = Array(wire.bytes)
        return request.output == 1 ? .binary(message) : json(message, index, options)
    }

    private func json(
        _ wire: [UInt8], _ index: Int, _ options: ProtoJSONOptions
    ) -> ConformanceResult {
        let document = Document()
        do throws(TranslationError) {
            var failure: TranslationError?
            wire.withUnsafeBytes { bytes in
                do throws(TranslationError) {
                    try contract.plan(at: index).read(
                        bytes, into: document, options, limits: .none)
                } catch {
                    failure = error
                }
            }
            if let failure { throw failure }
        } catch {
            return .serializeError(error.detail)
        }
        guard let root = document.root else { return .runtimeError("no value was read") }
        let output = OutputBuffer()
        JSONWriter.write(root, to: output)
        return .json(Array(output.bytes))
    }
}
