// SPDX-License-Identifier: Apache-2.0
// Schemas are documents too, and their meta-schemas judge them.
internal import DragomanDocument

enum SchemaCheck {
    /// The meta-schema of a draft, compiled when first needed.
    static func program(_ dialect: SchemaDialect) -> SchemaProgram? {
        switch dialect {
        case .draft4: draft4
        case .draft6: draft6
        case .draft7: draft7
        case .draft201909: draft201909
        case .draft202012: draft202012
        }
    }

    private static let draft4 = compile(.draft4)
    private static let draft6 = compile(.draft6)
    private static let draft7 = compile(.draft7)
    private static let draft201909 = compile(.draft201909)
    private static let draft202012 = compile(.draft202012)

    private static func compile(_ dialect: SchemaDialect) -> SchemaProgram? {
        var options = SchemaOptions()
        options.checksSchemas = false
        // Patterns and references are looked at where they are used.
        options.formats = .annotate
        return try? SchemaCompiler(options: options).compile(uri: dialect.rawValue)
    }

    /// Reports what the meta-schema has against the resource.
    static func run(
        _ program: SchemaProgram, _ resource: SchemaResource, _ registry: SchemaRegistry
    ) {
        let context = EvaluationContext()
        guard !program.isValid(resource.root, context) else { return }
        let file = resource.file
        let violations = program.violations(of: resource.root, context).violations.map {
            (pointer: file.document.pointer(to: $0.place) ?? "", violation: $0)
        }
        for (index, (pointer, violation)) in violations.enumerated() {
            // That no alternative fits is said better by what the nearest one has against it.
            let isChoice = violation.keyword == "anyOf" || violation.keyword == "oneOf"
            if isChoice, index + 1 < violations.count,
                violations[index + 1].pointer.hasPrefix(pointer)
            {
                continue
            }
            let (statement, suggestion) = violation.parts
            let problem = SchemaProblem(
                documentURI: file.uri, pointer: pointer, message: statement,
                suggestion: suggestion, isByMetaSchema: true)
            file.problems.append(problem)
            registry.report(problem)
        }
    }
}
