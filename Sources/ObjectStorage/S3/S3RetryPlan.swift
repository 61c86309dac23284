/// When a failed request is sent again: after full-jitter exponential delays, a few times, within a span of time; pure.
package struct S3RetryPlan: Hashable, Sendable {
    /// Attempts in all, the first included.
    package var attemptsMax: Int
    /// The first delay is between 0 and this, the next between 0 and twice this, and so on.
    package var delay: Duration
    package var delayMax: Duration
    /// No attempt begins later than this after the first.
    package var span: Duration

    package init(
        attemptsMax: Int = 5,
        delay: Duration = .milliseconds(100),
        delayMax: Duration = .seconds(5),
        span: Duration = .seconds(60)
    ) {
        precondition(attemptsMax >= 1 && delay >= .zero && delayMax >= .zero)
        self.attemptsMax = attemptsMax
        self.delay = delay
        self.delayMax = delayMax
        self.span = span
    }

    /// How long to wait before the next attempt; `nil` to give up.
    ///
    /// - Parameters:
    ///   - failed: Attempts so far, at least 1.
    ///   - elapsed: Since the first attempt began.
    ///   - random: Any 64 bits.
    /// - Returns: A delay in 0…`delayMax`.
    package func delay(afterAttempt failed: Int, elapsed: Duration, random: UInt64) -> Duration? {
        guard failed < attemptsMax else { return nil }
        let ceiling = min(delayMax, delay * (1 << min(failed - 1, 20)))
        let share = Double(random >> 11) * 0x1p-53
        let wait = ceiling * share
        return elapsed + wait <= span ? wait : nil
    }

    /// Whether an answer that is no success may turn into one.
    package static func isRetryable(status: Int, code: String) -> Bool {
        switch status {
        case 408, 429, 500, 502, 503, 504: true
        case 400: ["RequestTimeout", "IncompleteBody", "BadDigest"].contains(code)
        case 409: ["ConditionalRequestConflict", "OperationAborted"].contains(code)
        default: false
        }
    }
}
