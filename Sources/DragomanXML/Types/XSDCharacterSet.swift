// SPDX-License-Identifier: Apache-2.0
// A character class of XML Schema's patterns: ranges, categories, blocks, the multi-character
// escapes, negation and subtraction.

struct XSDCharacterSet: Sendable {
    enum Item: Sendable {
        case range(UInt32, UInt32)
        case outside(UInt32, UInt32)
        /// A general category of Unicode, and whether it is negated.
        case category(String, Bool)
        case space(Bool)
        case digit(Bool)
        case word(Bool)
        case nameStart(Bool)
        case nameCharacter(Bool)
    }

    var items: [Item]
    var isNegated = false
    /// None or one.
    var subtracted: [XSDCharacterSet] = []

    init(items: [Item], isNegated: Bool = false) {
        self.items = items
        self.isNegated = isNegated
    }

    func contains(_ scalar: Unicode.Scalar) -> Bool {
        var isIn = false
        for item in items where XSDCharacterSet.matches(item, scalar) {
            isIn = true
            break
        }
        guard isIn != isNegated else { return false }
        return !subtracted.contains { $0.contains(scalar) }
    }

    private static func matches(_ item: Item, _ scalar: Unicode.Scalar) -> Bool {
        let value = scalar.value
        switch item {
        case .range(let low, let high): return value >= low && value <= high
        case .outside(let low, let high): return value < low || value > high
        case .category(let name, let isNegated):
            return category(scalar).hasPrefix(name) != isNegated
        case .space(let isNegated):
            return (value == 0x20 || value == 0x09 || value == 0x0A || value == 0x0D) != isNegated
        case .digit(let isNegated):
            if value < 0x80 { return (value >= 0x30 && value <= 0x39) != isNegated }
            return (category(scalar) == "Nd") != isNegated
        case .word(let isNegated):
            let first = category(scalar).first
            return (first != "P" && first != "Z" && first != "C") != isNegated
        case .nameStart(let isNegated):
            return (value == 0x3A || XMLCharacters.isNameStart(value)) != isNegated
        case .nameCharacter(let isNegated):
            return (value == 0x3A || XMLCharacters.isName(value)) != isNegated
        }
    }

    static func isCategory(_ name: String) -> Bool {
        let subcategories = [
            "L": "ultmo", "M": "nce", "N": "dlo", "P": "cdseifo", "Z": "slp", "S": "mcko",
            "C": "cofn",
        ]
        guard let first = name.first, let letters = subcategories[String(first)] else {
            return false
        }
        let rest = name.dropFirst()
        guard let second = rest.first else { return true }
        return rest.count == 1 && letters.contains(second)
    }

