// SPDX-License-Identifier: Apache-2.0
// The header blocks of one request, in the pieces of which some are signed and some encrypted.

/// What goes out before the contract's own header blocks.
struct SecurityBlocks {
    /// WS-Addressing's.
    let addressing: String
    /// The start tag of the Security block; empty where there is none.
    var open = ""
    var timestamp = ""
    /// The certificate that signs.
    var token = ""
    var username = ""
    var assertion = ""
    /// Identifiers of what is signed.
    var signed: [String] = []
    var signsBody = false

    /// Before anything is signed or encrypted.
    var text: String { text(signature: "") }

    /// UTF-8 bytes of `text` before the end of the Security block.
    var signatureOffset: Int { text.utf8.count - Self.close.utf8.count }

    private static let close = "</wsse:Security>"

    /// In the order in which a receiver can act on it (WSS 1.1, 5): what is needed to read
    /// something stands before it.
    /// `keys`: the key of what is encrypted. `isSignedLast`: that is what the signature is over.
    func text(signature: String, keys: String = "", isSignedLast: Bool = false) -> String {
        guard !open.isEmpty else { return addressing }
        let start = addressing + open + timestamp
        let rest = token + username + assertion + signature
        return start + (isSignedLast ? rest + keys : keys + rest) + Self.close
    }
}
