// SPDX-License-Identifier: Apache-2.0
// Header fields that people set and read, to tell a slip of the pen from a name of their own.

enum FieldNames {
    private static let usual = [
        "Accept", "Accept-Charset", "Accept-Encoding", "Accept-Language", "Age", "Allow",
        "Authorization", "Cache-Control", "Content-Disposition", "Content-Encoding",
        "Content-Language", "Content-Length", "Content-Location", "Content-Security-Policy",
        "Content-Type", "Cookie", "Date", "Deprecation", "ETag", "Expires", "Forwarded", "From",
        "Host", "Idempotency-Key", "If-Match", "If-Modified-Since", "If-None-Match",
        "If-Unmodified-Since", "Last-Modified", "Link", "Location", "Origin", "Pragma", "Prefer",
        "Range", "Referer", "Retry-After", "Server", "Server-Timing", "Set-Cookie", "SOAPAction",
        "Strict-Transport-Security", "Sunset", "Traceparent", "Tracestate", "User-Agent", "Vary",
        "Via", "Warning", "WWW-Authenticate", "X-Correlation-ID", "X-Forwarded-For",
        "X-Request-ID",
    ]

    private static let framing: Set<String> = [
        "connection", "content-length", "host", "keep-alive", "proxy-connection", "te", "trailer",
        "transfer-encoding", "upgrade",
    ]

    /// Nobody else may set a field of that name (PRODUCT.md, What is forwarded).
    static func isGateways(_ name: String) -> Bool {
        let lower = name.lowercased()
        return framing.contains(lower) || lower.hasPrefix("grpc-")
    }

    /// Whether the octets can stand in a header.
    static func isValue(_ bytes: some Sequence<UInt8>) -> Bool {
        bytes.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }
    }

    private static let known = Set(usual.map { $0.lowercased() })

    /// The usual field that was most likely meant: the same letters in another order, or a long
    /// name with one letter more or less; nil for a usual field and for a name of its own.
    static func meant(_ name: String) -> String? {
        let lower = name.lowercased()
        guard !known.contains(lower) else { return nil }
        let letters = lower.unicodeScalars.sorted()
        return usual.first { usual in
            let other = usual.lowercased()
            if other.unicodeScalars.sorted() == letters { return true }
            guard other.count >= 8 else { return false }
            return isOneMore(other, lower) || isOneMore(lower, other)
        }
    }

    private static func isOneMore(_ long: String, _ short: String) -> Bool {
        guard long.count == short.count + 1 else { return false }
        let shared = zip(long, short).prefix { $0 == $1 }.count
        return long.dropFirst(shared + 1) == short.dropFirst(shared)
    }
}
