// SPDX-License-Identifier: Apache-2.0
// gateway.yaml: every key of PRODUCT.md, its defaults, and what is wrong with a file.

import DragomanDocument
import Foundation
import Testing

@testable import DragomanMapping

func gateway(
    _ text: String, directory: String = "/nonexistent", environment: [String: String] = [:]
) -> (configuration: GatewayConfiguration, problems: [String]) {
    let collector = DiagnosticCollector()
    let configuration = GatewayReader.read(
        SourceText(path: "gateway.yaml", text: text), directory: directory,
        environment: { environment[$0] }, into: collector)
    return (configuration, collector.sorted.map { "\($0.code) \($0.line):\($0.column)" })
}

/// A folder that is there as long as a test runs.
final class TemporaryFolder {
    let path: String

    init() throws {
        let base = FileManager.default.temporaryDirectory
        let url = base.appendingPathComponent("dragoman-" + UUID().uuidString)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ name: String, _ text: String) throws {
        let file = URL(fileURLWithPath: path).appendingPathComponent(name)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }
}

@Suite("GatewayReader")
struct GatewayReaderTests {
    @Test("has the defaults of PRODUCT.md")
    func defaults() {
        let (configuration, problems) = gateway("")
        #expect(problems.isEmpty)
        #expect(configuration.listeners == [ListenerSettings(.host("127.0.0.1", port: 8080))])
        #expect(configuration.admin?.listener.address == .host("127.0.0.1", port: 9901))
        #expect(configuration.exposeErrors)
        #expect(configuration.drain == DrainSettings())
        let limits = configuration.limits
        #expect(limits == GatewayLimits())
        #expect(limits.body == 4_194_304 && limits.reply == 33_554_432)
        #expect(limits.buffer == 8_388_608 && limits.url == 8_192 && limits.headers == 32_768)
        #expect(limits.headerCount == 100 && limits.depth == 100 && limits.members == 100_000)
        #expect(limits.connections == 10_000 && limits.headerTimeout == .seconds(10))
        #expect(limits.bodyIdle == .seconds(15) && limits.keepAlive == .seconds(75))
        #expect(limits.timeout == .seconds(15) && limits.connect == .seconds(2))
        #expect(limits.idle == .seconds(60))
    }

