// SPDX-License-Identifier: Apache-2.0
// `dragoman test --record`: what backends got and answered goes into the mapping files, whose
// other text stays as its author wrote it.

internal import DragomanGateway
internal import DragomanMapping

struct ExampleRecorder {
    let source: GatewaySource

    /// Writes all files that change. Returns why one could not be written.
    func write(_ outcomes: [ExampleOutcome]) -> String? {
        var files: [String] = []
        for outcome in outcomes where !files.contains(outcome.route.texts.file) {
            files.append(outcome.route.texts.file)
        }
        for file in files {
            let path = FileAccess.join(
                FileAccess.directory(of: source.configuration), file)
            let bytes: [UInt8]
            switch FileAccess.read(path) {
            case .success(let read): bytes = read
            case .failure(let error): return "\(file) can not be read: \(error.message)"
            }
            let changes = outcomes.filter { $0.route.texts.file == file }.compactMap { outcome in
                outcome.recordings.isEmpty ? nil : (outcome.example, outcome.recordings)
            }
            let text = ExampleRewriter.rewrite(
                String(decoding: bytes, as: UTF8.self), changes)
            guard Array(text.utf8) != bytes else { continue }
            if let failure = Platform.write(Array(text.utf8), to: path) {
                return "\(file) can not be written: \(failure)"
            }
        }
        return nil
    }
}
