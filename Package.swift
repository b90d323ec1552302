// swift-tools-version: 6.2
// The rooms of the house and the arrows between them: a target exists to forbid an import
// (docs/decisions/0001-rooms.md). Tests/TidyTests keeps the arrows and the style.

import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    // Why these, and what they do not do: docs/decisions/0002-optimisation.md
    .unsafeFlags(
        ["-cross-module-optimization", "-enforce-exclusivity=unchecked"],
        .when(configuration: .release)),
]

func room(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(
    _ room: String, _ dependencies: [Target.Dependency] = [], excluding fixtures: [String] = []
) -> Target {
    .testTarget(
        name: "\(room)Tests", dependencies: [.byName(name: room)] + dependencies,
        exclude: fixtures, swiftSettings: settings)
}

func system(_ name: String, _ packageConfiguration: String, _ debianPackage: String) -> Target {
    .systemLibrary(name: name, pkgConfig: packageConfiguration, providers: [.apt([debianPackage])])
}

let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")

let cryptoExtras = Target.Dependency.product(name: "CryptoExtras", package: "swift-crypto")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")

let package = Package(
    name: "dragoman",
    products: [
        .executable(name: "dragoman", targets: ["dragoman"]),
        .executable(name: "dragoman-harness", targets: ["dragoman-harness"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        system("CNGHTTP2", "libnghttp2", "libnghttp2-dev"),
        system("CLibXML2", "libxml-2.0", "libxml2-dev"),
        system("CPCRE2", "libpcre2-8", "libpcre2-dev"),
        system("CIDN2", "libidn2", "libidn2-dev"),
        system("CZlib", "zlib", "zlib1g-dev"),
        system("CLibCrypto", "libcrypto", "libssl-dev"),

        room("DragomanDocument", []),
        room("DragomanHTTP", ["DragomanDocument"]),
        room("DragomanSchema", ["DragomanDocument", "CPCRE2", "CIDN2"]),
        room(
            "DragomanProtobuf",
            ["DragomanDocument", .product(name: "SwiftProtobuf", package: "swift-protobuf")]),
        room("DragomanXML", ["DragomanDocument", "CLibXML2"]),
        room("DragomanKeys", ["CLibCrypto"]),
        room(
            "DragomanMapping",
            [
                "DragomanDocument", "DragomanSchema", "DragomanProtobuf", "DragomanXML", "CPCRE2",
                .product(name: "Yams", package: "Yams"),
            ]),
        room("DragomanHTTP2", ["DragomanDocument", "DragomanHTTP", "CNGHTTP2", nioCore]),
        room(
            "DragomanBackends",
            [
                "DragomanDocument", "DragomanHTTP", "DragomanHTTP2", nioCore, nioPosix, nioSSL,
                .product(name: "NIOTLS", package: "swift-nio"),
            ]),
        room(
            "DragomanGateway",
            [
                "DragomanDocument", "DragomanHTTP", "DragomanMapping", "DragomanBackends",
                "DragomanKeys", "CZlib", crypto, cryptoExtras, nioCore,
            ]),
        room("DragomanServer", ["DragomanGateway", crypto, nioCore, nioPosix, nioSSL]),
        .executableTarget(
            name: "dragoman",
            dependencies: [
                "DragomanServer", "DragomanGateway", "DragomanMapping",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ], swiftSettings: settings),
        .executableTarget(
            name: "dragoman-harness",
            dependencies: [
                "DragomanDocument", "DragomanSchema", "DragomanProtobuf", "DragomanXML",
                "DragomanMapping",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "SwiftProtobuf", package: "swift-protobuf"),
            ], swiftSettings: settings),

        tests("DragomanDocument"),
        tests("DragomanHTTP", ["DragomanDocument"]),
        tests("DragomanSchema", ["DragomanDocument"]),
        tests(
            "DragomanProtobuf", ["DragomanDocument", "DragomanMapping", "DragomanXML"]),
        tests("DragomanXML", ["DragomanDocument"]),
        tests("DragomanKeys"),
        tests(
            "DragomanMapping", ["DragomanDocument", "DragomanProtobuf"], excluding: ["Fixtures"]),
        tests("DragomanHTTP2", ["DragomanHTTP", nioCore]),
        tests(
            "DragomanBackends",
            [
                "DragomanHTTP", "DragomanHTTP2", nioCore, nioPosix, nioSSL,
                .product(name: "NIOConcurrencyHelpers", package: "swift-nio"), "FreePorts",
            ]),
        tests("DragomanGateway", ["DragomanDocument", "DragomanHTTP", nioCore]),
        tests("DragomanServer", ["DragomanGateway", nioCore]),
        // What the program does, seen from outside, against real backends.
        .testTarget(name: "EndToEndTests", dependencies: ["FreePorts"], swiftSettings: settings),
        .target(name: "FreePorts", path: "Tests/FreePorts", swiftSettings: settings),
        .testTarget(name: "TidyTests", swiftSettings: settings),
    ]
)
