// SPDX-License-Identifier: Apache-2.0
// `dragoman test`: its arguments.

internal import ArgumentParser
internal import DragomanServer

struct Test: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Runs the examples that mapping files carry.")

    @OptionGroup var options: SourceOptions
    @Argument(help: "A part of an example's name; or a service, or a route.")
    var name: String?
    @Flag(help: "Call the real backends, and write what they get and answer into the files.")
    var record = false
    @Option(help: "text, json or junit.")
    var format: TestCommand.Format = .text

    func run() async throws {
        var command = TestCommand(source: options.source)
        command.name = name
        command.records = record
        command.format = format
        throw DragomanServer.ExitCode.error(await command.run())
    }
}

extension TestCommand.Format: ExpressibleByArgument {}
