// SPDX-License-Identifier: Apache-2.0
// An upload on its way to the backend: a form's file, or a body that is bytes, goes on in pieces, a
// message each, while it still comes (docs/decisions/0010-uploads.md).

internal import DragomanDocument
internal import DragomanHTTP
internal import DragomanMapping

extension GRPCStream {
    /// More of the body has come.
    func takeForm(_ bytes: UnsafeRawBufferPointer) {
        guard let form = exchange.form else { return }
        do throws(FormFailure) {
            try form.feed(bytes, into: exchange.body)
        } catch {
            return refuse(exchange.problem(of: error))
        }
        if form.isPieceDue { takePieces(form) }
    }

    /// All of it has come: what is left goes out, and in any case one message.
    func finishForm() {
        guard let form = exchange.form else { return }
        do throws(FormFailure) {
            try form.finishStreamed(exchange.body)
        } catch {
            return refuse(exchange.problem(of: error))
        }
        takePieces(form)
        if requestCount == 0, !isOver { takePiece(form, .init(start: nil, count: 0)) }
        if isOver { return }
        exchange.form = nil
        exchange.context.set(.body, nil)
        exchange.body.removeAll()
    }

    private func takePieces(_ form: FormIntake) {
        guard let file = form.file else { return }
        let pieceMax = form.pieceMax(route.limits.document, bytesMax: route.limits.body)
        var start = 0
        while start < file.count, !isOver {
            let end = min(start + pieceMax, file.count)
            takePiece(form, UnsafeRawBufferPointer(rebasing: file.bytes[start..<end]))
            start = end
            if !isOver, frames.count >= Self.pieceBytes { sendFrames() }
        }
        if !isOver { file.removeAll(keepingAtMost: 2 * pieceMax) }
    }

    private func takePiece(_ form: FormIntake, _ piece: UnsafeRawBufferPointer) {
        beginMessage()
        do throws(FormFailure) {
            try form.makeValue(piece, in: exchange.body)
        } catch {
            return refuse(exchange.problem(of: error))
        }
        if requestCount == 1 { exchange.describeParts(form) }
        takeValue()
    }
}
