// SPDX-License-Identifier: Apache-2.0
// Finds the suite of WSDLs and loads its files with the catalog as a folder to look in.

import DragomanDocument

@testable import DragomanXML

#if canImport(Glibc)
    import Glibc
#endif

enum WSDLSuite {
    struct Entry {
        let path: String
        /// Empty for a file that is not well-formed.
        let root: String
        let operations: Int
    }

    static let root: String = {
        if let value = getenv("DRAGOMAN_SUITES") { return String(cString: value) }
        var path = ContractPath.real(#filePath) ?? #filePath
        while !path.isEmpty, path != "/" {
            path = ContractPath.folder(path)
            let suites = "\(path)/../shared/suites"
            if ContractPath.kind("\(path)/Package.swift") == .file,
                let real = ContractPath.real(suites)
            {
                return real
            }
        }
        return ""
    }()

    static let isPresent = ContractPath.kind("\(root)/wsdl/INVENTORY.json") == .file

    static func bytes(_ path: String) -> [UInt8] {
        ContractPath.read("\(root)/\(path)", bytesMax: 1 << 28) ?? []
    }

    static func text(_ path: String) -> String { String(decoding: bytes(path), as: UTF8.self) }

    /// `path`: below the suites.
    static func json(_ path: String) -> Document? { json(text: bytes(path)) }

    static func json(text: [UInt8]) -> Document? {
        let document = Document()
        text.withUnsafeBytes { document.append(source: $0) }
        do { try document.readJSON() } catch { return nil }
        return document
    }

    static func inventory() -> [Entry] {
        guard let document = json("wsdl/INVENTORY.json") else { return [] }
        return withExtendedLifetime(document) {
            (document.root?.items).map { items in
                items.map { item in
                    Entry(
                        path: item.member("path")?.string ?? "",
                        root: item.member("err") == nil ? item.member("root")?.string ?? "" : "",
                        operations: Int(item.member("ops")?.int64 ?? 0))
                }
            } ?? []
        }
    }

    static let catalog: [String] = {
        let folder = "\(root)/wsdl/catalog"
        return [folder]
    }()

    static let folders = ContractFolders(root: nil, searched: catalog)

    /// `path`: below the suites.
    static func load(_ path: String, _ problems: ContractProblems) -> WSDLContract? {
        loadWithFiles(path, problems)?.0
    }

    static func loadWithFiles(
        _ path: String, _ problems: ContractProblems
    ) -> (WSDLContract, ContractFiles)? {
        let files = ContractFiles(
            start: "\(root)/\(path)", folders: folders, problems: problems)
        guard let source = files.first(),
            let contract = WSDLContract.load(
                source, resolver: { files.resolve($0, $1) }, problems: problems)
        else { return nil }
        return (contract, files)
    }

    static func show(_ lines: [String]) {
        guard getenv("DRAGOMAN_SHOW") != nil else { return }
        for line in lines { print(line) }
    }
}
