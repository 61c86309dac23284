import Metering

/// The settings of the collector role.
struct UsageConfiguration: Sendable {
    var segments = SegmentSettings()
    var limits = EventLimits()

    init(reading reader: inout ParameterReader) {
        segments.segmentBytes = reader.bytes("usage-segment-size")
        segments.sealAfter = reader.duration("usage-segment-age")
        segments.waitingBytesMax = reader.bytes("usage-waiting")
        segments.diskBytesMax = reader.bytes("usage-disk")
        segments.salvagesDamage = reader.switched("usage-salvage")
    }
}
