/// How fast rows may go into the service database.
package struct PaceSettings: Hashable, Sendable {
    /// Of the time, what the unloader's transactions may take at most; in (0, 1].
    package var share: Double
    /// A transaction that takes longer says that the database has enough to do.
    package var latencyGoal: Duration
    /// Rows a second it does not go below, unless ``share`` or a failure holds it back.
    package var floor: Double
    /// Rows a second it never goes above.
    package var ceiling: Double
    /// Rows a second it begins with.
    package var initial: Double
    /// What a second of work within the goal adds to the rate, in rows a second.
    package var increase: Double
    /// What a transaction beyond the goal leaves of the rate; in (0, 1).
    package var decrease: Double
    /// The pause after a failure, doubling up to the longest, each cut by a random part of up to half.
    package var firstPause: Duration
    package var longestPause: Duration

    package init(
        share: Double = 0.25,
        latencyGoal: Duration = .milliseconds(250),
        floor: Double = 100,
        ceiling: Double = 20_000,
        initial: Double = 1_000,
        increase: Double = 500,
        decrease: Double = 0.7,
        firstPause: Duration = .milliseconds(500),
        longestPause: Duration = .seconds(30)
    ) {
        precondition(share > 0 && share <= 1, "the share is in (0, 1]")
        precondition(floor > 0 && floor <= initial && initial <= ceiling, "0 < floor ≤ initial ≤ ceiling")
        precondition(increase >= 0 && decrease > 0 && decrease < 1, "the rate rises by sums and falls by factors")
        precondition(latencyGoal > .zero && firstPause > .zero && firstPause <= longestPause, "times are positive")
        self.share = share
        self.latencyGoal = latencyGoal
        self.floor = floor
        self.ceiling = ceiling
        self.initial = initial
        self.increase = increase
        self.decrease = decrease
        self.firstPause = firstPause
        self.longestPause = longestPause
    }
}
