// swift-tools-version: 6.2
// Vitrine: pictures, ads, settings and exact counts, delivered from the edge. See docs/architecture.md.

import PackageDescription

/// Compiler settings shared by every Swift target: the Swift 6 language mode, strict memory safety and no warnings.
let house: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
]

/// Settings for the modules of the hit path.
///
/// Their classes belong to one event loop each, which excludes what the checks of exclusive access would find; the
/// checks cost some 5 % of a hit. Debug builds, and so the tests, keep them.
let hot: [SwiftSetting] = house + [.unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release))]

let nio: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let nioHTTP1: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let nioSSL: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let coreMetrics: Target.Dependency = .product(name: "CoreMetrics", package: "swift-metrics")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let httpTypes: Target.Dependency = .product(name: "HTTPTypes", package: "swift-http-types")
let httpClient: Target.Dependency = .product(name: "AsyncHTTPClient", package: "async-http-client")
let structuredFields: Target.Dependency = .product(
    name: "RawStructuredFieldValues",
    package: "swift-http-structured-headers"
)
let nioEmbedded: Target.Dependency = .product(name: "NIOEmbedded", package: "swift-nio")
let nioTLS: Target.Dependency = .product(name: "NIOTLS", package: "swift-nio")
let systemPackage: Target.Dependency = .product(name: "SystemPackage", package: "swift-system")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")

