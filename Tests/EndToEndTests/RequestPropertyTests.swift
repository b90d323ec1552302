// SPDX-License-Identifier: Apache-2.0
// Random requests that the published schemas accept, through the sample and every recipe: each
// gives a message that the contract takes. `.ci/request-property --suites` asks for more.

import Foundation
import Testing

@Suite("Requests that pass validation")
struct RequestPropertyTests {
    private static let hasJudge = {
        let result = try? RunningProcess.run(Project.python, ["-c", "import jsonschema_rs"])
        return result?.code == 0
    }()

    @Test(
        "give messages that the contract takes",
        .enabled(if: hasJudge, "jsonschema-rs is not installed"))
    func accepted() throws {
        let cookbook = Project.root.appending(path: "docs/cookbook").path
        let recipes = try FileManager.default.contentsOfDirectory(atPath: cookbook)
            .map { "\(cookbook)/\($0)" }
            .filter { FileManager.default.fileExists(atPath: $0 + "/gateway.yaml") }
        let result = try RunningProcess.run(
            Project.python,
            [
                Project.root.appending(path: ".ci/request-property").path, "--binary",
                Project.binary, "--requests", "100", "--seconds", "5", Project.root.path,
            ] + recipes.sorted())
        #expect(result.code == 0, "\(result.output)\(result.errors)")
        #expect(result.output.contains("\(recipes.count + 1) directories"), "\(result.output)")
        #expect(result.output.contains(" 0 exceptions"), "\(result.output)")
    }
}
