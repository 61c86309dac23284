/// How much a registry holds.
///
/// A label value that comes from outside (a URL, a tenant) cannot grow it past these.
package struct MetricLimits: Sendable {
    /// Series per metric; label sets past it share one series, `{overflow="true"}`.
    package var seriesPerMetricMax = 200
    /// Metrics; handlers of names past it count, but are not exported.
    package var metricsMax = 1000
    /// Labels of one series; more are left out.
    package var labelsMax = 10
    /// Bytes of a label's value before it is cut.
    package var labelValueBytesMax = 128

    package init() {}
}
