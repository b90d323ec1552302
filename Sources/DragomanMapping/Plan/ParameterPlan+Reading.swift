// SPDX-License-Identifier: Apache-2.0
// Parameters out of a request. The gateway calls `path`, `query` and `header` as it has them, in
// any order, and `finish` at the end; what is wrong collects in the context.

package import DragomanDocument
internal import DragomanProtobuf
internal import DragomanSchema

extension ParameterPlan {
    /// Takes the path variables: `captures` as `RouteTable.match` gave them, of `path`, undecoded
    /// and without the query.
    package func path(
        _ captures: [PathCapture], of path: UnsafeRawBufferPointer, _ context: TranslationContext
    ) {
        if messageBindsQuery { bind(captures, of: path, context) }
        guard readsPath else { return }
        for (index, parameter) in parameters.enumerated() where parameter.source == .path {
            guard parameter.variable < captures.count else { continue }
            let capture = captures[parameter.variable]
            take(
                index, capture.bytes(of: path), plusIsSpace: false, keeping: capture.decoding,
                context)
        }
    }

    /// Takes the query, without its question mark, undecoded.
    package func query(_ query: UnsafeRawBufferPointer, _ context: TranslationContext) {
        guard !query.isEmpty else { return }
        var start = 0
        while start < query.count {
            var end = start
            var equals = -1
            while end < query.count, query[end] != 0x26 {
                if query[end] == 0x3D, equals < 0 { equals = end }
                end += 1
            }
            if end > start {
                let nameEnd = equals < 0 ? end : equals
                let valueStart = equals < 0 ? end : equals + 1
                pair(
                    UnsafeRawBufferPointer(rebasing: query[start..<nameEnd]),
                    UnsafeRawBufferPointer(rebasing: query[valueStart..<end]), context)
            }
            start = end + 1
        }
    }

    private func bind(
        _ captures: [PathCapture], of path: UnsafeRawBufferPointer, _ context: TranslationContext
    ) {
        for (index, capture) in captures.enumerated() {
            let text = context.encoded
            text.removeAll()
            guard
                PercentCoding.decode(
                    capture.bytes(of: path), plusIsSpace: false, keeping: capture.decoding,
                    to: text)
            else {
                context.report(
                    RequestViolation(
                        .parameter(String(decoding: capture.bytes(of: path), as: UTF8.self)),
                        keyword: "mapping", detail: "is not percent-encoded UTF-8"))
                continue
            }
            context.assembler.set(pathVariable: index, text.bytes)
        }
    }

    private func bind(
        _ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer,
        _ context: TranslationContext
    ) {
        let text = context.interpolated
        text.removeAll()
        guard PercentCoding.decode(value, plusIsSpace: true, keeping: .all, to: text) else {
            return context.report(
                RequestViolation(
                    .parameter(String(decoding: name, as: UTF8.self)), keyword: "mapping",
                    detail: "is not percent-encoded UTF-8"))
        }
        context.assembler.set(query: name, text.bytes)
    }

    private func pair(
        _ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer,
        _ context: TranslationContext
    ) {
        let decoded = context.encoded
        decoded.removeAll()
        guard PercentCoding.decode(name, plusIsSpace: true, keeping: .all, to: decoded) else {
            return context.report(
                RequestViolation(
                    .parameter(String(decoding: name, as: UTF8.self)), keyword: "mapping",
                    detail: "the name is not percent-encoded UTF-8"))
        }
        var isKnown = false
        for (index, parameter) in parameters.enumerated()
        where parameter.source == .query && Bytes.equal(parameter.name.bytes, decoded.bytes) {
            isKnown = true
            take(index, value, plusIsSpace: true, keeping: .all, context)
        }
        if messageBindsQuery { return bind(decoded.bytes, value, context) }
        if isKnown { return }
        switch unknownQuery {
        case .ignore: return
        case .ignoreNames(let names):
            if names.contains(where: { Bytes.equal($0.bytes, decoded.bytes) }) { return }
        case .refuse: break
        }
        context.report(
            RequestViolation(
                .parameter(decoded.string), keyword: "additionalProperties",
                detail: "is not a query parameter of this route"))
    }

