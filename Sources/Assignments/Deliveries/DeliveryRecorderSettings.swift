/// How a `DeliveryRecorder` works.
package struct DeliveryRecorderSettings: Sendable {
    /// The node's name, for the events; 1 to 63 visible characters.
    package var node: String
    /// A number that no other start of any node has had: 64 random bits.
    package var boot: UInt64
    /// How long deliveries are added up before they are handed on: what a crash may lose.
    package var window = Duration.seconds(10)
    /// Events that are handed to the sink at a time.
    package var batchMax = 1_000
    /// How often each batch is tried when the node stops.
    package var lastAttempts = 3
    /// How long to wait between these.
    package var pause = Duration.milliseconds(200)

    package init(node: String, boot: UInt64) {
        self.node = node
        self.boot = boot
    }
}
