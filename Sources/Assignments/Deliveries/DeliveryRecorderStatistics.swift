/// What a `DeliveryRecorder` has done since it was made.
package struct DeliveryRecorderStatistics: Hashable, Sendable {
    /// Events that the sink has.
    package var recorded = 0
    /// Requests that these events count.
    package var requestsRecorded = 0
    /// Events that were made and wait for the sink, which failed.
    package var waiting = 0
    /// Times that the sink failed.
    package var failures = 0
    /// Requests that are counted nowhere: the sink failed until the node stopped.
    package var requestsLost = 0

    package init() {}
}
