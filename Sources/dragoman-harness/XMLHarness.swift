// SPDX-License-Identifier: Apache-2.0
// The harness is written here.

internal import ArgumentParser

struct XMLHarness: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "xml", abstract: "XML documents to JSON and back.")
}
