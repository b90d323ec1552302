// SPDX-License-Identifier: Apache-2.0
// What a mapping says once of a message type and for both directions (MAPPING.md, `types`), put
// into the descriptors themselves: schemas and translations that are made of a reshaped contract
// need not know of it.

package import DragomanDocument

/// `types: { Order: { rename, omit, unwrap, as } }`. Members are named as in the contract, by the
/// JSON name or the .proto's.
package struct MessageReshaping: Sendable {
    /// The full name, or as much of its end as only one message has.
    package let type: String
    package var rename: [(member: String, name: String)] = []
    package var omit: [String] = []
    package var unwrap: [String] = []
    package var integers: [(member: String, form: IntegerForm)] = []

    package init(type: String) { self.type = type }
}

extension ProtobufContract {
    /// The contract with its messages so reshaped, and what could not be.
    package func reshaped(
        _ reshapings: [MessageReshaping]
    ) -> (contract: ProtobufContract, problems: [NamingProblem]) {
        var reshaper = ContractReshaper(contract: self)
        var reshaped: [(Int, MessageReshaping)] = []
        for reshaping in reshapings {
            guard let index = reshaper.index(of: reshaping.type) else { continue }
            reshaper.apply(reshaping, to: index)
            reshaped.append((index, reshaping))
        }
        for (index, reshaping) in reshaped { reshaper.checkNames(reshaping, in: index) }
        let made = ProtobufContract(
            files: files, importedFiles: importedFiles, messages: reshaper.messages, enums: enums,
            services: services,
            symbols: ContractSymbols(messages: messageIndexes, enums: enumIndexes), original: self)
        return (made, reshaper.problems)
    }
}

/// The messages of a contract while they change shape.
private struct ContractReshaper {
    let contract: ProtobufContract
    var messages: [MessageDescriptor]
    var problems: [NamingProblem] = []
    private lazy var sent = sentMessages()

    init(contract: ProtobufContract) {
        self.contract = contract
        messages = contract.messages
    }

    mutating func apply(_ reshaping: MessageReshaping, to index: Int) {
        for (member, name) in reshaping.rename {
            change(member, of: index, reshaping.type, .rename) { field, _ in
                field.rename = name
                return nil
            }
        }
        for (member, form) in reshaping.integers {
            change(member, of: index, reshaping.type, .textual) { field, _ in
                guard field.isInteger else {
                    return "`\(member)` of `\(reshaping.type)` is no integer, and only an "
                        + "integer's digits are kept as they are"
                }
                field.integerForm = form
                return nil
            }
        }
        for member in reshaping.unwrap {
            change(member, of: index, reshaping.type, .unwrap) { field, messages in
                guard let list = ContractReshaper.list(of: field, messages) else {
                    return "`\(member)` of `\(reshaping.type)` is no message whose only field "
                        + "is a list"
                }
                // The message stays what it is where another field has it.
                field.type = .message(messages.count)
                messages.append(list)
                return nil
            }
        }
        for member in reshaping.omit { omit(member, of: index, reshaping.type) }
    }

    // MARK: Members

    private mutating func change(
        _ member: String, of index: Int, _ type: String, _ option: NamingProblem.Option,
        _ body: (inout FieldDescriptor, inout [MessageDescriptor]) -> String?
    ) {
        guard let place = place(of: member, in: index, type, option) else { return }
        var field = messages[index].fields[place]
        if let problem = body(&field, &messages) {
            problems.append(
                NamingProblem(type: type, option: option, member: member, problem))
        }
        messages[index].fields[place] = field
    }

    private mutating func omit(_ member: String, of index: Int, _ type: String) {
        guard let place = place(of: member, in: index, type, .omit) else { return }
        if messages[index].fields[place].cardinality == .required, sent.contains(index) {
            problems.append(
                NamingProblem(
                    type: type, option: .omit, member: member,
                    "`\(type)` can not do without `\(member)`: it is required where it is sent"))
        }
        messages[index].fields.remove(at: place)
    }

    private mutating func place(
        of member: String, in index: Int, _ type: String, _ option: NamingProblem.Option
    ) -> Int? {
        let fields = messages[index].fields
        if let place = fields.firstIndex(where: { $0.jsonName == member })
            ?? fields.firstIndex(where: { $0.name == member })
        {
            return place
        }
        problems.append(
            NamingProblem(
                type: type, option: option, member: member, known: fields.map(\.jsonName),
                "`\(messages[index].fullName)` has no field `\(member)`"))
        return nil
    }

    /// A copy of the field's message that is read and written as the list it holds.
    private static func list(
        of field: FieldDescriptor, _ messages: [MessageDescriptor]
    ) -> MessageDescriptor? {
        guard !field.isRepeated, case .message(let index) = field.type,
            messages[index].wellKnown == .none, messages[index].fields.count == 1,
            messages[index].fields[0].cardinality == .repeated
        else { return nil }
        var list = messages[index]
        list.wellKnown = .unwrapped
        return list
    }

    // MARK: Types

    /// Place of the message that a mapping names so; nil, reported, where it is not one message.
    mutating func index(of type: String) -> Int? {
        if let index = contract.messageIndex(named: type) { return index }
        let named = contract.messages.indices.filter {
            !contract.messages[$0].isMapEntry
                && contract.messages[$0].fullName.hasSuffix("." + type)
        }
        if named.count == 1 { return named[0] }
        let known = contract.messages
            .filter { message in
                !message.isMapEntry
                    && !["google.protobuf.", "google.api."].contains {
                        message.fullName.hasPrefix($0)
                    }
            }
            .map { $0.name(as: type) }
        let message =
            named.isEmpty
            ? "the contract has no message `\(type)`"
            : "`\(type)` may be any of "
                + named.map { contract.messages[$0].fullName }.joined(separator: ", ")
        problems.append(NamingProblem(type: type, known: known, message))
        return nil
    }

    /// Messages that a request may hold.
    private func sentMessages() -> Set<Int> {
        var waiting = contract.services.flatMap { $0.methods.map(\.input) }
        var found: Set<Int> = []
        while let index = waiting.popLast() {
            guard found.insert(index).inserted else { continue }
            for field in contract.messages[index].fields {
                if case .message(let next) = field.type { waiting.append(next) }
            }
        }
        return found
    }

    /// Two fields of one message that end up with one name; once all have theirs.
    mutating func checkNames(_ reshaping: MessageReshaping, in index: Int) {
        let fields = messages[index].fields
        for (member, name) in reshaping.rename {
            let bearers = fields.filter { $0.memberName == name || $0.otherMemberName == name }
            guard bearers.count > 1,
                let other = bearers.first(where: { $0.jsonName != member && $0.name != member })
            else { continue }
            problems.append(
                NamingProblem(
                    type: reshaping.type, option: .rename, member: member,
                    "`\(member)` and `\(other.jsonName)` of `\(reshaping.type)` would both "
                        + "be `\(name)`"))
        }
    }
}

extension MessageDescriptor {
    /// The full name, or its last part where that is how a type is named.
    fileprivate func name(as type: String) -> String {
        type.contains(".")
            ? fullName : fullName.split(separator: ".").last.map(String.init) ?? fullName
    }
}

extension FieldDescriptor {
    fileprivate var isInteger: Bool {
        guard cardinality != .map else { return false }
        switch type {
        case .int32, .sint32, .sfixed32, .uint32, .fixed32, .int64, .sint64, .sfixed64, .uint64,
            .fixed64:
            return true
        default: return false
        }
    }
}
