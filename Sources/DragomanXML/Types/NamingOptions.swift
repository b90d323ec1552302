// SPDX-License-Identifier: Apache-2.0
// How a mapping wants the contract's names and values in JSON (MAPPING.md: naming, types, json).

package struct NamingOptions: Sendable, Equatable {
    /// What `types: { Name: … }` says of one type. Members are named as in the contract.
    package struct TypeOptions: Sendable, Equatable {
        package var rename: [String: String] = [:]
        /// Never sent, never answered.
        package var omit: Set<String> = []
        package var unwrap: Set<String> = []
        /// Members whose numbers stand so, whatever `json` says of the service's.
        package var numbers: [String: NumberForm] = [:]
        package init() {}
    }
    package enum NumberForm: Sendable { case number, string }

    package var camelCase = false
    /// By type name, or by element path (`Order/Lines`) for anonymous types.
    package var types: [String: TypeOptions] = [:]
    /// Of integers that need not fit 53 bits.
    package var int64 = NumberForm.number
    package var decimal = NumberForm.number
    /// `json: { arrays: print }`: `[]` for no occurrence.
    package var printsEmptyArrays = false

    package init() {}
}

package enum Naming {
    /// `OrderLine` to `orderLine`, `XMLDoc` to `xmlDoc`, `order_line` to `orderLine`.
    package static func camelCase(_ name: String) -> String {
        var letters: [Character] = []
        var rises = false
        for character in name {
            if character == "_" || character == "-" || character == "." {
                rises = true
            } else {
                letters.append(contentsOf: rises ? Array(character.uppercased()) : [character])
                rises = false
            }
        }
        var run = 0
        while run < letters.count, letters[run].isUppercase { run += 1 }
        if run > 1, run < letters.count, letters[run].isLowercase { run -= 1 }
        for index in 0..<run {
            let lower = letters[index].lowercased()
            if let character = lower.first, lower.count == 1 { letters[index] = character }
        }
        return letters.isEmpty ? name : String(letters)
    }
}
