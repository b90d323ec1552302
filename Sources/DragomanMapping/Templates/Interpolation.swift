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
                    guard try write(value, of: expression, context, to: buffer) else {
                        return false
                    }
                    continue
                }
                let text = context.encoded
                text.removeAll()
                guard try write(value, of: expression, context, to: text) else { return false }
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
                guard try write(value, of: expression, context, to: text) else { return false }
                PercentCoding.encode(text.bytes, to: buffer)
            }
        }
        return true
    }

    private func write(
        _ value: ExpressionValue, of expression: Expression, _ context: TranslationContext,
        to buffer: OutputBuffer
    ) throws(TranslationError) -> Bool {
        do throws(TranslationError) {
            return try Interpolation.write(value, to: buffer)
        } catch {
            expression.noteFailure(context)
            throw error
        }
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
