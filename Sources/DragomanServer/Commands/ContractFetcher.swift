// SPDX-License-Identifier: Apache-2.0
// `import --fetch`: contracts by http and https, and what they import by address, into a folder of
// their own, from which they are then imported as any others. Bounded in number, size and time;
// nothing is ever fetched but here.

internal import DragomanBackends
internal import DragomanHTTP
internal import DragomanMapping
internal import DragomanXML
internal import NIOCore
internal import NIOPosix

/// Fetches one contract with all that it needs.
final class ContractFetcher {
    static let filesMax = 500
    static let bytesMax = 64 << 20

    /// Where the files are put; goes with this.
    let folder: String
    private let client = FetchClient()
    /// Where each file came from, by its path.
    private var addresses: [String: String] = [:]
    private var tried: Set<String> = []
    private var bytes = 0
    /// What could not be fetched; without it the contract may do.
    private(set) var notes: [String] = []

    init() throws(ImportFailure) {
        guard let folder = Platform.temporaryFolder() else {
            throw ImportFailure(text: "there is no place for what is fetched")
        }
        self.folder = ContractPath.real(folder) ?? folder
    }

    deinit { Platform.remove(folder) }

    static func isAddress(_ source: String) -> Bool {
        let lower = source.lowercased()
        return lower.hasPrefix("http://") || lower.hasPrefix("https://")
    }

    /// Fetches the contract itself. Returns its path.
    func first(_ address: String) throws(ImportFailure) -> String {
        let content = try fetch(address)
        let place = FetchPlace(address)
        var name = place.lastPart
        let isSchema =
            String(decoding: content.prefix(4096), as: UTF8.self).contains(":schema")
            && !String(decoding: content.prefix(4096), as: UTF8.self).contains("definitions")
        if name.isEmpty { name = "contract" }
        let lower = name.lowercased()
        if !lower.hasSuffix(".wsdl"), !lower.hasSuffix(".xsd") {
            name += isSchema ? ".xsd" : ".wsdl"
        }
        let path = "\(folder)/\(place.host)/\(place.directory)\(name)"
        try store(content, at: path, from: address)
        return ContractPath.real(path) ?? path
    }

    /// Fetches what `references` could not find.
    /// - Returns: whether there was anything.
    func fetchMissing(_ references: [DragomanXML.ContractFiles.Reference]) throws(ImportFailure)
        -> Bool
    {
        var isAny = false
        for reference in references where reference.target == nil {
            guard let address = address(of: reference), tried.insert(address).inserted else {
                continue
            }
            guard tried.count <= Self.filesMax else {
                throw ImportFailure(
                    text: "the contract imports more than \(Self.filesMax) files by address")
            }
            let content: [UInt8]
            do {
                content = try fetch(address)
            } catch {
                notes.append("not fetched: \(error.text)")
                continue
            }
            let place = FetchPlace(address)
            let path: String
            if reference.location.contains("://") {
                path =
                    place.query.isEmpty
                    ? "\(folder)/\(place.host)/\(place.directory)\(place.lastPart)"
                    : "\(folder)/\(place.directory)\(place.queryName)"
            } else {
                let name =
                    place.query.isEmpty
                    ? String(reference.location.prefix { $0 != "?" && $0 != "#" })
                    : place.queryName
                path = "\(ContractPath.folder(reference.base))/\(name)"
            }
            let normal = ContractPath.normalized(path)
            guard normal.hasPrefix(folder + "/") else {
                throw ImportFailure(text: "\(address): leads outside of what is fetched")
            }
            try store(content, at: normal, from: address)
            isAny = true
        }
        return isAny
    }

    /// The address that a location means; nil where it is none of http.
    private func address(of reference: DragomanXML.ContractFiles.Reference) -> String? {
        let location = reference.location
        if Self.isAddress(location) { return location }
        guard !location.contains(":"), let base = addresses[reference.base] else { return nil }
        return FetchPlace(base).resolving(location)
    }

    private func fetch(_ address: String) throws(ImportFailure) -> [UInt8] {
        let content = try client.get(address, bytesMax: Self.bytesMax - bytes)
        bytes += content.count
        return content
    }

    private func store(
        _ content: [UInt8], at path: String, from address: String
    ) throws(ImportFailure) {
        if let failure = Platform.write(content, to: path) {
            throw ImportFailure(text: "\(path): \(failure)")
        }
        addresses[ContractPath.real(path) ?? path] = address
    }
}

/// The pieces of an http address.
struct FetchPlace {
    let scheme: String
    /// Host and port.
    let host: String
    /// Without its slash at the start; ends with one, or is empty.
    let directory: String
    let lastPart: String
    let query: String

