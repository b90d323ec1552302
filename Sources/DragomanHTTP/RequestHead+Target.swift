// SPDX-License-Identifier: Apache-2.0
// What the request line and Host say together: the form of the target, the host that is meant,
// and the path and query as a backend is to see them (RFC 9112 section 3.2).

extension RequestHead {
    /// Fills in all that the request line says. Octets are not moved.
    mutating func take(_ line: RequestLine, from start: Int, _ base: UnsafePointer<UInt8>) {
        methodPlace = Place(start, upTo: line.methodEnd)
        targetPlace = Place(line.targetStart, upTo: line.targetEnd)
        version = line.version
        method = RequestMethod(
            UnsafeRawBufferPointer(start: base + start, count: methodPlace.count))
    }

    /// Judges the target, once the line is whole.
    ///
    /// - Returns: where the authority of an absolute target stands, empty for other forms.
    mutating func classifyTarget(_ base: UnsafePointer<UInt8>) throws(ParseError) -> Place {
        let start = targetPlace.start
        let end = start + targetPlace.count
        originPlace = targetPlace
        pathCount = targetPlace.count
        if method == .connect {
            targetForm = .authority
            let text = UnsafeRawBufferPointer(start: base + start, count: targetPlace.count)
            guard let parts = Authority.parse(text), parts.port != nil else {
                throw ParseError(.target)
            }
            return Place()
        }
        if base[start] == Octet.slash {
            targetForm = .origin
            try findPath(base, start, end)
            return Place()
        }
        if base[start] == Octet.asterisk {
            targetForm = .asterisk
            guard targetPlace.count == 1, method == .options else { throw ParseError(.target) }
            return Place()
        }
        targetForm = .absolute
        return try classifyAbsolute(base, start, end)
    }

    /// `http://authority/path?query`, or https. User information is passed over: it is no part
    /// of what the request is for, and is never acted on.
    private mutating func classifyAbsolute(
        _ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int
    ) throws(ParseError) -> Place {
        let text = UnsafeRawBufferPointer(start: base + start, count: end - start)
        var authorityStart = start
        for scheme: StaticString in ["http://", "https://"] {
            let count = scheme.utf8CodeUnitCount
            if text.count > count,
                UnsafeRawBufferPointer(rebasing: text[..<count]).equalsIgnoringCase(scheme)
            {
                authorityStart = start + count
            }
        }
        if authorityStart == start { throw ParseError(.target) }
        var authorityEnd = authorityStart
        while authorityEnd < end, base[authorityEnd] != Octet.slash,
            base[authorityEnd] != Octet.question
        {
            if base[authorityEnd] == Octet.backslash { throw ParseError(.target) }
            if base[authorityEnd] == Octet.at { authorityStart = authorityEnd + 1 }
            authorityEnd += 1
        }
        if authorityStart == authorityEnd { throw ParseError(.target) }
        originPlace = Place(authorityEnd, upTo: end)
        try findPath(base, authorityEnd, end)
        return Place(authorityStart, upTo: authorityEnd)
    }

    /// Finds the end of the path, and refuses one that two readers could understand differently.
    private mutating func findPath(
        _ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int
    ) throws(ParseError) {
        let pathEnd = OctetScan.first(Octet.question, base, start, end) ?? end
        pathCount = pathEnd - start
        guard RequestTarget.isSafePath(base, start, pathEnd) else { throw ParseError(.path) }
    }

    /// The head is whole: settles host, framing and connection. `fields.bytes` ends with the head.
    mutating func settle(
        _ framingFields: FramingFields, authority: Place
    ) throws(ParseError) {
        let isHTTP10 = version == .http10
        if authority.count > 0 { useAuthority(authority, hostIndex: framingFields.hostIndex) }
        if framingFields.hostIndex >= 0 || authority.count > 0 {
            try settleHost(at: max(framingFields.hostIndex, 0), authority: authority)
        }
        if framingFields.hostIndex < 0, !isHTTP10 { throw ParseError(.hostMissing) }
        framing = try framingFields.framing(isHTTP10: isHTTP10)
        keepAlive = framingFields.isKeptAlive(isHTTP10: isHTTP10)
        hasUpgrade = framingFields.hasUpgrade
        expectsContinue =
            framingFields.expectsContinue && !isHTTP10 && framing != .none && framing != .length(0)
        if targetForm == .absolute, pathCount == 0 { supplySlash() }
    }

    /// RFC 9112 section 3.2.2: the target's authority stands in place of what Host says.
    private mutating func useAuthority(_ authority: Place, hostIndex: Int) {
        guard hostIndex >= 0 else { return }
        fields.records[hostIndex].valueStart = UInt32(truncatingIfNeeded: authority.start)
        fields.records[hostIndex].valueCount = UInt32(truncatingIfNeeded: authority.count)
    }

    private mutating func settleHost(at index: Int, authority: Place) throws(ParseError) {
        var place = authority
        if place.count == 0 {
            let record = fields.records[index]
            let start = Int(record.valueStart)
            place = Place(start, upTo: start + Int(record.valueCount))
        }
        let parts = withPlace(place) { text -> (Authority.Parts, Int)? in
            Authority.parse(text).map { ($0, Authority.comparableCount(text, $0.hostCount)) }
        }
        guard let (found, comparableCount) = parts else { throw ParseError(.hostInvalid) }
        port = found.port
        hostPlace = Place(place.start, upTo: place.start + comparableCount)
        let host = hostPlace
        fields.bytes.withUnsafeMutableBufferPointer { bytes in
            for at in host.start..<(host.start + host.count) { bytes[at] = Octet.lower(bytes[at]) }
        }
    }

    /// `http://host?query` means `/?query`.
    private mutating func supplySlash() {
        let start = fields.bytes.count
        let query = originPlace.start..<(originPlace.start + originPlace.count)
        fields.bytes.append(Octet.slash)
        fields.bytes.append(contentsOf: Array(fields.bytes[query]))
        originPlace = Place(start, upTo: fields.bytes.count)
        pathCount = 1
    }
}
