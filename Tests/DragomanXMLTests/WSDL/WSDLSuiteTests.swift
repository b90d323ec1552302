// SPDX-License-Identifier: Apache-2.0
// Every WSDL of the suite loads without a crash, and has the operations that the inventory lists.

import DragomanDocument
import Testing

@testable import DragomanXML

@Suite("WSDL suite")
struct WSDLSuiteTests {
    static let inventory = WSDLSuite.inventory()

    @Test("loads every WSDL that is well-formed", .enabled(if: WSDLSuite.isPresent))
    func loads() throws {
        var lines: [String] = []
        var operations = 0
        for entry in WSDLSuiteTests.inventory where entry.root == "definitions" {
            let problems = ContractProblems()
            let loaded = WSDLSuite.load(entry.path, problems)
            let found = loaded?.model.portTypes.reduce(0) { $0 + $1.operations.count } ?? -1
            operations += max(found, 0)
            let errors = problems.all.filter { $0.severity == .error }
            if found < entry.operations {
                lines.append("\(entry.path): \(found) of \(entry.operations)")
            }
            for error in errors.prefix(3) { lines.append("\(entry.path): \(error)") }
        }
        WSDLSuite.show(lines)
        #expect(operations > 900)
    }

    @Test(
        "locates what is wrong with files that are not well-formed",
        .enabled(if: WSDLSuite.isPresent))
    func broken() throws {
        for entry in WSDLSuiteTests.inventory where entry.root.isEmpty {
            let problems = ContractProblems()
            _ = WSDLSuite.load(entry.path, problems)
            let errors = problems.all.filter { $0.severity == .error }
            #expect(errors.contains { $0.line > 0 }, "\(entry.path)")
        }
    }
}
