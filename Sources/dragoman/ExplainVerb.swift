// SPDX-License-Identifier: Apache-2.0
// `dragoman explain` and `dragoman validate`: the verbs with arguments of their own.

internal import ArgumentParser
internal import DragomanGateway
internal import DragomanMapping
internal import DragomanServer

struct Explain: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Shows one translation step by step; sends nothing without --send.")

    @OptionGroup var options: SourceOptions
    @Argument var method: String
    @Argument(help: "Path and query.") var path: String
    @Option(name: .customShort("H"), help: "NAME: VALUE, a header of the request.")
    var headers: [String] = []
    @Option(name: .customShort("d"), help: "The body, or @FILE.")
    var data: String?
    @Option(help: "A JSON object: what authentication would have found.")
    var claims: String?
    @Option(help: "[STEP=]@FILE: what the backend is taken to answer.")
    var reply: [String] = []
    @Option(help: "The status of that answer; of gRPC its code.")
    var replyStatus: Int?
    @Option(help: "NAME: VALUE, a header of that answer.")
    var replyHeader: [String] = []
    @Flag(help: "Really call the backend.")
    var send = false
    @Option(help: "text or json.")
    var format: OutputFormat = .text

    func validate() throws {
        try format.refuseSARIF()
        for reply in reply where Self.split(reply) == nil {
            throw ValidationError("--reply wants @FILE, or STEP=@FILE, not \(reply)")
        }
        if let claims, !ExplainRequest.isObject(claims) {
            throw ValidationError("--claims wants a JSON object, not \(claims)")
        }
        if send, !reply.isEmpty || replyStatus != nil || !replyHeader.isEmpty {
            throw ValidationError("--send calls the backend: there is nothing to take for granted")
        }
        _ = try pairs(headers, "-H")
        _ = try pairs(replyHeader, "--reply-header")
        guard path.hasPrefix("/") else { throw ValidationError("PATH begins with a slash") }
    }

    private func pairs(
        _ texts: [String], _ option: String
    ) throws -> [(name: String, value: String)] {
        try texts.map { text in
            let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[0].isEmpty else {
                throw ValidationError("\(option) wants 'NAME: VALUE', not \(text)")
            }
            return (String(parts[0]), String(parts[1].drop { $0 == " " }))
        }
    }

    func run() async throws {
        var request = ExplainRequest(method: method, target: path)
        request.headers = try pairs(headers, "-H")
        request.sends = send
        if let data { request.body = try bytes(data) }
        if let claims { request.claims = Array(claims.utf8) }
        if !reply.isEmpty || replyStatus != nil || !replyHeader.isEmpty {
            for reply in reply.isEmpty ? [nil] : reply.map(Optional.some) {
                var answer = ExplainReply()
                if let (step, file) = reply.flatMap(Self.split) {
                    answer.step = step
                    answer.bytes = try bytes(file)
                }
                answer.status = replyStatus
                answer.headers = try pairs(replyHeader, "--reply-header")
                request.replies.append(answer)
            }
        }
        var command = ExplainCommand(source: options.source, request: request)
        command.format = format
        throw DragomanServer.ExitCode.error(await command.run())
    }

    /// `STEP=@FILE` or `@FILE`.
    private static func split(_ text: String) -> (step: String?, file: String)? {
        if text.hasPrefix("@") { return (nil, text) }
        let parts = text.split(separator: "=", maxSplits: 1)
        guard parts.count == 2, parts[1].hasPrefix("@") else { return nil }
        return (String(parts[0]), String(parts[1]))
    }

    /// The text itself, or what the file behind `@` holds.
    private func bytes(_ text: String) throws -> [UInt8] {
        guard text.hasPrefix("@") else { return Array(text.utf8) }
        switch Platform.read(String(text.dropFirst())) {
        case .success(let bytes): return bytes
        case .failure(let error):
            Console.error("error: \(text.dropFirst()): \(error.message)")
            throw DragomanServer.ExitCode.error(DragomanServer.ExitCode.input)
        }
    }
}

struct Validate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Validates JSON documents against a JSON Schema.")

    @Argument(help: "The schema's file.") var schema: String
    @Argument(help: "Documents; - is standard input.") var instances: [String]
    @Option(help: "flag, basic or hierarchical: the specification's own output.")
    var output: ValidateCommand.Output?
    @Option(help: "text or json.")
    var format: OutputFormat = .text

    func validate() throws { try format.refuseSARIF() }

    func run() throws {
        var command = ValidateCommand(schema: schema, instances: instances)
        command.output = output
        command.format = format
        throw DragomanServer.ExitCode.error(command.run())
    }
}

extension ValidateCommand.Output: ExpressibleByArgument {}
