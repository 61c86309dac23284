extension PrometheusText.Samples {
    /// Adds what a series holds at this moment.
    mutating func add(_ series: MetricSeries, labelText: String) {
        switch series {
        case .counter(let counter): add("\(counter.value)", labelText: labelText)
        case .floatCounter(let counter): add(PrometheusText.number(counter.value), labelText: labelText)
        case .gauge(let gauge): add(PrometheusText.number(gauge.value), labelText: labelText)
        case .histogram(let histogram): add(histogram, labelText: labelText)
        }
    }
}
