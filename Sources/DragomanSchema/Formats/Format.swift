// SPDX-License-Identifier: Apache-2.0
// The formats of JSON Schema: which of them a name means, and whether a text is one.
internal import DragomanDocument

enum Format: String, CaseIterable, Sendable {
    case dateTime = "date-time"
    case date, time, duration
    case email
    case idnEmail = "idn-email"
    case hostname
    case idnHostname = "idn-hostname"
    case ipv4, ipv6
    case uri
    case uriReference = "uri-reference"
    case iri
    case iriReference = "iri-reference"
    case uriTemplate = "uri-template"
    case uuid
    case jsonPointer = "json-pointer"
    case relativeJSONPointer = "relative-json-pointer"
    case regex

    /// By their numbers in instructions: `allCases` is made anew each time.
    static let numbered = allCases

    func accepts(_ text: UnsafeRawBufferPointer) -> Bool {
        switch self {
        case .dateTime: DateFormat.isDateTime(text)
        case .date: DateFormat.isDate(text)
        case .time: DateFormat.isTime(text)
        case .duration: DateFormat.isDuration(text)
        case .email: MailFormat.isAddress(text, isInternational: false)
        case .idnEmail: MailFormat.isAddress(text, isInternational: true)
        case .hostname: HostFormat.isHostname(text)
        case .idnHostname: HostFormat.isInternational(text)
        case .ipv4: HostFormat.isIPv4(text)
        case .ipv6: HostFormat.isIPv6(text)
        case .uri: URIFormat(text, isInternational: false).isURI()
        case .uriReference: URIFormat(text, isInternational: false).isReference()
        case .iri: URIFormat(text, isInternational: true).isURI()
        case .iriReference: URIFormat(text, isInternational: true).isReference()
        case .uriTemplate: TextFormat.isURITemplate(text)
        case .uuid: TextFormat.isUUID(text)
        case .jsonPointer: TextFormat.isPointer(text)
        case .relativeJSONPointer: TextFormat.isRelativePointer(text)
        case .regex: (try? PatternParser.parse(String(decoding: text, as: UTF8.self))) != nil
        }
    }

    /// What a text of the format is called in a sentence.
    var phrase: String {
        switch self {
        case .dateTime: "a date and time with an offset, such as 2026-01-31T12:00:00Z"
        case .date: "a date, such as 2026-01-31"
        case .time: "a time with an offset, such as 12:00:00Z"
        case .duration: "a duration, such as P1DT12H"
        case .email, .idnEmail: "an e-mail address"
        case .hostname, .idnHostname: "a host name"
        case .ipv4: "an IPv4 address"
        case .ipv6: "an IPv6 address"
        case .uri: "a URI"
        case .uriReference: "a URI reference"
        case .iri: "an IRI"
        case .iriReference: "an IRI reference"
        case .uriTemplate: "a URI template"
        case .uuid: "a UUID"
        case .jsonPointer: "a JSON Pointer"
        case .relativeJSONPointer: "a relative JSON Pointer"
        case .regex: "a regular expression"
        }
    }
}

/// Classes of ASCII bytes.
enum ASCII {
    @inline(__always)
    static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 <= 9 }
    @inline(__always)
    static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 <= 25 }
    @inline(__always)
    static func isHexadecimal(_ byte: UInt8) -> Bool {
        isDigit(byte) || (byte | 0x20) &- 0x61 <= 5
    }
    @inline(__always)
    static func isAlphanumeric(_ byte: UInt8) -> Bool { isDigit(byte) || isLetter(byte) }

    /// `byte` is one of the ASCII characters of `set`.
    static func isOne(_ byte: UInt8, of set: StaticString) -> Bool {
        for index in 0..<set.utf8CodeUnitCount where set.utf8Start[index] == byte { return true }
        return false
    }
}

extension UnsafeRawBufferPointer {
    func slice(_ start: Int, _ end: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: self[start..<end])
    }
}
