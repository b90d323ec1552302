// SPDX-License-Identifier: Apache-2.0
// `round-trip WSDL`: every operation with the JSON Schemas of its messages on the first line;
// then each line `{"message": number, "body": …}` of standard input is answered by the XML that
// the message is written as and the JSON that it is read back as, and each
// `{"message": number, "xml": …}` by the JSON of that Envelope and what that is written as.
// `.ci/wsdl-table` drives it.

internal import ArgumentParser
internal import DragomanDocument
internal import DragomanSchema
internal import DragomanXML
internal import Foundation

struct RoundTripHarness: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "round-trip",
        abstract: "Messages of a WSDL from JSON to XML and back.")

    @Argument(help: "A WSDL.")
    var contract: String

    @Option(name: .customShort("I"), help: "A folder to look for imported files in.")
    var folders: [String] = []

    func run() throws {
        let problems = ContractProblems()
        let files = ContractFiles(
            start: contract, folders: ContractFolders(root: nil, searched: folders),
            problems: problems)
        let loaded = files.first().flatMap {
            WSDLContract.load($0, resolver: { files.resolve($0, $1) }, problems: problems)
        }
        var messages: [RoundTripMessage] = []
        var omitted: [(title: String, reason: String)] = []
        for endpoint in loaded?.endpoints() ?? [] where endpoint.isSOAP {
            guard let loaded else { continue }
            let service = ServiceContract.make(loaded, endpoint)
            for operation in service.omitted {
                omitted.append(("\(endpoint.title): \(operation.name)", operation.reason))
            }
            for operation in service.operations {
                messages.append(RoundTripMessage(endpoint, operation, isReply: false))
                if !operation.isOneWay {
                    messages.append(RoundTripMessage(endpoint, operation, isReply: true))
                }
            }
        }
        HarnessLines.put(
            RoundTripListing.line(messages, omitted, files, problems, isLoaded: loaded != nil))
        while let line = readLine() { HarnessLines.put(answer(line, messages)) }
    }

    private func answer(_ line: String, _ messages: [RoundTripMessage]) -> String {
        do {
            let document = try Document.reading(line)
            return withExtendedLifetime(document) {
                guard let root = document.root, let number = root.member("message")?.int64,
                    number >= 0, number < messages.count
                else { return HarnessLines.object([("error", "a message is needed")]) }
                if let xml = root.member("xml") {
                    return messages[Int(number)].read(xml.bytes)
                }
                guard let body = root.member("body") else {
                    return HarnessLines.object([("error", "a body is needed")])
                }
                return messages[Int(number)].run(body, in: document)
            }
        } catch {
            return HarnessLines.object([("error", "\(error)")])
        }
    }
}

/// One direction of one operation.
private final class RoundTripMessage {
    let endpoint: WSDLEndpoint
    let operation: OperationPlan
    let isReply: Bool
    let schema = Document()
    private var program: SchemaProgram?
    private var replyProgram: SchemaProgram?
    private let context = EvaluationContext()

    init(_ endpoint: WSDLEndpoint, _ operation: OperationPlan, isReply: Bool) {
        self.endpoint = endpoint
        self.operation = operation
        self.isReply = isReply
        // A reply is written as its server would: by the schema of what may be sent.
        let plan = isReply ? operation.mirrored : operation
        plan.appendRequestSchema(to: schema)
    }

    /// What the published schema of a reply has against one; nil where it is valid.
    private func complaint(about back: Document) throws -> String? {
        guard isReply, let root = back.root else { return nil }
        if replyProgram == nil {
            let schema = Document()
            operation.appendReplySchema(to: schema)
            replyProgram = try HarnessLines.compile(schema)
        }
        guard let replyProgram, !replyProgram.isValid(root, context) else { return nil }
        return HarnessLines.refusal(replyProgram.violations(of: root, context), in: back)
    }

    /// There and back: `{"xml": …, "back": …}`, `{"invalid": …}` where the schema refuses the
    /// body, `{"error": …}` where the translation does.
    func run(_ body: Node, in document: Document) -> String {
        do {
            let program = try self.program ?? HarnessLines.compile(schema)
            self.program = program
            if !program.isValid(body, context) {
                let report = program.violations(of: body, context)
                let detail = HarnessLines.refusal(report, in: document)
                return HarnessLines.object([("invalid", detail)])
            }
        } catch {
            return HarnessLines.object([("error", "the schema does not compile: \(error)")])
        }
        let output = OutputBuffer()
        do throws(TranslationError) {
            let plan = isReply ? operation.mirrored : operation
            try SOAPRequestWriter().write(plan, body: body, to: output)
        } catch {
            let detail = HarnessLines.refusal(error, in: document)
            return HarnessLines.object([("error", "not written: \(detail)")])
        }
        let plan = isReply ? operation : operation.mirrored
        let reader = SOAPReplyReader(plans: plan.plans)
        reader.options.reportsMismatch = false
        reader.options.checksFacets = true
        let back = Document()
        let envelope = output.string
        do throws(TranslationError) {
            reader.begin(plan, status: 200, contentType: nil, into: back)
            try reader.feed(output.bytes)
            _ = try reader.finish(acceptLanguage: nil)
        } catch {
            let place = error.path.map { "\($0): " } ?? ""
            return HarnessLines.object([
                ("error", "not read: \(place)\(error.detail)"), ("xml", envelope),
            ])
        }
        return withExtendedLifetime(back) {
            if let complaint = try? complaint(about: back) {
                return HarnessLines.object([
                    ("error", "not valid as a reply: \(complaint)"), ("xml", envelope),
                ])
            }
            return HarnessLines.object([("xml", envelope), ("back", back.root?.json ?? "null")])
        }
    }
}

