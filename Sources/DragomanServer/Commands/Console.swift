// SPDX-License-Identifier: Apache-2.0
// What commands print: results on standard output, everything else on standard error.

#if canImport(Glibc)
    internal import Glibc
#endif

/// Exit codes, as PRODUCT.md lists them.
package enum ExitCode {
    package static let fine: Int32 = 0
    /// The answer is no.
    package static let no: Int32 = 1
    /// Wrong or unreadable input.
    package static let input: Int32 = 2
    package static let usage: Int32 = 64
}

package enum Console {
    package static let isTerminal = isatty(1) == 1

    package static func line(_ text: String) { write(text + "\n", to: 1) }

    package static func error(_ text: String) { write(text + "\n", to: 2) }

    private static func write(_ text: String, to descriptor: Int32) {
        var text = text
        text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while let base = rest.baseAddress, !rest.isEmpty {
                let written = Glibc.write(descriptor, base, rest.count)
                if written < 0, errno == EINTR { continue }
                if written <= 0 { return }
                rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(written))
            }
        }
    }
}

/// Choices of `--format`.
package enum OutputFormat: String, Sendable, CaseIterable {
    case text, json, sarif
}
