/// How an `ExposureRecorder` works.
package struct ExposureRecorderSettings: Sendable {
    /// The node's name, for the events.
    package var node: String
    /// How units are written into events.
    package var naming = UnitNaming.plain
    /// Events that may wait for the sink; more are dropped.
    package var eventsMax = 20_000

    package init(node: String) { self.node = node }
}
