// SPDX-License-Identifier: Apache-2.0
// Schemas of one document that are compiled when they are needed: each by itself, and together
// when that has cost enough.

import DragomanDocument
import Testing

@testable import DragomanMapping

@Suite("SchemaGroup")
struct SchemaGroupTests {
    private static let names = ["a", "b/c", "d e"]

    private func schemas(aloneMax: Int, isSealed: Bool) -> (SchemaGroup, [LazySchema]) {
        let library = SchemaLibrary(files: ContractFiles(root: "/nowhere"))
        let group = SchemaGroup(library, names: Self.names, aloneMax: aloneMax) { document in
            document.beginObject()
            document.key("properties")
            document.beginObject()
            for name in Self.names {
                document.key(name)
                document.beginObject()
                document.key("const")
                document.append(string: name)
                document.endObject()
            }
            document.endObject()
            document.endObject()
        }
        if isSealed { library.seal() }
        return (group, Self.names.map(group.lazy))
    }

    @Test(
        "each is its own, in one document",
        arguments: [(0, true), (0, false), (20_000, true), (20_000, false)])
    func own(aloneMax: Int, isSealed: Bool) throws {
        let (_, schemas) = schemas(aloneMax: aloneMax, isSealed: isSealed)
        let value = Document()
        value.append(string: "b/c")
        let context = TranslationContext()
        try withExtendedLifetime(value) {
            let node = try #require(value.root)
            for (name, schema) in zip(Self.names, schemas) {
                #expect(schema.isValid(node, context) == (name == "b/c"))
                #expect(schema.source?.node?.member("const")?.string == name)
            }
        }
        #expect(Set(schemas.map { $0.source.map { ObjectIdentifier($0.document) } }).count == 1)
    }

    @Test("after enough of one, the others come together")
    func together() throws {
        let (group, schemas) = schemas(aloneMax: 0, isSealed: true)
        #expect(schemas[2].program != nil)
        #expect(group.compiledCount == 1)
        #expect(schemas[0].program != nil)
        #expect(group.compiledCount == 3)
        #expect(group.lazy("nobody").program == nil)
    }
}
