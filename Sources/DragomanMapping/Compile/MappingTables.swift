// SPDX-License-Identifier: Apache-2.0
// The tables of a mapping, as `lookup(table, key)` reads them: written in the file, or in a CSV or
// JSON file of `schemas/`.

internal import DragomanDocument

extension LoadContext {
    /// The mapping's tables by name, read once.
    func tables(of mapping: MappingFile, _ source: MappingSource) -> [String: CELTable] {
        if let known = tables[mapping.path] { return known }
        var made: [String: CELTable] = [:]
        for (name, table) in mapping.tables {
            guard let document = MappingTables.document(table, name, source) else { continue }
            made[name.text] = CELTable(name: name.text, document: document)
        }
        tables[mapping.path] = made
        return made
    }
}

extension MappingFile {
    /// Where a table has an entry, or names the file that has it.
    func tableNode(_ name: String, _ key: String) -> YAMLNode? {
        switch tables.first(where: { $0.name.text == name })?.table {
        case .inline(let entries)?: entries.first { $0.key == key }?.value
        case .file(let reference)?: reference.text.node
        case nil: nil
        }
    }
}

enum MappingTables {
    /// The entries as an object; nil where something is wrong, which has been reported.
    static func document(
        _ table: MappingTable, _ name: LocatedText, _ source: MappingSource
    ) -> Document? {
        switch table {
        case .inline(let entries):
            let document = Document()
            document.beginObject()
            for (key, value) in entries {
                document.key(key)
                YAMLDocument.append(value, to: document)
            }
            document.endObject()
            return document
        case .file(let reference):
            guard let path = reference.path else { return nil }
            guard case .success(let bytes) = FileAccess.read(path) else {
                source.report(
                    .error, "unreadable-file", reference.text.node,
                    "the table `\(reference.text.text)` can not be read")
                return nil
            }
            let isJSON = reference.text.text.lowercased().hasSuffix(".json")
            return isJSON
                ? json(bytes, reference.text, source) : csv(bytes, reference.text, source)
        }
    }

    private static func json(
        _ bytes: [UInt8], _ text: LocatedText, _ source: MappingSource
    ) -> Document? {
        let document = Document(textCapacity: bytes.count + 64)
        bytes.withUnsafeBytes { document.append(source: $0) }
        do throws(JSONSyntaxError) { try document.readJSON() } catch {
            source.report(
                .error, "wrong-table", text.node,
                "`\(text.text)`, line \(error.line), column \(error.column): \(error.detail)")
            return nil
        }
        guard document.root?.isObject == true else {
            source.report(
                .error, "wrong-table", text.node, "`\(text.text)` holds no table",
                expected: "one JSON object, whose members are the entries")
            return nil
        }
        return document
    }

    private static func csv(
        _ bytes: [UInt8], _ text: LocatedText, _ source: MappingSource
    ) -> Document? {
        let rows: [CSVReader.Row]
        do throws(CSVReader.Problem) { rows = try CSVReader.rows(bytes) } catch {
            source.report(
                .error, "wrong-table", text.node,
                "`\(text.text)`, line \(error.line): \(error.message)")
            return nil
        }
        let columns = rows.first?.fields.count ?? 0
        // Two columns are keys and values; of more, the first row names the members of the values.
        let header = columns > 2 ? rows.first?.fields : nil
        var seen: Set<String> = []
        let document = Document()
        document.beginObject()
        for row in header == nil ? rows[...] : rows.dropFirst() {
            guard row.fields.count == columns, columns >= 2 else {
                source.report(
                    .error, "wrong-table", text.node,
                    "`\(text.text)`, line \(row.line): \(row.fields.count) columns",
                    expected: "\(max(columns, 2)), a key and what it stands for")
                return nil
            }
            guard seen.insert(row.fields[0]).inserted else {
                source.report(
                    .error, "wrong-table", text.node,
                    "`\(text.text)`, line \(row.line): the key `\(row.fields[0])` is there twice")
                return nil
            }
            document.key(row.fields[0])
            append(row.fields, header, to: document)
        }
        document.endObject()
        return document
    }

    private static func append(_ fields: [String], _ header: [String]?, to document: Document) {
        guard let header else { return document.append(string: fields[1]) }
        document.beginObject()
        for (name, field) in zip(header, fields).dropFirst() {
            document.key(name)
            document.append(string: field)
        }
        document.endObject()
    }
}

/// Comma-separated values (RFC 4180).
enum CSVReader {
    struct Row {
        var fields: [String]
        let line: Int
    }

    struct Problem: Error {
        let line: Int
        let message: String
    }

    static func rows(_ bytes: [UInt8]) throws(Problem) -> [Row] {
        var rows: [Row] = []
        var field: [UInt8] = []
        var row = Row(fields: [], line: 1)
        var line = 1
        var index = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        var isQuoted = false
        func endRow() {
            row.fields.append(String(decoding: field, as: UTF8.self))
            field = []
            // A line without anything is no row.
            if row.fields != [""] { rows.append(row) }
            row = Row(fields: [], line: line)
        }
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            if byte == 0x0A { line += 1 }
            if isQuoted {
                if byte != 0x22 {
                    field.append(byte)
                } else if index < bytes.count, bytes[index] == 0x22 {
                    field.append(byte)
                    index += 1
                } else {
                    isQuoted = false
                }
                continue
            }
            switch byte {
            case 0x22 where field.isEmpty: isQuoted = true
            case 0x2C:
                row.fields.append(String(decoding: field, as: UTF8.self))
                field = []
            case 0x0D where index < bytes.count && bytes[index] == 0x0A: break
            case 0x0A: endRow()
            default: field.append(byte)
            }
        }
        if isQuoted { throw Problem(line: row.line, message: "a quoted field has no end") }
        if !field.isEmpty || !row.fields.isEmpty { endRow() }
        return rows
    }
}
