// SPDX-License-Identifier: Apache-2.0
// Instructions about strings, numbers, and values as a whole.
internal import DragomanDocument

extension EvaluationContext {
    /// Scalars are counted only where the number of bytes leaves it open.
    @inline(__always)
    func length(_ operation: OperationList, _ text: UnsafeRawBufferPointer) -> Bool {
        let low = operation.pointee.low
        let high = operation.pointee.high
        let bytes = text.count
        if bytes <= high && (bytes &+ 3) &>> 2 >= low { return true }
        if bytes < low || (bytes &+ 3) &>> 2 > high { return false }
        let scalars = TextScan.scalarCount(text)
        return scalars >= low && scalars <= high
    }

    @inline(never)
    func isFormatted(_ number: Int, _ text: UnsafeRawBufferPointer) -> Bool {
        Format.numbered[number].accepts(text)
    }

    /// A whole number by its digits; those that fit a machine word are compared as such.
    @inline(__always)
    func isInRange(_ operation: OperationList, _ text: UnsafeRawBufferPointer) -> Bool {
        let count = text.count
        guard count <= 18, let base = text.baseAddress else {
            return isBetween(operation.pointee.target, text)
        }
        let digits = base.assumingMemoryBound(to: UInt8.self)
        let isNegative = digits[0] == 0x2D
        var value = 0
        var index = isNegative ? 1 : 0
        while index < count {
            value = value &* 10 &+ Int(digits[index] &- 0x30)
            index &+= 1
        }
        if isNegative { value = 0 &- value }
        return value >= operation.pointee.low && value <= operation.pointee.high
    }

    /// The whole numbers on both sides of a decimal are within the bounds, and so it is too. Most
    /// can be told so, without their digits behind the point.
    @inline(__always)
    func isWithin(_ operation: OperationList, _ text: UnsafeRawBufferPointer) -> Bool {
        guard text.count <= 18, let base = text.baseAddress else { return false }
        let digits = base.assumingMemoryBound(to: UInt8.self)
        let isNegative = digits[0] == 0x2D
        var value = 0
        var index = isNegative ? 1 : 0
        while index < text.count, digits[index] &- 0x30 <= 9 {
            value = value &* 10 &+ Int(digits[index] &- 0x30)
            index &+= 1
        }
        if index < text.count, digits[index] == 0x2E {
            index &+= 1
            while index < text.count, digits[index] &- 0x30 <= 9 { index &+= 1 }
        }
        if index < text.count { return false }
        let low = isNegative ? -1 &- value : value
        return low >= operation.pointee.low && low &+ 1 <= operation.pointee.high
    }

    @inline(never)
    func isBetween(_ target: UnsafeRawPointer?, _ text: UnsafeRawBufferPointer) -> Bool {
        let bounds = Self.plan(target, NumberBounds.self)
        let number = ExactNumber(text)
        if let minimum = bounds.pointee.minimum {
            let order = ExactNumber.compare(number, ExactNumber(minimum))
            if order < 0 || (order == 0 && bounds.pointee.isMinimumExclusive) { return false }
        }
        if let maximum = bounds.pointee.maximum {
            let order = ExactNumber.compare(number, ExactNumber(maximum))
            if order > 0 || (order == 0 && bounds.pointee.isMaximumExclusive) { return false }
        }
        return true
    }

    @inline(never)
    func isMultiple(_ target: UnsafeRawPointer?, _ text: UnsafeRawBufferPointer) -> Bool {
        // Made by the code generator from a Divisor that its Subschema keeps.
        let divisor = Unmanaged<Divisor>.fromOpaque(target.unsafelyUnwrapped)
        return divisor._withUnsafeGuaranteedRef { $0.divides(text) }
    }

    /// `low` numbers at the target, sorted by value.
    @inline(never)
    func isOneOfNumbers(_ operation: OperationList, _ text: UnsafeRawBufferPointer) -> Bool {
        let numbers = Self.plan(operation.pointee.target, UnsafeRawBufferPointer.self)
        let number = ExactNumber(text)
        var low = 0
        var high = operation.pointee.low
        while low < high {
            let middle = (low &+ high) &>> 1
            let order = ExactNumber.compare(number, ExactNumber(numbers[middle]))
            if order == 0 { return true }
            if order < 0 {
                high = middle
            } else {
                low = middle &+ 1
            }
        }
        return false
    }

    /// `low` nodes at the target.
    @inline(never)
    func isOneOfValues(_ operation: OperationList, _ node: Node) -> Bool {
        let values = Self.plan(operation.pointee.target, Node.self)
        for index in 0..<operation.pointee.low
        where ValueEquality.equal(node, values[index]) {
            return true
        }
        return false
    }
}
