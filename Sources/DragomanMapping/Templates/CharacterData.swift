// SPDX-License-Identifier: Apache-2.0
// Values inside of texts that are XML: what a client sends there is text, and never markup.

internal import DragomanDocument

/// Text inside of XML, in an element or an attribute's value (XML 1.0, 2.4).
enum CharacterData {
    static func encode(_ bytes: UnsafeRawBufferPointer, to buffer: OutputBuffer) {
        for byte in bytes {
            switch byte {
            case 0x26: buffer.append("&amp;")
            case 0x3C: buffer.append("&lt;")
            case 0x3E: buffer.append("&gt;")
            case 0x22: buffer.append("&#34;")
            case 0x27: buffer.append("&#39;")
            case 0x09: buffer.append("&#9;")
            case 0x0A: buffer.append("&#10;")
            case 0x0D: buffer.append("&#13;")
            default: buffer.append(byte)
            }
        }
    }
}
