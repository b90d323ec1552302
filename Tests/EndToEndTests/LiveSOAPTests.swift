// SPDX-License-Identifier: Apache-2.0
// Live calls to SOAP servers that nobody here wrote: spyne by the contract that it publishes,
// SOAP::Lite (rpc/encoded), and gSOAP by the contract that its compiler makes.

import Foundation
import Testing

@Suite("SOAP servers of others, end to end", .serialized)
struct LiveSOAPTests {
    static let hasSpyne = has(Project.python, ["-c", "import spyne, lxml"])
    static let hasSOAPLite = has("perl", ["-MSOAP::Transport::HTTP", "-e", "1"])
    static let hasGSOAP =
        has("sh", ["-c", "command -v soapcpp2 && command -v gcc && pkg-config gsoap"])

    private static func has(_ program: String, _ arguments: [String]) -> Bool {
        (try? RunningProcess.run(program, arguments).code) == 0
    }

    private func gateway(
        _ port: String, _ services: [(name: String, path: String, soap: String)],
        _ copies: [String: String]
    ) throws -> TestGateway {
        let upstreams = services.map {
            "\($0.name): { url: 'http://127.0.0.1:\(port)\($0.path)' }"
        }
        return try TestGateway(
            upstreams: "{ \(upstreams.joined(separator: ", ")) }",
            files: Dictionary(
                uniqueKeysWithValues: services.map {
                    (
                        "mappings/\($0.name).yaml",
                        "service: \($0.name)\nbackend: { soap: \($0.soap) }\n"
                    )
                }), copies: copies)
    }

    @Test("spyne, SOAP 1.1 and 1.2, by its own contract", .enabled(if: LiveSOAPTests.hasSpyne))
    func spyne() throws {
        let server = try RunningProcess(Project.python, [Project.support + "/spyne_server.py"])
        let port = try server.line()
        let folder = try TemporaryFolder()
        let imported = try RunningProcess.run(
            Project.binary,
            [
                "import", "http://127.0.0.1:\(port)/11/?wsdl", "--fetch", "--name", "ledger",
                "--into", folder.path,
            ])
        #expect(imported.code == 0, "\(imported.output)\(imported.errors)")
        let contract = try #require(
            FileManager.default.subpaths(atPath: folder.path)?.first {
                $0.hasPrefix("schemas/ledger/") && $0.hasSuffix(".wsdl")
            }, "\(imported.output)")
        let gateway = try gateway(
            port,
            [
                ("ledger", "/11/", "{ contract: ledger.wsdl }"),
                ("ledger12", "/12/", "{ contract: ledger.wsdl, version: '1.2' }"),
            ], ["schemas/ledger.wsdl": "\(folder.path)/\(contract)"])
        for name in ["ledger", "ledger12"] {
            let entry = #"{"Account":"a&b","Amount":1.25,"On":"2024-02-29","Tag":["x"]}"#
            #expect(
                try gateway.ask("POST", "/\(name)/post", body: #"{"entry":\#(entry)}"#).text
                    == #"{"PostResult":\#(entry.replacingOccurrences(of: "1.25", with: "2.50"))}"#)
            let list = try gateway.ask("GET", "/\(name)/list?count=1")
            #expect(list.text == #"{"ListResult":{"Entry":[{"Account":"a0","Amount":0.00}]}}"#)
            for (why, status) in [("a client thing", 400), ("a thing", 502)] {
                let answer = try gateway.ask(
                    "POST", "/\(name)/refuse", body: #"{"why":"\#(why)"}"#)
                #expect(answer.status == status, "\(answer.text)")
                let fault = answer.json["fault"] as? [String: Any]
                #expect(fault?["reason"] as? String == why)
            }
        }
    }

    @Test("SOAP::Lite, rpc/encoded", .enabled(if: LiveSOAPTests.hasSOAPLite))
    func soapLite() throws {
        let server = try RunningProcess("perl", [Project.support + "/soaplite_server.pl"])
        let port = try server.line()
        let gateway = try gateway(
            port, [("counter", "/", "{ contract: counter.wsdl }")],
            ["schemas/counter.wsdl": Project.support + "/counter.wsdl"])
        for (path, body, expected) in [
            ("add", #"{"a":2,"b":40}"#, #"{"sum":42}"#),
            ("words", #"{"text":"one two"}"#, #"{"words":["one","two"]}"#),
            ("words", #"{"text":"one"}"#, #"{"words":["one"]}"#),
            ("person", #"{"person":{"name":"A","age":5}}"#, #"{"greeting":"A: 5"}"#),
        ] {
            #expect(
                try gateway.ask("POST", "/counter/\(path)", body: body).text == expected)
        }
        let answer = try gateway.ask("POST", "/counter/fail", body: #"{"why":"because"}"#)
        #expect(answer.status == 400, "\(answer.text)")
        let fault = answer.json["fault"] as? [String: Any]
        #expect(fault?["code"] as? String == "Client.Refused")
        #expect((fault?["detail"] as? [String: String]) == ["Why": "because"])
    }

    @Test("gSOAP, SOAP 1.1 and 1.2, by the contract it makes", .enabled(if: LiveSOAPTests.hasGSOAP))
    func gSOAP() throws {
        let folder = try TemporaryFolder()
        try folder.copy(Project.support + "/gsoap_stock.h", to: "stock.h")
        try folder.copy(Project.support + "/gsoap_stock.c", to: "stock.c")
        let build = try RunningProcess.run(
            "sh",
            [
                "-c",
                "soapcpp2 -S -c -L -x stock.h && gcc -w -O0 -o stock stock.c soapC.c "
                    + "soapServer.c $(pkg-config --cflags --libs gsoap)",
            ], folder: folder.path)
        #expect(build.code == 0, "\(build.errors)")
        let server = try RunningProcess(folder.path + "/stock", [])
        let port = try server.line()
        let gateway = try gateway(
            port,
            [
                ("stock", "/", "{ contract: stock.wsdl }"),
                ("stock12", "/", "{ contract: stock.wsdl, version: '1.2' }"),
            ], ["schemas/stock.wsdl": folder.path + "/stock.wsdl"])
        for name in ["stock", "stock12"] {
            #expect(
                try gateway.ask("GET", "/\(name)/find?Code=x").text
                    == #"{"Item":{"unit":"box","Code":"x","Count":7,"Size":"LARGE"}}"#)
            #expect(
                try gateway.ask("GET", "/\(name)/list?Count=1").text
                    == #"{"item":[{"Code":"c","Count":0,"Size":"SMALL"}]}"#)
            let drop = try gateway.ask("POST", "/\(name)/drop", body: #"{"Code":"x"}"#)
            #expect(drop.status == 202, "\(drop.text)")
            let answer = try gateway.ask("GET", "/\(name)/find?Code=none")
            #expect(answer.status == 400, "\(answer.text)")
            let fault = answer.json["fault"] as? [String: Any]
            let detail = fault?["detail"] as? [String: [String: String]]
            #expect(detail?["NoItem"]?["Code"] == "none", "\(answer.text)")
        }
    }
}