    /// Takes a header line; `name` in any case.
    package func header(
        _ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer,
        _ context: TranslationContext
    ) {
        for (index, parameter) in parameters.enumerated()
        where parameter.source == .header && ParameterPlan.equalFolded(name, parameter.name) {
            copy(index, value, context)
        }
        if readsCookies, name.count == 6, ParameterPlan.isCookie(name) { cookies(value, context) }
    }

    private static func isCookie(_ name: UnsafeRawBufferPointer) -> Bool {
        let cookie: StaticString = "cookie"
        for index in 0..<6 where name[index] | 0x20 != cookie.utf8Start[index] { return false }
        return true
    }

    /// `known` is in lower case.
    private static func equalFolded(
        _ name: UnsafeRawBufferPointer, _ known: ConstantText
    ) -> Bool {
        guard name.count == known.count else { return false }
        let bytes = known.bytes
        for index in 0..<name.count {
            let byte = name[index]
            let lower = byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte
            if lower != bytes[index] { return false }
        }
        return true
    }

    /// A Cookie line (RFC 6265, 4.2.1): `a=1; b=2`.
    private func cookies(_ value: UnsafeRawBufferPointer, _ context: TranslationContext) {
        var start = 0
        while start < value.count {
            var end = start
            while end < value.count, value[end] != 0x3B { end += 1 }
            var first = start
            while first < end, value[first] == 0x20 || value[first] == 0x09 { first += 1 }
            if let equals = value[first..<end].firstIndex(of: 0x3D) {
                let name = UnsafeRawBufferPointer(rebasing: value[first..<equals])
                let text = UnsafeRawBufferPointer(rebasing: value[(equals + 1)..<end])
                for (index, parameter) in parameters.enumerated()
                where parameter.source == .cookie && Bytes.equal(parameter.name.bytes, name) {
                    copy(index, text, context)
                }
            }
            start = end + 1
        }
    }

    private func take(
        _ index: Int, _ value: UnsafeRawBufferPointer, plusIsSpace: Bool,
        keeping: PathText.Decoding, _ context: TranslationContext
    ) {
        let start = context.receivedText.count
        guard
            PercentCoding.decode(
                value, plusIsSpace: plusIsSpace, keeping: keeping, to: context.receivedText)
        else { return notText(index, context) }
        context.received.append(
            ReceivedParameter(
                parameter: index, start: start, count: context.receivedText.count - start))
    }

    private func copy(
        _ index: Int, _ value: UnsafeRawBufferPointer, _ context: TranslationContext
    ) {
        guard TextScan.firstInvalidUTF8(value) == nil else { return notText(index, context) }
        let start = context.receivedText.count
        context.receivedText.append(value)
        context.received.append(
            ReceivedParameter(parameter: index, start: start, count: value.count))
    }

    private func notText(_ index: Int, _ context: TranslationContext) {
        context.report(
            RequestViolation(
                .parameter(parameters[index].name.string), keyword: "mapping",
                detail: "is not percent-encoded UTF-8"))
    }

    /// Types the parameters and puts them into their slots.
    ///
    /// - Returns: whether all is well; if not, `context.violations` says what is wrong.
    package func finish(_ context: TranslationContext) -> Bool {
        guard !parameters.isEmpty else { return context.violations.isEmpty }
        let document = context.parameters
        document.beginArray()
        for (index, parameter) in parameters.enumerated() {
            let count = document.openCount
            append(index, context, document)
            // Until the Document is complete, a slot only says whether it gets a value.
            context.values[parameter.slot] =
                document.openCount > count ? parameter.given?.node : nil
        }
        document.endArray()
        guard var values = document.root?.items else { return false }
        for parameter in parameters {
            guard context.values[parameter.slot] != nil, let node = values.next() else {
                context.values[parameter.slot] = parameter.absent?.node
                continue
            }
            context.values[parameter.slot] = node
            check(parameter, node, context)
        }
        for coupling in couplings { check(coupling, context) }
        return context.violations.isEmpty
    }

