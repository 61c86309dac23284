/// One row of the table of modules.
struct Module: Sendable {
    let name: String
    /// Imports go to lower layers only.
    let layer: Int
    /// The file whose opening comment says what the module promises.
    let opening: String

    /// The layers as `docs/architecture.md` draws them.
    static let table = [
        Module(name: "DeliveryTypes", layer: 0, opening: "Transformation.swift"),
        Module(name: "HTTPSemantics", layer: 0, opening: "CachingDecision.swift"),
        Module(name: "JSON", layer: 0, opening: "JSONValue.swift"),
        Module(name: "CLibVips", layer: 0, opening: "module.modulemap"),
        Module(name: "CVips", layer: 0, opening: "include/cvips.h"),
        Module(name: "CProcess", layer: 0, opening: "include/CProcess.h"),
        Module(name: "CWarehouse", layer: 0, opening: "include/CWarehouse.h"),
        Module(name: "CBrotli", layer: 0, opening: "module.modulemap"),
        Module(name: "CDeflate", layer: 0, opening: "module.modulemap"),
        Module(name: "CLibPQ", layer: 0, opening: "module.modulemap"),
        Module(name: "CZstd", layer: 0, opening: "module.modulemap"),
        Module(name: "Caching", layer: 1, opening: "Collapsing/Collapser.swift"),
        Module(name: "Compression", layer: 1, opening: "Compressor.swift"),
        Module(name: "Fleet", layer: 1, opening: "Ownership.swift"),
        Module(name: "Imaging", layer: 1, opening: "ImagingEngine.swift"),
        Module(name: "ObjectStorage", layer: 1, opening: "ObjectStore.swift"),
        Module(name: "Rendering", layer: 1, opening: "RenderPool.swift"),
        Module(name: "Settings", layer: 1, opening: "Conditions/ConditionTable.swift"),
        Module(name: "Telemetry", layer: 1, opening: "TelemetryBootstrap.swift"),
        Module(name: "Wire", layer: 1, opening: "Server/HTTPServer.swift"),
        Module(name: "Assignments", layer: 2, opening: "UserStates.swift"),
        Module(name: "Metering", layer: 2, opening: "Segments/SegmentStore.swift"),
        Module(name: "Ledger", layer: 2, opening: "ServiceDatabase.swift"),
        Module(name: "Originals", layer: 2, opening: "OriginalStore.swift"),
        Module(name: "Publication", layer: 2, opening: "Publishing/SettingsPublisher.swift"),
        Module(name: "Warehouse", layer: 2, opening: "Segments/SegmentFetch.swift"),
        Module(name: "Console", layer: 3, opening: "ConsoleAssets.swift"),
        Module(name: "Edge", layer: 3, opening: "Service/EdgeService.swift"),
        Module(name: "Origin", layer: 3, opening: "OriginService.swift"),
        Module(name: "SettingsDelivery", layer: 3, opening: "Routes/SettingsRoutes.swift"),
        Module(name: "vitrine", layer: 4, opening: "Vitrine.swift"),
        Module(name: "VitrineTesting", layer: 3, opening: "ObjectStoreConformance.swift"),
    ]

    /// Modules that only tests and benchmarks may import.
    static let forTests: Set<String> = ["VitrineTesting"]

    static func named(_ name: String) -> Module? {
        table.first { $0.name == name }
    }
}
