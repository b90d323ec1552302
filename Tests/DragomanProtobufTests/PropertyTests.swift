// SPDX-License-Identifier: Apache-2.0
// Random messages there and back, and random bytes: seeded, so that a failure comes again.

import DragomanDocument
import DragomanProtobuf
import Testing

/// SplitMix64: the same numbers for the same seed on every machine.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}

/// Makes the wire bytes of random messages of a contract.
struct RandomMessages {
    let contract: ProtobufContract
    var random: SeededGenerator

    init(_ contract: ProtobufContract, seed: UInt64) {
        self.contract = contract
        random = SeededGenerator(state: seed)
    }

    static func varint(_ value: UInt64) -> [UInt8] {
        var rest = value
        var bytes: [UInt8] = []
        while rest >= 0x80 {
            bytes.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        return bytes + [UInt8(rest)]
    }

    mutating func message(_ index: Int, depth: Int = 0) -> [UInt8] {
        let message = contract.messages[index]
        switch message.wellKnown {
        case .timestamp, .duration:
            return [8] + RandomMessages.varint(random.next(upperBound: 1 << 32)) + [16, 7]
        case .fieldMask: return [0x0A, 3, 0x61, 0x5F, 0x62]
        case .any: return []
        default: break
        }
        var bytes: [UInt8] = []
        for field in message.fields.sorted(by: { $0.number < $1.number }) {
            let isLikely = field.cardinality == .required || message.isMapEntry
            guard isLikely || Int.random(in: 0..<(depth < 3 ? 4 : 60), using: &random) == 0 else {
                continue
            }
            let count = field.isRepeated ? Int.random(in: 1...3, using: &random) : 1
            for _ in 0..<count { bytes += value(field, depth) }
        }
        return bytes
    }

    private mutating func value(_ field: FieldDescriptor, _ depth: Int) -> [UInt8] {
        let number = UInt64(field.number) << 3
        let bits = Bool.random(using: &random) ? random.next() : random.next(upperBound: 100)
        func fixed(_ count: Int, _ type: UInt64) -> [UInt8] {
            RandomMessages.varint(number | type)
                + (0..<count).map { UInt8(truncatingIfNeeded: bits >> UInt64($0 * 8)) }
        }
        func counted(_ bytes: [UInt8]) -> [UInt8] {
            RandomMessages.varint(number | 2) + RandomMessages.varint(UInt64(bytes.count)) + bytes
        }
        switch field.type {
        // Exponents of all ones would be no numbers, which a Value may not hold.
        case .double: return Array(fixed(8, 1).dropLast()) + [0x3F]
        case .float: return Array(fixed(4, 5).dropLast()) + [0x3F]
        case .fixed64, .sfixed64: return fixed(8, 1)
        case .fixed32, .sfixed32: return fixed(4, 5)
        case .string: return counted(Array("é\"\(bits % 1000)".utf8))
        case .bytes: return counted((0..<(bits % 5)).map { UInt8($0) })
        case .message(let index):
            let inner = message(index, depth: depth + 1)
            return field.isDelimited
                ? RandomMessages.varint(number | 3) + inner + RandomMessages.varint(number | 4)
                : counted(inner)
        case .enumeration(let index):
            let values = contract.enums[index].values
            let value = values[Int(bits % UInt64(values.count))].number
            return RandomMessages.varint(number)
                + RandomMessages.varint(UInt64(bitPattern: Int64(value)))
        default: return RandomMessages.varint(number) + RandomMessages.varint(bits)
        }
    }
}

extension SeededGenerator {
    mutating func next(upperBound: UInt64) -> UInt64 { next() % upperBound }
}

@Suite("Messages there and back", .enabled(if: Suites.arePresent, "no suites or no protoc here"))
struct PropertyTests {
    static let types = [
        "protobuf_test_messages.proto3.TestAllTypesProto3",
        "protobuf_test_messages.proto2.TestAllTypesProto2",
    ]