    init(_ address: String) {
        scheme = address.lowercased().hasPrefix("https:") ? "https" : "http"
        let rest = address.drop { $0 != "/" }.drop { $0 == "/" }
        host = String(rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" })
        let behind = rest.dropFirst(host.count).prefix { $0 != "#" }
        let path = String(behind.prefix { $0 != "?" }.drop { $0 == "/" })
        let mark = behind.firstIndex(of: "?")
        query = mark.map { String(behind[behind.index(after: $0)...]) } ?? ""
        if let slash = path.lastIndex(of: "/") {
            directory = String(path[...slash])
            lastPart = String(path[path.index(after: slash)...])
        } else {
            directory = ""
            lastPart = path
        }
    }

    /// As an include `X?xsd=NAME` is looked for.
    var queryName: String {
        let value = query.firstIndex(of: "=").map { query[query.index(after: $0)...] }
        let name = String(value ?? Substring(query))
        return name.isEmpty || name.contains("..") || name.contains("/") ? "included.xsd" : name
    }

    /// A relative reference (RFC 3986, 5.2).
    func resolving(_ reference: String) -> String {
        let origin = "\(scheme)://\(host)"
        if reference.hasPrefix("//") { return "\(scheme):\(reference)" }
        if reference.hasPrefix("/") { return origin + reference }
        if reference.hasPrefix("?") { return "\(origin)/\(directory)\(lastPart)\(reference)" }
        let path = reference.prefix { $0 != "?" }
        return "\(origin)/\(ContractPath.normalized(directory + path))"
            + reference.dropFirst(path.count)
    }
}

/// GET by http and https, redirects followed.
final class FetchClient {
    private static let redirectsMax = 5
    private static let seconds: Int64 = 30

    func get(_ address: String, bytesMax: Int) throws(ImportFailure) -> [UInt8] {
        var address = address
        for _ in 0...Self.redirectsMax {
            let answer = try ask(address, bytesMax: bytesMax)
            switch answer.status {
            case 200: return answer.body
            case 301, 302, 303, 307, 308:
                guard let location = answer.location else { break }
                let isWhole = location.contains("://")
                address = isWhole ? location : FetchPlace(address).resolving(location)
                guard address.lowercased().hasPrefix("http") else { break }
                continue
            default: break
            }
            throw ImportFailure(
                text: "\(address): the server answered with status \(answer.status)")
        }
        throw ImportFailure(text: "\(address): more than \(Self.redirectsMax) redirections")
    }

    private func ask(_ address: String, bytesMax: Int) throws(ImportFailure) -> FetchAnswer {
        let place = FetchPlace(address)
        guard let url = UpstreamURL("\(place.scheme)://\(place.host)"),
            case .host(let host, let port) = url.target
        else { throw ImportFailure(text: "\(address) is no address that can be fetched") }
        var tls: BackendTLS?
        do throws(BackendTLSError) {
            if url.isSecure { tls = try BackendTLS(TLSSettings(), backendProtocol: .http1) }
        } catch {
            throw ImportFailure(text: "\(address): \(error.detail)")
        }
        let upstream = UpstreamConfiguration(
            name: "fetch", endpoints: [Endpoint(.host(host, port: port), authority: place.host)],
            backendProtocol: .http1, tls: tls)
        var fields = HeaderFields()
        fields.append("accept", "*/*" as StaticString)
        fields.append("user-agent", "dragoman-import" as StaticString)
        let query = place.query.isEmpty ? "" : "?\(place.query)"
        let request = BackendRequest(
            method: "GET", path: "/\(place.directory)\(place.lastPart)\(query)", fields: fields,
            isIdempotent: true, deadline: .now() + .seconds(Self.seconds))
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        defer { try? group.syncShutdownGracefully() }
        let loop = group.next()
        let promise = loop.makePromise(of: FetchAnswer.self)
        loop.execute {
            let pool = BackendPool(loop: loop, upstreams: [upstream])
            let receiver = FetchReceiver(bytesMax: bytesMax, pool: pool) {
                promise.completeWith($0)
            }
            receiver.call = pool.start(request, upstream: 0, receiver: receiver)
        }
        do {
            return try promise.futureResult.wait()
        } catch {
            throw ImportFailure(text: "\(address): \(error)")
        }
    }
}

struct FetchAnswer: Sendable {
    var status = 0
    var location: String?
    var body: [UInt8] = []
}

struct FetchFailure: Error, CustomStringConvertible {
    let description: String
}

/// Gathers one answer.
private final class FetchReceiver: BackendReceiver {
    private let bytesMax: Int
    private let pool: BackendPool
    private var done: ((Result<FetchAnswer, any Error>) -> Void)?
    private var answer = FetchAnswer()
    var call: BackendCall?

    init(
        bytesMax: Int, pool: BackendPool,
        done: @escaping (Result<FetchAnswer, any Error>) -> Void
    ) {
        self.bytesMax = bytesMax
        self.pool = pool
        self.done = done
    }

    private func end(_ result: Result<FetchAnswer, any Error>) {
        let last = done
        done = nil
        call = nil
        // A pool is closed from outside of its events.
        pool.loop.assumeIsolated().execute { [pool] in pool.close() }
        last?(result)
    }

    func backendReceivedHead(status: Int, fields: HeaderFields) {
        answer.status = status
        answer.location = fields.first("location")
    }

    func backendReceivedBody(_ bytes: ByteBuffer) {
        guard answer.body.count + bytes.readableBytes <= bytesMax else {
            let call = call
            end(.failure(FetchFailure(description: "it is larger than a contract may be")))
            call?.cancel()
            return
        }
        answer.body += bytes.readableBytesView
    }

    func backendReceivedEnd(trailers: HeaderFields?) { end(.success(answer)) }

    func backendFailed(_ failure: BackendFailure) {
        end(.failure(FetchFailure(description: failure.detail)))
    }

    func backendBecameWritable() {}
}