    @Test("reads every key")
    func everything() throws {
        let folder = try TemporaryFolder()
        for name in ["ca.pem", "me.pem", "me.key"] { try folder.write(name, "x") }
        let (configuration, problems) = gateway(
            """
            listen:
              - 127.0.0.1:0
              - address: "[::1]:8443"
                tls: { certificate: me.pem, key: me.key, client_ca: ca.pem }
              - unix:/run/api.sock
            admin: { address: 0.0.0.0:9901, token: secret }
            trusted_proxies: [10.0.0.0/8, "2001:db8::/32", 192.0.2.1]
            upstreams:
              orders:
                url: https://orders.internal:50051
                protocol: http2
                tls: { ca: ca.pem, certificate: me.pem, key: me.key, server_name: orders }
                timeout: 2s
                retry: { attempts: 3, when: [connect, reset, unavailable, 503], budget: 20% }
                balance: round_robin
              many: { endpoints: [http://a:1, http://b:2] }
              socket: { url: unix:/run/b.sock }
            limits:
              { body: 1KiB, members: 5, names: 20, text: 2KiB, idle: 1m30s, header_count: 7,
                depth: 0x10 }
            expose_errors: false
            drain: { wait: 1.5s, limit: 300ms }
            policies:
              slow: { timeout: 9s, limits: { body: 2MiB }, decompress: true, format: annotate }
            defaults: { timeout: 3s, use: [slow] }
            openapi: /openapi.json
            """, directory: folder.path)
        #expect(problems.isEmpty, "\(problems)")
        #expect(
            configuration.listeners.map(\.address) == [
                .host("127.0.0.1", port: 0), .host("::1", port: 8443), .unix("/run/api.sock"),
            ])
        #expect(configuration.listeners[1].tls?.key == folder.path + "/me.key")
        #expect(configuration.admin?.token == "secret")
        #expect(configuration.trustedProxies.count == 3)
        let orders = try #require(configuration.upstream("orders"))
        #expect(
            orders.location == .urls([try #require(UpstreamURL("https://orders.internal:50051"))]))
        #expect(orders.version == .http2 && orders.timeout == .seconds(2))
        #expect(orders.tls?.serverName == "orders")
        #expect(orders.retry?.attempts == 3 && orders.retry?.budget == 0.2)
        #expect(
            orders.retry?.conditions == [.connect, .reset, .grpc(14), .status(503)])
        #expect(orders.balance == .roundRobin)
        #expect(configuration.upstreams.map(\.name) == ["orders", "many", "socket"])
        #expect(configuration.limits.body == 1_024 && configuration.limits.idle == .seconds(90))
        #expect(configuration.limits.depth == 16 && configuration.limits.headerCount == 7)
        #expect(
            configuration.limits.document
                == DocumentLimits(depthMax: 16, membersMax: 5, namesMax: 20, textMax: 2_048))
        #expect(!configuration.exposeErrors)
        #expect(configuration.drain.wait == .milliseconds(1_500))
        #expect(configuration.policies["slow"]?.limits.body == 2 << 20)
        #expect(configuration.openAPIPath == "/openapi.json")
    }

    @Test("refuses what it does not yet obey")
    func notYetSupported() {
        let (_, problems) = gateway(
            """
            upstreams:
              a: { url: http://a, breaker: { failure_ratio: 50% }, health: { grpc: true } }
              b: { dns: b.internal:80 }
            policies:
              p: { auth: { jwt: main, scopes: [x] }, limit: { rate: 100/s, by: consumer } }
              q: { auth: none }
            """)
        #expect(
            problems
                == Array(repeating: "not-yet-supported", count: 5).enumerated().map {
                    $0.element + [" 2:23", " 2:56", " 3:8", " 5:8", " 5:42"][$0.offset]
                })
    }

    @Test(
        "locates what is wrong",
        arguments: [
            ("lisen: 127.0.0.1:1", "unknown-key 1:1"),
            ("listen: 8080", "wrong-value 1:9"), ("listen: 127.0.0.1:99999", "wrong-value 1:9"),
            ("listen: []", "wrong-value 1:9"), ("admin: true", "wrong-value 1:8"),
            ("admin: 0.0.0.0:9901", "admin-token 1:8"), ("admin: :9901", "admin-token 1:8"),
            ("limits: { body: lots }", "wrong-value 1:17"),
            ("limits: { body: 0 }", "wrong-value 1:17"),
            ("limits: { timeout: 5 }", "wrong-value 1:20"),
            ("limits: { depth: 1.5 }", "wrong-value 1:18"),
            ("limits: { depth: -1 }", "wrong-value 1:18"),
            ("limits: { depth: 99999999999999999999 }", "wrong-value 1:18"),
            ("limits: [1]", "wrong-value 1:9"), ("limits: { body: }", "missing-value 1:17"),
            ("expose_errors: yes", "wrong-value 1:16"),
            ("trusted_proxies: [10.0.0.0/33]", "wrong-value 1:19"),
            ("trusted_proxies: 10.0.0.0/8", "wrong-value 1:18"),
            ("upstreams: { a: { } }", "missing-key 1:17"),
            ("upstreams: { a: { url: ftp://x } }", "wrong-value 1:24"),
            ("upstreams: { a: { url: \"http://x/#q\" } }", "wrong-value 1:24"),
            ("upstreams: { a: { url: http://x, dns: \"x:1\" } }", "too-many-keys 1:34"),
            ("upstreams: { a: { url: http://x, tls: {} } }", "tls-without-https 1:39"),
            ("upstreams: { a: { url: https://x, tls: { ca: no.pem } } }", "missing-file 1:46"),
            ("upstreams: { a: { url: http://x, retry: { when: [often] } } }", "wrong-value 1:50"),
            ("upstreams: { a: { endpoints: [http://x, https://y] } }", "wrong-value 1:41"),
            ("upstreams: { 'a b': { url: http://x } }", "wrong-name 1:14"),
            ("defaults: { use: [nobody] }", "unknown-policy 1:19"),
            ("defaults: { format: strict }", "wrong-value 1:21"),
            ("policies: { p: { use: [q] } }", "unknown-key 1:18"),
            ("openapi: openapi.json", "wrong-value 1:10"),
            ("- 1", "wrong-value 1:1"), ("x: &a [*a]", "yaml-alias 1:8"),
        ])
    func locates(_ text: String, _ problem: String) {
        let problems = gateway(text).problems
        #expect(problems.contains(problem), "\(problems)")
    }

    @Test("reports everything at once, with suggestions")
    func allAtOnce() {
        let collector = DiagnosticCollector()
        _ = GatewayReader.read(
            SourceText(
                path: "gateway.yaml",
                text:
                    "lisen: x\nlimits: { bdoy: 1, depth: no }\nupstreams: { a: { balance: randm } }"
            ),
            directory: ".", environment: { _ in nil }, into: collector)
        #expect(
            collector.sorted.map(\.code) == [
                "unknown-key", "unknown-key", "wrong-value", "missing-key", "wrong-value",
            ])
        #expect(collector.sorted.compactMap(\.suggestion) == ["listen", "body", "random"])
    }

    @Test("takes scalars from the environment and from files")
    func externals() throws {
        let folder = try TemporaryFolder()
        try folder.write("secret", "s3cret\n")
        let text = """
            admin: { address: { env: ADMIN }, token: { file: secret } }
            limits: { depth: { env: DEPTH }, body: { env: BODY } }
            expose_errors: { env: EXPOSE }
            upstreams:
              a: { url: { env: URL }, tls: { server_name: { env: NAME } } }
            trusted_proxies: [{ env: PROXY }]
            """
        let (configuration, problems) = gateway(
            text, directory: folder.path,
            environment: [
                "ADMIN": "10.0.0.1:1", "DEPTH": "7", "BODY": "1KiB", "EXPOSE": "false",
                "URL": "https://x:1", "NAME": "007", "PROXY": "10.0.0.0/8",
            ])
        #expect(problems.isEmpty, "\(problems)")
        #expect(configuration.admin?.token == "s3cret")
        #expect(configuration.limits.depth == 7 && configuration.limits.body == 1_024)
        #expect(!configuration.exposeErrors)
        #expect(configuration.upstream("a")?.tls?.serverName == "007")
        #expect(configuration.trustedProxies.count == 1)
        let missing = gateway("limits: { depth: { env: NOPE }, body: { file: nope } }").problems
        #expect(missing == ["missing-variable 1:25", "missing-file 1:47"])
        let wrong = gateway("limits: { depth: { env: X } }", environment: ["X": "deep"]).problems
        #expect(wrong == ["wrong-value 1:18"])
    }

    @Test("takes headers of an upstream, secret or not, and never shows what comes from outside")
    func headers() throws {
        let folder = try TemporaryFolder()
        try folder.write("key", "k3y\r\n")
        let (configuration, problems) = gateway(
            """
            upstreams:
              a:
                url: { env: URL }
                headers: { X-Api-Key: { file: key }, x-region: 7 }
                credentials: { bearer: { token: { env: TOKEN } } }
            """, directory: folder.path,
            environment: ["URL": "http://x/?key=1", "TOKEN": "t0ken"])
        #expect(problems.isEmpty, "\(problems)")
        let upstream = try #require(configuration.upstream("a"))
        #expect(upstream.headers.map(\.name) == ["x-api-key", "x-region"])
        #expect(upstream.headers.map(\.value) == ["k3y", "7"])
        #expect(upstream.credentials?.scheme == .bearer)
        #expect(upstream.credentials?.password == "t0ken" && upstream.isLocationExternal)
        let wrong = gateway(
            """
            upstreams:
              a:
                url: http://x
                headers: { Host: b, 'x y': c, x-a: "a\\nb", grpc-timeout: 1, x-b: { env: LINES } }
            """, environment: ["LINES": "a\nb"]
        ).problems
        let codes = wrong.map { $0.prefix { $0 != " " } }.sorted()
        #expect(codes == ["wrong-name", "wrong-name", "wrong-name", "wrong-value", "wrong-value"])
        let collector = DiagnosticCollector()
        let source = SourceText(
            path: "gateway.yaml",
            text: """
                upstreams:
                  a: { url: 'https://x', tls: { ca: { env: S } }, timeout: { env: S } }
                  b: { url: { env: S } }
                """
        )
        _ = GatewayReader.read(
            source, directory: "/nonexistent", environment: { _ in "s3cret5" }, into: collector)
        #expect(collector.diagnostics.count == 3)
        for diagnostic in collector.diagnostics {
            #expect(!"\(diagnostic)".contains("s3cret"), "\(diagnostic)")
        }
    }

    @Test("says that a file is missing")
    func missing() {
        let collector = DiagnosticCollector()
        _ = GatewayReader.load(
            path: "/nonexistent/gateway.yaml", environment: { _ in nil }, into: collector)
        #expect(collector.diagnostics.map(\.code) == ["missing-file"])
    }
}

