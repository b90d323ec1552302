// SPDX-License-Identifier: Apache-2.0
// What a mapping says about which part of a WSDL it speaks of.

package enum SOAPVersion: String, Sendable {
    case soap11 = "1.1"
    case soap12 = "1.2"

    package var envelope: String {
        self == .soap11 ? SOAPNames.envelope11 : SOAPNames.envelope12
    }
}

/// Which part of a WSDL a mapping speaks of (MAPPING.md, backend.soap).
package struct SOAPSelection: Sendable, Equatable {
    package var service: String?
    package var port: String?
    /// `1.1` or `1.2`.
    package var version: SOAPVersion?

    package init(service: String? = nil, port: String? = nil, version: SOAPVersion? = nil) {
        self.service = service
        self.port = port
        self.version = version
    }
}