    @Test("are the same after wire to JSON to wire to JSON", arguments: types)
    func roundTrip(_ name: String) throws {
        let contract = try Suites.conformance.get()
        let index = try #require(contract.messageIndex(named: name))
        let plan = contract.plan(at: index)
        let schemaOptions = ProtoJSONOptions()
        for seed in 0..<150 {
            var messages = RandomMessages(contract, seed: UInt64(seed))
            let wire = messages.message(index)
            let json = try plan.json(wire)
            let again = try plan.wire(json, schemaOptions)
            #expect(try plan.json(again) == json, "seed \(seed)")
            // proto names, numbers and printed defaults are read back as the same message.
            let options = ProtoJSONOptions(
                int64: .number, enums: .number, names: .proto, defaults: .print, arrays: .print)
            #expect(try plan.json(plan.wire(plan.json(wire, options))) == json, "seed \(seed)")
        }
    }

    @Test("every annotated method of googleapis, request and reply")
    func googleapis() throws {
        let contract = try ContractTests.googleapis.get()
        for method in contract.services.flatMap(\.methods) where !method.bindings.isEmpty {
            for index in [method.input, method.output] {
                let plan = contract.plan(at: index)
                for seed in 0..<3 {
                    var messages = RandomMessages(contract, seed: UInt64(seed * 7919 + index))
                    let json = try plan.json(messages.message(index))
                    #expect(try plan.json(plan.wire(json)) == json, "\(plan.fullName)")
                }
            }
        }
    }

    @Test("of two messages, one after the other, are the two merged, whatever the order of fields")
    func merging() throws {
        let contract = try Suites.conformance.get()
        let index = try #require(contract.messageIndex(named: PropertyTests.types[0]))
        let plan = contract.plan(at: index)
        for seed in 0..<40 {
            var messages = RandomMessages(contract, seed: UInt64(1000 + seed))
            let first = messages.message(index)
            let second = messages.message(index)
            let merged = try plan.json(first + second)
            #expect(try plan.json(plan.wire(merged)) == merged)
            // Merging a message with nothing, and nothing with it, changes nothing.
            #expect(try plan.json(second + []) == plan.json(second))
        }
    }

    @Test("hostile descriptor sets are loaded or refused, and what is loaded works")
    func hostileContracts() throws {
        let set = try Protoc.set(source: WireReaderTests.source)
        var random = SeededGenerator(state: 7)
        var loaded = 0
        for _ in 0..<600 {
            var bytes = set
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                bytes[place] = UInt8(truncatingIfNeeded: random.next())
            }
            do {
                let contract = try ProtobufContract.load(bytes)
                loaded += 1
                for index in contract.messages.indices {
                    let plan = contract.plan(at: index)
                    _ = contract.jsonSchema(of: index)
                    _ = try? plan.json(plan.wire("{}"))
                    var messages = RandomMessages(contract, seed: 3)
                    _ = try? plan.json(messages.message(index))
                }
            } catch { #expect(!error.problems.isEmpty) }
        }
        #expect(loaded > 20)
    }

    @Test("hostile bytes are read or refused, and never more than that", arguments: types)
    func hostile(_ name: String) throws {
        let contract = try Suites.conformance.get()
        let index = try #require(contract.messageIndex(named: name))
        let plan = contract.plan(at: index)
        var messages = RandomMessages(contract, seed: 42)
        let document = Document()
        var refused = 0
        for round in 0..<1500 {
            var wire = round % 3 == 0 ? [] : messages.message(index, depth: 1)
            if wire.count > 20_000 { wire.removeSubrange(20_000...) }
            for _ in 0..<Int.random(in: 1...8, using: &messages.random) {
                let byte = UInt8(truncatingIfNeeded: messages.random.next())
                if wire.isEmpty || Bool.random(using: &messages.random) {
                    let place = Int.random(in: 0...wire.count, using: &messages.random)
                    wire.insert(byte, at: place)
                } else {
                    wire[Int.random(in: 0..<wire.count, using: &messages.random)] = byte
                }
            }
            document.removeAll()
            do {
                try wire.withUnsafeBytes { try plan.read($0, into: document) }
                _ = document.root?.json
            } catch let error as TranslationError {
                #expect(document.isEmpty && error.reason != .value)
                refused += 1
            }
        }
        #expect(refused > 100)
    }
}
