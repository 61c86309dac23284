package import DeliveryTypes

/// What the operator decides about deliveries.
package struct OriginSettings: Sendable {
    package var presets = Presets.none
    package var limits = RenderLimits()
    package var defaults = RenderDefaults()
    /// Formats negotiated from `Accept`, best first.
    package var negotiated: [ImageFormat] = [.avif, .webp]
    package var followsClientHints = true
    /// Picture of the `wm` option where a URL names none.
    package var watermark: SourceReference?
    /// Freshness of answers, seconds.
    package var maxAgeSeconds: Int64 = 31_536_000
    /// Largest original, bytes.
    package var uploadBytesMax = 100 << 20
    /// Whether each request leaves a line in the log.
    package var logsAccess = true
    /// Part of entity tags: changes whenever the same URL may give other bytes, as with a new version of an encoder.
    package var engine = "vitrine"

    package init() {}
}
