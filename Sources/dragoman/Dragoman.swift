// SPDX-License-Identifier: Apache-2.0
// The executable: arguments in, exit code out. What the verbs do is DragomanServer's.

internal import ArgumentParser
internal import DragomanGateway
internal import DragomanMapping
internal import DragomanServer

#if canImport(Glibc)
    internal import Glibc
#endif

@main
struct Dragoman: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dragoman",
        abstract: "A gateway that puts a modern JSON API over gRPC and SOAP/XML backends.",
        version: "0.1.0",
        subcommands: [
            Serve.self, Check.self, Import.self, Routes.self, Explain.self, Test.self,
            Validate.self, OpenAPI.self, Schema.self, Demo.self,
        ])
}

/// The options of every verb that loads a gateway directory.
struct SourceOptions: ParsableArguments {
    @Option(name: .long, help: "The gateway's configuration; its folder is the gateway directory.")
    var config = "gateway.yaml"

    var source: GatewaySource { GatewaySource(configuration: config) }
}

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Runs the gateway.")

    @OptionGroup var options: SourceOptions
    @Option(help: "Where to listen, instead of what the configuration says.")
    var listen: String?
    @Option(help: "Where the admin listener listens, or false.")
    var admin: String?
    @Option(help: "Event loops; one for each core by default.")
    var workers: Int?
    @Option(name: .long, help: "NAME=URL: where a named upstream is instead.")
    var upstream: [String] = []
    @Flag(help: "Answer from the mappings' examples, without backends.")
    var mock = false

    func validate() throws {
        if let workers, !(1...1024).contains(workers) {
            throw ValidationError("--workers wants a number from 1 to 1024")
        }
        if let listen, ListenAddress(listen) == nil {
            throw ValidationError("--listen wants ADDRESS:PORT or unix:/path, not \(listen)")
        }
        if let admin, admin != "false", ListenAddress(admin) == nil {
            throw ValidationError("--admin wants ADDRESS:PORT, unix:/path or false, not \(admin)")
        }
        _ = try upstreams()
    }

    private func upstreams() throws -> [String: UpstreamURL] {
        var urls: [String: UpstreamURL] = [:]
        for text in upstream {
            let parts = text.split(separator: "=", maxSplits: 1)
            guard parts.count == 2, let url = UpstreamURL(String(parts[1])) else {
                throw ValidationError("--upstream wants NAME=URL, not \(text)")
            }
            urls[String(parts[0])] = url
        }
        return urls
    }

    func run() async throws {
        var source = options.source
        source.upstreams = try upstreams()
        var command = ServeCommand(source: source)
        command.listen = listen.flatMap { ListenAddress($0) }
        command.workers = workers
        command.mocks = mock
        if let admin {
            command.admin = ListenAddress(admin).map { .address($0) } ?? .off
        }
        throw DragomanServer.ExitCode.error(await command.run())
    }
}

struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Compiles everything, calls nothing.")

    @OptionGroup var options: SourceOptions
    @Flag(help: "Warnings are a no.")
    var strict = false
    @Option(help: "text, json or sarif.")
    var format: OutputFormat = .text

    func run() async throws {
        var command = CheckCommand(source: options.source)
        command.isStrict = strict
        command.format = format
        throw DragomanServer.ExitCode.error(await command.run())
    }
}

struct Routes: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Lists every route.")

    @OptionGroup var options: SourceOptions
    @Option(help: "text or json.")
    var format: OutputFormat = .text

    func validate() throws { try format.refuseSARIF() }

    func run() throws {
        var command = RoutesCommand(source: options.source)
        command.format = format
        throw DragomanServer.ExitCode.error(command.run())
    }
}

struct OpenAPI: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "openapi", abstract: "Prints the OpenAPI 3.1 description of what is served.")

    @OptionGroup var options: SourceOptions

    func run() throws {
        let command = OpenAPICommand(source: options.source)
        throw DragomanServer.ExitCode.error(command.run())
    }
}

struct Import: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Makes mappings and schemas of a WSDL, .proto files or a descriptor set.")

    @Argument(help: "WSDL, .proto or descriptor set files.")
    var sources: [String]
    @Option(help: "The gateway directory to write into.")
    var into: String
    @Option(help: "The service's name, where there is a single one.")
    var name: String?
    @Option(name: .customShort("I"), help: "A folder in which imports are looked for.")
    var includes: [String] = []
    @Option(help: "The port of the WSDL to import.")
    var port: String?
    @Option(help: "The mapping that an OpenAPI document becomes the face of.")
    var onto: String?
    @Flag(help: "Fetch what contracts import by address.")
    var fetch = false

    func run() throws {
        var command = ImportCommand(sources: sources, into: into)
        command.name = name
        command.searched = includes
        command.port = port
        command.onto = onto
        command.fetches = fetch
        throw DragomanServer.ExitCode.error(command.run())
    }
}

struct Demo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Runs the gateway with its sample shop, and prints curl lines to try.")

    func run() async throws {
        throw DragomanServer.ExitCode.error(await DemoCommand().run())
    }
}

struct Schema: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Prints the JSON Schema of a configuration file.")

    @Argument(help: "gateway or mapping.")
    var kind: String

    func run() throws {
        switch kind {
        case "gateway": print(ConfigurationSchemas.gateway, terminator: "")
        case "mapping": print(ConfigurationSchemas.mapping, terminator: "")
        default:
            throw ValidationError("There is a schema of gateway and of mapping, not of \(kind).")
        }
    }
}

extension OutputFormat: ExpressibleByArgument {}

extension OutputFormat {
    func refuseSARIF() throws {
        if self == .sarif { throw ValidationError("--format wants text or json") }
    }
}

extension DragomanServer.ExitCode {
    /// What ArgumentParser ends the process with.
    static func error(_ code: Int32) -> ArgumentParser.ExitCode { ArgumentParser.ExitCode(code) }
}
