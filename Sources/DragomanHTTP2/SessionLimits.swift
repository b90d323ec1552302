// SPDX-License-Identifier: Apache-2.0
// The bounds of an HTTP/2 session, ours and the peer's towards us.

/// Bounds of one HTTP/2 connection.
package struct SessionLimits: Sendable {
    /// Names and values of a header block with 32 octets for each field, as
    /// SETTINGS_MAX_HEADER_LIST_SIZE counts (RFC 9113 section 6.5.2).
    package var fieldsBytesMax = 64 * 1024
    package var fieldsMax = 1000
    /// Streams at a time; a server tells it, a client keeps it beside the peer's own bound.
    package var streamsMax = 1000
    /// What the peer may send on one stream before it is consumed.
    package var streamWindowBytes = 256 * 1024
    package var connectionWindowBytes = 16 * 1024 * 1024
    /// A server's: a request's body, which it holds whole.
    package var bodyBytesMax = 64 * 1024 * 1024

    package init() {}
}
