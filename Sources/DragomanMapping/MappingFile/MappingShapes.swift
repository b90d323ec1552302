// SPDX-License-Identifier: Apache-2.0
// The keys of mapping files: what MAPPING.md lists, with the texts that editors show.

enum MappingShapes {
    private static let template = Shape.anything("a template in the shape of the message")
    private static let jsonSchema = Shape.either([
        .scalar(.contractFile), .anyMapping("a JSON Schema"), .boolean,
    ])

    private static let soap = ObjectShape(
        "soap", "`soap`",
        keys: [
            .required("contract", .scalar(.contractFile), "The WSDL"),
            .optional("service", .scalar(.text), "Where it has several services"),
            .optional("port", .scalar(.text), "Where it has several ports"),
            .optional("version", .choice(["1.1", "1.2"]), "SOAP's, where the contract is silent"),
            .optional("mtom", .boolean, "Whether requests go out as MTOM; else by policy"),
            .optional(
                "addressing", .boolean, "Whether requests bear WS-Addressing; else by policy"),
        ])

    private static let xml = ObjectShape(
        "xml", "`xml`", isNullable: true,
        keys: [
            .optional(
                "contract", .scalar(.contractFile), "An XSD, or a WSDL with an HTTP binding"),
            .optional("port", .scalar(.text), "Where a WSDL has several"),
            .optional("method", .scalar(.method), "Of the call", example: .string("POST")),
            .optional("path", .scalar(.httpPath), "Of the call, after the upstream's"),
        ])

    private static let grpc = ObjectShape(
        "grpc", "`grpc`",
        keys: [
            .required("contract", .scalar(.contractFile), "A descriptor set"),
            .optional("service", .scalar(.text), "Where it has several services"),
            .optional("rules", .scalar(.contractFile), "A google.api.Service YAML with http rules"),
        ])

    private static let http = ObjectShape(
        "http", "`http`", isNullable: true,
        keys: [.optional("path", .scalar(.httpPath), "Put before the request's")])

    private static let backend = ObjectShape(
        "backend", "`backend`", exactlyOne: ["soap", "xml", "grpc", "http"],
        keys: [
            .optional("soap", .object(soap), "SOAP 1.1 or 1.2"),
            .optional("xml", .object(xml), "XML over HTTP without an envelope"),
            .optional("grpc", .object(grpc), "gRPC"),
            .optional("http", .object(http), "HTTP, passed on"),
            .optional("upstream", .scalar(.name), "Of gateway.yaml; else the one named as this is"),
        ])

    private static let parameter = ObjectShape(
        "parameter", "a parameter", isNullable: true,
        keys: [
            .optional("in", .choice(["path", "query", "header", "cookie"]), "Where it stands"),
            .optional("schema", jsonSchema, "Its JSON Schema"),
            .optional("required", .boolean, "Whether it must be there"),
            .optional(
                "default", .anything("a value"), "When it is absent", example: .string("en")),
        ])

    private static let match = ObjectShape(
        "match", "`match`",
        keys: [
            .required(
                "headers", .map(keys: .fieldName, values: .scalar(.looseText)),
                "Header lines that a request must have")
        ])

    private static let errorRule = ObjectShape(
        "errorRule", "a rule of `errors`",
        keys: [
            .optional("when", .scalar(.expression), "Whether it applies; absent: always"),
            .optional(
                "status", .either([.integer(400...599), .scalar(.expression)]), "HTTP's"),
            .optional("type", .scalar(.expression), "The problem's type, a URI"),
            .optional("title", .scalar(.expression), "The problem's title"),
            .optional("detail", .scalar(.expression), "What happened"),
            .optional("members", .anyMapping("members by name"), "Further members of the problem"),
        ])

    private static let errors = Shape.list(.object(errorRule))

