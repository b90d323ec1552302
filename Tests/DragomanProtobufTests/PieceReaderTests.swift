// SPDX-License-Identifier: Apache-2.0
// A message read in pieces, held or drained, is what it is when it is read in one go.

import DragomanDocument
import DragomanProtobuf
import Testing

@Suite("PieceReader", .enabled(if: Suites.arePresent, "no suites or no protoc here"))
struct PieceReaderTests {
    private static let limits = DocumentLimits(depthMax: 100, membersMax: Int(UInt32.max))

    /// `size`: of a piece. `drains`: the JSON goes out as it is read.
    private func read(
        _ plan: MessagePlan, _ wire: [UInt8], _ options: ProtoJSONOptions, size: Int, drains: Bool
    ) throws -> String {
        let document = Document()
        let drain = DocumentDrain()
        try wire.withUnsafeBytes { bytes in
            let reader = PieceReader(
                plan, bytes, into: document, options, limits: Self.limits, frameBytesMin: 1)
            while !reader.isFinished {
                try reader.read(about: size)
                if drains, reader.mayDrain { drain.drain(document) }
            }
        }
        guard drain.hasBegun else { return document.root?.json ?? "" }
        drain.finish(document)
        return drain.output.string
    }

    @Test("random messages, in order and merged", arguments: PropertyTests.types)
    func same(_ name: String) throws {
        let contract = try Suites.conformance.get()
        let index = try #require(contract.messageIndex(named: name))
        let plan = contract.plan(at: index)
        let printed = ProtoJSONOptions(defaults: .print, arrays: .print)
        var drained = 0
        for seed in 0..<60 {
            var messages = RandomMessages(contract, seed: UInt64(seed))
            let first = messages.message(index)
            let wires = [first, first + messages.message(index)]
            for (wire, options) in zip(
                wires + wires, [ProtoJSONOptions(), printed, printed, .init()])
            {
                let expected = try plan.json(wire, options)
                for (size, drains) in [(1, false), (1, true), (40, true), (1 << 20, false)] {
                    let given = try read(plan, wire, options, size: size, drains: drains)
                    #expect(given == expected, "seed \(seed), pieces of \(size)")
                    if drains { drained += 1 }
                }
            }
        }
        #expect(drained > 0)
    }

    @Test("damaged messages fail where they do in one go", arguments: PropertyTests.types)
    func damaged(_ name: String) throws {
        let contract = try Suites.conformance.get()
        let index = try #require(contract.messageIndex(named: name))
        let plan = contract.plan(at: index)
        var failures = 0
        for seed in 0..<150 {
            var messages = RandomMessages(contract, seed: UInt64(seed))
            var wire = messages.message(index)
            guard !wire.isEmpty else { continue }
            for _ in 0..<Int.random(in: 1...3, using: &messages.random) {
                let place = Int.random(in: wire.indices, using: &messages.random)
                wire[place] = UInt8.random(in: .min ... .max, using: &messages.random)
            }
            let expected = try? plan.json(wire)
            let given = try? read(plan, wire, .init(), size: 7, drains: false)
            #expect(given == expected, "seed \(seed): \(wire)")
            if expected == nil { failures += 1 }
        }
        #expect(failures > 20)
    }
}
