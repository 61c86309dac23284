import Synchronization

/// All metrics of the process, and the page that shows them.
///
/// Looking a series up takes a lock; the handlers it gives out do not. So make a counter once and keep it. The registry
/// is bounded (`MetricLimits`): past the cap of a metric, label sets share its series `{overflow="true"}`; a handler
/// whose name is already another kind of metric still works, but is not exported. `telemetry_refused_series_total`
/// counts both.
package final class PrometheusRegistry: Sendable {
    /// Adds metrics to a page that are read only when somebody asks (process figures, queue lengths).
    package typealias Collector = @Sendable (inout PrometheusText) -> Void

    private struct State {
        var families: [String: MetricFamily] = [:]
        var places: [ObjectIdentifier: Place] = [:]
        var collectors: [Collector] = []
        var overflowed = 0
        var conflicted = 0
    }

    /// Where a handler is exported.
    private struct Place {
        let name: String
        let labels: String
    }

    private let descriptions: [String: MetricDescription]
    private let limits: MetricLimits
    private let state = Mutex(State())

    /// An empty registry.
    ///
    /// - Parameters:
    ///   - descriptions: help texts and buckets by exported name; of two for one name the last counts.
    ///   - limits: how much it holds at most.
    package init(descriptions: [MetricDescription] = [], limits: MetricLimits = MetricLimits()) {
        self.descriptions = Dictionary(descriptions.map { ($0.name, $0) }) { _, last in last }
        self.limits = limits
    }

    /// Has `collector` add to every page from now on.
    ///
    /// It runs on the scraping thread, outside the registry's lock.
    package func add(collector: @escaping Collector) {
        state.withLock { $0.collectors.append(collector) }
    }

    /// The page as it is now, metrics in the order of their names, then what the collectors add.
    package func exposition() -> PrometheusText {
        let (families, collectors, overflowed, conflicted) = state.withLock {
            ($0.families, $0.collectors, $0.overflowed, $0.conflicted)
        }
        var text = PrometheusText()
        for (name, family) in families.sorted(by: { $0.key < $1.key }) {
            text.metric(name, family.kind, help: descriptions[name]?.help) { samples in
                for (labels, series) in family.series.sorted(by: { $0.key < $1.key }) {
                    samples.add(series, labelText: labels)
                }
            }
        }
        text.metric(
            "telemetry_refused_series_total",
            .counter,
            help: "Metric handlers without a series of their own, by reason."
        ) { samples in
            samples.add(Double(conflicted), labels: [("reason", "conflict")])
            samples.add(Double(overflowed), labels: [("reason", "overflow")])
        }
        for collector in collectors { collector(&text) }
        return text
    }

    /// The series of `name` with these labels, made by `make` when there is none that `accept` takes.
    func handler<Handler: AnyObject>(
        _ name: String,
        _ kind: MetricKind,
        labels dimensions: [(String, String)],
        defaultBuckets: HistogramBuckets = .amounts,
        make: (HistogramBuckets) -> Handler,
        wrap: (Handler) -> MetricSeries
    ) -> Handler {
        var labels = MetricLabels(labels: dimensions, limits: limits).text
        let buckets = descriptions[name]?.buckets ?? defaultBuckets
        return state.withLock { state in
            var family = state.families[name] ?? MetricFamily(kind: kind, buckets: buckets)
            guard family.kind == kind, state.families.count < limits.metricsMax || !family.series.isEmpty else {
                state.conflicted += 1
                return make(buckets)
            }
            if family.series[labels] == nil, family.series.count >= limits.seriesPerMetricMax {
                labels = MetricLabels.overflow.text
                state.overflowed += 1
            }
            if let existing = family.series[labels] {
                guard let handler = existing.handler as? Handler else {
                    state.conflicted += 1
                    return make(buckets)
                }
                family.uses[labels, default: 0] += 1
                state.families[name] = family
                return handler
            }
            let handler = make(family.buckets)
            family.series[labels] = wrap(handler)
            family.uses[labels] = 1
            state.families[name] = family
            state.places[ObjectIdentifier(handler)] = Place(name: name, labels: labels)
            return handler
        }
    }

    /// Takes a handler's series off the page once nobody uses it any more.
    func release(_ handler: AnyObject) {
        state.withLock { state in
            let identifier = ObjectIdentifier(handler)
            guard let place = state.places[identifier], var family = state.families[place.name] else { return }
            let uses = (family.uses[place.labels] ?? 1) - 1
            family.uses[place.labels] = uses
            if uses <= 0 {
                family.uses[place.labels] = nil
                family.series[place.labels] = nil
                state.places[identifier] = nil
            }
            state.families[place.name] = family.series.isEmpty ? nil : family
        }
    }
}
