// SPDX-License-Identifier: Apache-2.0
// E-mail addresses: the Mailbox of RFC 5321, 4.1.2, and of RFC 6531 where other scripts may be.

enum MailFormat {
    static func isAddress(_ text: UnsafeRawBufferPointer, isInternational: Bool) -> Bool {
        guard
            let at = text.first == 0x22
                ? quotedEnd(text, isInternational) : dotStringEnd(text, isInternational),
            at <= 64, at < text.count, text[at] == 0x40
        else { return false }
        let domain = text.slice(at + 1, text.count)
        if domain.first == 0x5B { return isLiteral(domain) }
        return isInternational
            ? HostFormat.isInternational(domain) : HostFormat.isHostname(domain)
    }

    /// Where a dot-string ends; nil where none stands at the start.
    private static func dotStringEnd(
        _ text: UnsafeRawBufferPointer, _ isInternational: Bool
    ) -> Int? {
        var index = 0
        while true {
            let start = index
            while index < text.count,
                ASCII.isAlphanumeric(text[index])
                    || ASCII.isOne(text[index], of: "!#$%&'*+-/=?^_`{|}~")
                    || (isInternational && text[index] >= 0x80)
            {
                index += 1
            }
            guard index > start else { return nil }
            guard index < text.count, text[index] == 0x2E else { return index }
            index += 1
        }
    }

    /// The index after the closing quotation mark.
    private static func quotedEnd(
        _ text: UnsafeRawBufferPointer, _ isInternational: Bool
    ) -> Int? {
        var index = 1
        while index < text.count {
            let byte = text[index]
            if byte == 0x22 { return index + 1 }
            if byte == 0x5C {
                index += 1
                guard index < text.count, text[index] >= 0x20, text[index] < 0x7F else {
                    return nil
                }
            } else if byte < 0x20 || byte == 0x7F || (byte >= 0x80 && !isInternational) {
                return nil
            }
            index += 1
        }
        return nil
    }

    private static func isLiteral(_ domain: UnsafeRawBufferPointer) -> Bool {
        guard domain.count >= 2, domain[domain.count - 1] == 0x5D else { return false }
        let inner = domain.slice(1, domain.count - 1)
        if inner.count > 5, inner[4] == 0x3A,
            String(decoding: inner.slice(0, 5), as: UTF8.self).lowercased() == "ipv6:"
        {
            return HostFormat.isIPv6(inner.slice(5, inner.count))
        }
        return HostFormat.isIPv4(inner)
    }
}
