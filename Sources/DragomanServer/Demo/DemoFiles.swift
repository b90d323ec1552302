// SPDX-License-Identifier: Apache-2.0
// The sample's gateway directory, inside the program: an installed binary has no repository
// beside it. `.ci/embed` makes DemoFiles+Generated.swift from the repository's own files, and a
// test keeps the two the same.

package enum DemoFiles {
    /// By path from the gateway directory.
    package static let all: [String: [UInt8]] = Dictionary(
        uniqueKeysWithValues: (texts.map { ($0, Array($1.utf8)) }
            + binaries.map { ($0, decodeBase64($1)) }))

    package static func bytes(_ path: String) -> [UInt8] { all[path] ?? [] }

    private static func decodeBase64(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        var bits: UInt32 = 0
        var count = 0
        for byte in text.utf8 {
            let value: UInt8
            switch byte {
            case 0x41...0x5A: value = byte - 0x41
            case 0x61...0x7A: value = byte - 0x47
            case 0x30...0x39: value = byte + 4
            case 0x2B: value = 62
            case 0x2F: value = 63
            default: continue
            }
            bits = bits << 6 | UInt32(value)
            count += 1
            if count == 4 {
                bytes += [UInt8(bits >> 16 & 255), UInt8(bits >> 8 & 255), UInt8(bits & 255)]
                bits = 0
                count = 0
            }
        }
        if count == 3 { bytes += [UInt8(bits >> 10 & 255), UInt8(bits >> 2 & 255)] }
        if count == 2 { bytes.append(UInt8(bits >> 4 & 255)) }
        return bytes
    }
}
