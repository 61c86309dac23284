/// All series of one name.
struct MetricFamily {
    let kind: MetricKind
    /// For histograms: the bounds that all its series share.
    let buckets: HistogramBuckets
    /// By label text (`{method="GET"}`, or empty).
    var series: [String: MetricSeries] = [:]
    /// How many facade objects share each series; the last one to be destroyed takes it away.
    var uses: [String: Int] = [:]
}
