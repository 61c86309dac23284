/// The calls that are written next, as one group.
struct WaitingEvents {
    /// The calls' lines, one call behind the other.
    private(set) var lines: [UInt8] = []
    private(set) var events = 0
    private(set) var waiters: [CheckedContinuation<LocalUsageLog.Outcome, Never>] = []

    var bytes: Int { lines.count }
    var isEmpty: Bool { waiters.isEmpty }

    mutating func append(
        _ lines: [UInt8],
        events: Int,
        waiter: CheckedContinuation<LocalUsageLog.Outcome, Never>
    ) {
        self.lines += lines
        self.events += events
        waiters.append(waiter)
    }
}
