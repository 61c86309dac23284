import Ledger
import Metering

/// The settings of the collector role.
struct UsageConfiguration: Sendable {
    var segments = SegmentSettings()
    var limits = EventLimits()
    /// Where counts and payouts are read from; `nil` only when what was said of it is wrong.
    var database: ServiceDatabaseLocation?
    var unload = UnloadSettings()

    init(reading reader: inout ParameterReader, dataFolder: String) {
        segments.segmentBytes = reader.bytes("usage-segment-size")
        segments.sealAfter = reader.duration("usage-segment-age")
        segments.waitingBytesMax = reader.bytes("usage-waiting")
        segments.diskBytesMax = reader.bytes("usage-disk")
        segments.salvagesDamage = reader.switched("usage-salvage")
        do throws(LedgerError) {
            database = try ServiceDatabaseLocation(
                reader.text("service-database") ?? "sqlite:\(dataFolder)/usage/service.sqlite"
            )
        } catch {
            reader.complain("service-database", "is no address of a database: \(error)")
        }
        let ceiling = Double(reader.integer("unload-rate"))
        unload.pace = PaceSettings(
            share: reader.number("unload-share") / 100,
            floor: min(100, ceiling),
            ceiling: ceiling,
            initial: min(1_000, ceiling)
        )
    }
}
