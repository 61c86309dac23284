/// A page of metrics in Prometheus's text exposition format 0.0.4.
package struct PrometheusText: Sendable {
    /// The value of `Content-Type` for the page.
    package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// The page as UTF-8.
    package private(set) var bytes: [UInt8] = []
    private var names: Set<String> = []

    package init() {}

    /// Writes one metric: its `# HELP` and `# TYPE` lines, then the samples that `body` adds.
    ///
    /// A name may come once per page; a second metric of the same name is left out, because scrapers refuse the whole
    /// page otherwise.
    package mutating func metric(
        _ name: String,
        _ kind: MetricKind,
        help: String?,
        _ body: (inout Samples) -> Void
    ) {
        guard names.insert(name).inserted else { return }
        if let help {
            bytes += "# HELP \(name) ".utf8
            for byte in help.utf8 {
                switch byte {
                case UInt8(ascii: "\\"): bytes += "\\\\".utf8
                case UInt8(ascii: "\n"): bytes += "\\n".utf8
                default: bytes.append(byte)
                }
            }
            bytes.append(UInt8(ascii: "\n"))
        }
        bytes += "# TYPE \(name) \(kind.rawValue)\n".utf8
        var samples = Samples(name: name)
        body(&samples)
        bytes += samples.lines.utf8
    }

    /// The sample lines of one metric.
    package struct Samples: Sendable {
        let name: String
        fileprivate(set) var lines = ""

        init(name: String) {
            self.name = name
        }

        /// Adds one sample.
        package mutating func add(_ value: Double, labels: [(String, String)] = []) {
            add(PrometheusText.number(value), labelText: MetricLabels(labels: labels, limits: MetricLimits()).text)
        }

        mutating func add(_ value: String, suffix: String = "", labelText: String) {
            lines += "\(name)\(suffix)\(labelText) \(value)\n"
        }

        /// Adds a histogram that is kept elsewhere.
        ///
        /// `counts` has the values of each bucket by itself, and last those past every bound: one more than there are
        /// bounds.
        package mutating func add(
            counts: [Int],
            sum: Double,
            buckets: HistogramBuckets,
            labels: [(String, String)] = []
        ) {
            precondition(counts.count == buckets.bounds.count + 1, "a histogram has a count for each bucket")
            let text = MetricLabels(labels: labels, limits: MetricLimits()).text
            var total = 0
            for (index, count) in counts.enumerated() {
                total += count
                let bound = index < buckets.bounds.count ? PrometheusText.number(buckets.bounds[index]) : "+Inf"
                add("\(total)", suffix: "_bucket", labelText: MetricLabels.adding(bound: bound, to: text))
            }
            add(PrometheusText.number(sum), suffix: "_sum", labelText: text)
            add("\(total)", suffix: "_count", labelText: text)
        }

        /// Adds a histogram's buckets, sum and count.
        mutating func add(_ histogram: PrometheusHistogram, labelText: String) {
            let (cumulative, sum) = histogram.reading()
            for (index, count) in cumulative.enumerated() {
                let isLast = index == histogram.buckets.bounds.count
                let bound = isLast ? "+Inf" : PrometheusText.number(histogram.buckets.bounds[index])
                add("\(count)", suffix: "_bucket", labelText: MetricLabels.adding(bound: bound, to: labelText))
            }
            add(PrometheusText.number(sum), suffix: "_sum", labelText: labelText)
            add("\(cumulative.last ?? 0)", suffix: "_count", labelText: labelText)
        }
    }

    /// A number as Prometheus reads it: the shortest text that gives the same value, whole numbers without a point.
    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
        if value.magnitude < 9_007_199_254_740_992, value == value.rounded(.towardZero) { return "\(Int64(value))" }
        return "\(value)"
    }
}
