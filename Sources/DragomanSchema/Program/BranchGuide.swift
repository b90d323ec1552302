// SPDX-License-Identifier: Apache-2.0
// Which branches of an `anyOf` or `oneOf` an object can fit at all: found out from the names that
// branches require and from the constants that they have for a member (a `type`, a `kind`), in
// one pass over the object's names, before any branch is tried.
internal import DragomanDocument

/// What the values of one member say about branches. Branches are bits.
struct BranchChoice {
    /// The texts that some branch asks for; nil where no branch cares about the value.
    var values: UnsafePointer<NameIndex>?
    /// For each of those texts the branches that it fits, and last those that any other fits.
    var fits: UnsafePointer<UInt64>
    /// The branches that values other than strings may fit.
    var others: UInt64
}

struct BranchGuide {
    static let branchesMax = 64
    static let namesMax = 64

    let names: NameIndex
    /// For each name the branches that require it.
    let needs: UnsafePointer<UInt64>
    let choices: UnsafePointer<BranchChoice>
    /// All branches.
    let all: UInt64

    /// The branches that the object may fit; those left out it does not fit.
    @inline(never)
    static func candidates(_ guide: UnsafePointer<BranchGuide>, _ node: Node) -> UInt64 {
        let count = guide.pointee.names.count
        var left = guide.pointee.all
        var missing = UInt64.max &>> UInt64(truncatingIfNeeded: 64 &- count)
        var members = node.members
        while let member = members.next() {
            let number = guide.pointee.names.find(member.name.bytes)
            if number < 0 { continue }
            missing &= ~(1 &<< UInt64(truncatingIfNeeded: number))
            let choice = guide.pointee.choices + number
            if let values = choice.pointee.values {
                if member.value.isString {
                    let value = values.pointee.find(member.value.bytes)
                    left &= choice.pointee.fits[value < 0 ? values.pointee.count : value]
                } else {
                    left &= choice.pointee.others
                }
            }
            if missing == 0 || left == 0 { break }
        }
        while missing != 0 {
            left &= ~guide.pointee.needs[missing.trailingZeroBitCount]
            missing &= missing &- 1
        }
        return left
    }
}
