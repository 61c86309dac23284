/// How an `ExposureRecorder` works.
package struct ExposureRecorderSettings: Sendable {
    /// The node's name, for the events; 1 to 128 bytes.
    package var node: String
    /// How units are written into events.
    package var naming = UnitNaming.plain
    /// Exposures that may wait for the sink; more are dropped.
    package var exposuresMax = 20_000
    /// Exposures that are handed to the sink at a time.
    package var batchMax = 500
    /// How long exposures are gathered before they are handed on.
    package var linger = Duration.milliseconds(50)
    /// How often a batch is tried before it is given up.
    package var attemptsMax = 5
    /// How long to wait after a batch has failed; doubled each time.
    package var pause = Duration.milliseconds(100)

    package init(node: String) { self.node = node }
}
