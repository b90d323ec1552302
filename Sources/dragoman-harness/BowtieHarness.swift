// SPDX-License-Identifier: Apache-2.0
// The harness is written here.

internal import ArgumentParser

struct BowtieHarness: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "bowtie", abstract: "The Bowtie protocol JSON Schema.")
}
