// SPDX-License-Identifier: Apache-2.0
// A Document and an output that somebody else keeps alive while a message is translated: calls
// through these count no references, which is a third of the cost of an element otherwise.

internal import DragomanDocument

/// A Document that the holder of this keeps alive.
struct DocumentHandle {
    private let reference: Unmanaged<Document>

    init(_ document: Document) { reference = .passUnretained(document) }

    /// The Document itself, counted.
    var object: Document { reference.takeUnretainedValue() }

    @inline(__always)
    func appendNull() { reference._withUnsafeGuaranteedRef { $0.appendNull() } }
    @inline(__always)
    func append(_ value: Bool) { reference._withUnsafeGuaranteedRef { $0.append(value) } }
    @inline(__always)
    func append(string bytes: UnsafeRawBufferPointer, isPlain: Bool = false) {
        reference._withUnsafeGuaranteedRef { $0.append(string: bytes, isPlain: isPlain) }
    }
    func append(string text: String) {
        reference._withUnsafeGuaranteedRef { $0.append(string: text) }
    }
    @inline(__always)
    func append(constant text: ConstantText) {
        reference._withUnsafeGuaranteedRef { $0.append(constant: text) }
    }
    @inline(__always)
    func beginObject() { reference._withUnsafeGuaranteedRef { $0.beginObject() } }
    @inline(__always)
    func endObject() { reference._withUnsafeGuaranteedRef { $0.endObject() } }
    @inline(__always)
    func beginArray() { reference._withUnsafeGuaranteedRef { $0.beginArray() } }
    @inline(__always)
    func endArray() { reference._withUnsafeGuaranteedRef { $0.endArray() } }
    @inline(__always)
    func key(_ text: ConstantText) { reference._withUnsafeGuaranteedRef { $0.key(text) } }
    func key(_ text: String) { reference._withUnsafeGuaranteedRef { $0.key(text) } }
    @inline(__always)
    func beginText() -> Int { reference._withUnsafeGuaranteedRef { $0.beginText() } }
    @inline(__always)
    func continueText(_ bytes: UnsafeRawBufferPointer) {
        reference._withUnsafeGuaranteedRef { $0.continueText(bytes) }
    }
    @inline(__always)
    func textBytes(from start: Int) -> UnsafeRawBufferPointer {
        reference._withUnsafeGuaranteedRef { $0.textBytes(from: start) }
    }
    @inline(__always)
    func endString(from start: Int, isPlain: Bool = false) {
        reference._withUnsafeGuaranteedRef { $0.endString(from: start, isPlain: isPlain) }
    }
    @inline(__always)
    var bytesUsed: Int { reference._withUnsafeGuaranteedRef { $0.bytesUsed } }
    @inline(__always)
    func append(
        _ text: UnsafeRawBufferPointer, _ plan: SimplePlan, by simple: SimpleReader
    ) -> Bool {
        reference._withUnsafeGuaranteedRef { simple.append(text, plan, $0) }
    }
    @inline(__always)
    func finishText(from start: Int, _ plan: SimplePlan, by simple: SimpleReader) -> Bool {
        reference._withUnsafeGuaranteedRef { simple.finishText(from: start, plan, $0) }
    }
}

/// An output that the holder of this keeps alive.
struct OutputHandle {
    private let reference: Unmanaged<OutputBuffer>

    init(_ output: OutputBuffer) { reference = .passUnretained(output) }

    /// The output itself, counted.
    var object: OutputBuffer { reference.takeUnretainedValue() }

    @inline(__always)
    var count: Int { reference._withUnsafeGuaranteedRef { $0.count } }
    @inline(__always)
    var bytes: UnsafeRawBufferPointer { reference._withUnsafeGuaranteedRef { $0.bytes } }
    @inline(__always)
    func append(_ byte: UInt8) { reference._withUnsafeGuaranteedRef { $0.append(byte) } }
    @inline(__always)
    func append(_ text: StaticString) { reference._withUnsafeGuaranteedRef { $0.append(text) } }
    @inline(__always)
    func append(_ text: ConstantText) { reference._withUnsafeGuaranteedRef { $0.append(text) } }
    @inline(__always)
    func append(_ bytes: UnsafeRawBufferPointer) {
        reference._withUnsafeGuaranteedRef { $0.append(bytes) }
    }
    func append(_ text: String) { reference._withUnsafeGuaranteedRef { $0.append(text) } }
    @inline(__always)
    func truncate(to count: Int) {
        reference._withUnsafeGuaranteedRef { $0.truncate(to: count) }
    }
    /// As `XMLTextWriter.appendElement`.
    @inline(__always)
    func appendElement(
        _ open: ConstantText, _ bytes: UnsafeRawBufferPointer, _ close: ConstantText
    ) -> Bool {
        reference._withUnsafeGuaranteedRef {
            XMLTextWriter.appendElement(open, bytes, close, to: $0)
        }
    }
    /// As `XMLTextWriter.append`.
    @inline(__always)
    func appendText(_ bytes: UnsafeRawBufferPointer, inAttribute: Bool) -> Bool {
        reference._withUnsafeGuaranteedRef {
            XMLTextWriter.append(bytes, to: $0, inAttribute: inAttribute)
        }
    }
}
