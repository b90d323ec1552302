// SPDX-License-Identifier: Apache-2.0
// The raw requests of gunicorn and llhttp: the invalid ones are refused, the valid ones give what
// their authors expect, save where RFC 9112 or the gateway's own rules say otherwise.

import DragomanHTTP
import Testing

@Suite("RequestParser on the http1 suites")
struct SuiteTests {
    /// Valid cases that are refused here, and why.
    static let refusedGunicorn: [String: String] = [
        "valid/025": "an unknown transfer coding cannot be undone: 501 (RFC 9112 section 6.1)",
        "valid/028": "space before a colon must be refused (RFC 9112 section 5.1)",
        "valid/pp_02": "the PROXY protocol is not HTTP and not spoken",
        "valid/pp_04": "the PROXY protocol is not HTTP and not spoken",
    ]

    @Test(
        "reads gunicorn's valid requests as expected",
        .enabled(if: Suites.arePresent, "no suites at ../shared/suites"),
        arguments: Suites.gunicornValid)
    func gunicornValid(_ item: Suites.Gunicorn) {
        let outcomes = parseAllWays(Suites.withHost(item.raw))
        #expect(outcomes[1] == outcomes[0])
        #expect(outcomes[2] == outcomes[0])
        let outcome = outcomes[0]
        if let reason = Self.refusedGunicorn[item.id] {
            #expect(outcome.error != nil, "\(reason)")
            return
        }
        #expect(outcome.error == nil)
        let expected = item.expect ?? []
        #expect(outcome.requests.count == expected.count)
        for (got, want) in zip(outcome.requests, expected) {
            #expect(got.isComplete)
            #expect(got.method.uppercased() == want.method)
            #expect(got.target == want.uri)
            #expect(got.version == (want.version[1] == 0 ? .http10 : .http11))
            #expect(got.body == want.body)
            let fields = got.fields.filter { $0.value != "suite.example" }
            #expect(fields == want.headers.map { ParsedField($0[0].lowercased(), $0[1]) })
            if let trailers = want.trailers {
                #expect(got.trailers == trailers.map { ParsedField($0[0].lowercased(), $0[1]) })
            }
        }
    }

    /// Invalid by gunicorn's own settings: parsed here once a Host is there.
    static let invalidBySetting: Set<String> = ["invalid/010", "invalid/chunked_07"]

    @Test(
        "refuses gunicorn's invalid requests",
        .enabled(if: Suites.arePresent, "no suites at ../shared/suites"),
        arguments: Suites.gunicornInvalid)
    func gunicornInvalid(_ item: Suites.Gunicorn) {
        // gunicorn's own defaults: 4094 octets of a request line, 8190 of a field.
        var limits = HeadLimits(targetBytesMax: 4094 - 14, headerBytesMax: 8190)
        if let size = item.config["limit_request_field_size"].flatMap({ Int($0) }) {
            limits.headerBytesMax = size
        }
        for raw in [item.raw, Suites.withHost(item.raw)] {
            let outcomes = parseAllWays(raw, limits: limits)
            #expect(outcomes[1] == outcomes[0])
            #expect(outcomes[2] == outcomes[0])
            if Self.invalidBySetting.contains(item.id), raw != item.raw { continue }
            #expect(outcomes[0].error != nil)
        }
    }

    /// Requests that llhttp reads and that are refused here, and why.
    static let refusedLLHTTP: [String: String] = [
        "No HTTP version": "HTTP/0.9 is not spoken",
        "M-SEARCH request": "asterisk-form is for OPTIONS only (RFC 9112 section 3.2.4)",
        "SOURCE request with ICE": "ICE is not HTTP",
        "OPTIONS request with RTSP": "RTSP is not HTTP",
        "ANNOUNCE request with RTSP": "RTSP is not HTTP",
        "Fragment in URI": "a fragment is no part of a request target (RFC 9112 section 3.2)",
    ]

    @Test(
        "agrees with llhttp in strict mode",
        .enabled(if: Suites.arePresent, "no suites at ../shared/suites"),
        arguments: Suites.llhttp.filter { !$0.type.contains("lenient") })
    func llhttp(_ item: Suites.LLHTTP) {
        let outcomes = parseAllWays(Suites.withHost(item.raw))
        #expect(outcomes[1] == outcomes[0])
        #expect(outcomes[2] == outcomes[0])
        let outcome = outcomes[0]
        let isCut = item.log.contains("finish=2")
        // 5: more after `close`; 22: llhttp hands over to another protocol. Valid so far.
        let stopsThere = item.log.contains("error code=5 ") || item.log.contains("error code=22 ")
        if Self.refusedLLHTTP[item.title] != nil {
            #expect(outcome.error != nil && outcome.requests.isEmpty)
        } else if isCut {
            #expect(outcome.error == nil && outcome.isBrokenOff)
        } else if item.log.contains("error code=") && !stopsThere {
            #expect(outcome.error != nil)
        } else if item.log.contains("skip body") {
            #expect(outcome.requests.count == 1)
        } else {
            #expect(!outcome.requests.isEmpty)
            if !item.log.contains("error code=22 ") { #expect(outcome.error == nil) }
        }
    }

    /// What llhttp accepts only when told to be lenient is refused, or given no second meaning.
    @Test(
        "refuses what llhttp accepts only leniently",
        .enabled(if: Suites.arePresent, "no suites at ../shared/suites"),
        arguments: Suites.llhttp.filter { $0.type.contains("lenient") })
    func llhttpLenient(_ item: Suites.LLHTTP) {
        let outcomes = parseAllWays(Suites.withHost(item.raw))
        #expect(outcomes[1] == outcomes[0])
        #expect(outcomes[2] == outcomes[0])
        let outcome = outcomes[0]
        if item.type == "request-lenient-keep-alive" {
            #expect(outcome.error == nil && outcome.requests.count == 1)
            #expect(outcome.requests.first?.keepAlive == false)
        } else {
            #expect(outcome.error != nil && outcome.requests.isEmpty)
        }
    }
}
