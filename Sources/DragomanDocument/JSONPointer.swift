// SPDX-License-Identifier: Apache-2.0
// JSON Pointer (RFC 6901), both ways: from a place in a Document to its pointer, and back.

extension Document {
    /// The pointer of the value, or of the value whose name stands, at `place`; nil where that is
    /// not in this Document. `""` is the whole.
    package func pointer(to place: DocumentPlace) -> String? {
        guard let root, place.tapeAddress == UInt(bitPattern: root.tape), place.index >= 0,
            place.index < tapeCount
        else { return nil }
        var pointer = ""
        var node = root
        descent: while node.index != place.index {
            switch node.kind {
            case .array:
                var position = 0
                var items = node.items
                while true {
                    let index = items.index
                    guard items.next() != nil else { return nil }
                    if place.index < items.index {
                        pointer += "/\(position)"
                        node = Node(node.tape, node.text, index)
                        continue descent
                    }
                    position += 1
                }
            case .object:
                var members = node.members
                while let member = members.next() {
                    guard place.index < members.index else { continue }
                    pointer += "/" + JSONPointer.escape(member.name.string)
                    if member.name.index == place.index { return pointer }
                    node = Node(node.tape, node.text, member.name.index + 1)
                    continue descent
                }
                return nil
            default: return nil
            }
        }
        return pointer
    }
}

package enum JSONPointer {
    /// `~` and `/` as a reference token spells them.
    package static func escape(_ token: String) -> String {
        guard token.utf8.contains(where: { $0 == 0x7E || $0 == 0x2F }) else { return token }
        var escaped = ""
        for scalar in token.unicodeScalars {
            switch scalar {
            case "~": escaped += "~0"
            case "/": escaped += "~1"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    /// The tokens of a pointer; nil where it is not one.
    package static func tokens(_ pointer: String) -> [String]? {
        if pointer.isEmpty { return [] }
        guard pointer.utf8.first == 0x2F else { return nil }
        var tokens: [String] = []
        var token = ""
        var escaping = false
        for scalar in pointer.unicodeScalars.dropFirst() {
            if escaping {
                guard scalar == "0" || scalar == "1" else { return nil }
                token.unicodeScalars.append(scalar == "0" ? "~" : "/")
                escaping = false
            } else if scalar == "~" {
                escaping = true
            } else if scalar == "/" {
                tokens.append(token)
                token = ""
            } else {
                token.unicodeScalars.append(scalar)
            }
        }
        return escaping ? nil : tokens + [token]
    }
}

extension Node {
    /// The value that the pointer names, from here; nil where there is none.
    package func value(at pointer: String) -> Node? {
        guard let tokens = JSONPointer.tokens(pointer) else { return nil }
        var node = self
        for token in tokens {
            switch node.kind {
            case .object:
                guard let value = node.member(named: token) else { return nil }
                node = value
            case .array:
                let digits = token.utf8
                guard digits.count == 1 || digits.first != 0x30,
                    digits.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }),
                    let position = Int(token), let item = node.item(position)
                else { return nil }
                node = item
            default: return nil
            }
        }
        return node
    }
}
