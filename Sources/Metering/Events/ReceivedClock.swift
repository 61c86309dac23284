import Synchronization

/// When events arrive, in microseconds since 1970: never earlier than the arrival before, whatever the clock does.
package final class ReceivedClock: Sendable {
    private let now: @Sendable () -> Int64
    private let last: Mutex<Int64>

    /// - Parameters:
    ///   - last: The newest arrival of before the start, if it is known.
    ///   - now: The wall clock, in microseconds since 1970.
    package init(after last: Int64 = .min, now: @escaping @Sendable () -> Int64) {
        self.now = now
        self.last = Mutex(last)
    }

    /// The time of an arrival.
    package func arrival() -> Int64 {
        let now = now()
        return last.withLock { last in
            last = max(last, now)
            return last
        }
    }
}
