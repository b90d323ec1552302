// SPDX-License-Identifier: Apache-2.0
// What is said of a start tag that is beyond the limits.

internal import DragomanDocument

#if canImport(Glibc)
    internal import Glibc
#endif

extension XMLPushParser {
    func isLong(_ name: UnsafePointer<UInt8>) -> Bool {
        name.withMemoryRebound(to: CChar.self, capacity: 1) {
            strnlen($0, limits.nameBytesMax &+ 1) > limits.nameBytesMax
        }
    }

    func refuse(_ tag: XMLStartTag) {
        if depth > limits.depthMax {
            fail(
                TranslationError(
                    .depth, keyword: "xml",
                    "The XML nests deeper than \(limits.depthMax) elements."))
        } else if tag.attributeCount > limits.attributesMax {
            fail(
                TranslationError(
                    .size, keyword: "xml",
                    "An element of the XML has more than \(limits.attributesMax) attributes."))
        } else {
            fail(
                TranslationError(
                    .size, keyword: "xml",
                    "A name in the XML is longer than \(limits.nameBytesMax) bytes."))
        }
    }
}
