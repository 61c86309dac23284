extension Transformation {
    /// The quality, 1…100, that a rendition in `format` is written with, unless it is searched for: the URL's, else the
    /// URL's for the format, else the server's for the format, else the server's.
    package func quality(for format: ImageFormat, defaults: RenderDefaults) -> Int {
        let wanted = quality > 0 ? quality : nil
        let quality = wanted ?? formatQuality[format] ?? defaults.formatQuality[format] ?? defaults.quality
        return min(max(quality, 1), 100)
    }

    /// Whether the quality is found by writing the picture several times.
    package var searchesQuality: Bool { maximumBytes > 0 || autoQuality != nil }

    /// Whether the picture may be laid on a larger canvas.
    package var asksForCanvas: Bool {
        extend != nil || extendAspectRatio != nil
            || [padding.top, padding.right, padding.bottom, padding.left].contains { $0 > 0 }
    }
}
