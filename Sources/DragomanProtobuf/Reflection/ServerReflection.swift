// SPDX-License-Identifier: Apache-2.0
// What a server says of its own contract (grpc.reflection.v1 and v1alpha, whose messages are the
// same): questions and answers as bytes, and the descriptor set that the answers make.

package import DragomanDocument

package enum ReflectionQuestion: Hashable, Sendable {
    /// Names of the services.
    case services
    /// The file that defines a service, a message, an extension.
    case fileOfSymbol(String)
    case file(String)
}

package enum ReflectionAnswer: Equatable, Sendable {
    case services([String])
    /// Serialised FileDescriptorProtos: the file asked for, often with what it imports.
    case files([[UInt8]])
    /// A gRPC status code and what it says.
    case error(Int32, String)
}

package enum ServerReflection {
    /// Versions in the order to try them.
    package static let services = [
        "grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection",
    ]

    /// `:path` of the one method, of a service of `services`.
    package static func path(_ service: String) -> String { "/\(service)/ServerReflectionInfo" }

    /// The question as one gRPC message, prefix included.
    package static func write(_ question: ReflectionQuestion, to output: OutputBuffer) {
        let (number, text): (UInt8, String) =
            switch question {
            case .services: (7, "")
            case .fileOfSymbol(let name): (4, name)
            case .file(let name): (3, name)
            }
        let start = GRPCFrame.begin(output)
        var wire = WireBuffer(output)
        wire.byte(number << 3 | WireType.bytes)
        wire.varint(UInt64(text.utf8.count))
        wire.bytes(Array(text.utf8))
        wire.finish()
        GRPCFrame.end(output, start)
    }

    /// Nil where the bytes are no answer to a question.
    package static func answer(_ bytes: UnsafeRawBufferPointer) -> ReflectionAnswer? {
        try? WireSlice.with(bytes) { slice throws(WireFailure) in
            var answer: ReflectionAnswer?
            try slice.forEachBytesField { number, slice throws(WireFailure) in
                switch number {
                case 4:
                    var files: [[UInt8]] = []
                    try slice.forEachBytesField { number, slice throws(WireFailure) in
                        if number == 1 { files.append(Array(slice.bytes)) }
                    }
                    answer = .files(files)
                case 6: answer = .services(try names(slice))
                case 7: answer = try error(slice)
                default: break
                }
            }
            return answer
        }
    }

    private static func names(_ slice: WireSlice) throws(WireFailure) -> [String] {
        var names: [String] = []
        try slice.forEachBytesField { number, slice throws(WireFailure) in
            guard number == 1 else { return }
            try slice.forEachBytesField { number, slice throws(WireFailure) in
                if number == 1 { names.append(String(decoding: slice.bytes, as: UTF8.self)) }
            }
        }
        return names
    }

    private static func error(_ slice: WireSlice) throws(WireFailure) -> ReflectionAnswer {
        var code: Int32 = 0
        var text = ""
        var cursor = WireCursor(slice)
        while true {
            let tag = try cursor.tag()
            switch tag {
            case 0: return .error(code, text)
            case 1 << 3: code = Int32(truncatingIfNeeded: try cursor.varint())
            case 2 << 3 | 2: text = String(decoding: try cursor.slice().bytes, as: UTF8.self)
            default: try cursor.skip(tag)
            }
        }
    }
}

/// A descriptor set under construction from files as they come.
package struct DescriptorSetBuilder {
    private var files: [String: [UInt8]] = [:]
    private var imports: [String: [String]] = [:]
    private var order: [String] = []

    package init() {}

    /// Names of files that others import and that are not there yet.
    package var missing: [String] {
        var seen: Set<String> = []
        return order.flatMap { imports[$0] ?? [] }
            .filter { files[$0] == nil && seen.insert($0).inserted }
    }

    /// - Returns: the file's name; nil where the bytes are no FileDescriptorProto.
    @discardableResult
    package mutating func add(_ file: [UInt8]) -> String? {
        var name = ""
        var dependencies: [String] = []
        let isRead: Void? = try? WireSlice.with(file) { slice throws(WireFailure) in
            try slice.forEachBytesField { number, slice throws(WireFailure) in
                if number == 1 { name = String(decoding: slice.bytes, as: UTF8.self) }
                if number == 3 {
                    dependencies.append(String(decoding: slice.bytes, as: UTF8.self))
                }
            }
        }
        guard isRead != nil, !name.isEmpty else { return nil }
        if files[name] == nil {
            files[name] = file
            imports[name] = dependencies
            order.append(name)
        }
        return name
    }

    /// A serialised FileDescriptorSet; a file stands behind what it imports.
    package var set: [UInt8] {
        let output = OutputBuffer()
        var done: Set<String> = []
        // Imports are followed without recursion: a server may claim any chain of them.
        for start in order {
            var waiting = [(start, 0)]
            while let (name, next) = waiting.popLast() {
                if done.contains(name) { continue }
                let dependencies = imports[name] ?? []
                if next < dependencies.count, waiting.count < order.count {
                    waiting.append((name, next + 1))
                    waiting.append((dependencies[next], 0))
                    continue
                }
                done.insert(name)
                guard let file = files[name] else { continue }
                var wire = WireBuffer(output)
                wire.byte(1 << 3 | WireType.bytes)
                wire.varint(UInt64(file.count))
                wire.bytes(file)
                wire.finish()
            }
        }
        return Array(output.bytes)
    }
}

extension WireBuffer {
    fileprivate mutating func bytes(_ bytes: [UInt8]) { bytes.withUnsafeBytes { self.bytes($0) } }
}