@Suite("Scalar grammars")
struct ScalarGrammarTests {
    @Test(
        "reads durations",
        arguments: [
            ("300ms", Duration.milliseconds(300)), ("2s", .seconds(2)),
            ("1.5s", .milliseconds(1_500)),
            ("1m30s", .seconds(90)), ("5m", .seconds(300)), ("1h", .seconds(3_600)), ("0s", .zero),
            ("7d", .seconds(604_800)), ("250us", .microseconds(250)), ("5", nil), ("s", nil),
            ("-1s", nil), ("1 s", nil), ("1S", nil), ("", nil), ("1.0000000001s", nil),
            ("99999999999999999h", nil), ("1e3s", nil),
        ] as [(String, Duration?)])
    func durations(_ text: String, _ value: Duration?) {
        #expect(ScalarGrammar.duration(text) == value)
    }

    @Test("reads sizes, ratios and rates")
    func others() {
        #expect(ScalarGrammar.size("4MiB") == 4 << 20)
        #expect(ScalarGrammar.size("1.5KiB") == 1_536)
        #expect(ScalarGrammar.size("100kB") == 100_000)
        #expect(ScalarGrammar.size("512") == 512)
        #expect(ScalarGrammar.size("4mib") == nil)
        #expect(ScalarGrammar.size("0.3B") == nil)
        #expect(ScalarGrammar.size("999999999999GiB") == nil)
        #expect(ScalarGrammar.ratio("20%") == 0.2)
        #expect(ScalarGrammar.ratio("0.25") == 0.25)
        #expect(ScalarGrammar.ratio("101%") == nil)
        #expect(Rate("100/s")?.count == 100)
        #expect(Rate("5/h")?.period == .seconds(3_600))
        #expect(Rate("0/s") == nil && Rate("1/x") == nil && Rate("s") == nil)
    }

