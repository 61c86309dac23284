import Glibc

/// The kernel's steady clock, for deadlines that `poll` waits for.
enum MonotonicTime {
    /// Time since some fixed moment (usually the machine's start).
    static func read() -> Duration {
        var time = timespec()
        // SAFETY: `time` is a valid place for the answer.
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }
}

extension Duration {
    /// Whole microseconds, rounded down.
    var wholeMicroseconds: Int {
        Int(components.seconds) * 1_000_000 + Int(components.attoseconds / 1_000_000_000_000)
    }
}
