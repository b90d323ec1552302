// SPDX-License-Identifier: Apache-2.0
// Text with values in it: an interpolated string, a header's value, a path of an http backend.

package import DragomanDocument

/// Text of constants and expressions, written one after the other.
package struct Interpolation: Sendable {
    package enum Piece: Sendable {
        case text(ConstantText)
        case expression(Expression)
    }

    package let pieces: ContiguousArray<Piece>
    /// The text is XML, in which values are character data and never markup.
    package var isMarkup = false

    /// The text, where no expression is in it.
    package var constant: ConstantText? {
        guard pieces.count == 1, case .text(let text) = pieces[0] else { return nil }
        return text
    }

    /// Writes the text. - Returns: false where a value in it is absent, and so is the whole.
    /// - Throws: keyword `mapping`, where a value is no text, number or boolean.
    package func write(
        _ context: TranslationContext, to buffer: OutputBuffer
    ) throws(TranslationError) -> Bool {
        for piece in pieces {
            switch piece {
            case .text(let text): buffer.append(text)
            case .expression(let expression):
                let value = try expression.evaluate(context)
                guard isMarkup else {
                    guard try Interpolation.write(value, to: buffer) else { return false }
                    continue
                }
                let text = context.encoded
                text.removeAll()
                guard try Interpolation.write(value, to: text) else { return false }
                CharacterData.encode(text.bytes, to: buffer)
            }
        }
        return true
    }

    /// As `write`, each value percent-encoded (RFC 3986, 2.1) but for unreserved characters, so
    /// that it never ends a segment or a query parameter.
    package func writePercentEncoded(
        _ context: TranslationContext, to buffer: OutputBuffer
    ) throws(TranslationError) -> Bool {
        for piece in pieces {
            switch piece {
            case .text(let text): buffer.append(text)
            case .expression(let expression):
                let value = try expression.evaluate(context)
                let text = context.encoded
                text.removeAll()
                guard try Interpolation.write(value, to: text) else { return false }
                PercentCoding.encode(text.bytes, to: buffer)
            }
        }
        return true
    }

    /// Writes one value. - Returns: false where it is absent.
    package static func write(
        _ value: ExpressionValue, to buffer: OutputBuffer
    ) throws(TranslationError) -> Bool {
        switch value {
        case .absent: return false
        case .bool(let truth): buffer.append(truth ? "true" : "false")
        case .node(let node), .temporary(let node):
            switch node.kind {
            case .true: buffer.append("true")
            case .false: buffer.append("false")
            case .integer, .decimal, .string: buffer.append(node.bytes)
            default:
                throw TranslationError(
                    .value, keyword: "mapping",
                    "\(Kinds.article(node.kind)) can not stand in a text", at: node)
            }
        }
        return true
    }
}

/// A named text: a header field, a piece of metadata.
package struct NamedTemplate: Sendable {
    /// As written, for HTTP headers; lower case for gRPC metadata.
    package let name: ConstantText
    package let value: Interpolation
    /// A value that is an array gives one field for each item; set where the whole is one `${…}`.
    package let list: Expression?
    /// Stands beside the line before it, and does not replace it.
    package let isFurtherLine: Bool
}

/// Percent-encoding of URLs (RFC 3986, 2.1).
package enum PercentCoding {
    /// Appends `bytes`, everything but unreserved characters escaped.
    package static func encode(_ bytes: UnsafeRawBufferPointer, to buffer: OutputBuffer) {
        for byte in bytes {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E:
                buffer.append(byte)
            default:
                buffer.append(0x25)
                buffer.append(digit(byte >> 4))
                buffer.append(digit(byte & 15))
            }
        }
    }

    private static func digit(_ value: UInt8) -> UInt8 { value + (value > 9 ? 0x37 : 0x30) }

    /// Appends `bytes` with escapes resolved, but for those of `keeping`, as in path variables of
    /// several segments. `plusIsSpace`: as in a query (HTML form encoding), in a path never. False
    /// where an escape is malformed or the text is not UTF-8.
    package static func decode(
        _ bytes: UnsafeRawBufferPointer, plusIsSpace: Bool, keeping: PathText.Decoding,
        to buffer: OutputBuffer
    ) -> Bool {
        let start = buffer.count
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            if byte == 0x2B, plusIsSpace {
                buffer.append(0x20)
            } else if byte == 0x25 {
                guard index + 1 < bytes.count, let high = nibble(bytes[index]),
                    let low = nibble(bytes[index + 1])
                else { return false }
                let value = high << 4 | low
                if keeps(value, keeping) {
                    buffer.append(0x25)
                    buffer.append(bytes[index])
                    buffer.append(bytes[index + 1])
                } else {
                    buffer.append(value)
                }
                index += 2
            } else {
                buffer.append(byte)
            }
        }
        let written = UnsafeRawBufferPointer(rebasing: buffer.bytes[start...])
        return TextScan.firstInvalidUTF8(written) == nil
    }

    private static func keeps(_ byte: UInt8, _ decoding: PathText.Decoding) -> Bool {
        switch decoding {
        case .all: return false
        case .allButSlash: return byte == 0x2F
        case .allButReserved:
            switch byte {
            case 0x21, 0x23, 0x24, 0x26...0x2C, 0x2F, 0x3A, 0x3B, 0x3D, 0x3F, 0x40, 0x5B, 0x5D:
                return true
            default: return false
            }
        }
    }

    private static func nibble(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }
}
