// SPDX-License-Identifier: Apache-2.0
// What goes into a route table and what comes out of it.

/// A header that a request must bear, from `match: { headers: … }`.
package struct RouteHeaderCondition: Sendable, Hashable {
    /// Lower case.
    package let name: String
    /// Compared exactly, with each line of that name; lines are never joined.
    package let value: String

    package init(name: String, value: String) {
        self.name = name.lowercased()
        self.value = value
    }
}

package struct RouteEntry: Sendable {
    /// `*` is every method that has no route of its own there.
    package var method: String
    /// `api.example.com` or `*.example.com`, which is any name that ends so; none is every host.
    package var hosts: [String]
    package var template: PathTemplate
    package var conditions: [RouteHeaderCondition]

    package init(
        method: String, hosts: [String] = [], template: PathTemplate,
        conditions: [RouteHeaderCondition] = []
    ) {
        self.method = method
        self.hosts = hosts
        self.template = template
        self.conditions = conditions
    }
}

/// Two routes that one request could mean with equal right; indexes into the entries.
package struct RouteConflict: Sendable, Hashable {
    package let first: Int
    package let second: Int
}

package enum RouteMatch: Sendable, Equatable {
    /// The index of the entry.
    case found(Int)
    /// 404
    case notFound
    /// 405; `allow` is the header's value.
    case methodNotAllowed(allow: String)
    /// OPTIONS where no route takes it: 204 with Allow.
    case options(allow: String)
}

/// What a variable of the template covers, in the undecoded path; in the template's order.
package struct PathCapture: Sendable, Hashable {
    package var start: Int
    package var end: Int
    package var decoding: PathText.Decoding

    /// Its bytes, undecoded.
    package func bytes(of path: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: path[start..<end])
    }

    /// Appends the decoded text. False where an escape is broken.
    @discardableResult
    package func decode(_ path: UnsafeRawBufferPointer, into output: inout [UInt8]) -> Bool {
        PathText.decode(bytes(of: path), decoding, into: &output)
    }
}
