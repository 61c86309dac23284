/// Takes the exposures of requests, keeps one of each, and hands them to a sink behind the requests' backs.
///
/// **Promises.** `record` never waits. An exposure is handed on once per unit, variation and window as long as the
/// deduplicator's memory reaches; a second time, it has the same id. What the sink refuses is tried again, then given
/// up, counted, and forgotten by the deduplicator so that the unit's next exposure is reported. **Costs** one lock and
/// one table look-up per exposure, one SHA-256 for each that is new, and the queue's bounded memory. **Fails** by
/// dropping and counting when the queue is full.
package final class ExposureRecorder: Sendable {
    package init(
        sink: any UsageSink,
        deduplicator: ExposureDeduplicator,
        settings: ExposureRecorderSettings
    ) { fatalError() }

    /// Takes the exposures of one request; how many of them were new and are queued.
    @discardableResult
    package func record(_ exposures: [Exposure], context: ExposureContext) -> Int { fatalError() }

    /// Hands queued events to the sink until the task is cancelled or the service group shuts down, then what is left.
    package func run() async {}
}
