import CoreMetrics
import Dispatch
import Testing

@testable import Telemetry

@Suite("Prometheus metrics")
struct PrometheusTests {
    private static func page(_ registry: PrometheusRegistry) -> String {
        String(decoding: registry.exposition().bytes, as: UTF8.self)
    }

    private static func lines(_ registry: PrometheusRegistry) -> [Substring] {
        page(registry).split(separator: "\n")
    }

    @Test("the page of every kind of metric is as the exposition format has it")
    func golden() throws {
        let registry = PrometheusRegistry(descriptions: [
            MetricDescription("http_requests_total", help: "Requests, by method.\nSecond line with a \\."),
            MetricDescription(
                "render_duration_seconds",
                help: "Time to render.",
                buckets: HistogramBuckets([0.01, 0.1, 1])
            ),
        ])
        let factory = PrometheusFactory(registry: registry)
        Counter(label: "http.requests", dimensions: [("method", "GET"), ("code", "200")], factory: factory)
            .increment(by: 3)
        Counter(label: "http.requests", dimensions: [("code", "500"), ("method", "a\"b\\c\nd")], factory: factory)
            .increment()
        FloatingPointCounter(label: "cpu_used_total", factory: factory).increment(by: 0.25)
        Meter(label: "queue-length", factory: factory).set(7)
        Gauge(label: "temperature", factory: factory).record(-1.5)
        let timer = Timer(label: "render.duration", dimensions: [("format", "avif")], factory: factory)
        for milliseconds in [5, 10, 11, 5000] { timer.recordMilliseconds(milliseconds) }
        let sizes = Recorder(label: "picture_bytes", factory: factory)
        for size in [0, 1, 2, 100_000_000] { sizes.record(size) }
        registry.add { text in
            text.metric("workers", .gauge, help: nil) { samples in
                samples.add(2, labels: [("state", "idle")])
                samples.add(.infinity, labels: [("state", "busy")])
            }
        }
        try GoldenFile("prometheus.txt").expect(Self.page(registry))
    }

    @Test("concurrent increments are all counted")
    func exact() {
        let registry = PrometheusRegistry()
        let factory = PrometheusFactory(registry: registry)
        let threads = 8
        let rounds = 20_000
        DispatchQueue.concurrentPerform(iterations: threads) { _ in
            let counter = Counter(label: "hits", factory: factory)
            let fraction = FloatingPointCounter(label: "weight", factory: factory)
            let meter = Meter(label: "level", factory: factory)
            let recorder = Recorder(label: "size", factory: factory)
            let timer = Timer(label: "time", factory: factory)
            for round in 0..<rounds {
                counter.increment()
                fraction.increment(by: 0.5)
                meter.increment(by: 1)
                recorder.record(round % 4)
                timer.recordNanoseconds(1)
            }
        }
        let total = threads * rounds
        let lines = Self.lines(registry)
        #expect(lines.contains("hits_total \(total)"))
        #expect(lines.contains("weight_total \(total / 2)"))
        #expect(lines.contains("level \(total)"))
        #expect(lines.contains("size_count \(total)"))
        #expect(lines.contains("size_bucket{le=\"1\"} \(total / 2)"))
        #expect(lines.contains("size_sum \(total / 4 * 6)"))
        #expect(lines.contains("time_seconds_count \(total)"))
        #expect(lines.contains("time_seconds_sum 0.00016"))
    }

    @Test("two counters of one name and the same labels in any order are one series")
    func shared() {
        let registry = PrometheusRegistry()
        let factory = PrometheusFactory(registry: registry)
        Counter(label: "hits", dimensions: [("a", "1"), ("b", "2")], factory: factory).increment()
        Counter(label: "hits_total", dimensions: [("b", "2"), ("a", "1")], factory: factory).increment()
        #expect(Self.lines(registry).contains("hits_total{a=\"1\",b=\"2\"} 2"))
    }

    @Test("label sets past the cap share the overflow series, and the page stays small")
    func overflow() {
        var limits = MetricLimits()
        limits.seriesPerMetricMax = 3
        let registry = PrometheusRegistry(limits: limits)
        let factory = PrometheusFactory(registry: registry)
        for tenant in 0..<50 {
            Counter(label: "uses", dimensions: [("tenant", "\(tenant)")], factory: factory).increment()
        }
        Counter(label: "uses", dimensions: [("tenant", "1")], factory: factory).increment()
        let lines = Self.lines(registry)
        #expect(lines.count { $0.hasPrefix("uses_total") } == 4)
        #expect(lines.contains("uses_total{overflow=\"true\"} 47"))
        #expect(lines.contains("uses_total{tenant=\"1\"} 2"))
        #expect(lines.contains("telemetry_refused_series_total{reason=\"overflow\"} 47"))
    }

