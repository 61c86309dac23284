/// What a metric means, for its `# HELP` line, and how its histogram is cut.
package struct MetricDescription: Sendable {
    /// The exported name, suffix included (`vitrine_render_duration_seconds`).
    package let name: String
    /// One sentence for people.
    package let help: String
    /// The histogram's upper bounds; `nil` takes the registry's default for the kind.
    package let buckets: HistogramBuckets?

    package init(_ name: String, help: String, buckets: HistogramBuckets? = nil) {
        self.name = name
        self.help = help
        self.buckets = buckets
    }
}
