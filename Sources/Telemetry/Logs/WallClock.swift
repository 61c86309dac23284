#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The time of day, as log lines need it; a closure, so that a test sets its own.
package struct WallClock: Sendable {
    /// Nanoseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
    package let nanosecondsSince1970: @Sendable () -> Int64

    package init(nanosecondsSince1970: @escaping @Sendable () -> Int64) {
        self.nanosecondsSince1970 = nanosecondsSince1970
    }

    /// The machine's clock.
    package static let system = WallClock {
        var time = timespec()
        // SAFETY: `time` lives on this frame and clock_gettime only fills it.
        _ = unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
