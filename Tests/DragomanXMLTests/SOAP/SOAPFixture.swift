// SPDX-License-Identifier: Apache-2.0
// A contract from text, and messages through it, as tests want them.

import DragomanDocument

@testable import DragomanXML

struct SOAPFixture {
    let contract: ServiceContract
    let problems: ContractProblems

    /// Files by name; the first is the contract.
    init?(_ files: [(name: String, text: String)], selection: SOAPSelection = SOAPSelection()) {
        let sources = files.map { ContractSource(name: $0.name, bytes: Array($0.text.utf8)) }
        let problems = ContractProblems()
        guard let first = sources.first,
            let contract = ServiceContract.load(
                first, selection: selection,
                resolver: { location, _ in sources.first { $0.name == location } },
                problems: problems)
        else { return nil }
        self.contract = contract
        self.problems = problems
    }

    /// The envelope of a request; throws what the writer throws.
    func request(
        _ operation: String, _ json: String, header: String? = nil
    ) throws -> String {
        guard let plan = contract.operation(named: operation) else { return "no \(operation)" }
        return try SOAPFixture.write(plan, json, header: header)
    }

    static func write(
        _ plan: OperationPlan, _ json: String, header: String? = nil
    ) throws -> String {
        let body = try Document.reading(json)
        let headers = try header.map { try Document.reading($0) }
        let output = OutputBuffer()
        try withExtendedLifetime((body, headers)) {
            try SOAPRequestWriter().write(
                plan, body: body.root, header: headers?.root, to: output)
        }
        return output.string
    }

    struct Reply {
        let outcome: SOAPReplyReader.Outcome
        let json: String
        let headers: String
        let mismatches: [String]
    }

    /// Reads a reply, `pieceBytes` at a time.
    func reply(
        _ operation: String, _ xml: String, status: Int = 200, type: String? = "text/xml",
        pieceBytes: Int = 1 << 20, language: String? = nil
    ) throws -> Reply? {
        guard let plan = contract.operation(named: operation) else { return nil }
        return try SOAPFixture.read(
            plan, xml, status: status, type: type, pieceBytes: pieceBytes, language: language)
    }

    static func read(
        _ plan: OperationPlan, _ xml: String, status: Int = 200, type: String? = "text/xml",
        pieceBytes: Int = 1 << 20, language: String? = nil
    ) throws -> Reply {
        let reader = SOAPReplyReader(plans: plan.plans)
        let document = Document()
        var type = type
        if var known = type {
            known.withUTF8 {
                reader.begin(
                    plan, status: status, contentType: UnsafeRawBufferPointer($0),
                    into: document)
            }
            type = known
        } else {
            reader.begin(plan, status: status, contentType: nil, into: document)
        }
        let bytes = Array(xml.utf8)
        var start = 0
        while start < bytes.count {
            let end = min(start + pieceBytes, bytes.count)
            try bytes[start..<end].withUnsafeBytes { try reader.feed($0) }
            start = end
        }
        var language = language ?? ""
        let outcome = try language.withUTF8 {
            try reader.finish(acceptLanguage: $0.isEmpty ? nil : UnsafeRawBufferPointer($0))
        }
        return withExtendedLifetime(document) {
            Reply(
                outcome: outcome, json: document.root?.json ?? "nothing",
                headers: reader.headers.root?.json ?? "nothing", mismatches: reader.mismatches)
        }
    }
}
