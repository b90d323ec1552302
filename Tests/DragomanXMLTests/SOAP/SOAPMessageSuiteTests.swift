// SPDX-License-Identifier: Apache-2.0
// Real messages, there and back: each is read by its contract into JSON and written again, and
// both must be the same infoset.

import DragomanDocument
import Testing

@testable import DragomanXML

#if canImport(Glibc)
    import Glibc
#endif

@Suite("SOAP messages", .enabled(if: WSDLSuite.isPresent, "the suites are absent"))
struct SOAPMessageSuiteTests {
    private struct Tally {
        var same = 0
        var lines: [String] = []
    }

    /// Reads `xml` as a message of `plan`, writes it again, and compares what the Body holds.
    private func check(
        _ plan: OperationPlan, _ xml: String, _ title: String, _ tally: inout Tally
    ) {
        let read: SOAPFixture.Reply
        do {
            read = try SOAPFixture.read(plan, xml)
        } catch {
            tally.lines.append("\(title): not read: \(error)")
            return
        }
        if read.outcome == .fault {
            tally.same += 1
            return
        }
        do {
            let written = try SOAPFixture.write(plan.mirrored, read.json)
            let wanted = Infoset.text(xml, below: "Body")
            let got = Infoset.text(written, below: "Body")
            if got == wanted {
                tally.same += 1
            } else {
                tally.lines.append("\(title): differs\n\(wanted ?? "")--\n\(got ?? written)")
            }
        } catch {
            tally.lines.append("\(title): not written: \(error) of \(read.json)")
        }
    }

    @Test("node-soap's messages come back as they were")
    func nodeSOAP() throws {
        var requests = Tally()
        var replies = Tally()
        let root = "soap-messages/node-soap"
        for name in folders(root) {
            let problems = ContractProblems()
            guard
                let (contract, _) = WSDLSuite.loadWithFiles("\(root)/\(name)/soap.wsdl", problems),
                let endpoint = contract.endpoint(SOAPSelection())
            else {
                requests.lines.append(
                    "\(name): not loaded: \(problems.all.first?.description ?? "")")
                continue
            }
            let service = ServiceContract.make(contract, endpoint)
            let operation = String(name.prefix { $0 != "_" })
            guard
                let plan = service.operations.first(where: {
                    $0.name == operation || name.hasPrefix($0.name + "__")
                })
            else {
                requests.lines.append(
                    "\(name): no operation; \(service.omitted) \(problems.all.map(\.description))")
                continue
            }
            let folder = "\(root)/\(name)"
            let request = WSDLSuite.text("\(folder)/request.xml")
            if !request.isEmpty { check(plan.mirrored, request, "\(name) request", &requests) }
            let reply = WSDLSuite.text("\(folder)/response.xml")
            if !reply.isEmpty { check(plan, reply, "\(name) response", &replies) }
        }
        WSDLSuite.show(requests.lines + replies.lines)
        WSDLSuite.show(["node-soap: \(requests.same) requests, \(replies.same) replies"])
        #expect(requests.same >= 20)
        #expect(replies.same >= 20)
    }

    @Test("the schema collection's requests come back as they were")
    func schemaCollection() throws {
        var tally = Tally()
        let document = try #require(WSDLSuite.json("soap-messages/php-soap/schema.json"))
        withExtendedLifetime(document) {
            guard let cases = document.root?.items else { return }
            for item in cases {
                let id = item.member("id")?.string ?? ""
                let wsdl = item.member("wsdl")?.string ?? ""
                guard let fixture = SOAPFixture([("\(id).wsdl", wsdl)]),
                    let plan = fixture.contract.operations.first
                else {
                    tally.lines.append("\(id): no operation")
                    continue
                }
                let errors = fixture.problems.all.filter { $0.severity == .error }
                if let first = errors.first { tally.lines.append("\(id): \(first)") }
                check(plan.mirrored, item.member("request")?.string ?? "", id, &tally)
            }
        }
        WSDLSuite.show(tally.lines)
        WSDLSuite.show(["schema: \(tally.same)"])
        #expect(tally.same >= 10)
    }

    private func folders(_ path: String) -> [String] {
        guard let directory = opendir("\(WSDLSuite.root)/\(path)") else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name.contains("__") { names.append(name) }
        }
        return names.sorted()
    }
}
