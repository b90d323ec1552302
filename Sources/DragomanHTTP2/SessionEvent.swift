// SPDX-License-Identifier: Apache-2.0
// What the library's callbacks record for the handler to act on when it has returned.

/// One entry of a session's reused list.
struct SessionEvent {
    enum Kind: UInt8 {
        case head
        case data
        case end
        case closed
        case writable
        case settings
        case goingAway
        case pingAnswered
    }

    var kind: Kind
    /// Code of the closing.
    var code: UInt32 = 0
    /// Where data stands in the bytes read.
    var offset = 0
    var count = 0
    /// Alive while it is in the session's list, which it leaves on acting on `closed`.
    var stream: Unmanaged<ClientStream>?
}
