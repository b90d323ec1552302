// SPDX-License-Identifier: Apache-2.0
// The translation of one message type, both ways: a JSON value to wire bytes, wire bytes to a
// JSON value.

package import DragomanDocument

/// Compiled from a contract; keeps what it needs of it alive. A Document that a plan has read
/// into points at the plan's names, and so must not outlive it.
package struct MessagePlan: Sendable {
    let tables: PlanTables
    // Sendable: a table is never written once `PlanTables` has handed it out, and `tables` owns it.
    nonisolated(unsafe) let table: UnsafePointer<MessageTable>
    /// Place of the message in `ProtobufContract.messages`.
    package let index: Int

    init(tables: PlanTables, table: UnsafePointer<MessageTable>, index: Int) {
        self.tables = tables
        self.table = table
        self.index = index
    }

    package var fullName: String { table.pointee.fullName.string }

    /// The message has no fields: an empty reply is `{}` and a body is not needed.
    package var isEmpty: Bool { table.pointee.fieldCount == 0 }

    /// Appends the wire bytes of `node`, which is the message in its ProtoJSON form.
    ///
    /// - Throws: with the reason `value` and the value's place where `node` does not fit the
    ///   contract, `depth` where it is nested too deeply; `output` is then as it was before.
    package func write(
        _ node: Node, to output: OutputBuffer, _ options: ProtoJSONOptions = ProtoJSONOptions()
    ) throws(TranslationError) {
        let start = output.count
        var writer = WireWriter(output: output, options: options, tables: tables)
        do throws(TranslationError) {
            try writer.writeMessage(node, table, depth: 0)
            writer.wire.finish()
        } catch {
            output.truncate(to: start)
            throw error
        }
    }

    /// Appends to `document` the message whose wire bytes these are, in its ProtoJSON form.
    ///
    /// `bytes`: copied where needed; not used after the call.
    /// - Throws: with the reason `message`, or `depth` or `members` where `limits` are reached;
    ///   `document` is then as it was before.
    package func read(
        _ bytes: UnsafeRawBufferPointer, into document: Document,
        _ options: ProtoJSONOptions = ProtoJSONOptions(), limits: DocumentLimits = DocumentLimits()
    ) throws(TranslationError) {
        let mark = document.mark
        var reader = WireReader(
            document: document, options: options, limits: limits, tables: tables)
        defer { reader.release() }
        do throws(WireFailure) {
            try WireSlice.with(bytes) { slice throws(WireFailure) in
                do throws(WireFailure) {
                    try reader.readMessage(slice, table, depth: 0)
                } catch {
                    // What is wrong with one piece of a message, another may put right.
                    guard error.reason == .disorder || error.reason == .malformed else {
                        throw error
                    }
                    document.rewind(to: mark)
                    reader.startOver()
                    try reader.readMessage(slice, table, depth: 0)
                }
            }
        } catch {
            document.rewind(to: mark)
            throw MessagePlan.translationError(error, fullName)
        }
    }

    static func translationError(
        _ failure: WireFailure, _ name: String
    ) -> TranslationError {
        let path = failure.path.reversed().joined(separator: ".")
        let reason: TranslationError.Reason
        switch failure.reason {
        case .depth: reason = .depth
        case .members: reason = .members
        default: reason = .message
        }
        let place = path.isEmpty ? "" : ", field \(path)"
        return TranslationError(
            reason, "\(failure.detail) (message \(name)\(place))", path: path.isEmpty ? nil : path)
    }
}
