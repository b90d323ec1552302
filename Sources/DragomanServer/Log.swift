// SPDX-License-Identifier: Apache-2.0
// Logs on standard error: one JSON object a line, or a plain line where a person reads them.

internal import DragomanDocument

#if canImport(Glibc)
    internal import Glibc
#endif

package enum LogLevel: String, Sendable { case info, warning, error }

/// One value of a log line.
package enum LogValue: Sendable {
    case text(String)
    case number(Int)
    case flag(Bool)
    case list([String])
}

package enum Log {
    /// A person reads along.
    private static let isTerminal = isatty(2) == 1

    /// Writes one line, whole, so that lines of several loops never mix.
    package static func write(
        _ level: LogLevel, _ message: String, _ values: KeyValuePairs<String, LogValue> = [:]
    ) {
        var line = isTerminal ? text(level, message, values) : json(level, message, values)
        line += "\n"
        line.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while let base = rest.baseAddress, !rest.isEmpty {
                let written = Glibc.write(2, base, rest.count)
                if written < 0, errno == EINTR { continue }
                if written <= 0 { return }
                rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(written))
            }
        }
    }

    package static func info(
        _ message: String, _ values: KeyValuePairs<String, LogValue> = [:]
    ) {
        write(.info, message, values)
    }

    private static func json(
        _ level: LogLevel, _ message: String, _ values: KeyValuePairs<String, LogValue>
    ) -> String {
        let document = Document()
        document.beginObject()
        document.key("message")
        document.append(string: message)
        for (name, value) in values {
            document.key(name)
            switch value {
            case .text(let text): document.append(string: text)
            case .number(let number): document.append(Int64(number))
            case .flag(let flag): document.append(flag)
            case .list(let list):
                document.beginArray()
                for item in list { document.append(string: item) }
                document.endArray()
            }
        }
        document.key("level")
        document.append(string: level.rawValue)
        document.key("time")
        document.append(string: Timestamp.now())
        document.endObject()
        return document.root?.json ?? ""
    }

    private static func text(
        _ level: LogLevel, _ message: String, _ values: KeyValuePairs<String, LogValue>
    ) -> String {
        var line = level == .info ? message : "\(level.rawValue): \(message)"
        for (name, value) in values {
            switch value {
            case .text(let text): line += "  \(name)=\(text)"
            case .number(let number): line += "  \(name)=\(number)"
            case .flag(let flag): line += "  \(name)=\(flag)"
            case .list(let list): line += "  \(name)=\(list.joined(separator: ","))"
            }
        }
        return line
    }
}

/// The time in RFC 3339, UTC, with milliseconds.
enum Timestamp {
    static func now() -> String {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        var parts = tm()
        gmtime_r(&now.tv_sec, &parts)
        func padded(_ value: Int, _ width: Int) -> String {
            let digits = String(value)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        let date =
            "\(parts.tm_year + 1900)-\(padded(Int(parts.tm_mon) + 1, 2))"
            + "-\(padded(Int(parts.tm_mday), 2))"
        let clock =
            "\(padded(Int(parts.tm_hour), 2)):\(padded(Int(parts.tm_min), 2))"
            + ":\(padded(Int(parts.tm_sec), 2)).\(padded(now.tv_nsec / 1_000_000, 3))"
        return "\(date)T\(clock)Z"
    }
}
