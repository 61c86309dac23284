/// What an `ExposureRecorder` has done since it was made.
package struct ExposureRecorderStatistics: Hashable, Sendable {
    /// Exposures that are waiting for the sink.
    package var waiting = 0
    /// Exposures that the sink has.
    package var recorded = 0
    /// Exposures that were not reported: the queue was full, or the sink failed again and again.
    package var dropped = 0
    /// Exposures with names that no event may have.
    package var invalid = 0

    package init(waiting: Int = 0, recorded: Int = 0, dropped: Int = 0, invalid: Int = 0) {
        self.waiting = waiting
        self.recorded = recorded
        self.dropped = dropped
        self.invalid = invalid
    }
}
