// SPDX-License-Identifier: Apache-2.0
// What `dragoman import` does with an OpenAPI document: a mapping of its own, or a face for one
// that is there.

internal import DragomanMapping
internal import DragomanXML

enum OpenAPIImportStep {
    /// Whether bytes that are no XML look like an OpenAPI or Swagger document.
    static func isMeant(_ bytes: [UInt8], _ source: String) -> Bool {
        guard !source.hasSuffix(".binpb"), !source.hasSuffix(".pb") else { return false }
        let head = String(decoding: bytes.prefix(4096), as: UTF8.self)
        return head.contains("openapi") || head.contains("swagger")
            || source.hasSuffix(".yaml") || source.hasSuffix(".yml") || source.hasSuffix(".json")
    }

    static func make(
        _ bytes: [UInt8], _ source: String, name: String?, taken: Set<String>
    ) throws(ImportFailure) -> ImportResult {
        var options = OpenAPIImportOptions()
        options.name = name
        options.takenNames = taken
        let result: ImportResult
        do throws(OpenAPIImportProblem) {
            let document = try OpenAPIImport.read(bytes, name: source)
            result = try OpenAPIImport.make(document, options: options)
        } catch {
            throw ImportFailure(text: "\(source): \(error.message)")
        }
        guard result.operationCount > 0 else {
            throw ImportFailure(text: "\(source): there is no operation to import")
        }
        return result
    }

    /// `mapping`: as the command line names it: a file, or a name below `into`'s mappings.
    static func putFace(
        _ sources: [String], onto mapping: String, into folder: String
    ) throws(ImportFailure) {
        guard sources.count == 1, let source = sources.first else {
            throw ImportFailure(text: "--onto takes one OpenAPI document")
        }
        let candidates = [
            FileAccess.join(folder, mapping), FileAccess.join(folder, "mappings/\(mapping)"),
            FileAccess.join(folder, "mappings/\(mapping).yaml"), mapping,
        ]
        let file = candidates.first {
            if case .success = FileAccess.read($0) { true } else { false }
        }
        guard let file, case .success(let text) = FileAccess.read(file) else {
            throw ImportFailure(text: "--onto: there is no mapping file \(mapping)")
        }
        let bytes: [UInt8]
        switch Platform.read(source) {
        case .success(let read): bytes = read
        case .failure(let error): throw ImportFailure(text: "\(source): \(error.message)")
        }
        do throws(OpenAPIImportProblem) {
            let document = try OpenAPIImport.read(bytes, name: source)
            let result = try OpenAPIFace.apply(
                document, to: String(decoding: text, as: UTF8.self), file: file)
            for line in result.report { Console.line(line) }
            var target = ImportTarget(folder: folder)
            for written in result.files where !target.write(written.path, written.bytes) {
                throw OpenAPIImportProblem(message: "\(written.path) can not be written")
            }
            _ = target.writeRecord()
            if let failure = Platform.write(Array(result.text.utf8), to: file) {
                throw OpenAPIImportProblem(message: "\(file): \(failure)")
            }
        } catch {
            throw ImportFailure(text: "\(source): \(error.message)")
        }
    }
}
