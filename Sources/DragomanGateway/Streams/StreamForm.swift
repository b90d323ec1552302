// SPDX-License-Identifier: Apache-2.0
// How the messages of a stream stand in the client's answer, and how Accept chooses (MAPPING.md,
// "Streams").

internal import DragomanHTTP

/// The form of an answer.
enum StreamForm {
    /// One JSON array, an item for each message.
    case array
    /// A line for each message (application/x-ndjson).
    case lines
    /// Server-Sent Events (text/event-stream).
    case events
    /// The bytes of google.api.HttpBody messages, one behind the other.
    case bytes
    /// The bytes that `produces` makes of the messages, one behind the other.
    case produced
    /// The call answers with one message: an ordinary answer.
    case single
    /// Text messages of a WebSocket.
    case webSocket

    /// The one that the client likes best among array, lines and events; the array where it has
    /// no preference, nil where it takes none. Of equal weights the more specific range decides,
    /// then the one named first.
    static func chosen(by fields: HeaderFields) -> StreamForm? {
        guard fields.contains("accept") else { return .array }
        var best: (form: StreamForm, weight: Accept.Weight)?
        let offers: [(StreamForm, StaticString, StaticString)] = [
            (.array, "application", "json"), (.lines, "application", "x-ndjson"),
            (.events, "text", "event-stream"),
        ]
        for (form, type, subtype) in offers {
            let weight = Accept.weight(of: type, subtype, fields)
            guard weight.quality > 0 else { continue }
            if let current = best, !weight.isBetter(than: current.weight) { continue }
            best = (form, weight)
        }
        return best?.form
    }

    /// The answer's Content-Type; nil where the messages themselves say it.
    var contentType: StaticString? {
        switch self {
        case .array, .single: "application/json"
        case .lines: "application/x-ndjson"
        case .events: "text/event-stream"
        case .bytes, .produced, .webSocket: nil
        }
    }

    /// The head goes out after a second although no message has come.
    var isImpatient: Bool {
        switch self {
        case .lines, .events: true
        case .array, .bytes, .produced, .single, .webSocket: false
        }
    }
}

extension Accept {
    /// What a client thinks of one media type.
    struct Weight {
        /// In thousandths; 0: it is not taken.
        var quality = 0
        /// 0: `*/*`, 1: `type/*`, 2: the type itself; -1: no range matches.
        var rank = -1
        /// Place of the range in the list.
        var place = 0

        func isBetter(than other: Weight) -> Bool {
            if quality != other.quality { return quality > other.quality }
            if rank != other.rank { return rank > other.rank }
            return place < other.place
        }
    }

    /// The weight of the most specific range that matches. `type` and `subtype` in lower case.
    static func weight(
        of type: StaticString, _ subtype: StaticString, _ fields: HeaderFields
    ) -> Weight {
        var weight = Weight()
        var place = 0
        var index = fields.firstIndex("accept")
        while let at = index {
            fields.withValue(at: at) { value in
                _ = value.firstListMember { range in
                    place += 1
                    let rank = specificity(range, type, subtype)
                    if rank > weight.rank {
                        weight = Weight(quality: quality(range), rank: rank, place: place)
                    }
                    return false
                }
            }
            index = fields.firstIndex("accept", from: at + 1)
        }
        return weight
    }

    /// The parameter `q` in thousandths (RFC 9110, 12.4.2).
    private static func quality(_ range: UnsafeRawBufferPointer) -> Int {
        var quality = 1000
        MediaType.forEachParameter(range, after: range.firstIndex(of: 0x3B) ?? range.count) {
            name, text in
            guard name.equalsIgnoringCase("q"), let first = text.first else { return }
            quality = first == 0x31 ? 1000 : 0
            var unit = 100
            for byte in text.dropFirst(2).prefix(3) where byte >= 0x30 && byte <= 0x39 {
                if first != 0x31 { quality += Int(byte - 0x30) * unit }
                unit /= 10
            }
        }
        return quality
    }
}
