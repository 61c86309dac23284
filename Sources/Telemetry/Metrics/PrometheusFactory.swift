package import CoreMetrics

/// swift-metrics on a `PrometheusRegistry`.
///
/// | facade | exported as |
/// |---|---|
/// | `Counter`, `FloatingPointCounter` | counter, name ending in `_total` |
/// | `Meter`, `Gauge` | gauge |
/// | `Recorder` | histogram |
/// | `Timer` | histogram in seconds, name ending in `_seconds` |
///
/// The suffix is added where the label lacks it; dots and dashes become underscores.
package struct PrometheusFactory: MetricsFactory {
    package let registry: PrometheusRegistry

    package init(registry: PrometheusRegistry) {
        self.registry = registry
    }

    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        registry.handler(
            MetricName.exported(label, suffix: "_total"),
            .counter,
            labels: dimensions,
            make: { _ in PrometheusCounter() },
            wrap: { .counter($0) }
        )
    }

    package func makeFloatingPointCounter(
        label: String,
        dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        registry.handler(
            MetricName.exported(label, suffix: "_total"),
            .counter,
            labels: dimensions,
            make: { _ in PrometheusFloatCounter() },
            wrap: { .floatCounter($0) }
        )
    }

    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        gauge(label, dimensions)
    }

    package func makeRecorder(
        label: String,
        dimensions: [(String, String)],
        aggregate: Bool
    ) -> any RecorderHandler {
        guard aggregate else { return gauge(label, dimensions) }
        return registry.handler(
            MetricName.exported(label),
            .histogram,
            labels: dimensions,
            defaultBuckets: .amounts,
            make: { PrometheusHistogram(buckets: $0) },
            wrap: { .histogram($0) }
        )
    }

    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        registry.handler(
            MetricName.exported(label, suffix: "_seconds"),
            .histogram,
            labels: dimensions,
            defaultBuckets: .seconds,
            make: { PrometheusHistogram(buckets: $0) },
            wrap: { .histogram($0) }
        )
    }

    package func destroyCounter(_ handler: any CounterHandler) { registry.release(handler) }
    package func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) { registry.release(handler) }
    package func destroyMeter(_ handler: any MeterHandler) { registry.release(handler) }
    package func destroyRecorder(_ handler: any RecorderHandler) { registry.release(handler) }
    package func destroyTimer(_ handler: any TimerHandler) { registry.release(handler) }

    private func gauge(_ label: String, _ dimensions: [(String, String)]) -> PrometheusGauge {
        registry.handler(
            MetricName.exported(label),
            .gauge,
            labels: dimensions,
            make: { _ in PrometheusGauge() },
            wrap: { .gauge($0) }
        )
    }
}
