// SPDX-License-Identifier: Apache-2.0
// WS-Addressing 1.0 of a request: To, Action, MessageID, and answers to where the request came
// from (SOAP Binding, 3; anonymous).

internal import DragomanXML

/// The header blocks of one request.
struct AddressingBlocks {
    let text: String
    /// For a signature over them.
    let identifiers: [String]

    init(
        to address: String, _ operation: OperationPlan, version: SOAPVersion,
        envelopePrefix: String
    ) {
        let must = " \(envelopePrefix):mustUnderstand=\"\(version == .soap11 ? "1" : "true")\""
        var identifiers: [String] = []
        func block(_ name: String, _ content: String, _ attributes: String = "") -> String {
            identifiers.append("WSA-\(name)")
            return "<wsa:\(name) xmlns:wsa=\"\(WSSecurityNames.addressing)\" "
                + "xmlns:wsu=\"\(WSSecurityNames.utility)\" wsu:Id=\"WSA-\(name)\"\(attributes)>"
                + "\(content)</wsa:\(name)>"
        }
        var text = block("To", MessageSecurity.escaped(address), must)
        text += block("Action", MessageSecurity.escaped(operation.addressingAction), must)
        text += block("MessageID", "urn:uuid:\(Self.identifier())")
        if !operation.isOneWay {
            text += block(
                "ReplyTo",
                "<wsa:Address>\(WSSecurityNames.addressing)/anonymous</wsa:Address>")
        }
        self.text = text
        self.identifiers = identifiers
    }

    /// A random UUID (RFC 9562, 5.4).
    private static func identifier() -> String {
        var generator = SystemRandomNumberGenerator()
        var bytes = (0..<16).map { _ in UInt8.random(in: 0...255, using: &generator) }
        bytes[6] = bytes[6] & 0x0F | 0x40
        bytes[8] = bytes[8] & 0x3F | 0x80
        var text = ""
        for (index, byte) in bytes.enumerated() {
            if [4, 6, 8, 10].contains(index) { text += "-" }
            text += (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
        return text
    }
}
