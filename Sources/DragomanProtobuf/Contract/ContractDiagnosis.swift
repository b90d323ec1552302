// SPDX-License-Identifier: Apache-2.0
// Telling what a file is that was given as a descriptor set and is none.

enum ContractDiagnosis {
    /// Refuses what is plainly something else, and says what would have worked.
    static func checkKind(_ bytes: [UInt8]) throws(ContractLoadError) {
        guard !bytes.isEmpty else { throw fail("the file is empty, and so no descriptor set") }
        if bytes.starts(with: [0x1F, 0x8B]) {
            throw fail("this is compressed by gzip; a contract is an uncompressed descriptor set")
        }
        if isText(bytes) {
            if isProtoSource(bytes) {
                throw fail(
                    "this is .proto source, not a descriptor set; make one of it with "
                        + "`dragoman import FILE.proto --into DIR`")
            }
            throw fail(
                "this is text, not a descriptor set; make one with "
                    + "`protoc --include_imports --descriptor_set_out=FILE.binpb …` "
                    + "or `dragoman import FILE.proto --into DIR`")
        }
        // Field 1, length-delimited: a set is nothing but files.
        guard bytes[0] == 0x0A else {
            throw fail("this is not a descriptor set")
        }
        if isSingleFile(bytes) {
            throw fail(
                "this is one FileDescriptorProto, not a descriptor set; protoc writes a set with "
                    + "--descriptor_set_out")
        }
    }

    private static func fail(_ message: String) -> ContractLoadError {
        ContractLoadError(problems: [ContractProblem(message)])
    }

    /// No control character but white space: a descriptor set always has lengths among them.
    private static func isText(_ bytes: [UInt8]) -> Bool {
        bytes.prefix(4096).allSatisfy {
            $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D
        }
    }

    private static func isProtoSource(_ bytes: [UInt8]) -> Bool {
        let text = String(decoding: bytes.prefix(65_536), as: UTF8.self)
        let starts = ["syntax", "edition", "package", "import", "message", "option", "service"]
        return text.split(separator: "\n").contains { line in
            let words = line.split(whereSeparator: { " \t\r={;\"'".contains($0) })
            return words.first.map { starts.contains(String($0)) } ?? false
        }
    }

    /// A FileDescriptorProto's field 1 is its name, a text that ends in `.proto`.
    private static func isSingleFile(_ bytes: [UInt8]) -> Bool {
        guard bytes.count > 2, bytes[1] < 0x80, bytes.count >= 2 + Int(bytes[1]) else {
            return false
        }
        let name = bytes[2..<(2 + Int(bytes[1]))]
        return name.allSatisfy { $0 >= 0x20 }
            && String(decoding: name, as: UTF8.self).hasSuffix(".proto")
    }
}