    @Test("metrics past the cap count for themselves but are not exported")
    func metricsCap() {
        var limits = MetricLimits()
        limits.metricsMax = 2
        let registry = PrometheusRegistry(limits: limits)
        let factory = PrometheusFactory(registry: registry)
        for name in ["a", "b", "c"] { Counter(label: name, factory: factory).increment() }
        Counter(label: "b", dimensions: [("x", "1")], factory: factory).increment()
        let lines = Self.lines(registry)
        #expect(lines.contains("b_total{x=\"1\"} 1"))
        #expect(!lines.contains { $0.hasPrefix("c_total") })
    }

    @Test("a name that is already another kind is not exported twice")
    func conflict() {
        let registry = PrometheusRegistry()
        let factory = PrometheusFactory(registry: registry)
        Meter(label: "x_total", factory: factory).set(4)
        Counter(label: "x", factory: factory).increment()
        Counter(label: "y", factory: factory).increment()
        FloatingPointCounter(label: "y", factory: factory).increment(by: 5)
        let lines = Self.lines(registry)
        #expect(lines.contains("x_total 4"))
        #expect(lines.contains("y_total 1"))
        #expect(lines.contains("telemetry_refused_series_total{reason=\"conflict\"} 2"))
    }

    @Test("a series leaves the page when the last of its users is destroyed")
    func destroy() {
        let registry = PrometheusRegistry()
        let factory = PrometheusFactory(registry: registry)
        let first = Meter(label: "level", factory: factory)
        let second = Meter(label: "level", factory: factory)
        first.set(1)
        first.destroy()
        #expect(Self.lines(registry).contains("level 1"))
        second.destroy()
        #expect(!Self.page(registry).contains("level"))
        Meter(label: "level", factory: factory).set(2)
        #expect(Self.lines(registry).contains("level 2"))
    }

    @Test(
        "names and labels are made legal",
        arguments: [
            ("http.server-time", "http_server_time"), ("9lives", "_9lives"), ("a:b", "a:b"), ("é", "__"), ("", "_"),
        ]
    )
    func names(label: String, exported: String) {
        #expect(MetricName.exported(label) == exported)
    }

    @Test("a dimension cannot pass for a bucket's bound, nor a long value fill the page")
    func labels() {
        let labels = MetricLabels(
            labels: [("le", "1"), ("a:b", String(repeating: "é", count: 100)), ("le_", "second")],
            limits: MetricLimits()
        )
        #expect(labels.text == "{a_b=\"\(String(repeating: "é", count: 64))\",le_=\"1\"}")
    }

    @Test("a counter never falls and takes no nonsense")
    func monotonic() {
        let whole = PrometheusCounter()
        whole.increment(by: 5)
        whole.increment(by: -3)
        whole.increment(by: 0)
        #expect(whole.value == 5)
        let fraction = PrometheusFloatCounter()
        for amount in [1.5, -1, .nan, .infinity, 0] { fraction.increment(by: amount) }
        #expect(fraction.value == 1.5)
    }

    @Test("a value on a bound belongs to that bound's bucket")
    func bounds() {
        let histogram = PrometheusHistogram(buckets: HistogramBuckets([1, 2, 3]))
        for value in [-1.0, 1, 1.0000001, 2, 3, 3.5, .infinity, .nan] { histogram.record(value) }
        #expect(histogram.reading().cumulative == [2, 4, 5, 7])
        let most = HistogramBuckets((1...HistogramBuckets.boundsMax).map(Double.init))
        let full = PrometheusHistogram(buckets: most)
        full.record(1e9)
        #expect(full.reading().cumulative.last == 1)
    }

    @Test(
        "numbers are written as Prometheus reads them",
        arguments: [
            (0.0, "0"), (-0.5, "-0.5"), (3, "3"), (1e15, "1000000000000000"), (1e300, "1e+300"), (.infinity, "+Inf"),
            (-.infinity, "-Inf"), (.nan, "NaN"), (0.0001, "0.0001"),
        ]
    )
    func numbers(value: Double, text: String) {
        #expect(PrometheusText.number(value) == text)
    }

    @Test("a second metric of one name is left out of the page")
    func doubled() {
        var text = PrometheusText()
        text.metric("a", .gauge, help: nil) { $0.add(1) }
        text.metric("a", .counter, help: nil) { $0.add(2) }
        #expect(String(decoding: text.bytes, as: UTF8.self) == "# TYPE a gauge\na 1\n")
    }
}
