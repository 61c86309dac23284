/// What a series holds: one of the four handlers.
enum MetricSeries {
    case counter(PrometheusCounter)
    case floatCounter(PrometheusFloatCounter)
    case gauge(PrometheusGauge)
    case histogram(PrometheusHistogram)

    /// The object that the facade holds.
    var handler: AnyObject {
        switch self {
        case .counter(let handler): handler
        case .floatCounter(let handler): handler
        case .gauge(let handler): handler
        case .histogram(let handler): handler
        }
    }
}
