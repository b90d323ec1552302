// SPDX-License-Identifier: Apache-2.0
// The harness is written here.

internal import ArgumentParser

struct ProtobufHarness: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "protobuf", abstract: "A testee of protobuf's conformance runner.")
}
