/// Why the gate let somebody not in, and when another try makes sense.
package struct AdmissionRefusal: Hashable, Sendable {
    package enum Reason: String, CaseIterable, Hashable, Sendable {
        /// As many wait as may in all, and this tenant has most of them.
        case queueFull = "queue-full"
        /// As many wait as may for one tenant.
        case tenantQueueFull = "tenant-queue-full"
        /// The work ahead will take longer than anybody may wait.
        case hopeless
        /// The tenant's queue had not become short for too long; those who waited longest went.
        case standingQueue = "standing-queue"
        /// Waited as long as anybody may.
        case waitedTooLong = "waited-too-long"
    }

    package let reason: Reason
    /// When the present queue will be worked off, as far as can be told; the value of `Retry-After`.
    package let retryAfterSeconds: Int

    package init(reason: Reason, retryAfterSeconds: Int) {
        self.reason = reason
        self.retryAfterSeconds = retryAfterSeconds
    }
}
