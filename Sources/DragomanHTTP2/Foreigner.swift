// SPDX-License-Identifier: Apache-2.0
// Says what it is that a backend speaks when it is not HTTP/2.

internal import NIOCore

enum Foreigner {
    /// Looks at the first bytes of a connection, which are a SETTINGS frame (RFC 9113 section
    /// 3.4) on stream 0; nil for that, and for too few bytes to tell.
    static func recognise(_ bytes: ByteBuffer) -> StreamFailure? {
        bytes.withUnsafeReadableBytes { input in
            if input.starts(with: "HTTP/".utf8) {
                let line = input.prefix(120).prefix { $0 >= 0x20 && $0 < 0x7F }
                return failure("an HTTP/1.1 answer: '\(String(decoding: line, as: UTF8.self))'")
            }
            if input.count >= 3, input[0] == 0x15, input[1] == 3 {
                return failure("a TLS alert")
            }
            // Longer SETTINGS than 16 KiB are not allowed before ours are acknowledged.
            if input.count >= 4, input[3] != 4 || input[0] != 0 {
                let hexadecimal = input.prefix(16).map { byte in
                    (byte < 16 ? "0" : "") + String(byte, radix: 16)
                }
                return failure("bytes " + hexadecimal.joined(separator: " "))
            }
            return nil
        }
    }

    private static func failure(_ what: String) -> StreamFailure {
        StreamFailure(.violation, "the backend does not speak HTTP/2, it sent \(what)")
    }
}