    private static let step = ObjectShape(
        "step", "a step",
        keys: [
            .required("call", .scalar(.expression), "The operation, or service.operation"),
            .optional("request", template, "The backend message"),
            .optional("metadata", template, "gRPC metadata or HTTP headers"),
            .optional("soap_header", template, "SOAP header parts by name"),
            .optional("optional", .boolean, "Whether the route goes on without it"),
            .optional("fallback", template, "Its result when it fails"),
            .optional("timeout", .scalar(.duration), "One call"),
            .optional("retry", PolicyShapes.retry, "When it is made again"),
            .optional("idempotent", .boolean, "Whether the call may be repeated"),
            .optional(
                "each", template, "A list; one call for each item",
                example: .string("${body.items}")),
            .optional("parallel", .integer(1...1_000), "Calls at a time, with `each`"),
            .optional("unordered", .boolean, "Whether it may overtake the steps before it"),
        ])

    private static let fields = Shape.map(
        keys: .fieldName,
        values: .either([.scalar(.looseText), .list(.scalar(.looseText))]))

    private static let given = ObjectShape(
        "given", "`given`", isNullable: true,
        keys: [
            .optional("now", .scalar(.timestamp), "What now() gives"),
            .optional("uuid", .scalar(.text), "What uuid() gives"),
            .optional("claims", .anyMapping("claims by name"), "Of who is authenticated"),
        ])

    private static let exampleRequest = ObjectShape(
        "exampleRequest", "`request` of an example", isNullable: true,
        keys: [
            .optional(
                "path", .scalar(.requestTarget), "Path and query as a client sends them",
                example: .string("/countries/FR/capital")),
            .optional("headers", fields, "Header fields"),
            .optional("body", .anything("a JSON value, or its text as a block"), "The body"),
        ])

    private static let exampleResponse = ObjectShape(
        "exampleResponse", "`responds`", isNullable: true,
        keys: [
            .optional("status", .integer(200...599), "HTTP's"),
            .optional("headers", fields, "Header fields that must be there"),
            .optional("body", .anything("a JSON value, or its text as a block"), "The body"),
        ])

    private static let example = ObjectShape(
        "example", "an example",
        keys: [
            .optional("name", .scalar(.looseText), "What it shows"),
            .optional("given", .object(given), "What would vary, held still"),
            .optional("request", .object(exampleRequest), "What a client sends"),
            .optional(
                "sends", .anything("XML, ProtoJSON or JSON; with steps a mapping by step"),
                "What the backend gets"),
            .optional(
                "receives", .anything("XML, ProtoJSON or JSON; with steps a mapping by step"),
                "What the backend answers"),
            .optional(
                "receives_status",
                .either([
                    .integer(0...599), .map(keys: .name, values: .integer(0...599)),
                ]), "Its HTTP status; of gRPC its code; with steps by step"),
            .optional(
                "receives_headers",
                .map(
                    keys: .fieldName,
                    values: .either([
                        .scalar(.looseText), .list(.scalar(.looseText)),
                        .anyMapping("header fields by name"),
                    ])), "Its header fields; with steps by step"),
            .optional("responds", .object(exampleResponse), "What the client is told"),
        ])

    static let route = ObjectShape(
        "route", "a route", isNullable: true,
        keys: [
            .optional("summary", .scalar(.text), "One line for the OpenAPI"),
            .optional("description", .scalar(.text), "Several lines for the OpenAPI"),
            .optional("match", .object(match), "Conditions beside method and path"),
            .optional(
                "call", .scalar(.expression), "The operation", example: .string("CapitalCity")),
            .optional("accepts", jsonSchema, "JSON Schema of the request body; else derived"),
            .optional(
                "consumes", .either([.scalar(.mediaRange), .list(.scalar(.mediaRange))]),
                "Media types of the body; else JSON alone"),
            .optional(
                "parameters", .map(keys: .text, values: .object(parameter)),
                "Path, query, header and cookie parameters; else derived"),
            .optional("request", template, "The backend message"),
            unknownParameters,
            .optional("metadata", template, "gRPC metadata or HTTP headers"),
            .optional("soap_header", template, "SOAP header parts by name"),
            .optional("response", template, "The response body"),
            .optional(
                "status", .either([.integer(200...599), .scalar(.expression)]), "The response's"),
            .optional("headers", template, "The response's"),
            .optional("returns", jsonSchema, "JSON Schema of the response; else derived"),
            .optional(
                "produces", .scalar(.expression), "The response's media type; else JSON",
                example: .string("application/pdf")),
            .optional(
                "on_mismatch", .choice(["refuse", "report"]), "A reply that the contract forbids"),
            .optional("errors", errors, "Errors by rule; the first match wins"),
            .optional("steps", .map(keys: .name, values: .object(step)), "Several calls, by name"),
            .optional("idempotent", .boolean, "Whether the call may be repeated"),
            .optional("examples", .list(.object(example)), "Run by `dragoman test`"),
        ] + [PolicyShapes.use] + PolicyShapes.keys)

