// SPDX-License-Identifier: Apache-2.0
// The harness is written here.

internal import ArgumentParser

struct CELHarness: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "cel", abstract: "CEL conformance cases, one a line.")
}
