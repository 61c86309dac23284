extension AdmissionTable {
    /// Names one call; given by the shell, never used twice.
    package typealias Ticket = UInt64

    package struct Limits: Hashable, Sendable {
        /// Permits at the same time.
        package var runningMax: Int
        /// Waiting calls in all.
        package var waitingMax: Int
        /// Waiting calls of one tenant.
        package var waitingPerTenantMax: Int
        /// Nobody waits longer.
        package var patience: Duration
        /// A wait that is all right (CoDel's target).
        package var target: Duration
        /// How long a tenant's waits may all be above the target before its queue counts as standing (CoDel's
        /// interval).
        package var interval: Duration
        /// Told to those refused while nothing is known about the speed, and the least that is told.
        package var retryAfterMin: Duration
        /// The most that is told.
        package var retryAfterMax: Duration

        package init(
            runningMax: Int = 64,
            waitingMax: Int = 512,
            waitingPerTenantMax: Int = 256,
            patience: Duration = .seconds(5),
            target: Duration = .milliseconds(200),
            interval: Duration = .seconds(1),
            retryAfterMin: Duration = .seconds(1),
            retryAfterMax: Duration = .seconds(60)
        ) {
            precondition(runningMax >= 1 && waitingMax >= 0 && waitingPerTenantMax >= 0)
            precondition(patience > .zero && target > .zero && interval > .zero)
            precondition(retryAfterMin >= .seconds(1) && retryAfterMax >= retryAfterMin)
            self.runningMax = runningMax
            self.waitingMax = waitingMax
            self.waitingPerTenantMax = waitingPerTenantMax
            self.patience = patience
            self.target = target
            self.interval = interval
            self.retryAfterMin = retryAfterMin
            self.retryAfterMax = retryAfterMax
        }
    }

    package enum Arrival: Hashable, Sendable {
        /// A permit; `finish` gives it back.
        case start
        /// Wait; call `timerFired` at this time unless something happened before.
        case wait(wakeUp: Duration)
        case refused(AdmissionRefusal)
    }

    /// What happens to a call that waits.
    package enum Action: Hashable, Sendable {
        /// A permit; `finish` gives it back.
        case start(Ticket)
        case refuse(Ticket, AdmissionRefusal)
    }
}
