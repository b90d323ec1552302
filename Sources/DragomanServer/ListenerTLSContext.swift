// SPDX-License-Identifier: Apache-2.0
// TLS of a listener: files read and checked before anything is bound.

internal import DragomanMapping
internal import NIOSSL

enum ListenerTLSContext {
    /// Nil where the listener is cleartext.
    static func make(_ settings: ListenerTLS?) throws -> NIOSSLContext? {
        guard let settings else { return nil }
        let chain = try certificates(settings.certificate, "certificate")
        let key: NIOSSLPrivateKey
        do {
            key = try NIOSSLPrivateKey(file: settings.key, format: .pem)
        } catch {
            throw StartError(description: "tls key \(settings.key): \(error)")
        }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        if let file = settings.clientCA {
            configuration.trustRoots = .certificates(try certificates(file, "client_ca"))
            configuration.certificateVerification = .noHostnameVerification
        }
        do {
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw StartError(description: "tls of a listener: \(error)")
        }
    }

    private static func certificates(
        _ file: String, _ key: String
    ) throws -> [NIOSSLCertificate] {
        do {
            let found = try NIOSSLCertificate.fromPEMFile(file)
            if !found.isEmpty { return found }
        } catch {
            throw StartError(description: "tls \(key) \(file): \(error)")
        }
        throw StartError(description: "tls \(key) \(file): there is no certificate in it")
    }
}
