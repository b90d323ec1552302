// SPDX-License-Identifier: Apache-2.0
// The answers that savon, Ruby's SOAP client, is tested with: each as its service's contract has
// it, and the faults of servers that are none too careful.

import Foundation
import Testing

@Suite(
    "savon's answers",
    .enabled(if: Savon.isThere, "no soap-messages/savon in the suites (DRAGOMAN_SUITES)"))
struct SavonTests {
    private static let folder: TemporaryFolder? = {
        guard let folder = try? TemporaryFolder() else { return nil }
        let mapping = """
            service: documents
            backend: { soap: { contract: savon.wsdl, port: Documents } }
            routes:
              POST /authentication: { call: Authenticate }
              POST /header:
                call: Open
                response:
                  status: ${reply.processStatus.statusCode}
                  session: ${reply_headers.soap.SessionNumber}
              POST /list: { call: History }
              POST /taxcloud: { call: Tax }
              POST /any: { call: Tax }
            """
        let encoded = """
            service: encoded
            backend: { soap: { contract: savon.wsdl, port: Encoded } }
            routes:
              POST /multi_ref: { call: list }
              POST /f5: { call: get_agent_listen_address }
            """
        try? folder.write("{}\n", to: "gateway.yaml")
        try? folder.write(mapping, to: "mappings/documents.yaml")
        try? folder.write(encoded, to: "mappings/encoded.yaml")
        try? folder.copy(Project.support + "/savon.wsdl", to: "schemas/savon.wsdl")
        return folder
    }()

    private func answer(_ path: String, _ name: String) throws -> (status: Int, body: String) {
        let folder = try #require(Self.folder)
        let result = try RunningProcess.run(
            Project.binary,
            [
                "explain", "--config", folder.path + "/gateway.yaml", "POST", path, "--format",
                "json", "--reply", "@\(Savon.folder)/\(name).xml",
            ])
        let object =
            try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
        let response = try #require(object?["response"] as? [String: Any], "\(result.errors)")
        let body = try JSONSerialization.data(
            withJSONObject: response["body"] ?? [:],
            options: [.sortedKeys, .withoutEscapingSlashes])
        return (response["status"] as? Int ?? 0, String(decoding: body, as: UTF8.self))
    }

    @Test(
        "answers come typed, references resolved, arrays as arrays",
        arguments: [
            (
                "authentication",
                #"{"return":{"authenticationValue":{"client":"radclient","token":"a68d1d6379b62ff339a0e0c69ed4d9cf","tokenHash":"AAAJxA;cIedoT;mY10ExZwG6JuKgp2OYKxow=="},"success":true}}"#
            ),
            (
                "header",
                #"{"session":"<SessionNumber xmlns=\"http://webservices.somewhere.com/definitions\">ABCD1234</SessionNumber>","status":"P"}"#
            ),
            (
                "list",
                #"{"history":{"case":[{"logText":"test","logTime":"2010-09-21T18:22:01.558+10:00","logType":"Notes Log"},{"logText":"another test","logTime":"2010-09-21T18:22:07.038+10:00","logType":"Notes Log"}]}}"#
            ),
            (
                "taxcloud",
                #"{"LookupResult":{"CartItemsResponse":{},"Messages":{"ResponseMessage":[{"Message":"Invalid apiLoginID and/or apiKey","ResponseType":"Error"}]},"ResponseType":"Error"}}"#
            ),
            (
                "f5",
                #"{"return":[{"ipport":{"address":"","port":161},"transport":"TRANSPORT_TCP6"},{"ipport":{"address":"","port":161},"transport":"TRANSPORT_UDP6"}]}"#
            ),
        ])
    func replies(_ name: String, _ expected: String) throws {
        let answer = try answer("/\(name)", name)
        #expect(answer.status == 200)
        #expect(answer.body == expected)
    }

    @Test("entries that stand elsewhere in the message, and share what they refer to")
    func references() throws {
        let body = try answer("/multi_ref", "multi_ref").body
        #expect(
            body.hasPrefix(
                #"{"listReturn":[{"date":"2009-04-30T06:38:34.000Z","location":"Archive","mailId":708021,"referenceId":0,"state":"Original","subject":"Mail from 04-29-2009: Technical support"},{"date":"2009-09-22"#
            ))
        #expect(body.components(separatedBy: #""referenceId":0"#).count == 4)
    }

    @Test(
        "faults, and what is neither a fault nor an answer",
        arguments: [
            (
                "another_soap_fault", 502,
                #""fault":{"code":"ERR_NO_SESSION","reason":"Wrong session message"}"#
            ),
            ("empty_soap_fault", 502, #""fault":{"code":"","reason":""}"#),
            (
                "soap_fault", 502,
                #""fault":{"code":"Server","reason":"Fault occurred while processing."}"#
            ),
            (
                "soap_fault12", 400,
                #""subcode":["{http://www.example.org/timeouts}MessageTimeout"]"#
            ),
            ("soap_fault_funky", 502, "ServiceFault, where the contract has"),
            ("soap_fault_invalid_encoding", 502, "not well-formed at line 5, column 56"),
            ("no_body", 502, "has no Body"),
        ])
    func faults(_ name: String, _ status: Int, _ expected: String) throws {
        let answer = try answer("/any", name)
        #expect(answer.status == status)
        #expect(answer.body.contains(expected), "\(answer.body)")
    }

    @Test("none of the folder is left out")
    func whole() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: Savon.folder)
        #expect(names.filter { $0.hasSuffix(".xml") }.count == 13)
    }
}

private enum Savon {
    static let folder = Suites.path + "/soap-messages/savon/response"
    static let isThere = FileManager.default.fileExists(atPath: folder)
}
