// SPDX-License-Identifier: Apache-2.0
// Testees for conformance suites: each harness reads standard input to its end and answers on
// standard output in the suite's own form, so that anyone can run the official comparisons on us.

internal import ArgumentParser

@main
struct DragomanHarness: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dragoman-harness",
        abstract: "Dragoman's parts as testees of conformance suites.",
        subcommands: [
            BowtieHarness.self, ProtobufHarness.self, PathsHarness.self, CELHarness.self,
            XMLHarness.self, RoundTripHarness.self,
        ])
}