    static func category(_ scalar: Unicode.Scalar) -> String {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter: "Lu"
        case .lowercaseLetter: "Ll"
        case .titlecaseLetter: "Lt"
        case .modifierLetter: "Lm"
        case .otherLetter: "Lo"
        case .nonspacingMark: "Mn"
        case .spacingMark: "Mc"
        case .enclosingMark: "Me"
        case .decimalNumber: "Nd"
        case .letterNumber: "Nl"
        case .otherNumber: "No"
        case .connectorPunctuation: "Pc"
        case .dashPunctuation: "Pd"
        case .openPunctuation: "Ps"
        case .closePunctuation: "Pe"
        case .initialPunctuation: "Pi"
        case .finalPunctuation: "Pf"
        case .otherPunctuation: "Po"
        case .mathSymbol: "Sm"
        case .currencySymbol: "Sc"
        case .modifierSymbol: "Sk"
        case .otherSymbol: "So"
        case .spaceSeparator: "Zs"
        case .lineSeparator: "Zl"
        case .paragraphSeparator: "Zp"
        case .control: "Cc"
        case .format: "Cf"
        case .surrogate: "Cs"
        case .privateUse: "Co"
        default: "Cn"
        }
    }

    /// Blocks that `\p{IsName}` may name (XSD 1.0 part 2, F.1.1), by first and last code point.
    static let blocks: [String: (UInt32, UInt32)] = [
        "BasicLatin": (0x0, 0x7F), "Latin-1Supplement": (0x80, 0xFF),
        "LatinExtended-A": (0x100, 0x17F), "LatinExtended-B": (0x180, 0x24F),
        "IPAExtensions": (0x250, 0x2AF), "SpacingModifierLetters": (0x2B0, 0x2FF),
        "CombiningDiacriticalMarks": (0x300, 0x36F), "Greek": (0x370, 0x3FF),
        "GreekandCoptic": (0x370, 0x3FF), "Cyrillic": (0x400, 0x4FF),
        "Armenian": (0x530, 0x58F), "Hebrew": (0x590, 0x5FF), "Arabic": (0x600, 0x6FF),
        "Syriac": (0x700, 0x74F), "Thaana": (0x780, 0x7BF), "Devanagari": (0x900, 0x97F),
        "Bengali": (0x980, 0x9FF), "Gurmukhi": (0xA00, 0xA7F), "Gujarati": (0xA80, 0xAFF),
        "Oriya": (0xB00, 0xB7F), "Tamil": (0xB80, 0xBFF), "Telugu": (0xC00, 0xC7F),
        "Kannada": (0xC80, 0xCFF), "Malayalam": (0xD00, 0xD7F), "Sinhala": (0xD80, 0xDFF),
        "Thai": (0xE00, 0xE7F), "Lao": (0xE80, 0xEFF), "Tibetan": (0xF00, 0xFFF),
        "Myanmar": (0x1000, 0x109F), "Georgian": (0x10A0, 0x10FF),
        "HangulJamo": (0x1100, 0x11FF), "Ethiopic": (0x1200, 0x137F),
        "Cherokee": (0x13A0, 0x13FF), "Runic": (0x16A0, 0x16FF), "Khmer": (0x1780, 0x17FF),
        "Mongolian": (0x1800, 0x18AF), "LatinExtendedAdditional": (0x1E00, 0x1EFF),
        "GreekExtended": (0x1F00, 0x1FFF), "GeneralPunctuation": (0x2000, 0x206F),
        "SuperscriptsandSubscripts": (0x2070, 0x209F), "CurrencySymbols": (0x20A0, 0x20CF),
        "CombiningMarksforSymbols": (0x20D0, 0x20FF), "LetterlikeSymbols": (0x2100, 0x214F),
        "NumberForms": (0x2150, 0x218F), "Arrows": (0x2190, 0x21FF),
        "MathematicalOperators": (0x2200, 0x22FF), "MiscellaneousTechnical": (0x2300, 0x23FF),
        "ControlPictures": (0x2400, 0x243F), "OpticalCharacterRecognition": (0x2440, 0x245F),
        "EnclosedAlphanumerics": (0x2460, 0x24FF), "BoxDrawing": (0x2500, 0x257F),
        "BlockElements": (0x2580, 0x259F), "GeometricShapes": (0x25A0, 0x25FF),
        "MiscellaneousSymbols": (0x2600, 0x26FF), "Dingbats": (0x2700, 0x27BF),
        "BraillePatterns": (0x2800, 0x28FF), "CJKRadicalsSupplement": (0x2E80, 0x2EFF),
        "KangxiRadicals": (0x2F00, 0x2FDF), "CJKSymbolsandPunctuation": (0x3000, 0x303F),
        "Hiragana": (0x3040, 0x309F), "Katakana": (0x30A0, 0x30FF), "Bopomofo": (0x3100, 0x312F),
        "HangulCompatibilityJamo": (0x3130, 0x318F), "Kanbun": (0x3190, 0x319F),
        "EnclosedCJKLettersandMonths": (0x3200, 0x32FF), "CJKCompatibility": (0x3300, 0x33FF),
        "CJKUnifiedIdeographsExtensionA": (0x3400, 0x4DB5),
        "CJKUnifiedIdeographs": (0x4E00, 0x9FFF), "YiSyllables": (0xA000, 0xA48F),
        "YiRadicals": (0xA490, 0xA4CF), "HangulSyllables": (0xAC00, 0xD7A3),
        "PrivateUse": (0xE000, 0xF8FF), "CJKCompatibilityIdeographs": (0xF900, 0xFAFF),
        "AlphabeticPresentationForms": (0xFB00, 0xFB4F),
        "ArabicPresentationForms-A": (0xFB50, 0xFDFF), "CombiningHalfMarks": (0xFE20, 0xFE2F),
        "CJKCompatibilityForms": (0xFE30, 0xFE4F), "SmallFormVariants": (0xFE50, 0xFE6F),
        "ArabicPresentationForms-B": (0xFE70, 0xFEFE),
        "HalfwidthandFullwidthForms": (0xFF00, 0xFFEF), "Specials": (0xFFF0, 0xFFFD),
    ]
}
