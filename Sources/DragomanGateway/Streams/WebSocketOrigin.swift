// SPDX-License-Identifier: Apache-2.0
// Whose pages may open a WebSocket (RFC 6455, 10.2). Browsers send cookies with a handshake of any
// page and ask nobody: the server must look at Origin, or every page acts as its visitor.

internal import DragomanHTTP

enum WebSocketOrigin {
    /// Clients that are no browsers send no Origin; a page of the same host and port may; others
    /// may where `allowed` names them, in lower case, or has `*`.
    ///
    /// `origins`: the lines of the field. `host`, in lower case, and `port`: where it was sent.
    static func mayOpen(
        _ origins: [String], host: String, port: Int?, allowed: [String]?
    ) -> Bool {
        guard let first = origins.first else { return true }
        if allowed?.contains("*") == true { return true }
        guard origins.count == 1 else { return false }
        let origin = first.lowercased()
        if allowed?.contains(origin) == true { return true }
        return isSame(origin, host, port)
    }

    /// The scheme is not compared: whoever ends TLS may stand in front.
    private static func isSame(_ origin: String, _ host: String, _ port: Int?) -> Bool {
        guard let mark = origin.firstRange(of: "://") else { return false }
        let usual: Int
        switch origin[..<mark.lowerBound] {
        case "http": usual = 80
        case "https": usual = 443
        default: return false
        }
        var authority = String(origin[mark.upperBound...])
        guard let own = Authority.comparableHost(authority), own == host else { return false }
        let ownPort = authority.withUTF8 { Authority.parse(UnsafeRawBufferPointer($0))?.port }
        return (ownPort ?? usual) == (port ?? usual)
    }
}