    private static let unknownParameters = ObjectShape.Key.optional(
        "unknown_parameters", .either([.choice(["refuse", "ignore"]), .list(.scalar(.text))]),
        "Query parameters that nothing uses")

    private static let typeOptions = ObjectShape(
        "typeOptions", "a type", isNullable: true,
        keys: [
            .optional(
                "rename", .map(keys: .text, values: .scalar(.text)), "JSON names of members"),
            .optional("omit", .list(.scalar(.text)), "Members never sent and never answered"),
            .optional("unwrap", .list(.scalar(.text)), "Wrappers that become arrays"),
            .optional(
                "as", .map(keys: .text, values: .choice(["string", "number"])),
                "Members as lexical text instead of a number"),
        ])

    private static let json = ObjectShape(
        "json", "`json`", isNullable: true,
        keys: [
            .optional("int64", .choice(["string", "number"]), "64-bit integers"),
            .optional("decimal", .choice(["number", "string"]), "XML decimals"),
            .optional("enums", .choice(["name", "short", "number"]), "gRPC enums"),
            .optional("names", .choice(["json", "proto"]), "gRPC member names"),
            .optional("defaults", .choice(["omit", "print"]), "gRPC members at their default"),
            .optional("arrays", .choice(["omit", "print"]), "Empty arrays"),
            .optional("unknown", .choice(["refuse", "ignore"]), "Unknown members"),
        ])

    static let mapping = ObjectShape(
        "mapping", "a mapping file",
        keys: [
            .required(
                "service", .scalar(.serviceName), "Its unique name in logs, metrics and OpenAPI",
                example: .string("countries")),
            .required("backend", .object(backend), "What is called"),
            .optional(
                "hosts", .list(.scalar(.hostPattern)), "Hosts that its routes are for",
                example: .array([.string("api.example.com"), .string("*.example.com")])),
            .optional(
                "base", .scalar(.basePath), "Put before the path of every route",
                example: .string("/v1")),
            .optional("naming", .choice(["camelCase", "as-is"]), "JSON names of XML names"),
            .optional(
                "types", .map(keys: .text, values: .object(typeOptions)),
                "Renaming by contract type, for both directions"),
            .optional("json", .object(json), "Details of the JSON form"),
            .optional(
                "namespaces", .map(keys: .text, values: .scalar(.namespaceName)),
                "Prefixes of XML namespaces"),
            .optional(
                "tables",
                .map(
                    keys: .name,
                    values: .either([
                        .map(keys: .looseText, values: .scalar(.looseText)), .scalar(.contractFile),
                    ])), "Tables for lookup(): inline, or a CSV or JSON file"),
            .optional("errors", errors, "Errors by rule, tried after a route's own"),
            .optional("annotated", .choice(["keep"]), "Adds the contract's own routes"),
            unknownParameters,
            .optional(
                "routes", .map(keys: .routeKey, values: .object(route)),
                "By `METHOD /path/{template}`; else the contract's own"),
        ] + [PolicyShapes.use] + PolicyShapes.keys)

    /// The JSON Schema of mapping files.
    static let schema = ShapeSchema.text(
        mapping, identifier: "urn:dragoman:schema:mapping", title: "A Dragoman mapping file",
        allowsExternals: false)
}

/// The JSON Schemas of our own files, as `dragoman schema` prints them.
package enum ConfigurationSchemas {
    package static var gateway: String { GatewayShapes.schema }
    package static var mapping: String { MappingShapes.schema }
}
