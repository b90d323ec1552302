// SPDX-License-Identifier: Apache-2.0
// How a call ended: grpc-status, grpc-message and grpc-status-details-bin of its trailers.

/// A call's status as its trailers give it.
package struct GRPCStatus: Sendable, Equatable {
    package let code: GRPCCode
    /// Percent-decoded; what is not UTF-8 in it is replaced.
    package let message: String
    /// The bytes of the google.rpc.Status in grpc-status-details-bin; empty without one.
    package let detailBytes: [UInt8]

    package init(code: GRPCCode, message: String, detailBytes: [UInt8] = []) {
        self.code = code
        self.message = message
        self.detailBytes = detailBytes
    }

    /// Of the trailers' fields, as they were sent.
    ///
    /// - Returns: nil where there is no grpc-status or it is no number: the call then broke. A
    ///   number that gRPC does not have is UNKNOWN.
    package init?(status: String?, message: String?, details: String?) {
        guard let status, !status.isEmpty, status.utf8.count <= 10,
            status.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), let number = Int(status)
        else { return nil }
        code = GRPCCode(rawValue: number) ?? .unknown
        self.message = message.map(GRPCStatus.percentDecoded) ?? ""
        detailBytes = details.flatMap(Base64.decode) ?? []
    }

    /// Of a reply that is no gRPC at all: the status of the proxy that sent it.
    package init(httpStatus: Int) {
        code = GRPCCode(httpStatus: httpStatus)
        message = "the backend answered with HTTP status \(httpStatus), which is not gRPC"
        detailBytes = []
    }

    package var isOK: Bool { code == .ok }

    /// `%20` to a space and so on; an escape that is none stays as it is.
    static func percentDecoded(_ text: String) -> String {
        guard text.utf8.contains(0x25) else { return text }
        let bytes = Array(text.utf8)
        var decoded: [UInt8] = []
        decoded.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            if bytes[index] == 0x25, index + 2 < bytes.count,
                let high = hexadecimal(bytes[index + 1]), let low = hexadecimal(bytes[index + 2])
            {
                decoded.append(high << 4 | low)
                index += 3
            } else {
                decoded.append(bytes[index])
                index += 1
            }
        }
        return String(decoding: decoded, as: UTF8.self)
    }

    private static func hexadecimal(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }
}
