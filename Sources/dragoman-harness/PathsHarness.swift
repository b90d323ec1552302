// SPDX-License-Identifier: Apache-2.0
// The harness is written here.

internal import ArgumentParser

struct PathsHarness: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "paths", abstract: "Path templates and lookups.")
}