    private func append(
        _ index: Int, _ context: TranslationContext, _ document: Document
    ) {
        let parameter = parameters[index]
        let count = context.received.reduce(into: 0) { $0 += $1.parameter == index ? 1 : 0 }
        func refuse(_ keyword: String, _ detail: String) {
            context.report(
                RequestViolation(
                    .parameter(parameter.name.string), keyword: keyword, detail: detail))
        }
        if count == 0 {
            if parameter.isRequired, parameter.absent == nil {
                refuse("required", "is required as a \(parameter.source.name) parameter")
            }
            return
        }
        let isList = parameter.isList
        if count > 1, !isList { return refuse("type", "is there \(count) times, and may be once") }
        let asList = isList && (count > 1 || parameter.types.subtracting(.null) == .array)
        if asList { document.beginArray() }
        for received in context.received where received.parameter == index {
            let text = UnsafeRawBufferPointer(
                rebasing: context.receivedText.bytes[
                    received.start..<(received.start + received.count)])
            ParameterPlan.append(
                text, asList ? parameter.itemTypes : parameter.types, to: document)
        }
        if asList { document.endArray() }
    }

    /// A text as the JSON type that it can be among `types`: else a string, for the schema to
    /// refuse.
    private static func append(
        _ text: UnsafeRawBufferPointer, _ types: SchemaTypes, to document: Document
    ) {
        if types != .all {
            if !types.isDisjoint(with: .number), let number = NumberText.classify(text),
                types.contains(.fraction) || number == .integer
            {
                return document.append(number: text, isInteger: number == .integer)
            }
            if types.contains(.boolean) {
                if text.elementsEqual("true".utf8) { return document.append(true) }
                if text.elementsEqual("false".utf8) { return document.append(false) }
            }
        }
        document.append(string: text)
    }

    private func check(_ parameter: Parameter, _ node: Node, _ context: TranslationContext) {
        guard let program = parameter.schema?.program,
            !program.isValid(node, context.evaluation)
        else { return }
        let report = program.violations(of: node, context.evaluation)
        for violation in report.violations {
            context.report(
                RequestViolation(
                    .parameter(parameter.name.string), keyword: violation.keyword,
                    detail: violation.detail))
        }
    }

    private func check(_ coupling: Coupling, _ context: TranslationContext) {
        func isThere(_ index: Int) -> Bool { context.values[parameters[index].slot] != nil }
        guard let given = coupling.members.first(where: isThere) else { return }
        for index in coupling.due where !isThere(index) {
            let (due, other) = (parameters[index], parameters[given])
            context.report(
                RequestViolation(
                    .parameter(due.name.string), keyword: "required",
                    detail: "is required as a \(due.source.name) parameter where "
                        + "`\(other.name.string)` is given"))
        }
    }

    /// The parameter whose value stands at `place`; nil where that is in no parameter.
    package func parameter(
        at place: DocumentPlace, _ context: TranslationContext
    ) -> Parameter? {
        guard let root = context.parameters.root,
            place.tapeAddress == DocumentPlace(root).tapeAddress
        else { return nil }
        var best: (index: Int, parameter: Parameter)?
        for parameter in parameters {
            guard let node = context.values[parameter.slot],
                DocumentPlace(node).tapeAddress == place.tapeAddress, node.index <= place.index
            else { continue }
            if node.index >= best?.index ?? 0 { best = (node.index, parameter) }
        }
        return best?.parameter
    }
}

/// Whether a text is a JSON number (RFC 8259, 6).
enum NumberText {
    enum Form { case integer, decimal }

    static func classify(_ text: UnsafeRawBufferPointer) -> Form? {
        var index = 0
        func digits() -> Int {
            let start = index
            while index < text.count, text[index] >= 0x30, text[index] <= 0x39 { index += 1 }
            return index - start
        }
        if index < text.count, text[index] == 0x2D { index += 1 }
        let first = index < text.count ? text[index] : 0
        let whole = digits()
        guard whole == 1 || (whole > 1 && first != 0x30) else { return nil }
        if index == text.count { return .integer }
        if text[index] == 0x2E {
            index += 1
            guard digits() > 0 else { return nil }
        }
        if index < text.count, text[index] | 0x20 == 0x65 {
            index += 1
            if index < text.count, text[index] == 0x2B || text[index] == 0x2D { index += 1 }
            guard digits() > 0 else { return nil }
        }
        return index == text.count ? .decimal : nil
    }
}
