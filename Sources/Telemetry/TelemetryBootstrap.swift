import CoreMetrics
package import Logging

/// What the process says about itself: log lines, numbers for Prometheus, and the trace a request belongs to.
///
/// The other modules write to the facades (swift-log, swift-metrics) and never import this one; only the binary does,
/// and calls `install` once before anything logs or counts. Costs: a log line is formatted and written with one system
/// call on the caller's thread; a counter is one atomic addition, a histogram three. Nothing here throws or traps on
/// what it is given: a line that is too long is cut and says so, a metric with too many label sets goes to its
/// `overflow` series, and a line that cannot be written is dropped.
package enum TelemetryBootstrap {
    /// Makes `format` the process's log handler and `registry` its metrics backend.
    ///
    /// Call it exactly once per process: the facades trap on a second call. Tests do not call it; they make handlers
    /// and registries of their own.
    package static func install(
        logFormat: LogFormat,
        level: Logger.Level,
        output: LogOutput = .standardError,
        registry: PrometheusRegistry
    ) {
        LoggingSystem.bootstrap(
            { label, provider in
                var handler = logFormat.handler(label: label, output: output)
                handler.logLevel = level
                handler.metadataProvider = provider
                return handler
            },
            metadataProvider: .currentTrace
        )
        MetricsSystem.bootstrap(PrometheusFactory(registry: registry))
    }
}
