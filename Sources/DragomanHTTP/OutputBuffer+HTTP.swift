// SPDX-License-Identifier: Apache-2.0
// The wire form of HTTP/1.1 messages (RFC 9112), written into the buffer that the socket sends.

package import DragomanDocument

extension OutputBuffer {
    // MARK: Heads

    /// `HTTP/1.1 200 OK` and its line end; `status` is 100 to 999.
    package func appendStatusLine(_ status: Int) {
        switch status {
        case 200: return append("HTTP/1.1 200 OK\r\n")
        case 201: return append("HTTP/1.1 201 Created\r\n")
        case 204: return append("HTTP/1.1 204 No Content\r\n")
        case 400: return append("HTTP/1.1 400 Bad Request\r\n")
        case 404: return append("HTTP/1.1 404 Not Found\r\n")
        default: break
        }
        append("HTTP/1.1 ")
        append(decimal: UInt64(clamping: min(max(status, 100), 999)))
        append(0x20)
        let phrase = StatusText.phrase(status)
        append(phrase.utf8Start, count: phrase.utf8CodeUnitCount)
        append("\r\n")
    }

    /// `METHOD target HTTP/1.1` and its line end. Both are valid already.
    package func appendRequestLine(method: String, target: String) {
        append(method)
        append(0x20)
        append(target)
        append(" HTTP/1.1\r\n")
    }

    /// One field line. `value` is valid already (`HeaderFields.isValidValue`).
    package func appendField(_ name: StaticString, _ value: String) {
        append(name)
        append(": ")
        append(value)
        append("\r\n")
    }

    package func appendField(_ name: StaticString, _ value: StaticString) {
        append(name)
        append(": ")
        append(value)
        append("\r\n")
    }

    package func appendField(_ name: StaticString, _ value: Int) {
        append(name)
        append(": ")
        append(decimal: Int64(value))
        append("\r\n")
    }

    package func appendField(name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer) {
        append(atMost: name.count + value.count + 4) { place in
            var place = place
            place.update(from: name)
            place += name.count
            place[0] = Octet.colon
            place[1] = Octet.space
            place += 2
            place.update(from: value)
            place += value.count
            place[0] = Octet.carriageReturn
            place[1] = Octet.lineFeed
            return name.count + value.count + 4
        }
    }

    /// The line of the field at `index`.
    package func appendField(at index: Int, of fields: HeaderFields) {
        fields.withField(at: index) { name, value in appendField(name: name, value: value) }
    }

    /// A line for each field, in order.
    package func appendFields(_ fields: HeaderFields) {
        for index in fields.indices { appendField(at: index, of: fields) }
    }

    /// The empty line after a head or after trailers.
    package func appendEndOfFields() { append("\r\n") }

    // MARK: Chunks

    /// The line before a chunk's octets; `count` is not 0, which would end the body.
    package func appendChunkStart(_ count: Int) {
        appendHexadecimal(UInt64(count.magnitude))
        append("\r\n")
    }

    /// What follows a chunk's octets.
    package func appendChunkEnd() { append("\r\n") }

    /// One whole chunk; nothing where there are no octets.
    package func appendChunk(_ octets: UnsafeRawBufferPointer) {
        guard !octets.isEmpty else { return }
        appendChunkStart(octets.count)
        append(octets)
        appendChunkEnd()
    }

    /// The last chunk and the trailers, which may be none.
    package func appendLastChunk(trailers: HeaderFields? = nil) {
        append("0\r\n")
        if let trailers { appendFields(trailers) }
        append("\r\n")
    }

    private func appendHexadecimal(_ value: UInt64) {
        var shift = max(0, (67 - value.leadingZeroBitCount) / 4 * 4 - 4)
        while shift >= 0 {
            let digit = UInt8(truncatingIfNeeded: value >> UInt64(shift)) & 0x0F
            append(digit < 10 ? digit + 0x30 : digit + 0x57)
            shift -= 4
        }
    }
}

extension UnsafeMutablePointer<UInt8> {
    @inline(__always)
    fileprivate func update(from octets: UnsafeRawBufferPointer) {
        guard let base = octets.baseAddress else { return }
        UnsafeMutableRawPointer(self).copyMemory(from: base, byteCount: octets.count)
    }
}
