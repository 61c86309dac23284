import Metering

/// The settings of `vitrine usage`: where things are.
///
/// The server's other settings are not looked at.
struct UsagePlaces: Sendable {
    var dataFolder: String
    var store: StoreLocation
    /// This node's name as a collector; `nil` for the one that is kept in the collector's folder.
    var node: String?
    /// How segments are sealed and shipped where no collector runs.
    var segments: SegmentSettings

    /// - Throws: `ConfigurationError` with everything that is wrong.
    init(_ parameters: ResolvedParameters) throws(ConfigurationError) {
        var reader = ParameterReader(parameters)
        dataFolder = reader.text("data") ?? "./vitrine-data"
        store = StoreLocation(reading: &reader, dataFolder: dataFolder)
        node = reader.text("node").flatMap { $0.isEmpty ? nil : $0 }
        segments = UsageConfiguration(reading: &reader, dataFolder: dataFolder).segments
        try reader.finish()
    }
}
