// SPDX-License-Identifier: Apache-2.0
// Where the gateway listens, where upstreams are, and whom it trusts: addresses as configuration
// writes them.

internal import Glibc

/// `127.0.0.1:8080`, `[::1]:8080`, `localhost:0`, `:8080` for every interface, `unix:/path`.
package enum ListenAddress: Sendable, Hashable {
    /// A name or an address literal, IPv6 without brackets; empty for every interface.
    case host(String, port: Int)
    case unix(String)

    package init?(_ text: String) {
        if text.hasPrefix("unix:") {
            let path = String(text.dropFirst(5))
            guard path.hasPrefix("/"), path.utf8.count > 1 else { return nil }
            self = .unix(path)
            return
        }
        guard let (host, port) = HostPort.split(text), let port else { return nil }
        guard host.isEmpty || host == "*" || HostPort.isHost(host) else { return nil }
        self = .host(host == "*" ? "" : host, port: port)
    }

    /// Whether only this machine can reach it.
    package var isLoopback: Bool {
        switch self {
        case .unix: return true
        case .host("localhost", _): return true
        case .host(let host, _):
            guard let address = NetworkAddress(host) else { return false }
            return address.isLoopback
        }
    }
}

enum HostPort {
    /// `host:port`, `[v6]:port` or without a port; the host without brackets.
    static func split(_ text: String) -> (host: String, port: Int?)? {
        var host = text[...]
        var port: Int?
        if text.hasPrefix("[") {
            guard let close = text.firstIndex(of: "]") else { return nil }
            host = text[text.index(after: text.startIndex)..<close]
            guard NetworkAddress(String(host))?.isVersion6 == true else { return nil }
            let rest = text[text.index(after: close)...]
            if !rest.isEmpty {
                guard rest.hasPrefix(":"), let number = Self.port(rest.dropFirst()) else {
                    return nil
                }
                port = number
            }
        } else if let colon = text.lastIndex(of: ":") {
            host = text[..<colon]
            guard !host.contains(":"), let number = Self.port(text[text.index(after: colon)...])
            else { return nil }
            port = number
        }
        return (String(host), port)
    }

    private static func port(_ text: Substring) -> Int? {
        guard !text.isEmpty, text.utf8.count <= 5,
            text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), let port = Int(text),
            port <= 65_535
        else { return nil }
        return port
    }

    /// A host name or an address literal.
    static func isHost(_ text: String) -> Bool {
        if NetworkAddress(text) != nil { return true }
        guard !text.isEmpty, text.utf8.count <= 253 else { return false }
        let labels = text.split(separator: ".", omittingEmptySubsequences: false)
        for (index, label) in labels.enumerated() {
            if label.isEmpty { return index == labels.count - 1 && index > 0 }
            guard label.utf8.count <= 63, label.utf8.allSatisfy(isLabelByte),
                label.utf8.first != 0x2D, label.utf8.last != 0x2D
            else { return false }
        }
        // A name of digits and dots alone would be taken for an address by some and not by others.
        return labels.last?.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 } == false
    }

    private static func isLabelByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x5F: true
        default: false
        }
    }
}

/// An IPv4 or IPv6 address as 16 bytes; IPv4 as `::ffff:a.b.c.d`, so that both compare alike.
package struct NetworkAddress: Sendable, Hashable {
    package let bytes: [UInt8]
    package let isVersion6: Bool

    package init?(_ text: String) {
        var version4 = in_addr()
        var version6 = in6_addr()
        if inet_pton(AF_INET, text, &version4) == 1 {
            let octets = withUnsafeBytes(of: &version4) { Array($0) }
            bytes = [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF] + octets
            isVersion6 = false
        } else if inet_pton(AF_INET6, text, &version6) == 1 {
            bytes = withUnsafeBytes(of: &version6) { Array($0) }
            isVersion6 = true
        } else {
            return nil
        }
    }

    var isLoopback: Bool {
        let isMapped = bytes.starts(with: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF])
        if isMapped { return bytes[12] == 127 }
        return bytes.dropLast().allSatisfy { $0 == 0 } && bytes.last == 1
    }
}

/// `10.0.0.0/8`, `2001:db8::/32`, or one address.
package struct AddressRange: Sendable, Hashable {
    /// The network's bytes, those after the prefix zero.
    package let network: [UInt8]
    /// Of the 128 bits.
    package let prefixBits: Int

    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard let first = parts.first, parts.count <= 2,
            let address = NetworkAddress(String(first))
        else { return nil }
        var bits = 128
        if parts.count == 2 {
            let widest = address.isVersion6 ? 128 : 32
            guard let number = Int(parts[1]), (0...widest).contains(number),
                parts[1].first != "+", parts[1].first != "-"
            else { return nil }
            bits = 128 - widest + number
        }
        prefixBits = bits
        network = Self.masked(address.bytes, bits)
    }

    private static func masked(_ bytes: [UInt8], _ bits: Int) -> [UInt8] {
        bytes.enumerated().map { index, byte in
            let kept = min(8, max(0, bits - index * 8))
            return kept == 0 ? 0 : byte & (0xFF << UInt8(8 - kept))
        }
    }

    package func contains(_ address: NetworkAddress) -> Bool {
        Self.masked(address.bytes, prefixBits) == network
    }
}

/// The address of a backend: `https://orders.internal:50051/base` or `unix:/run/orders.sock`.
package struct UpstreamURL: Sendable, Hashable {
    package enum Target: Sendable, Hashable {
        /// A name or an address literal, IPv6 without brackets.
        case host(String, port: Int)
        case unix(String)
    }

    package var isSecure: Bool
    package var target: Target
    /// As written, `/soap/small`; nil where the URL has none (`http://host` and `http://host:1`),
    /// which keeps the contract's. `http://host/` has the path `/`.
    package var path: String?

    package init?(_ text: String) {
        if text.hasPrefix("unix:") {
            let path = String(text.dropFirst(5))
            guard path.hasPrefix("/"), path.utf8.count > 1 else { return nil }
            (isSecure, target, self.path) = (false, .unix(path), nil)
            return
        }
        let lowered = text.prefix(8).lowercased()
        isSecure = lowered.hasPrefix("https://")
        guard isSecure || lowered.hasPrefix("http://") else { return nil }
        let rest = text.dropFirst(isSecure ? 8 : 7)
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let path = rest.dropFirst(authority.count)
        guard let (host, port) = HostPort.split(String(authority)), HostPort.isHost(host),
            port != 0, Self.isPath(path)
        else { return nil }
        target = .host(host, port: port ?? (isSecure ? 443 : 80))
        self.path = path.isEmpty ? nil : String(path)
    }

    /// Scheme, host and port, without those that go without saying.
    package var origin: String {
        let scheme = isSecure ? "https" : "http"
        switch target {
        case .unix: return "\(scheme)://localhost"
        case .host(let host, let port):
            let name = host.contains(":") ? "[\(host)]" : host
            return port == (isSecure ? 443 : 80)
                ? "\(scheme)://\(name)" : "\(scheme)://\(name):\(port)"
        }
    }

    /// No fragment, nothing that must be escaped; a query is kept, as SOAP addresses have them.
    private static func isPath(_ path: Substring) -> Bool {
        path.utf8.allSatisfy { byte in
            byte > 0x20 && byte < 0x7F && !"#\"<>\\^`{|}".utf8.contains(byte)
        }
    }
}
