// SPDX-License-Identifier: Apache-2.0
// What one event loop of the gateway owns: the plan that it serves, its connections to backends,
// and the exchanges whose memory it lends from request to request.

package import DragomanBackends
internal import DragomanDocument
internal import DragomanHTTP
package import DragomanMapping
internal import DragomanXML
package import NIOCore

/// Serves one event loop; used on it only.
package final class GatewayWorker: RequestHandlerSource {
    /// Exchanges kept for the next requests; beyond that they are let go.
    private static let idleExchangesMax = 64

    package let loop: any EventLoop
    package let pool: BackendPool
    /// Never changes while an exchange runs: each keeps the one it began with.
    package private(set) var plan: GatewayPlan
    let log: GatewayLog
    /// Served beside the routes; nil where gateway.yaml names no path for it.
    let description: ServedDescription?
    /// Sees every call before it is made; nil while serving.
    var interceptor: (any CallInterceptor)?
    let soapWriter = SOAPRequestWriter()
    private(set) lazy var packageWriter = SOAPPackageWriter()
    private var identities: UpstreamIdentities?
    private(set) lazy var xmlWriter = XMLRequestWriter()
    private(set) lazy var inflater = MessageInflater()
    private(set) lazy var deflater = MessageDeflater()
    /// Those with `compression` that turned out not to take it.
    var plainUpstreams: Set<Int> = []
    /// One decompressed message of a backend.
    let inflated = OutputBuffer(capacity: 64)
    private var idle: [Exchange] = []
    /// Readers not in use, by the plans that they read by, which they keep alive.
    private var soapReaders: [ObjectIdentifier: [SOAPReplyReader]] = [:]
    /// The same for xml; under the worker's own identity those of no contract.
    private var xmlReaders: [ObjectIdentifier: [XMLReplyReader]] = [:]

    package init(
        loop: any EventLoop, plan: GatewayPlan, upstreams: [UpstreamConfiguration],
        log: GatewayLog, description: ServedDescription? = nil
    ) {
        self.loop = loop
        self.plan = plan
        self.log = log
        self.description = description
        pool = BackendPool(loop: loop, upstreams: upstreams)
    }

    /// Begins a call, or gives it to whoever intercepts calls.
    func start(
        _ request: BackendRequest, upstream: Int, receiver: Exchange
    ) -> BackendCall? {
        if let interceptor {
            guard let other = interceptor.receiver(of: request, upstream, receiver) else {
                return nil
            }
            return pool.start(request, upstream: upstream, receiver: other)
        }
        return pool.start(request, upstream: upstream, receiver: receiver)
    }

    /// Who the gateway is for the upstreams of a plan.
    func identities(of plan: GatewayPlan) -> UpstreamIdentities {
        if let identities, identities.plan === plan { return identities }
        let made = UpstreamIdentities(plan)
        identities = made
        return made
    }

    package func handler() -> any RequestHandler {
        idle.popLast() ?? Exchange(worker: self)
    }

    func giveBack(_ exchange: Exchange) {
        if idle.count < Self.idleExchangesMax { idle.append(exchange) }
    }

    func takeSOAPReader(_ contract: ServiceContract) -> SOAPReplyReader {
        soapReaders[ObjectIdentifier(contract.plans)]?.popLast()
            ?? SOAPReplyReader(plans: contract.plans)
    }

    func giveBack(_ reader: SOAPReplyReader, _ contract: ServiceContract) {
        soapReaders[ObjectIdentifier(contract.plans), default: []].append(reader)
    }

    func takeXMLReader(_ contract: XMLServiceContract?) -> XMLReplyReader {
        let key = contract.map { ObjectIdentifier($0) } ?? ObjectIdentifier(self)
        return xmlReaders[key]?.popLast() ?? XMLReplyReader(contract: contract)
    }

    func giveBack(_ reader: XMLReplyReader, _ contract: XMLServiceContract?) {
        let key = contract.map { ObjectIdentifier($0) } ?? ObjectIdentifier(self)
        xmlReaders[key, default: []].append(reader)
    }

    package func refuse(
        _ client: any ClientSide, status: Int, limit: String?, detail: String
    ) {
        var problem = Problem(.http(status), status: status, detail: detail)
        if let limit {
            problem.limit = (limit, plan.configuration.limits.text(of: limit))
        }
        problem.send(to: client)
    }
}

/// Stands between exchanges and backends: `explain` sees calls there, and answers them itself.
protocol CallInterceptor: AnyObject {
    /// Who gets the backend's answer; nil where the call is not to be made.
    func receiver(
        of request: BackendRequest, _ upstream: Int, _ exchange: Exchange
    ) -> (any BackendReceiver)?

    /// The answer to the exchange's call did not fit its contract, and is passed on.
    func noted(_ mismatches: [String], of exchange: Exchange)
}

/// Where an exchange says what no client is told.
package struct GatewayLog: Sendable {
    /// A request that ended in 5xx: reason, route, upstream, and what happened.
    package let failure: @Sendable (FailureRecord) -> Void
    /// An answer that did not fit its contract and was passed on: the upstream, and sentences.
    package let mismatch: @Sendable (String?, [String]) -> Void

    package init(
        failure: @escaping @Sendable (FailureRecord) -> Void,
        mismatch: @escaping @Sendable (String?, [String]) -> Void = { _, _ in }
    ) {
        self.failure = failure
        self.mismatch = mismatch
    }
}

package struct FailureRecord: Sendable {
    package let reason: String
    package let status: Int
    package let method: String
    package let route: String
    package let upstream: String?
    package let detail: String
}
