import Glibc

extension WallClockTime {
    /// Microseconds since 1970; some 20 ns.
    static func microseconds() -> Int64 {
        var now = timespec()
        // SAFETY: the call fills in the structure that it is given.
        _ = unsafe clock_gettime(CLOCK_REALTIME, &now)
        return Int64(now.tv_sec) * 1_000_000 + Int64(now.tv_nsec) / 1_000
    }
}
