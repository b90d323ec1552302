// swift-tools-version: 6.2
// The benchmarks: the rooms that are measured, built as the product builds them, and a program
// that times them (docs/decisions/0006-benchmarks.md says why the sources are links).

import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .unsafeFlags(
        ["-cross-module-optimization", "-enforce-exclusivity=unchecked"],
        .when(configuration: .release)),
]

let package = Package(
    name: "dragoman-benchmarks",
    dependencies: [
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0")
    ],
    targets: [
        .systemLibrary(
            name: "CPCRE2", pkgConfig: "libpcre2-8", providers: [.apt(["libpcre2-dev"])]),
        .systemLibrary(name: "CIDN2", pkgConfig: "libidn2", providers: [.apt(["libidn2-dev"])]),
        .target(name: "DragomanDocument", swiftSettings: settings),
        .target(
            name: "DragomanSchema", dependencies: ["DragomanDocument", "CPCRE2", "CIDN2"],
            swiftSettings: settings),
        .target(
            name: "DragomanProtobuf",
            dependencies: [
                "DragomanDocument", .product(name: "SwiftProtobuf", package: "swift-protobuf"),
            ], swiftSettings: settings),
        .executableTarget(
            name: "bench",
            dependencies: ["DragomanDocument", "DragomanSchema", "DragomanProtobuf"],
            swiftSettings: settings),
    ]
)
