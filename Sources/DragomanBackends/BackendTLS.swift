// SPDX-License-Identifier: Apache-2.0
// TLS towards backends: files read and checked at load, one context for all event loops. Chain
// and name are always verified; nothing turns that off.

internal import NIOCore
package import NIOSSL

/// What a configuration says of TLS to an upstream. Paths are absolute.
package struct TLSSettings: Sendable {
    /// PEM file of the authorities to trust; nil: those of the system.
    package var authorityFile: String?
    /// PEM file of our own chain, leaf first; with `keyFile`, or neither.
    package var certificateFile: String?
    package var keyFile: String?
    /// The name to ask for and to verify; nil: the endpoint's host.
    package var serverName: String?

    package init(
        authorityFile: String? = nil, certificateFile: String? = nil, keyFile: String? = nil,
        serverName: String? = nil
    ) {
        self.authorityFile = authorityFile
        self.certificateFile = certificateFile
        self.keyFile = keyFile
        self.serverName = serverName
    }
}

/// A file of the TLS settings that cannot be used.
package struct BackendTLSError: Error, Sendable {
    package enum Setting: String, Sendable {
        case authority = "ca"
        case certificate
        case key
        case context = "tls"
    }
    package var setting: Setting
    package var detail: String
}

/// A TLS context for one upstream.
package struct BackendTLS: Sendable {
    package let context: NIOSSLContext
    package let serverName: String?

    /// Reads the files. The protocol decides what ALPN offers.
    package init(
        _ settings: TLSSettings, backendProtocol: BackendProtocol
    ) throws(BackendTLSError) {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        configuration.certificateVerification = .fullVerification
        // A peer that does not answer our end holds nothing up.
        configuration.shutdownTimeout = .milliseconds(250)
        switch backendProtocol {
        case .http1: configuration.applicationProtocols = ["http/1.1"]
        case .http2: configuration.applicationProtocols = ["h2"]
        case .negotiated: configuration.applicationProtocols = ["h2", "http/1.1"]
        }
        if let file = settings.authorityFile {
            configuration.trustRoots = .certificates(
                try Self.certificates(file, setting: .authority))
        }
        if let file = settings.certificateFile {
            configuration.certificateChain = try Self.certificates(file, setting: .certificate)
                .map { .certificate($0) }
        }
        if let file = settings.keyFile {
            do {
                configuration.privateKey = .privateKey(
                    try NIOSSLPrivateKey(file: file, format: .pem))
            } catch {
                throw BackendTLSError(setting: .key, detail: "\(file): \(error)")
            }
        }
        if (settings.certificateFile == nil) != (settings.keyFile == nil) {
            throw BackendTLSError(
                setting: settings.keyFile == nil ? .key : .certificate,
                detail: "a certificate and its key belong together")
        }
        do {
            context = try NIOSSLContext(configuration: configuration)
        } catch {
            throw BackendTLSError(setting: .context, detail: "\(error)")
        }
        serverName = settings.serverName
    }

    private static func certificates(
        _ file: String, setting: BackendTLSError.Setting
    ) throws(BackendTLSError) -> [NIOSSLCertificate] {
        let found: [NIOSSLCertificate]
        do {
            found = try NIOSSLCertificate.fromPEMFile(file)
        } catch {
            throw BackendTLSError(setting: setting, detail: "\(file): \(error)")
        }
        if found.isEmpty {
            throw BackendTLSError(setting: setting, detail: "\(file): no certificate in it")
        }
        return found
    }
}
