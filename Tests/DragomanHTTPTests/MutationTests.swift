// SPDX-License-Identifier: Apache-2.0
// Seeded mutations of real requests and answers: never a crash, and the same outcome however the
// octets are cut. `DRAGOMAN_MUTATIONS` sets how many.

import DragomanHTTP
import Foundation
import Testing

/// SplitMix64: the same numbers on every run.
struct SeededNumbers: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

@Suite("Mutations")
struct MutationTests {
    static let count =
        ProcessInfo.processInfo.environment["DRAGOMAN_MUTATIONS"].flatMap { Int($0) } ?? 2000

    static let pieces: [[UInt8]] = [
        "\r\n", "\n", "\r", "\r\n\r\n", ":", " ", "\t", ",", ";", "\u{00}", "\u{FF}", "0",
        "chunked",
        "Content-Length: 3", "Transfer-Encoding: chunked", "Host: a", "HTTP/1.0", "HTTP/1.1", "%2e",
        "/../", "#", "?", "@", "[::1]", "ffffffffffffffff", "GET ", "\"", "\\",
    ].map(octets)

    static let requests: [[UInt8]] = [
        "GET /a%20b/c?d=e HTTP/1.1\r\nHost: a.example:80\r\nAccept: */*\r\n\r\n",
        "POST http://u@a:1/x HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"
            + "GET / HTTP/1.0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "3;a=\"b\"\r\nabc\r\n0\r\nT: u\r\n\r\n",
        "\r\nOPTIONS * HTTP/1.1\r\nHost: [::1]\r\nConnection: keep-alive, x\r\n"
            + "Expect: 100-continue\r\n\r\n",
    ].map(octets)

    static let answers = [
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 3\r\nA: b\r\n\r\nabc",
        "HTTP/1.1 200\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nT: u\r\n\r\nx",
        "HTTP/1.0 404 Not Found\r\nConnection: keep-alive\r\n\r\nuntil the end",
    ].map(octets)

    static func mutate(_ source: [UInt8], _ numbers: inout SeededNumbers) -> [UInt8] {
        var bytes = source
        for _ in 0...Int.random(in: 0..<3, using: &numbers) where !bytes.isEmpty {
            let place = Int.random(in: 0..<bytes.count, using: &numbers)
            switch Int.random(in: 0..<4, using: &numbers) {
            case 0: bytes[place] = UInt8.random(in: 0...255, using: &numbers)
            case 1: bytes.remove(at: place)
            case 2: bytes.insert(contentsOf: pieces.randomElement(using: &numbers) ?? [], at: place)
            default:
                let end = min(bytes.count, place + Int.random(in: 1..<40, using: &numbers))
                bytes.insert(contentsOf: bytes[place..<end], at: place)
            }
        }
        return bytes
    }

    @Test("gives requests one outcome, however they are cut")
    func mutatedRequests() {
        var numbers = SeededNumbers(state: 1)
        var accepted = 0
        for index in 0..<Self.count {
            let raw = Self.mutate(Self.requests[index % Self.requests.count], &numbers)
            let outcomes = parseAllWays(raw)
            #expect(outcomes[1] == outcomes[0] && outcomes[2] == outcomes[0], "\(latin1(raw))")
            if outcomes[0].error == nil { accepted += 1 }
        }
        #expect(accepted > 0 && accepted < Self.count)
    }

    @Test("gives answers one outcome, however they are cut")
    func mutatedAnswers() {
        var numbers = SeededNumbers(state: 2)
        for index in 0..<Self.count {
            let raw = latin1(Self.mutate(Self.answers[index % Self.answers.count], &numbers))
            _ = ResponseParserTests.read(raw, isHead: index % 7 == 0)
        }
    }
}
