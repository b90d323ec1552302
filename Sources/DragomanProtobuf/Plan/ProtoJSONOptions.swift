// SPDX-License-Identifier: Apache-2.0
// How a service's messages look in JSON where ProtoJSON leaves a choice (MAPPING.md, `json`).

package struct ProtoJSONOptions: Sendable, Equatable {
    package enum Int64Form: UInt8, Sendable { case string, number }
    /// `short` strips the prefix that is the enum's own name; read, all three are accepted where
    /// this is `short`, and the full name and the number always.
    package enum EnumForm: UInt8, Sendable { case name, short, number }
    package enum NameForm: UInt8, Sendable { case json, proto }
    package enum Printing: UInt8, Sendable { case omit, print }
    package enum Unknown: UInt8, Sendable { case refuse, ignore }

    package var int64: Int64Form
    package var enums: EnumForm
    package var names: NameForm
    /// Of fields without presence that are no list and no map.
    package var defaults: Printing
    /// Of empty lists and maps.
    package var arrays: Printing
    package var unknown: Unknown
    /// Messages inside one another in what is written to a backend: what protobuf's own
    /// implementations read.
    package var messageDepthMax: Int

    package init(
        int64: Int64Form = .string, enums: EnumForm = .name, names: NameForm = .json,
        defaults: Printing = .omit, arrays: Printing = .omit, unknown: Unknown = .refuse,
        messageDepthMax: Int = 100
    ) {
        self.int64 = int64
        self.enums = enums
        self.names = names
        self.defaults = defaults
        self.arrays = arrays
        self.unknown = unknown
        self.messageDepthMax = messageDepthMax
    }
}
