// SPDX-License-Identifier: Apache-2.0
// A gateway in front of the Streams service of Tests/Support, which Python's grpcio serves.

/// Ends both when it goes away.
final class StreamsShop {
    let folder: TemporaryFolder
    let backend: RunningProcess
    let gateway: TestGateway

    /// `settings`: more of gateway.yaml. `mapping`: with `streams.binpb` as its contract.
    init(settings: String, mapping: String) throws {
        folder = try TemporaryFolder()
        let descriptors = folder.path + "/streams.binpb"
        let compiled = try RunningProcess.run(
            "protoc",
            ["-I", Project.support, "--include_imports", "-o", descriptors, "streams.proto"])
        guard compiled.code == 0 else { throw ProcessFailure(description: compiled.errors) }
        backend = try RunningProcess(
            Project.python, [Project.support + "/streams_server.py", descriptors])
        let port = Int(try backend.line()) ?? 0
        gateway = try TestGateway(
            upstreams: "{ streams: { url: 'http://127.0.0.1:\(port)' } }",
            settings: settings,
            files: ["mappings/streams.yaml": mapping],
            copies: ["schemas/streams.binpb": descriptors])
    }
}
