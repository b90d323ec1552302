// SPDX-License-Identifier: Apache-2.0
// What is served, as an OpenAPI 3.1 document: every route with its parameters, bodies, answers and
// errors, its schemas as components.

internal import DragomanDocument

extension GatewayPlan {
    /// The OpenAPI 3.1 description of all routes, indented. Whole only of a plan that was loaded to
    /// be described (`GatewayLoader.load`).
    package var openAPI: String {
        let document = OpenAPIWriter(self).document()
        return withExtendedLifetime(document) { document.root?.indentedJSON ?? "{}" }
    }
}

/// Writes one document.
final class OpenAPIWriter {
    /// Routes that OpenAPI takes for one path.
    private struct Path {
        let path: OpenAPIPath
        var routes: [RoutePlan]
    }

    private let plan: GatewayPlan
    private let schemas: OpenAPISchemas
    let output = Document(tapeCapacity: 4096, textCapacity: 65_536)
    private var operationIDs: Set<String> = []

    init(_ plan: GatewayPlan) {
        self.plan = plan
        schemas = OpenAPISchemas(plan.schemas)
        schemas.reserve("Problem")
    }

    func document() -> Document {
        let services = plan.routes.map(\.service).reduce(into: [String]()) {
            if !$0.contains($1) { $0.append($1) }
        }
        output.object {
            output.member("openapi", "3.1.0")
            output.member(
                "info",
                object: {
                    output.member("title", OpenAPIWriter.title(services))
                    output.member("version", "1.0.0")
                })
            output.member(
                "tags",
                array: {
                    for service in services { output.object { output.member("name", service) } }
                })
            output.member("paths", object: appendPaths)
            output.member("components", object: appendComponents)
        }
        return output
    }

    private static func title(_ services: [String]) -> String {
        guard let last = services.last else { return "Nothing is served" }
        let first = services.dropLast().joined(separator: ", ")
        return first.isEmpty ? last : "\(first) and \(last)"
    }

    // MARK: Paths

    private func paths() -> [Path] {
        var paths: [Path] = []
        var indexes: [String: Int] = [:]
        for route in plan.routes {
            let path = OpenAPIPath(route.template)
            if let index = indexes[path.shape] {
                paths[index].routes.append(route)
            } else {
                indexes[path.shape] = paths.count
                paths.append(Path(path: path, routes: [route]))
            }
        }
        return paths
    }

    private static let methods: Set = [
        "GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE",
    ]

    private func appendPaths() {
        for path in paths() {
            output.key(path.path.text)
            output.object {
                for method in path.routes.map(\.method).uniqued
                where OpenAPIWriter.methods.contains(method) {
                    let alike = path.routes.filter { $0.method == method }
                    output.key(method.lowercased())
                    append(alike[0], path.path, others: Array(alike.dropFirst()))
                }
            }
        }
    }

    /// `others`: routes that differ in host or headers, which OpenAPI can not tell apart.
    private func append(_ route: RoutePlan, _ path: OpenAPIPath, others: [RoutePlan]) {
        let operation = OpenAPIOperation(route: route, path: path, schemas: schemas, output: output)
        output.object {
            output.member("tags", array: { output.append(string: route.service) })
            operation.texts(others)
            output.member("operationId", operationID(route))
            operation.parameters()
            operation.requestBody()
            operation.responses()
        }
    }

    private func operationID(_ route: RoutePlan) -> String {
        let last = route.operation.split { $0 == "/" || $0 == "." }.last.map(String.init)
        let isNamed = !route.operation.isEmpty && !route.operation.contains(" ")
        let own =
            isNamed
            ? last ?? route.method
            : route.method.lowercased()
                + route.template.text.split { !$0.isLetter && !$0.isNumber }
                .map { "_" + $0 }.joined()
        var name = "\(route.service).\(own)"
        var number = 1
        while !operationIDs.insert(name).inserted {
            number += 1
            name = "\(route.service).\(own)_\(number)"
        }
        return name
    }

    // MARK: Components

    private func appendComponents() {
        output.member(
            "schemas",
            object: {
                schemas.appendComponents(to: output)
                OpenAPIProblem.append(to: output)
            })
        output.member(
            "responses",
            object: {
                output.member(
                    "Problem",
                    object: { OpenAPIProblem.answer("What went wrong (RFC 9457)", to: output) })
            })
    }
}

extension Sequence where Element: Hashable {
    /// Each element once, where it is first.
    fileprivate var uniqued: [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}

/// The schema of every problem (docs/errors.md).
enum OpenAPIProblem {
    private static let texts: [(name: String, description: String)] = [
        ("type", "A URI that names the kind of problem"),
        ("title", "The kind of problem, in words"),
        ("detail", "What happened this time"),
        ("upstream", "The backend that failed"),
    ]

    static func append(to output: Document) {
        output.member(
            "Problem",
            object: {
                output.member("type", "object")
                output.member("description", "A problem, as RFC 9457 has it")
                output.member(
                    "properties",
                    object: {
                        for (name, description) in texts {
                            output.member(
                                name,
                                object: {
                                    output.member("type", "string")
                                    output.member("description", description)
                                })
                        }
                        output.member("status", object: { output.member("type", "integer") })
                        output.member(
                            "errors",
                            object: {
                                output.member("type", "array")
                                output.member(
                                    "description", "Each thing that is wrong with the request")
                                output.member("items", object: { violation(output) })
                            })
                        for name in ["grpc", "fault", "limit"] {
                            output.member(name, object: { output.member("type", "object") })
                        }
                    })
                output.member(
                    "required",
                    array: {
                        for name in ["type", "title", "status"] { output.append(string: name) }
                    })
            })
    }

    /// The members of an answer that is a problem.
    static func answer(_ description: String, to output: Document) {
        output.member("description", description)
        output.member(
            "content",
            object: {
                output.member(
                    "application/problem+json",
                    object: {
                        output.member(
                            "schema",
                            object: {
                                output.member("$ref", "#/components/schemas/Problem")
                            })
                    })
            })
    }

    private static func violation(_ output: Document) {
        output.member("type", "object")
        output.member(
            "properties",
            object: {
                for name in ["pointer", "parameter", "keyword", "detail"] {
                    output.member(name, object: { output.member("type", "string") })
                }
                for name in ["offset", "line", "column"] {
                    output.member(name, object: { output.member("type", "integer") })
                }
            })
    }
}
