// SPDX-License-Identifier: Apache-2.0
// Who the gateway is, for HTTP: Basic (RFC 7617), a bearer token (RFC 6750), and Digest (RFC 7616),
// whose challenge is kept so that only the first call of a connection's life is made twice.

internal import Crypto
internal import DragomanMapping
internal import DragomanXML

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// The credentials of one upstream on one event loop.
final class HTTPCredentials {
    private struct Challenge {
        var realm = ""
        var nonce = ""
        var opaque: String?
        var algorithm = "MD5"
        var hasQuality = false
        var count = 0
    }

    private let settings: UpstreamCredentials
    private var challenge: Challenge?

    init(_ settings: UpstreamCredentials) { self.settings = settings }

    /// The Authorization field of a call; nil while no challenge is known.
    func authorization(method: String, path: String) -> String? {
        switch settings.scheme {
        case .basic:
            let pair = Data("\(settings.username):\(settings.password)".utf8)
            return "Basic \(pair.base64EncodedString())"
        case .digest: return digest(method, path)
        case .bearer: return "Bearer \(settings.password)"
        }
    }

    /// Takes a challenge of a 401.
    /// - Returns: whether the call may be made again with it.
    func take(challenges: [String]) -> Bool {
        guard settings.scheme == .digest else { return false }
        for text in challenges {
            guard text.lowercased().hasPrefix("digest ") else { continue }
            var made = Challenge()
            for (name, value) in Self.parameters(text.dropFirst(7)) {
                switch name {
                case "realm": made.realm = value
                case "nonce": made.nonce = value
                case "opaque": made.opaque = value
                case "algorithm": made.algorithm = value
                case "qop":
                    made.hasQuality = value.split(separator: ",").contains {
                        XMLCharacters.trim(String($0)).lowercased() == "auth"
                    }
                default: break
                }
            }
            let isKnown = ["MD5", "SHA-256"].contains(made.algorithm.uppercased())
            guard isKnown, !made.nonce.isEmpty else { continue }
            challenge = made
            return true
        }
        return false
    }

    private func digest(_ method: String, _ path: String) -> String? {
        guard var current = challenge else { return nil }
        current.count += 1
        challenge = current
        let secret = hash("\(settings.username):\(current.realm):\(settings.password)", current)
        let request = hash("\(method):\(path)", current)
        var fields = [
            "username=\(Self.quoted(settings.username))", "realm=\(Self.quoted(current.realm))",
            "nonce=\(Self.quoted(current.nonce))", "uri=\(Self.quoted(path))",
            "algorithm=\(current.algorithm)",
        ]
        if current.hasQuality {
            let digits = String(current.count, radix: 16)
            let number = String(repeating: "0", count: max(0, 8 - digits.count)) + digits
            var generator = SystemRandomNumberGenerator()
            let own = String(UInt64.random(in: 0...UInt64.max, using: &generator), radix: 16)
            let response = hash(
                "\(secret):\(current.nonce):\(number):\(own):auth:\(request)", current)
            fields += ["qop=auth", "nc=\(number)", "cnonce=\"\(own)\"", "response=\"\(response)\""]
        } else {
            let response = hash("\(secret):\(current.nonce):\(request)", current)
            fields.append("response=\"\(response)\"")
        }
        if let opaque = current.opaque { fields.append("opaque=\(Self.quoted(opaque))") }
        return "Digest " + fields.joined(separator: ", ")
    }

    private func hash(_ text: String, _ challenge: Challenge) -> String {
        let bytes = Array(text.utf8)
        let digest: [UInt8] =
            challenge.algorithm.uppercased() == "MD5"
            ? Array(Insecure.MD5.hash(data: bytes)) : Array(SHA256.hash(data: bytes))
        return digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for character in text where character != "\r" && character != "\n" {
            if character == "\"" || character == "\\" { quoted += "\\" }
            quoted.append(character)
        }
        return quoted + "\""
    }

    /// `name=value` or `name="value"`, by commas.
    private static func parameters(_ text: Substring) -> [(String, String)] {
        var found: [(String, String)] = []
        var rest = text.utf8[...]
        while !rest.isEmpty {
            let name = rest.prefix { $0 != 0x3D && $0 != 0x2C }
            rest = rest[name.endIndex...]
            let key = XMLCharacters.trim(String(Substring(name))).lowercased()
            var value: [UInt8] = []
            if rest.first == 0x3D {
                rest = rest.dropFirst()
                if rest.first == 0x22 {
                    rest = rest.dropFirst()
                    while let byte = rest.popFirst(), byte != 0x22 {
                        if byte == 0x5C, let next = rest.popFirst() {
                            value.append(next)
                        } else {
                            value.append(byte)
                        }
                    }
                }
                while let byte = rest.first, byte != 0x2C {
                    value.append(byte)
                    rest = rest.dropFirst()
                }
            }
            if !key.isEmpty {
                let text = String(decoding: value, as: UTF8.self)
                found.append((key, XMLCharacters.trim(text)))
            }
            rest = rest.dropFirst()
        }
        return found
    }
}
