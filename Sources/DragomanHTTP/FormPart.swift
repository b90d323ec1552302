// SPDX-License-Identifier: Apache-2.0
// What the header fields of one part of multipart/form-data say (RFC 7578, 4).

internal import DragomanDocument

/// One part, before its content.
package struct FormPart: Equatable {
    package var name: String
    /// The part is a file.
    package var fileName: String?
    package var contentType: String?

    package init(name: String) { self.name = name }

    /// - Throws: where the fields are not those of a form's part; the text says which part.
    package init(
        _ fields: [(name: String, value: String)], number: Int
    ) throws(FormPartError) {
        func one(_ name: String) throws(FormPartError) -> String? {
            let found = fields.filter { $0.name == name }
            guard found.count < 2 else {
                throw FormPartError("part \(number) of the form has two fields \(name)")
            }
            return found.first?.value
        }
        guard let disposition = try one("content-disposition") else {
            throw FormPartError("part \(number) of the form has no Content-Disposition")
        }
        let parameters = HeaderParameters(disposition)
        guard parameters.isWhole, parameters.value.lowercased() == "form-data" else {
            throw FormPartError(
                "the Content-Disposition of part \(number) of the form is not form-data")
        }
        let names = parameters.all("name")
        guard names.count == 1, let name = names.first, !name.isEmpty else {
            throw FormPartError(
                "part \(number) of the form has \(names.count > 1 ? "two names" : "no name")")
        }
        let fileNames = parameters.all("filename")
        guard fileNames.count < 2 else {
            throw FormPartError("the part \(name) of the form has two file names")
        }
        self.name = name
        // The extended form must not be sent (RFC 7578, 4.2); who sends it alone means a file.
        fileName = fileNames.first ?? parameters.all("filename*").first.map(Self.extended)
        contentType = try one("content-type")
        if let type = contentType?.lowercased(), type.hasPrefix("multipart/") {
            throw FormPartError(
                "the part \(name) of the form is itself multipart, which is not taken; several "
                    + "files of one name are several parts (RFC 7578, 4.3)")
        }
        if let coding = try one("content-transfer-encoding")?.lowercased(),
            !["7bit", "8bit", "binary"].contains(coding)
        {
            throw FormPartError(
                "the part \(name) of the form has Content-Transfer-Encoding \(coding); its bytes "
                    + "are taken as they are (RFC 7578, 4.7)")
        }
    }

    /// `UTF-8''a%20b` (RFC 8187); as it is where it is not that.
    private static func extended(_ value: String) -> String {
        let parts = value.split(separator: "'", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].lowercased() == "utf-8" else { return value }
        return Array(parts[2].utf8).withUnsafeBytes {
            PercentCoding.decoded($0, plusIsSpace: false)
        } ?? value
    }
}

package struct FormPartError: Error, Equatable {
    package let detail: String
    init(_ detail: String) { self.detail = detail }
}

/// A field's value with parameters: `form-data; name="a"`, `multipart/form-data; boundary=x`.
package struct HeaderParameters {
    /// What stands before the first semicolon.
    package private(set) var value = ""
    /// All of it was understood.
    package private(set) var isWhole = true
    private var parameters: [(name: String, value: String)] = []

    package init(_ field: String) {
        let bytes = Array(field.utf8)
        var index = bytes.firstIndex(of: Octet.semicolon) ?? bytes.count
        value = Self.trimmed(bytes[..<index])
        while index < bytes.count {
            index += 1
            while index < bytes.count, Octet.isSpaceOrTab(bytes[index]) { index += 1 }
            if index >= bytes.count { break }
            let start = index
            while index < bytes.count, bytes[index] != Octet.equals, bytes[index] != Octet.semicolon
            {
                index += 1
            }
            let name = Self.trimmed(bytes[start..<index]).lowercased()
            guard index < bytes.count, bytes[index] == Octet.equals, !name.isEmpty else {
                isWhole = false
                continue
            }
            index += 1
            take(name, bytes, &index)
        }
    }

    private mutating func take(_ name: String, _ bytes: [UInt8], _ index: inout Int) {
        while index < bytes.count, Octet.isSpaceOrTab(bytes[index]) { index += 1 }
        guard index < bytes.count, bytes[index] == Octet.quote else {
            let start = index
            while index < bytes.count, bytes[index] != Octet.semicolon { index += 1 }
            return parameters.append((name, Self.trimmed(bytes[start..<index])))
        }
        var text: [UInt8] = []
        index += 1
        while index < bytes.count, bytes[index] != Octet.quote {
            // Only what must be escaped is: old browsers send C:\file as it is.
            if bytes[index] == Octet.backslash, index + 1 < bytes.count,
                bytes[index + 1] == Octet.quote || bytes[index + 1] == Octet.backslash
            {
                index += 1
            }
            text.append(bytes[index])
            index += 1
        }
        if index == bytes.count { isWhole = false }
        index += 1
        while index < bytes.count, bytes[index] != Octet.semicolon {
            if !Octet.isSpaceOrTab(bytes[index]) { isWhole = false }
            index += 1
        }
        parameters.append((name, String(decoding: text, as: UTF8.self)))
    }

    /// The values of a parameter, by its name in lower case.
    package func all(_ name: String) -> [String] {
        parameters.filter { $0.name == name }.map(\.value)
    }

    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> String {
        let start = bytes.firstIndex { !Octet.isSpaceOrTab($0) } ?? bytes.endIndex
        let end = bytes.lastIndex { !Octet.isSpaceOrTab($0) }.map { $0 + 1 } ?? start
        return String(decoding: bytes[start..<max(start, end)], as: UTF8.self)
    }
}
