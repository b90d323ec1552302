// SPDX-License-Identifier: Apache-2.0
// Bodies that are no JSON, on either side: which media types a route takes and what JSON value
// each stands for, and what media type an answer has (docs/decisions/0008-bodies.md).

package import DragomanDocument
package import DragomanSchema

/// What a route takes beside JSON, or in its place.
package struct BodyForms: Sendable {
    package enum Form: Sendable, Equatable {
        case json
        /// multipart/form-data: an object, a member for each name.
        case multipart
        /// application/x-www-form-urlencoded: the same.
        case fields
        /// Any other: a string, the bytes in base64.
        case bytes
    }

    /// A media range of `consumes`, in lower case.
    package struct Range: Sendable {
        package let type: ConstantText
        package let subtype: ConstantText
        package let form: Form

        package var text: String { "\(type.string)/\(subtype.string)" }

        /// `type`, `subtype`: in any case. - Returns: how closely it matches; nil: not at all.
        package func rank(
            _ type: UnsafeRawBufferPointer, _ subtype: UnsafeRawBufferPointer
        ) -> Int? {
            if self.type.bytes.elementsEqual([0x2A]) { return 0 }
            guard Self.equal(self.type.bytes, type) else { return nil }
            if self.subtype.bytes.elementsEqual([0x2A]) { return 1 }
            return Self.equal(self.subtype.bytes, subtype) ? 2 : nil
        }

        private static func equal(
            _ lower: UnsafeRawBufferPointer, _ other: UnsafeRawBufferPointer
        ) -> Bool {
            lower.count == other.count
                && zip(lower, other).allSatisfy { $0 == ($1 &- 0x41 < 26 ? $1 | 0x20 : $1) }
        }
    }

    /// One member of the object that a form stands for.
    package struct Member: Sendable {
        package let name: String
        /// Every part of the name is an item of an array.
        package let isList: Bool
        /// Its content is bytes: base64 in JSON.
        package let isBytes: Bool
        /// What a text may be read as.
        package let types: SchemaTypes
    }

    package let ranges: [Range]
    package let members: [Member]
    private let places: [String: Int]

    init(ranges: [Range], members: [Member]) {
        self.ranges = ranges
        self.members = members
        places = Dictionary(
            members.enumerated().map { ($0.element.name, $0.offset) },
            uniquingKeysWith: { first, _ in first })
    }

    package func member(_ name: String) -> Member? { places[name].map { members[$0] } }

    /// The form of a body of that media type; nil where none takes it.
    package func form(
        _ type: UnsafeRawBufferPointer, _ subtype: UnsafeRawBufferPointer
    ) -> Form? {
        var best: (rank: Int, form: Form)?
        for range in ranges {
            guard let rank = range.rank(type, subtype), rank > best?.rank ?? -1 else { continue }
            best = (rank, range.form)
        }
        return best?.form
    }

    /// JSON is one of the media types, and what a body without one is.
    package var takesJSON: Bool { ranges.contains { $0.form == .json } }
}

/// How an answer that is not application/json is written.
package struct ProducedBody: Sendable {
    package enum Coding: Sendable {
        /// A JSON value under another name.
        case json
        /// A string in base64, whose bytes go out.
        case base64
        /// A string in hexadecimal digits, whose bytes go out.
        case base16
        /// A string that goes out as it is.
        case text
    }

    package let mediaType: Interpolation
    package let coding: Coding
}

extension ParameterPlan {
    /// A text as the JSON type that it can be among `types`: else a string, for the schema to
    /// refuse.
    package static func append(text range: Range<Int>, _ types: SchemaTypes, to document: Document)
    {
        let text = document.text(in: range)
        if types != .all {
            if !types.isDisjoint(with: .number), let number = NumberText.classify(text),
                types.contains(.fraction) || number == .integer
            {
                return document.append(number: range, isInteger: number == .integer)
            }
            if types.contains(.boolean) {
                if text.elementsEqual("true".utf8) { return document.append(true) }
                if text.elementsEqual("false".utf8) { return document.append(false) }
            }
        }
        document.append(text: range)
    }
}