extension RoundTripMessage {
    /// The other way round: an Envelope is read, `{"body": …, "header": …}` or `{"fault": …}`,
    /// and written again as `xml`.
    func read(_ envelope: UnsafeRawBufferPointer) -> String {
        let plan = isReply ? operation : operation.mirrored
        let reader = SOAPReplyReader(plans: plan.plans)
        let back = Document()
        let outcome: SOAPReplyReader.Outcome
        do throws(TranslationError) {
            reader.begin(plan, status: 200, contentType: nil, into: back)
            try reader.feed(envelope)
            outcome = try reader.finish(acceptLanguage: nil)
        } catch {
            let place = error.path.map { "\($0): " } ?? ""
            return HarnessLines.object([("error", "not read: \(place)\(error.detail)")])
        }
        return withExtendedLifetime((back, reader.headers)) {
            let body = back.root?.json ?? "null"
            if outcome == .fault { return HarnessLines.object([("fault", body)]) }
            let header = reader.headers.root
            var members = [("body", body), ("header", header?.json ?? "{}")]
            if !reader.mismatches.isEmpty {
                members.append(("mismatches", reader.mismatches.joined(separator: "; ")))
            }
            let output = OutputBuffer()
            do throws(TranslationError) {
                try SOAPRequestWriter().write(
                    isReply ? operation.mirrored : operation, body: back.root, header: header,
                    to: output)
                members.append(("xml", output.string))
            } catch {
                members.append(("error", "not written: \(HarnessLines.refusal(error, in: back))"))
            }
            return HarnessLines.object(members)
        }
    }
}

/// The first line: what there is to try, and which files it is made of.
private enum RoundTripListing {
    static func line(
        _ messages: [RoundTripMessage], _ omitted: [(title: String, reason: String)],
        _ files: ContractFiles, _ problems: ContractProblems, isLoaded: Bool
    ) -> String {
        let list = Document()
        list.beginObject()
        list.key("loaded")
        list.append(isLoaded)
        strings("problems", problems.all.map(\.description), list)
        strings("omitted", omitted.map { "\($0.title): \($0.reason)" }, list)
        strings("files", files.sources.map(\.name), list)
        list.key("references")
        list.beginArray()
        for reference in files.references {
            list.beginArray()
            list.append(string: reference.base)
            list.append(string: reference.location)
            list.append(string: reference.target ?? "")
            list.endArray()
        }
        list.endArray()
        list.key("messages")
        list.beginArray()
        for message in messages { append(message, list) }
        list.endArray()
        list.endObject()
        return withExtendedLifetime(list) { list.root?.json ?? "{}" }
    }

    private static func append(_ message: RoundTripMessage, _ list: Document) {
        let operation = message.operation
        let plan = message.isReply ? operation.reply : operation.request
        list.beginObject()
        member("endpoint", message.endpoint.title, list)
        member("operation", operation.name, list)
        member("direction", message.isReply ? "reply" : "request", list)
        member("style", operation.style.rawValue, list)
        list.key("encoded")
        list.append(plan.isEncoded)
        list.key("wrapped")
        list.append(plan.isWrapper)
        member("placement", plan.placement == .child ? "child" : "body", list)
        let name = operation.plans.name(of: plan.element)
        member("namespace", name.namespace, list)
        member("local", name.local, list)
        // They travel beside the Envelope.
        strings("attachments", plan.attachments.map(\.name), list)
        list.key("parts")
        list.beginArray()
        for part in plan.parts {
            list.beginObject()
            member("name", part.name, list)
            if let element = part.element { member("element", element.description, list) }
            if let type = part.type { member("type", type.description, list) }
            list.endObject()
        }
        list.endArray()
        list.key("schema")
        withExtendedLifetime(message.schema) {
            if let root = message.schema.root { list.append(copy: root) }
        }
        list.endObject()
    }

    private static func member(_ name: String, _ value: String, _ list: Document) {
        list.key(name)
        list.append(string: value)
    }

    private static func strings(_ name: String, _ values: [String], _ list: Document) {
        list.key(name)
        list.beginArray()
        for value in values { list.append(string: value) }
        list.endArray()
    }
}
