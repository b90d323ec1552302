// SPDX-License-Identifier: Apache-2.0
// Time zones by name, from the system's own files (RFC 8536), and by offset.

internal import Synchronization

#if canImport(Glibc)
    internal import Glibc
#endif

/// The offsets from UTC of one zone.
struct CELZone: Sendable {
    private let transitions: [Int64]
    /// Seconds east, beside each transition.
    private let offsets: [Int]
    /// Before the first transition.
    private let first: Int
    private let rule: CELZoneRule?

    /// Seconds east of UTC at that moment.
    func offset(at seconds: Int64) -> Int {
        guard let last = transitions.last else { return rule?.offset(at: seconds) ?? first }
        if seconds >= last, let rule { return rule.offset(at: seconds) }
        var low = 0
        var high = transitions.count
        while low < high {
            let middle = (low + high) / 2
            if transitions[middle] <= seconds { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? first : offsets[low - 1]
    }

    private init(fixed offset: Int) {
        transitions = []
        offsets = []
        first = offset
        rule = nil
    }

    /// `Europe/Berlin`, `UTC`, `+02:00`, `-9:30`; nil where there is none of that name.
    static func named(_ name: String) -> CELZone? {
        if name == "UTC" || name == "Z" || name.isEmpty { return CELZone(fixed: 0) }
        if let offset = fixedOffset(name) { return CELZone(fixed: offset) }
        return CELZoneCache.shared.zone(name)
    }

    private static func fixedOffset(_ name: String) -> Int? {
        var rest = name[...]
        let isWest = rest.hasPrefix("-")
        if isWest || rest.hasPrefix("+") { rest = rest.dropFirst() }
        let parts = rest.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, (1...2).contains(parts[0].utf8.count), parts[1].utf8.count == 2,
            parts.allSatisfy({ $0.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 } }),
            let hours = Int(parts[0]), let minutes = Int(parts[1]), hours < 24, minutes < 60
        else { return nil }
        return (hours * 3600 + minutes * 60) * (isWest ? -1 : 1)
    }

    /// Reads a zone file; nil where it is none.
    init?(file bytes: [UInt8]) {
        var reader = ZoneReader(bytes)
        guard var header = reader.header() else { return nil }
        var width = 4
        if header.version >= 2 {
            reader.index += header.length(width: 4)
            guard let second = reader.header() else { return nil }
            header = second
            width = 8
        }
        let start = reader.index
        guard start + header.length(width: width) <= bytes.count, header.types > 0 else {
            return nil
        }
        var transitions: [Int64] = []
        for _ in 0..<header.times { transitions.append(reader.integer(width)) }
        let indices = (0..<header.times).map { Int(bytes[reader.index + $0]) }
        reader.index += header.times
        var types: [Int] = []
        for _ in 0..<header.types {
            types.append(Int(reader.integer(4)))
            reader.index += 2
        }
        guard indices.allSatisfy({ $0 < types.count }) else { return nil }
        self.transitions = transitions
        offsets = indices.map { types[$0] }
        first = types[0]
        let footer = bytes[min(bytes.count, start + header.length(width: width))...]
        rule =
            width == 8
            ? CELZoneRule(String(decoding: footer.filter { $0 != 0x0A }, as: UTF8.self)) : nil
    }
}

private struct ZoneReader {
    struct Header {
        let version: Int
        let times: Int
        let types: Int
        let leaps: Int
        /// Bytes of names and of indicators.
        let others: Int

        /// Bytes of the data behind the header; `width`: of a time.
        func length(width: Int) -> Int {
            times * (width + 1) + types * 6 + leaps * (width + 4) + others
        }
    }

    let bytes: [UInt8]
    var index = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func integer(_ width: Int) -> Int64 {
        var value: Int64 = 0
        for offset in 0..<width {
            value = value << 8 | Int64(bytes[index + offset])
        }
        index += width
        return width == 4 ? Int64(Int32(truncatingIfNeeded: value)) : value
    }

    mutating func header() -> Header? {
        guard index + 44 <= bytes.count, bytes[index..<(index + 4)] == [0x54, 0x5A, 0x69, 0x66]
        else { return nil }
        let version = bytes[index + 4] == 0 ? 1 : Int(bytes[index + 4]) - 0x30
        index += 20
        let counts = (0..<6).map { _ in Int(integer(4)) }
        guard counts.allSatisfy({ $0 >= 0 && $0 < 1 << 20 }) else { return nil }
        return Header(
            version: version, times: counts[3], types: counts[4],
            leaps: counts[2],
            others: counts[5] + counts[0] + counts[1])
    }
}

/// Zones that were asked for, read once.
private final class CELZoneCache: Sendable {
    static let shared = CELZoneCache()
    private let zones = Mutex<[String: CELZone]>([:])
    private static let folders = ["/usr/share/zoneinfo/", "/usr/lib/zoneinfo/"]

    func zone(_ name: String) -> CELZone? {
        if let known = zones.withLock({ $0[name] }) { return known }
        guard CELZoneCache.isName(name) else { return nil }
        for folder in CELZoneCache.folders {
            guard let bytes = CELZoneCache.read(folder + name), let zone = CELZone(file: bytes)
            else { continue }
            // Only zones that exist are kept, so that names made up cost no memory.
            zones.withLock { $0[name] = zone }
            return zone
        }
        return nil
    }

    /// A name of the zone database, which never leaves its folder.
    private static func isName(_ name: String) -> Bool {
        name.utf8.count <= 64 && !name.hasPrefix("/") && !name.contains("..")
            && name.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2F, 0x5F, 0x2D, 0x2B: true
                default: false
                }
            }
    }

    private static func read(_ path: String) -> [UInt8]? {
        guard let file = fopen(path, "rb") else { return nil }
        defer { fclose(file) }
        let most = 1 << 18
        return [UInt8](unsafeUninitializedCapacity: most) { buffer, count in
            count = fread(buffer.baseAddress, 1, most, file)
        }
    }
}