    @Test("reads addresses")
    func addresses() throws {
        #expect(ListenAddress("localhost:80")?.isLoopback == true)
        #expect(ListenAddress("[::1]:80")?.isLoopback == true)
        #expect(ListenAddress("127.9.9.9:80")?.isLoopback == true)
        #expect(ListenAddress(":80") == .host("", port: 80))
        #expect(ListenAddress("*:80") == .host("", port: 80))
        #expect(ListenAddress(":80")?.isLoopback == false)
        #expect(ListenAddress("::1:80") == nil && ListenAddress("host") == nil)
        #expect(ListenAddress("unix:rel") == nil && ListenAddress("a b:1") == nil)
        #expect(ListenAddress("1.2.3:80") == nil)
        let range = try #require(AddressRange("10.1.0.0/16"))
        #expect(range.contains(try #require(NetworkAddress("10.1.255.3"))))
        #expect(!range.contains(try #require(NetworkAddress("10.2.0.0"))))
        #expect(range.contains(try #require(NetworkAddress("::ffff:10.1.0.1"))))
        let wide = try #require(AddressRange("2001:db8::/33"))
        #expect(wide.contains(try #require(NetworkAddress("2001:db8:7fff::1"))))
        #expect(!wide.contains(try #require(NetworkAddress("2001:db8:8000::1"))))
        let url = try #require(UpstreamURL("HTTPS://Host.example/a/b"))
        #expect(url.isSecure && url.path == "/a/b")
        #expect(url.target == .host("Host.example", port: 443))
        #expect(UpstreamURL("http://[::1]:8")?.target == .host("::1", port: 8))
        #expect(UpstreamURL("http://x")?.path == nil)
        #expect(UpstreamURL("http://backend.invalid/")?.path == "/")
        for text in ["http://u@x", "http://x#f", "http://", "//x", "http://x:0", "http://x y"] {
            #expect(UpstreamURL(text) == nil, "\(text)")
        }
    }
}

@Suite("Policies")
struct PolicyTests {
    @Test("are laid over one another in order")
    func order() throws {
        let (configuration, _) = gateway(
            """
            upstreams:
              u: { url: http://u, timeout: 2s, retry: { attempts: 5 } }
            policies:
              a: { timeout: 4s, limits: { body: 4KiB, depth: 4 }, idle: 4s, limit: { rate: 4/s } }
              b: { limits: { depth: 5 }, limit: { rate: 5/s } }
            defaults: { timeout: 1s, idle: 1s, decompress: true, limits: { body: 1KiB } }
            """)
        let upstream = configuration.upstream("u")
        var file = PolicySet()
        file.idle = .seconds(3)
        let plain = configuration.policy(upstream: upstream, file: file, route: PolicySet())
        #expect(plain.timeout == .seconds(2) && plain.idle == .seconds(3))
        #expect(plain.retry?.attempts == 5 && plain.decompress == true)
        var route = PolicySet()
        let names = try #require(read("[a, b]").node?.items)
        route.use = names.map(LocatedText.init)
        route.limits.reply = 9
        let full = configuration.policy(upstream: upstream, file: file, route: route)
        #expect(full.timeout == .seconds(4) && full.idle == .seconds(4))
        #expect(full.limits.body == 4_096 && full.limits.depth == 5 && full.limits.reply == 9)
        #expect(full.limit.map(\.rate.count) == [4, 5])
        let limits = configuration.limits.overlaid(by: full.limits)
        #expect(limits.body == 4_096 && limits.members == 100_000)
    }
}
