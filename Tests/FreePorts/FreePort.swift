// SPDX-License-Identifier: Apache-2.0
// Ports for servers that can not choose their own, or that must come back on the one they had.
// They lie below those that the kernel gives to clients and to port 0: between the moment when a
// port is found free and the moment when the server has it, nobody else is given it.

import Glibc
import Synchronization

package struct NoFreePort: Error {}

package enum FreePort {
    private static let next = Mutex(Int.random(in: lowest..<end))
    private static let lowest = 10_000

    /// One more than the highest port that may be chosen (ip(7), `ip_local_port_range`).
    private static var end: Int {
        guard let file = fopen("/proc/sys/net/ipv4/ip_local_port_range", "r") else { return 32_768 }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 64)
        guard fgets(&line, Int32(line.count), file) != nil else { return 32_768 }
        return max(lowest + 1_000, strtol(line, nil, 10))
    }

    /// A port of 127.0.0.1 that nobody listens on, a different one at each call.
    package static func take() throws -> Int {
        try next.withLock { candidate in
            let end = end
            for _ in lowest..<end {
                candidate = candidate + 1 < end ? candidate + 1 : lowest
                if isFree(candidate) { return candidate }
            }
            throw NoFreePort()
        }
    }

    private static func isFree(_ port: Int) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port).bigEndian)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
                    && listen(descriptor, 1) == 0
            }
        }
    }
}
