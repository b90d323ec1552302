// SPDX-License-Identifier: Apache-2.0
// Standard input line by line, as bytes, and lines to standard output at once: a runner waits for
// each answer before it sends the next question.

#if canImport(Glibc)
    internal import Glibc
#endif

struct LineStream {
    private var buffer: [UInt8] = []
    /// Where what was not handed out yet begins.
    private var start = 0
    private var isAtEnd = false

    /// The next line without its line end; nil at the end of the input.
    mutating func next() -> ArraySlice<UInt8>? {
        var searched = start
        while true {
            if let end = buffer[searched...].firstIndex(of: 0x0A) {
                defer { start = end + 1 }
                return buffer[start..<end]
            }
            searched = buffer.count - start
            if isAtEnd {
                defer { start = buffer.count }
                return start < buffer.count ? buffer[start...] : nil
            }
            buffer.removeFirst(start)
            start = 0
            fill()
        }
    }

    private mutating func fill() {
        let size = 1 << 16
        let more = [UInt8](unsafeUninitializedCapacity: size) { bytes, count in
            var result = read(0, bytes.baseAddress, size)
            while result < 0, errno == EINTR { result = read(0, bytes.baseAddress, size) }
            count = max(0, result)
        }
        if more.isEmpty { isAtEnd = true }
        buffer += more
    }

    /// Writes all of `text` and a line end; false where nobody reads any more.
    static func write(_ text: String, to descriptor: Int32 = 1) -> Bool {
        var line = text + "\n"
        return line.withUTF8 { bytes in
            var sent = 0
            while sent < bytes.count {
                let count = Glibc.write(
                    descriptor, bytes.baseAddress?.advanced(by: sent), bytes.count - sent)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return false }
                sent += count
            }
            return true
        }
    }
}
