// SPDX-License-Identifier: Apache-2.0
// The JSON types, as sets.

/// Types that a schema allows.
package struct SchemaTypes: OptionSet, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }
    package static let null = SchemaTypes(rawValue: 1)
    package static let boolean = SchemaTypes(rawValue: 2)
    package static let integer = SchemaTypes(rawValue: 4)
    /// Numbers that are no integers.
    package static let fraction = SchemaTypes(rawValue: 8)
    package static let string = SchemaTypes(rawValue: 16)
    package static let array = SchemaTypes(rawValue: 32)
    package static let object = SchemaTypes(rawValue: 64)

    package static let number: SchemaTypes = [.integer, .fraction]
    package static let all = SchemaTypes(rawValue: 127)
}
