import Fleet
import Ledger
import Metering
import Wire

/// The settings of the collector role, and of the events that an edge reports.
struct UsageConfiguration: Sendable {
    var segments = SegmentSettings()
    var limits = EventLimits()
    /// Where counts and payouts are read from; `nil` only when what was said of it is wrong.
    var database: ServiceDatabaseLocation?
    var unload = UnloadSettings()
    /// Where an edge without a collector in the same process sends its events; `nil` for nowhere.
    var collector: UpstreamTarget?
    /// How long deliveries are added up before they are an event.
    var deliveryWindow: Duration

    init(reading reader: inout ParameterReader, dataFolder: String) {
        deliveryWindow = reader.duration("usage-delivery-window")
        collector = Self.collector(&reader)
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

    private static func collector(_ reader: inout ParameterReader) -> UpstreamTarget? {
        guard let text = reader.text("usage-collector"), !text.isEmpty else { return nil }
        do throws(FleetError) {
            let node = try Node(peer: text.hasSuffix("/") ? String(text.dropLast()) : text)
            return UpstreamTarget(host: node.host, port: node.port, isTLS: node.scheme == .https)
        } catch {
            reader.complain("usage-collector", "is not http(s)://HOST[:PORT]")
            return nil
        }
    }
}
