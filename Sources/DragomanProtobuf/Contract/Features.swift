// SPDX-License-Identifier: Apache-2.0
// proto2, proto3 and editions as one set of features: what a file, a message or a field says about
// presence, enums, packing and groups, with what it leaves open taken from around it.

internal import SwiftProtobuf

struct Features {
    enum Presence { case explicit, implicit, required }

    var presence = Presence.explicit
    var isEnumClosed = false
    var isPacked = true
    var isDelimited = false
    var isTextChecked = true

    private static let proto2 = Features(
        isEnumClosed: true, isPacked: false, isTextChecked: false)

    /// The defaults of a file's edition; nil for one that is not known here.
    static func of(_ file: Google_Protobuf_FileDescriptorProto) -> Features? {
        var features = Features()
        switch file.syntax {
        case "", "proto2":
            features = .proto2
        case "proto3": features.presence = .implicit
        case "editions":
            switch file.edition {
            case .edition2023, .edition2024, .edition2026: break
            case .proto2, .legacy: features = .proto2
            case .proto3: features.presence = .implicit
            default: return nil
            }
        default: return nil
        }
        return file.options.hasFeatures ? features.with(file.options.features) : features
    }

    func with(_ set: Google_Protobuf_FeatureSet) -> Features {
        var features = self
        switch set.fieldPresence {
        case .explicit: features.presence = .explicit
        case .implicit: features.presence = .implicit
        case .legacyRequired: features.presence = .required
        default: break
        }
        switch set.enumType {
        case .open: features.isEnumClosed = false
        case .closed: features.isEnumClosed = true
        default: break
        }
        switch set.repeatedFieldEncoding {
        case .packed: features.isPacked = true
        case .expanded: features.isPacked = false
        default: break
        }
        switch set.messageEncoding {
        case .lengthPrefixed: features.isDelimited = false
        case .delimited: features.isDelimited = true
        default: break
        }
        switch set.utf8Validation {
        case .verify: features.isTextChecked = true
        case .none: features.isTextChecked = false
        default: break
        }
        return features
    }
}
