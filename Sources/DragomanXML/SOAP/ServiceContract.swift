// SPDX-License-Identifier: Apache-2.0
// The contract of a `soap` backend as the gateway uses it: one port of a WSDL, its operations
// compiled, and what of it can not be called.

package import DragomanDocument

/// One port of a WSDL, compiled.
package final class ServiceContract: Sendable {
    package let endpoint: WSDLEndpoint
    package let version: SOAPVersion
    package let plans: PlanSet
    /// In WSDL order.
    package let operations: [OperationPlan]
    /// Operations of the port that can not be called, and why.
    package let omitted: [OmittedOperation]
    /// What of the mapping's `types` the contract does not have.
    package let namingProblems: [NamingProblem]
    /// What the contract's policies ask for.
    package let demands: PolicyDemands
    private let byName: [String: Int]
    private let pool: ConstantPool

    /// The port's address; nil where the contract has none to use.
    package var address: String? { endpoint.usableAddress }

    private init(
        endpoint: WSDLEndpoint, version: SOAPVersion, plans: PlanSet, drafts: [OperationDraft],
        omitted: [OmittedOperation], namingProblems: [NamingProblem],
        demands: PolicyDemands, pool: ConstantPool
    ) {
        self.demands = demands
        self.endpoint = endpoint
        self.version = version
        self.plans = plans
        self.omitted = omitted
        self.namingProblems = namingProblems
        self.pool = pool
        let texts = EnvelopeTexts(
            version: version, taken: Set(plans.namespaces.map(\.prefix) + ["xsi", "xs"]))
        operations = drafts.map {
            OperationPlan(draft: $0, version: version, plans: plans, texts: texts)
        }
        var byName: [String: Int] = [:]
        for (index, draft) in drafts.enumerated() { byName[draft.name] = index }
        self.byName = byName
    }

    /// By the name that `call` uses.
    package func operation(named name: String) -> OperationPlan? {
        byName[name].map { operations[$0] }
    }

    /// Reads a WSDL and compiles one port of it. Problems are collected in `problems`; nil where
    /// there is nothing to call.
    package static func load(
        _ source: ContractSource, selection: SOAPSelection = SOAPSelection(),
        naming: NamingOptions = NamingOptions(),
        namespaces: [(prefix: String, uri: String)] = [],
        resolver: @escaping ContractResolver, problems: ContractProblems
    ) -> ServiceContract? {
        guard
            let contract = WSDLContract.load(source, resolver: resolver, problems: problems)
        else { return nil }
        guard let endpoint = contract.endpoint(selection) else { return nil }
        return make(
            contract, endpoint, version: selection.version, naming: naming,
            namespaces: namespaces)
    }

    /// As above, from a file and the files beside it.
    /// `path`: of the WSDL.
    /// `root`: no file outside of this folder is read; nil for no such bound.
    /// `searched`: folders to look in for what is imported by address.
    package static func load(
        path: String, root: String?, searched: [String] = [],
        selection: SOAPSelection = SOAPSelection(), naming: NamingOptions = NamingOptions(),
        namespaces: [(prefix: String, uri: String)] = [], problems: ContractProblems
    ) -> ServiceContract? {
        let files = ContractFiles(
            start: path, folders: ContractFolders(root: root, searched: searched),
            problems: problems)
        guard let source = files.first() else { return nil }
        return load(
            source, selection: selection, naming: naming, namespaces: namespaces,
            resolver: { files.resolve($0, $1) }, problems: problems)
    }

    /// Compiles one endpoint of a loaded contract.
    package static func make(
        _ contract: WSDLContract, _ endpoint: WSDLEndpoint, version: SOAPVersion? = nil,
        naming: NamingOptions = NamingOptions(),
        namespaces: [(prefix: String, uri: String)] = []
    ) -> ServiceContract {
        let compiler = PlanCompiler(
            schemas: contract.schemas, naming: naming, namespaces: namespaces)
        let pool = ConstantPool()
        var drafts: [OperationDraft] = []
        var omitted: [OmittedOperation] = []
        let drafter = OperationDrafter(
            contract: contract, endpoint: endpoint, compiler: compiler, pool: pool)
        for var draft in contract.drafts(of: endpoint, omitted: &omitted, drafter.draft) {
            draft.name = unique(draft.name, among: drafts)
            drafts.append(draft)
        }
        let own: SOAPVersion = endpoint.binding.wire == .soap12 ? .soap12 : .soap11
        let plans = compiler.finish()
        return ServiceContract(
            endpoint: endpoint, version: version ?? own, plans: plans, drafts: drafts,
            omitted: omitted, namingProblems: compiler.namingProblems,
            demands: contract.policyDemands(of: endpoint), pool: pool)
    }

    private static func unique(_ name: String, among drafts: [OperationDraft]) -> String {
        var candidate = name
        var number = 2
        while drafts.contains(where: { $0.name == candidate }) {
            candidate = "\(name)-\(number)"
            number += 1
        }
        return candidate
    }
}