// Layers, lowest first; a target imports only from lower layers (Tests/TidyTests checks it).
let layer0: [Target] = [
    .target(name: "DeliveryTypes", dependencies: [crypto], swiftSettings: house),
    .target(name: "HTTPSemantics", dependencies: [httpTypes, structuredFields], swiftSettings: house),
    .target(name: "JSON", swiftSettings: house),
    .systemLibrary(name: "CBrotli", pkgConfig: "libbrotlienc", providers: [.apt(["libbrotli-dev"])]),
    .systemLibrary(name: "CDeflate", pkgConfig: "libdeflate", providers: [.apt(["libdeflate-dev"])]),
    .systemLibrary(name: "CLibPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
    .target(name: "CProcess"),
    .target(name: "CWarehouse"),
    .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
    .systemLibrary(name: "CLibVips", pkgConfig: "vips", providers: [.apt(["libvips-dev"])]),
    .target(
        name: "CVips",
        dependencies: ["CLibVips"],
        cSettings: [.define("_GNU_SOURCE")],
        linkerSettings: [.linkedLibrary("gmodule-2.0")]
    ),
]

let layer1: [Target] = [
    .target(
        name: "Caching",
        dependencies: ["HTTPSemantics", crypto, httpTypes, nio, systemPackage],
        swiftSettings: hot
    ),
    .target(
        name: "Compression",
        dependencies: ["CBrotli", "CDeflate", "CZstd", "DeliveryTypes", "HTTPSemantics", nio],
        swiftSettings: house
    ),
    .target(name: "Fleet", swiftSettings: house),
    .target(name: "Imaging", dependencies: ["DeliveryTypes", "CVips"], swiftSettings: house),
    .target(
        name: "ObjectStorage",
        dependencies: ["DeliveryTypes", crypto, httpClient, nio, nioHTTP1, nioPosix],
        swiftSettings: house
    ),
    .target(
        name: "Rendering",
        dependencies: ["DeliveryTypes", "CProcess", nio, logging, lifecycle],
        exclude: ["DESIGN.md"],
        swiftSettings: house
    ),
    .target(name: "Settings", dependencies: ["DeliveryTypes", "JSON", crypto], swiftSettings: hot),
    .target(name: "Telemetry", dependencies: [coreMetrics, logging], swiftSettings: house),
    .target(
        name: "Wire",
        dependencies: [httpTypes, lifecycle, logging, nio, nioPosix, nioSSL, nioTLS],
        swiftSettings: hot
    ),
]

let layer2: [Target] = [
    .target(
        name: "Assignments",
        dependencies: ["Caching", "DeliveryTypes", "JSON", "ObjectStorage", crypto, lifecycle, nio, nioPosix],
        swiftSettings: house
    ),
    .target(
        name: "Ledger",
        dependencies: [
            "CLibPQ", "DeliveryTypes", "HTTPSemantics", "JSON", "Wire", crypto, grdb, httpTypes, lifecycle, nio,
            nioPosix,
        ],
        swiftSettings: house
    ),
    .target(
        name: "Metering",
        dependencies: [
            "Caching", "Compression", "DeliveryTypes", "HTTPSemantics", "JSON", "ObjectStorage", "Wire", crypto,
            httpTypes, lifecycle, logging, nio, nioPosix,
        ],
        swiftSettings: house
    ),
    .target(
        name: "Originals",
        dependencies: [
            "Caching", "DeliveryTypes", "ObjectStorage", "Rendering", crypto, httpClient, nio, nioPosix, nioHTTP1,
            nioSSL,
        ],
        swiftSettings: house
    ),
    .target(
        name: "Publication",
        dependencies: [
            "DeliveryTypes", "HTTPSemantics", "JSON", "ObjectStorage", "Settings", "Wire", crypto, httpTypes, lifecycle,
            nio,
        ],
        swiftSettings: house
    ),
    .target(
        name: "Warehouse",
        dependencies: [
            "CProcess", "CWarehouse", "HTTPSemantics", "JSON", "ObjectStorage", crypto, nio, nioPosix, systemPackage,
        ],
        swiftSettings: house
    ),
]

let layer3: [Target] = [
    .target(
        name: "Console",
        dependencies: ["DeliveryTypes"],
        resources: [.embedInCode("Resources")],
        swiftSettings: house
    ),
    .target(
        name: "Edge",
        dependencies: [
            "Caching", "DeliveryTypes", "Fleet", "HTTPSemantics", "JSON", "Rendering", "Telemetry", "Wire", coreMetrics,
            crypto, httpTypes, lifecycle, logging, nio, nioPosix, systemPackage,
        ],
        exclude: ["DESIGN.md"],
        swiftSettings: hot
    ),
    .target(
        name: "Origin",
        dependencies: [
            "Caching", "DeliveryTypes", "HTTPSemantics", "Originals", "Rendering", "Telemetry", crypto, coreMetrics,
            httpTypes, hummingbird, logging, nio,
        ],
        swiftSettings: house
    ),
    .target(
        name: "SettingsDelivery",
        dependencies: [
            "Assignments", "Compression", "DeliveryTypes", "Fleet", "HTTPSemantics", "JSON", "Publication", "Settings",
            "Wire", crypto, httpTypes, lifecycle, logging, nio,
        ],
        swiftSettings: house
    ),
]

let layer4: [Target] = [
    .executableTarget(
        name: "vitrine",
        dependencies: [
            "Assignments", "Caching", "Compression", "Console", "DeliveryTypes", "Edge", "Fleet", "HTTPSemantics",
            "Imaging", "JSON", "Ledger", "Metering", "ObjectStorage", "Origin", "Originals", "Publication", "Rendering",
            "Settings", "SettingsDelivery", "Telemetry", "Warehouse", "Wire", crypto,
            httpTypes, hummingbird, lifecycle, logging, nio, nioPosix,
            .product(name: "ArgumentParser", package: "swift-argument-parser"),
            .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            .product(name: "Configuration", package: "swift-configuration"),
            systemPackage,
        ],
        swiftSettings: house
    )
]

// Beside the layers: for tests and benchmarks only.
let beside: [Target] = [
    .target(name: "VitrineTesting", dependencies: ["Caching", "ObjectStorage", nio], swiftSettings: house)
]

let tests: [Target] = [
    .executableTarget(
        name: "UsageLogCrasher",
        dependencies: ["Assignments", "VitrineTesting"],
        path: "Tests/UsageLogCrasher",
        swiftSettings: house
    ),
    .testTarget(
        name: "AssignmentsTests",
        dependencies: [
            "Assignments", "Caching", "DeliveryTypes", "JSON", "ObjectStorage", "UsageLogCrasher", "VitrineTesting",
            nio,
        ],
        swiftSettings: house
    ),
    .testTarget(
        name: "CachingTests",
        dependencies: ["Caching", "HTTPSemantics", "VitrineTesting", httpTypes, nio],
        swiftSettings: house
    ),
    .testTarget(
        name: "CompressionTests",
        dependencies: ["Compression", "DeliveryTypes", "HTTPSemantics", crypto, nio],
        swiftSettings: house
    ),
    .executableTarget(
        name: "DiskTierCrasher",
        dependencies: ["Caching", "VitrineTesting", nio],
        path: "Tests/DiskTierCrasher",
        swiftSettings: house
    ),
    .testTarget(
        name: "DiskTierTests",
        dependencies: ["Caching", "VitrineTesting", "DiskTierCrasher", nio],
        swiftSettings: house
    ),
    .testTarget(name: "EvictionTests", dependencies: ["Caching", "VitrineTesting"], swiftSettings: house),
    .testTarget(
        name: "EdgeTests",
        dependencies: [
            "Caching", "DeliveryTypes", "Edge", "Fleet", "HTTPSemantics", "VitrineTesting", "Wire", httpTypes,
            lifecycle,
            logging, nio, nioPosix,
        ],
        swiftSettings: house
    ),
    .testTarget(
        name: "FeedTests",
        dependencies: [
            "DeliveryTypes", "ObjectStorage", "Publication", "Settings", "VitrineTesting", "Wire", httpTypes, lifecycle,
            logging, nio, nioPosix,
        ],
        swiftSettings: house
    ),
    .testTarget(name: "FleetTests", dependencies: ["Fleet"], swiftSettings: house),
    .testTarget(name: "HTTPSemanticsTests", dependencies: ["HTTPSemantics", httpTypes], swiftSettings: house),
    .testTarget(
        name: "WireServerTests",
        dependencies: ["Wire", "VitrineTesting", httpTypes, logging, nio, nioPosix],
        swiftSettings: house
    ),
    .testTarget(
        name: "WireClientTests",
        dependencies: ["Wire", "VitrineTesting", httpTypes, nio, nioEmbedded, nioPosix, nioSSL],
        swiftSettings: house
    ),
    .testTarget(name: "ConsoleTests", dependencies: ["Console"], swiftSettings: house),
    .testTarget(name: "DeliveryTypesTests", dependencies: ["DeliveryTypes", crypto], swiftSettings: house),
    .testTarget(name: "ImagingPureTests", dependencies: ["Imaging", "DeliveryTypes"], swiftSettings: house),
    .testTarget(name: "ImagingTests", dependencies: ["Imaging", "DeliveryTypes"], swiftSettings: house),
    .executableTarget(
        name: "StorageCrasher",
        dependencies: ["DeliveryTypes", "ObjectStorage", "Originals", "VitrineTesting", crypto, nio],
        path: "Tests/StorageCrasher",
        swiftSettings: house
    ),
    .testTarget(
        name: "ObjectStorageTests",
        dependencies: ["ObjectStorage", "VitrineTesting", "StorageCrasher", crypto, nio],
        swiftSettings: house
    ),
    .testTarget(
        name: "MeteringTests",
        dependencies: [
            "Compression", "HTTPSemantics", "JSON", "Metering", "VitrineTesting", "Wire", crypto, httpTypes, lifecycle,
            logging, nio, nioPosix,
        ],
        swiftSettings: house
    ),
    .testTarget(
        name: "OriginalsTests",
        dependencies: [
            "DeliveryTypes", "ObjectStorage", "Originals", "VitrineTesting", "StorageCrasher", crypto, nio,
        ],
        swiftSettings: house
    ),
    .testTarget(
        name: "OriginTests",
        dependencies: ["DeliveryTypes", "HTTPSemantics", "Origin", httpTypes],
        swiftSettings: house
    ),
    .executableTarget(
        name: "PublishCrasher",
        dependencies: ["DeliveryTypes", "ObjectStorage", "Publication", "VitrineTesting", nio],
        path: "Tests/PublishCrasher",
        swiftSettings: house
    ),
    .testTarget(
        name: "PublicationTests",
        dependencies: [
            "DeliveryTypes", "HTTPSemantics", "JSON", "ObjectStorage", "Publication", "VitrineTesting",
            "PublishCrasher", httpTypes, nio,
        ],
        swiftSettings: house
    ),
    // A render worker that misbehaves on demand, and the system calls it does so with.
    .target(name: "CFaults", path: "Tests/CFaults"),
    .executableTarget(
        name: "FaultyWorker",
        dependencies: ["DeliveryTypes", "Rendering", "CFaults", logging],
        path: "Tests/FaultyWorker",
        swiftSettings: house
    ),
    .testTarget(
        name: "RenderingTests",
        dependencies: ["DeliveryTypes", "Rendering", "FaultyWorker", nio, logging, lifecycle],
        swiftSettings: house
    ),
    .testTarget(
        name: "S3Tests",
        dependencies: ["ObjectStorage", "VitrineTesting", nio, nioHTTP1, nioPosix],
        swiftSettings: house
    ),
    .executableTarget(
        name: "SegmentCrasher",
        dependencies: ["Metering", "ObjectStorage", nio],
        path: "Tests/SegmentCrasher",
        swiftSettings: house
    ),
    .testTarget(
        name: "SegmentTests",
        dependencies: [
            "Caching", "Compression", "DeliveryTypes", "HTTPSemantics", "Metering", "ObjectStorage", "SegmentCrasher",
            "VitrineTesting", crypto, lifecycle, nio,
        ],
        swiftSettings: house
    ),
    .testTarget(
        name: "SettingsDeliveryTests",
        dependencies: [
            "Assignments", "Compression", "DeliveryTypes", "Fleet", "HTTPSemantics", "JSON", "Publication", "Settings",
            "SettingsDelivery", "VitrineTesting",
            "Wire", crypto, httpTypes, lifecycle, logging, nio, nioPosix,
        ],
        swiftSettings: house
    ),
    .testTarget(
        name: "SourceFetchTests",
        dependencies: [
            "DeliveryTypes", "ObjectStorage", "Originals", "Rendering", "VitrineTesting", nio, nioPosix, nioSSL,
        ],
        swiftSettings: house
    ),
    .executableTarget(
        name: "UnloadCrasher",
        dependencies: ["Ledger"],
        path: "Tests/UnloadCrasher",
        swiftSettings: house
    ),
    .testTarget(
        name: "LedgerTests",
        dependencies: [
            "CLibPQ", "DeliveryTypes", "HTTPSemantics", "JSON", "Ledger", "UnloadCrasher", "VitrineTesting", "Wire",
            crypto, grdb, httpTypes, lifecycle, logging, nio, nioPosix,
        ],
        swiftSettings: house
    ),
    .testTarget(name: "JSONTests", dependencies: ["JSON"], swiftSettings: house),
    .testTarget(name: "SettingsTests", dependencies: ["DeliveryTypes", "JSON", "Settings"], swiftSettings: house),
    .testTarget(name: "RecordsTests", dependencies: ["DeliveryTypes", "JSON", "Settings"], swiftSettings: house),
    .testTarget(name: "TelemetryTests", dependencies: ["Telemetry", coreMetrics, logging], swiftSettings: house),
    .testTarget(name: "TidyTests", swiftSettings: house),
    .testTarget(
        name: "WarehouseTests",
        dependencies: ["ObjectStorage", "VitrineTesting", "Warehouse", crypto, nio],
        swiftSettings: house
    ),
]

let package = Package(
    name: "vitrine",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "vitrine", targets: ["vitrine"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-configuration.git", from: "1.4.0", traits: ["YAML"]),
        .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-structured-headers.git", from: "1.7.0"),
        .package(url: "https://github.com/apple/swift-http-types.git", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics.git", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl.git", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-system.git", from: "1.8.1"),
        .package(url: "https://github.com/groue/GRDB.swift.git", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.1"),
        .package(url: "https://github.com/swift-server/async-http-client.git", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
    ],
    targets: layer0 + layer1 + layer2 + layer3 + layer4 + beside + tests
)
