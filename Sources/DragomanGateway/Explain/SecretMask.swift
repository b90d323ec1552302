// SPDX-License-Identifier: Apache-2.0
// What a call shows of itself: who the gateway is may be known, what proves it never. Passwords,
// tokens and keys of gateway.yaml are `***` wherever a call is shown, compared or recorded, and so
// are those that a mapping brings along; what the client itself sent is no secret to it.

internal import DragomanMapping

struct SecretMask {
    static let text = "***"

    /// The upstream that is called.
    let settings: UpstreamSettings?
    let security: MessageSecurity?
    /// What the client sent: its target, its fields, its body.
    let known: [String]

    /// Fields that carry secrets whoever sets them.
    private static let usual: Set<String> = ["authorization", "proxy-authorization", "cookie"]
    private static let telling = [
        "api-key", "apikey", "secret", "password", "auth-token", "access-token", "auth-key",
        "subscription-key",
    ]

    /// Names in lower case, as they go out. `secrets`: the values that are not shown.
    func fields(
        _ pairs: [(name: String, value: String)], secrets: inout [String]
    ) -> [(name: String, value: String)] {
        pairs.map { name, value in
            let scheme = Self.usual.contains(name) ? Self.scheme(value) : ""
            let secret = String(value.dropFirst(scheme.count))
            guard isOwn(name) || isTelling(name) && !isKnown(secret) else { return (name, value) }
            secrets.append(secret)
            return (name, scheme + Self.text)
        }
    }

    /// gateway.yaml sets it.
    private func isOwn(_ name: String) -> Bool {
        guard let settings else { return false }
        return settings.headers.contains { $0.name == name }
            || name == "authorization" && settings.credentials != nil
    }

    private func isTelling(_ name: String) -> Bool {
        Self.usual.contains(name) || Self.telling.contains { name.contains($0) }
    }

    private func isKnown(_ secret: String) -> Bool {
        secret.isEmpty || known.contains { $0.contains(secret) }
    }

    /// `Bearer `, `Basic `: as much of a value as is no secret.
    private static func scheme(_ value: String) -> String {
        guard let space = value.firstIndex(of: " ") else { return "" }
        let scheme = value[...space]
        return scheme.dropLast().allSatisfy { $0.isLetter || $0 == "-" } ? String(scheme) : ""
    }

    /// The values of the query that an address from outside brings along.
    func path(_ path: String) -> String {
        guard let settings, settings.isLocationExternal,
            case .urls(let urls) = settings.location,
            let query = urls.lazy.compactMap({ $0.path?.split(separator: "?", maxSplits: 1) })
                .first(where: { $0.count == 2 })?.last,
            let place = path.firstRange(of: query)
        else { return path }
        let masked = query.split(separator: "&", omittingEmptySubsequences: false).map { field in
            guard let sign = field.firstIndex(of: "=") else { return Self.text }
            return field[...sign] + Self.text
        }
        return path.replacingCharacters(place, with: masked.joined(separator: "&"))
    }

    /// A SOAP message before it is encrypted.
    func message(_ bytes: [UInt8]) -> [UInt8] {
        guard let security else { return bytes }
        return Array(security.masked(String(decoding: bytes, as: UTF8.self)).utf8)
    }

    /// What an expression came to, with none of the secrets that the calls bore.
    static func hidden(_ value: String, _ secrets: [String]) -> String {
        secrets.contains { $0.utf8.count > 2 && value.contains($0) } ? text : value
    }
}

extension String {
    fileprivate func replacingCharacters(
        _ range: Range<String.Index>, with text: String
    ) -> String {
        self[..<range.lowerBound] + text + self[range.upperBound...]
    }
}

extension MessageSecurity {
    /// The message without what proves who the gateway is: the password of its UsernameToken, and
    /// the assertion. Its own Security block is the first of the Header.
    func masked(_ message: String) -> String {
        var masked = message
        if settings.username != nil, let tag = masked.firstRange(of: "<wsse:Password "),
            let open = masked[tag.upperBound...].firstIndex(of: ">"),
            let close = masked[open...].firstRange(of: "</wsse:Password>")
        {
            masked.replaceSubrange(
                masked.index(after: open)..<close.lowerBound, with: SecretMask.text)
        }
        if !assertion.isEmpty, let place = masked.firstRange(of: assertion) {
            masked.replaceSubrange(place, with: maskedAssertion)
        }
        return masked
    }
}
