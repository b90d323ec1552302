// SPDX-License-Identifier: Apache-2.0
// What a schema is called among the components of an OpenAPI document, whose names have only ASCII
// letters: names in other scripts are spelled in Latin ones, so that they stay readable and apart.

internal import DragomanDocument

enum ComponentName {
    /// The last word of where a schema stands, in the letters that a component's name may have;
    /// and the word itself where it is another one.
    static func make(_ source: SchemaSource) -> (name: String, title: String?) {
        let word = word(of: source)
        let name = latin(word)
        return name.isEmpty ? ("schema", nil) : (name, name == word ? nil : word)
    }

    private static func word(of source: SchemaSource) -> String {
        var text = ""
        if let last = JSONPointer.tokens(source.pointer)?.last {
            text = last
        } else {
            text = source.uri.split(separator: "/").last.map(String.init) ?? "schema"
            for suffix in [".json", ".yaml", ".yml", ".schema"] where text.hasSuffix(suffix) {
                text.removeLast(suffix.count)
            }
        }
        // A name of XML is `{namespace}local`.
        if let brace = text.lastIndex(of: "}") { text = String(text[text.index(after: brace)...]) }
        return text
    }

    /// `text` with each letter of another script by its sound, and `_` for what is no letter.
    static func latin(_ text: String) -> String {
        var name = ""
        for scalar in text.unicodeScalars {
            let isPlain =
                scalar.isASCII
                && (scalar.properties.isAlphabetic || (scalar.value >= 0x30 && scalar.value <= 0x39)
                    || ".-_".unicodeScalars.contains(scalar))
            if isPlain {
                name.unicodeScalars.append(scalar)
            } else if scalar.isASCII || !isWord(scalar) {
                name += "_"
            } else if scalar.properties.canonicalCombiningClass == .notReordered {
                name += spelled(scalar)
            }
        }
        return name
    }

    private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isAlphabetic || scalar.properties.numericType != nil
            || scalar.properties.canonicalCombiningClass != .notReordered
    }

    private static func spelled(_ scalar: Unicode.Scalar) -> String {
        let small = scalar.properties.lowercaseMapping.unicodeScalars.first ?? scalar
        let isCapital = small != scalar
        let sound = sounds[small] ?? sound(small) ?? "u" + String(scalar.value, radix: 16)
        return isCapital ? sound.prefix(1).uppercased() + sound.dropFirst() : sound
    }

    /// What Unicode's name of the letter says that it is: `a` of LATIN SMALL LETTER A WITH ACUTE,
    /// `alef` of HEBREW LETTER ALEF, `ka` of KATAKANA LETTER KA.
    private static func sound(_ scalar: Unicode.Scalar) -> String? {
        if let digit = scalar.properties.numericValue, scalar.properties.numericType == .decimal {
            return String(Int(digit))
        }
        guard let name = scalar.properties.name else { return nil }
        let words = name.split(separator: " ")
        guard let kind = words.lastIndex(where: { $0 == "LETTER" || $0 == "SYLLABLE" }),
            kind + 1 < words.count
        else { return nil }
        let own = words[(kind + 1)...].prefix { $0 != "WITH" }.filter { $0 != "FINAL" }
        let letters = own.joined().filter { $0.isASCII && $0.isLetter }
        return letters.isEmpty ? nil : letters.lowercased()
    }

    /// Letters that Unicode names otherwise than people write them.
    private static let sounds: [Unicode.Scalar: String] = {
        let cyrillic: [(String, String)] = [
            ("б", "b"), ("в", "v"), ("г", "g"), ("ґ", "g"), ("д", "d"), ("е", "e"), ("ё", "yo"),
            ("є", "ye"), ("ж", "zh"), ("з", "z"), ("и", "i"), ("і", "i"), ("ї", "yi"), ("й", "y"),
            ("ј", "j"),
            ("к", "k"), ("л", "l"), ("љ", "lj"), ("м", "m"), ("н", "n"), ("њ", "nj"), ("п", "p"),
            ("р", "r"), ("с", "s"), ("т", "t"), ("ў", "u"), ("ф", "f"), ("х", "kh"), ("ц", "ts"),
            ("ч", "ch"), ("џ", "dz"), ("ш", "sh"), ("щ", "shch"), ("ъ", ""), ("ы", "y"),
            ("ь", ""), ("э", "e"), ("ђ", "dj"), ("ћ", "c"),
        ]
        let others: [(String, String)] = [
            ("ß", "ss"), ("æ", "ae"), ("œ", "oe"), ("ø", "o"), ("þ", "th"), ("ð", "d"),
            ("ı", "i"), ("ł", "l"), ("α", "a"), ("β", "b"), ("γ", "g"), ("δ", "d"),
            ("ε", "e"), ("ζ", "z"), ("η", "i"), ("θ", "th"), ("ι", "i"), ("κ", "k"), ("λ", "l"),
            ("μ", "m"), ("ν", "n"), ("ξ", "x"), ("ο", "o"), ("π", "p"), ("ρ", "r"), ("σ", "s"),
            ("ς", "s"), ("τ", "t"), ("υ", "y"), ("φ", "f"), ("χ", "ch"), ("ψ", "ps"), ("ω", "o"),
            ("ά", "a"), ("έ", "e"), ("ή", "i"), ("ί", "i"), ("ό", "o"), ("ύ", "y"), ("ώ", "o"),
        ]
        var sounds: [Unicode.Scalar: String] = [:]
        for (letter, sound) in cyrillic + others {
            if let scalar = letter.unicodeScalars.first { sounds[scalar] = sound }
        }
        return sounds
    }()
}
