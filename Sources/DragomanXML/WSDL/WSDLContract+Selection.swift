// SPDX-License-Identifier: Apache-2.0
// Which endpoint of a contract is meant, and which operation of the port type each operation of
// its binding is.

/// An operation of a binding and its other half in the port type.
struct OperationPair {
    let bound: WSDLBindingOperation
    /// Nil where the port type has none.
    let operation: WSDLOperation?
    /// The input's name where several operations of the port type have one name.
    let overload: String?

    var title: String { overload.map { "\(bound.name)(\($0))" } ?? bound.name }
}

extension WSDLContract {
    /// The endpoint that a mapping means: the one that it names, else the first in document order
    /// with a SOAP binding over HTTP. Nil, and a problem, where there is none.
    package func endpoint(_ selection: SOAPSelection) -> WSDLEndpoint? {
        let place = ContractPlace(file: file, line: 1, column: 1)
        let all = endpoints()
        var candidates = all
        if let service = selection.service {
            candidates = candidates.filter { $0.isOfService(service) }
            if candidates.isEmpty {
                let names = unique(all.map(\.service))
                problems.error(
                    place, code: "contract",
                    "there is no service \(service); the contract has \(names)")
                return nil
            }
        }
        if let port = selection.port {
            let named = candidates.filter { $0.port == port || $0.binding.name.local == port }
            if named.isEmpty {
                let names = unique(candidates.map { $0.port ?? $0.binding.name.local })
                problems.error(
                    place, code: "contract",
                    "there is no port \(port); the contract has \(names)")
                return nil
            }
            candidates = named
        }
        let usable = candidates.filter(\.isSOAP)
        if let version = selection.version {
            let wire: WSDLBinding.Wire = version == .soap12 ? .soap12 : .soap11
            if let match = usable.first(where: { $0.binding.wire == wire }) { return match }
        }
        if let first = usable.first { return first }
        let found = candidates.isEmpty ? "no port at all" : "no port with SOAP over HTTP"
        problems.error(place, code: "contract", "the contract has \(found)")
        return nil
    }

    private func unique(_ names: [String]) -> String {
        var seen: Set<String> = []
        let different = names.filter { seen.insert($0).inserted }
        return different.isEmpty ? "none" : different.joined(separator: ", ")
    }

    /// The operations of an endpoint's binding, in WSDL order, with their halves.
    func pairs(of endpoint: WSDLEndpoint) -> [OperationPair] {
        guard let portType = portType(endpoint.binding.portType) else {
            problems.warning(
                endpoint.binding.place, code: "reference",
                "there is no port type \(endpoint.binding.portType.local)")
            return []
        }
        var counts: [String: Int] = [:]
        for operation in portType.operations { counts[operation.name, default: 0] += 1 }
        var taken: Set<Int> = []
        var bindings: Set<Int> = []
        return endpoint.binding.operations.compactMap { bound in
            let alike = portType.operations.indices.filter {
                portType.operations[$0].name == bound.name && !taken.contains($0)
            }
            guard let index = best(alike, portType, bound) else {
                return OperationPair(bound: bound, operation: nil, overload: nil)
            }
            let operation = portType.operations[index]
            let isOverloaded = counts[bound.name, default: 0] > 1
            if isOverloaded { taken.insert(index) }
            guard bindings.insert(index).inserted else {
                problems.warning(
                    bound.place, code: "name",
                    "the operation \(bound.name) is bound again; the first binding holds")
                return nil
            }
            return OperationPair(
                bound: bound, operation: operation,
                overload: isOverloaded ? inputName(operation) : nil)
        }
    }

    /// Among operations of one name, the one whose input and output are called as the binding
    /// calls them (WSDL 1.1, 2.5), else the next one.
    private func best(
        _ indices: [Int], _ portType: WSDLPortType, _ bound: WSDLBindingOperation
    ) -> Int? {
        func matches(_ index: Int, _ withOutput: Bool) -> Bool {
            let operation = portType.operations[index]
            guard let name = bound.inputName else { return false }
            return inputName(operation) == name
                && (!withOutput || bound.outputName == nil
                    || operation.output?.name == bound.outputName)
        }
        return indices.first { matches($0, true) } ?? indices.first { matches($0, false) }
            ?? indices.first
    }

    /// The input's name, or what stands for it: an overload without one goes by its message.
    private func inputName(_ operation: WSDLOperation) -> String {
        operation.input?.name ?? operation.input?.message.local ?? operation.name
    }
}

extension WSDLEndpoint {
    /// The address without white space, where it is one that can be called.
    package var usableAddress: String? {
        guard let address, let colon = address.firstIndex(of: ":") else { return nil }
        let scheme = address[..<colon].lowercased()
        guard scheme == "http" || scheme == "https" else { return nil }
        let rest = address[address.index(after: colon)...]
        guard rest.hasPrefix("//") else { return nil }
        let authority = rest.dropFirst(2).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let isPlain = address.utf8.allSatisfy {
            $0 > 0x20 && $0 < 0x7F && !"<>{}\"\\^`|".utf8.contains($0)
        }
        return isPlain && !authority.isEmpty && authority != ":" ? address : nil
    }
}
