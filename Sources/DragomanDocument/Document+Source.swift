// SPDX-License-Identifier: Apache-2.0
// Where a value stood in the text that was read: for messages that show the place.

extension Document {
    /// Bytes before the value, or the member's name, at `place` in the source given to
    /// `readJSON`; nil where the place is not in this Document.
    ///
    /// Scans the source once more, so not for the request's path.
    package func sourceOffset(of place: DocumentPlace) -> Int? {
        guard let root, place.tapeAddress == UInt(bitPattern: root.tape), place.index < tapeCount
        else { return nil }
        var offset = 0
        var index = 0
        // Entries stand in the order of their texts: each token of the source is one entry, but
        // for what closes containers and separates values.
        while offset < sourceCount {
            switch text[offset] {
            case 0x20, 0x0A, 0x0D, 0x09, 0x2C, 0x3A, 0x5D, 0x7D:
                offset += 1
                continue
            default: break
            }
            if index == place.index { return offset }
            offset = endOfToken(offset)
            index += 1
        }
        return nil
    }

    private func endOfToken(_ start: Int) -> Int {
        switch text[start] {
        case 0x7B, 0x5B: return start + 1
        case 0x22:
            var offset = start + 1
            while offset < sourceCount, text[offset] != 0x22 {
                offset += text[offset] == 0x5C ? 2 : 1
            }
            return offset + 1
        default:
            var offset = start
            while offset < sourceCount {
                switch text[offset] {
                case 0x20, 0x0A, 0x0D, 0x09, 0x2C, 0x3A, 0x5D, 0x7D: return offset
                default: offset += 1
                }
            }
            return offset
        }
    }
}
