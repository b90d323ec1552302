// SPDX-License-Identifier: Apache-2.0
// The host and port of Host, of an absolute target and of a URL (RFC 3986 section 3.2): which
// octets they may have, and the one form in which hosts are compared.

package enum Authority {
    /// Where the host ends, and the port that follows it.
    package struct Parts: Sendable, Equatable {
        /// Octets of the host; brackets of an IP literal included.
        package var hostCount: Int
        package var port: Int?
    }

    /// `host` or `host:port`, nothing else: no user, no escape, not empty. An empty port is none.
    package static func parse(_ text: UnsafeRawBufferPointer) -> Parts? {
        guard let first = text.first else { return nil }
        var index = 0
        if first == 0x5B {
            index = 1
            while index < text.count, isLiteralOctet(text[index]) { index += 1 }
            guard index > 1, index < text.count, text[index] == 0x5D else { return nil }
            index += 1
        } else {
            while index < text.count, isHostOctet(text[index]) { index += 1 }
        }
        if index == 0 { return nil }
        if index == text.count { return Parts(hostCount: index, port: nil) }
        guard text[index] == Octet.colon else { return nil }
        return port(text[(index + 1)...]).map { Parts(hostCount: index, port: $0) }
    }

    /// Digits only, at most 65535; nil for anything else, `.some(nil)` for none.
    private static func port(_ digits: Slice<UnsafeRawBufferPointer>) -> Int?? {
        if digits.isEmpty { return .some(nil) }
        var value = 0
        for byte in digits {
            guard Octet.isDigit(byte) else { return nil }
            value = value * 10 + Int(byte - Octet.zero)
            if value > 65_535 { return nil }
        }
        return value
    }

    /// Unreserved and sub-delims of RFC 3986, so a reg-name without escapes or an IPv4 address.
    private static func isHostOctet(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        case Octet.hyphen, Octet.dot, Octet.underscore, 0x7E: true
        case 0x21, 0x24, 0x26...0x2C, Octet.semicolon, Octet.equals: true
        default: false
        }
    }

    /// Hexadecimal digits, colons and dots of an IPv6 address; the `v1.` form is not in use.
    private static func isLiteralOctet(_ byte: UInt8) -> Bool {
        Octet.hex(byte) != nil || byte == Octet.colon || byte == Octet.dot
    }

    /// The host in the form in which hosts are compared: lower case, no port, no trailing dot.
    /// Nil where the text is no authority.
    package static func comparableHost(_ text: String) -> String? {
        var text = text
        return text.withUTF8 { octets in
            let all = UnsafeRawBufferPointer(octets)
            guard let parts = parse(all) else { return nil }
            let host = all[..<comparableCount(all, parts.hostCount)]
            return String(decoding: host.map(Octet.lower), as: UTF8.self)
        }
    }

    /// Octets of the host without the dot of a fully qualified name.
    static func comparableCount(_ text: UnsafeRawBufferPointer, _ hostCount: Int) -> Int {
        hostCount > 1 && text[hostCount - 1] == Octet.dot ? hostCount - 1 : hostCount
    }
}
