// SPDX-License-Identifier: Apache-2.0
// A mapping file as written, before it is compiled against its contracts: what has a plain value is
// one here; templates, expressions and schemas stay nodes with their places.

package struct MappingFile: Sendable {
    /// Relative to the gateway's directory, `mappings/countries.yaml`; as diagnostics name it.
    package var path: String
    package var service: LocatedText
    package var backend: MappingBackend
    /// `backend.upstream`
    package var upstream: LocatedText?
    /// Lower case; none is every host.
    package var hosts: [String] = []
    /// `/v1`, or empty.
    package var base = ""
    package var policy = PolicySet()
    package var naming = Naming.asIs
    package var types: [TypeOptions] = []
    package var json = JSONOptions()
    /// Prefixes in the file's order.
    package var namespaces: [(prefix: LocatedText, uri: String)] = []
    package var tables: [(name: LocatedText, table: MappingTable)] = []
    /// A list of rules.
    package var errors: YAMLNode?
    /// Of routes that do not say it; nil: as their kind has it.
    package var unknownParameters: MappingRoute.UnknownParameters?
    /// `annotated: keep`
    package var keepsAnnotated = false
    /// Nil: the contract's own routes.
    package var routes: [MappingRoute]?
    /// The whole file.
    package var root: YAMLNode

    package enum Naming: String, Sendable {
        case asIs = "as-is"
        case camelCase
    }
}

/// What a mapping calls.
package struct MappingBackend: Sendable {
    package enum Kind: Sendable {
        case soap(SOAP)
        case xml(XML)
        case grpc(GRPC)
        case http(path: LocatedText?)
    }

    package struct SOAP: Sendable {
        package var contract: ContractReference
        package var service: LocatedText?
        package var port: LocatedText?
        /// `1.1` or `1.2`
        package var version: LocatedText?
        /// `mtom`; nil: as the contract's policy says.
        package var isMTOM: Bool?
        /// `addressing`; nil: as the contract's policy says.
        package var usesAddressing: Bool?
    }

    package struct XML: Sendable {
        package var contract: ContractReference?
        package var port: LocatedText?
        /// Nil: the contract's own, else POST.
        package var method: String?
        package var path: String?
    }

    package struct GRPC: Sendable {
        package var contract: ContractReference
        package var service: LocatedText?
        package var rules: ContractReference?
    }

    package var kind: Kind
    package var node: YAMLNode

    /// Where the contract is named; nil where there is none.
    var contractNode: YAMLNode? {
        switch kind {
        case .soap(let soap): soap.contract.text.node
        case .xml(let xml): xml.contract?.text.node
        case .grpc(let grpc): grpc.contract.text.node
        case .http: nil
        }
    }

    /// SOAP or plain XML: the contract may say where it is.
    var isXML: Bool {
        switch kind {
        case .soap, .xml: true
        case .grpc, .http: false
        }
    }
}

/// A file of the `schemas` folder that a mapping names.
package struct ContractReference: Sendable {
    /// As written.
    package var text: LocatedText
    /// As it can be opened; nil where it lies outside or is not there, which has been said.
    package var path: String?
}

/// A JSON Schema by file or in its place.
package enum SchemaReference: Sendable {
    case file(ContractReference)
    case inline(YAMLNode)

    package var node: YAMLNode {
        switch self {
        case .file(let reference): reference.text.node
        case .inline(let node): node
        }
    }
}

package enum MappingTable: Sendable {
    /// Keys and values by their source text.
    case inline([(key: String, value: YAMLNode)])
    case file(ContractReference)
}

/// Renaming of one contract type.
package struct TypeOptions: Sendable {
    package var name: LocatedText
    package var rename: [(member: LocatedText, name: LocatedText)] = []
    package var omit: [LocatedText] = []
    package var unwrap: [LocatedText] = []
    package var textual: [(member: LocatedText, type: LocatedText)] = []
}

/// `json`; nil is the backend's own default.
package struct JSONOptions: Sendable, Equatable {
    package enum NumberForm: String, Sendable { case string, number }
    package enum EnumForm: String, Sendable { case name, short, number }
    package enum NameForm: String, Sendable { case json, proto }
    package enum Presence: String, Sendable { case omit, print }
    package enum Unknown: String, Sendable { case refuse, ignore }

    package var int64: NumberForm?
    package var decimal: NumberForm?
    package var enums: EnumForm?
    package var names: NameForm?
    package var defaults: Presence?
    package var arrays: Presence?
    package var unknown: Unknown?

    package init() {}
}
