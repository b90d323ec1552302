// SPDX-License-Identifier: Apache-2.0
// Bounds as gateway.yaml would write them, for problems that name the one that was passed.

package import DragomanMapping

extension GatewayLimits {
    /// The value of the limit of that name, such as `4MiB` or `15s`.
    package func text(of name: String) -> String {
        switch name {
        case "body": Self.size(body)
        case "reply": Self.size(reply)
        case "buffer": Self.size(buffer)
        case "url": Self.size(url)
        case "headers": Self.size(headers)
        case "header_count": String(headerCount)
        case "depth": String(depth)
        case "members": String(members)
        case "names": String(names)
        case "text": Self.size(text)
        case "connections": String(connections)
        case "header_timeout": Self.time(headerTimeout)
        case "body_idle": Self.time(bodyIdle)
        case "keep_alive": Self.time(keepAlive)
        case "timeout": Self.time(timeout)
        case "connect": Self.time(connect)
        case "idle": Self.time(idle)
        default: ""
        }
    }

    private static func size(_ bytes: Int) -> String {
        for (shift, unit) in [(30, "GiB"), (20, "MiB"), (10, "KiB")] {
            if bytes >= 1 << shift, bytes % (1 << shift) == 0 { return "\(bytes >> shift)\(unit)" }
        }
        return "\(bytes)B"
    }

    private static func time(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let milliseconds = seconds * 1000 + attoseconds / 1_000_000_000_000_000
        return milliseconds % 1000 == 0 ? "\(milliseconds / 1000)s" : "\(milliseconds)ms"
    }
}

extension GatewayConfiguration {
    /// The address is of a proxy whose word is taken for whom it forwards.
    func trusts(_ address: String) -> Bool {
        guard !trustedProxies.isEmpty, let address = NetworkAddress(address) else { return false }
        return trustedProxies.contains { $0.contains(address) }
    }
}
