/// Whether writing is worth a try: after a failure not before a delay is over, which doubles with each failure.
struct WriteHealth: Sendable {
    let delay: Duration
    let delayMax: Duration

    private(set) var lastFailure: DiskFailure?
    private var nextDelay: Duration
    private var retryAt: Duration?

    init(delay: Duration, delayMax: Duration) {
        self.delay = delay
        self.delayMax = delayMax
        nextDelay = delay
    }

    var isDegraded: Bool { retryAt != nil }

    /// `now` counts from the tier's opening.
    func mayTry(at now: Duration) -> Bool {
        guard let retryAt else { return true }
        return now >= retryAt
    }

    mutating func failed(_ failure: DiskFailure, at now: Duration) {
        lastFailure = failure
        retryAt = now + nextDelay
        nextDelay = min(nextDelay * 2, delayMax)
    }

    mutating func succeeded() {
        retryAt = nil
        nextDelay = delay
    }
}
