/// When the next batch may go: additive increase, multiplicative decrease, and a share of the database's time.
///
/// After a batch of *n* rows that took *t*, the next one waits for the later of *n* / rate since it began and
/// *t* · (1 / share − 1) since it ended. The rate rises by a constant for each second of work within the goal, and
/// falls by a factor with each batch beyond it (Chiu and Jain, 1989: this is what makes several unloaders share
/// fairly). A failure halves it, from the third in a row on it is the floor; and the pause grows with each. Time in
/// which nothing was done earns nothing: after an outage, or an idle night, work begins as slowly as it ended.
///
/// A state machine without a clock: `now` is the time since any fixed moment, and never goes back.
package struct UnloadPace: Sendable {
    private let settings: PaceSettings
    /// Rows a second, from floor to ceiling.
    package private(set) var rate: Double
    /// Failures in a row.
    package private(set) var failures = 0
    private var notBefore = Duration.zero
    private var lastEnd: Duration?

    /// The time between two batches that counts as work at most.
    private static let creditMax = Duration.seconds(1)

    package init(_ settings: PaceSettings) {
        self.settings = settings
        rate = settings.initial
    }

    /// How long to wait before the next batch; zero to begin.
    package func wait(at now: Duration) -> Duration { max(.zero, notBefore - now) }

    /// A batch was applied.
    package mutating func finished(rows: Int, began: Duration, ended: Duration) {
        let took = max(.zero, ended - began)
        if took > settings.latencyGoal {
            rate = max(settings.floor, rate * settings.decrease)
        } else {
            let worked = min(Self.creditMax, lastEnd.map { ended - $0 } ?? took)
            rate = min(settings.ceiling, rate + settings.increase * Self.seconds(worked))
        }
        failures = 0
        lastEnd = ended
        notBefore = max(
            began + .seconds(Double(rows) / rate),
            ended + .seconds(Self.seconds(took) * (1 / settings.share - 1))
        )
    }

    /// A batch was not applied.
    ///
    /// `random` is in [0, 1), so that many unloaders do not come back at once.
    package mutating func failed(at ended: Duration, random: Double) {
        failures += 1
        rate = failures >= 3 ? settings.floor : max(settings.floor, rate / 2)
        var pause = settings.firstPause
        for _ in 1..<max(1, min(failures, 32)) where pause < settings.longestPause { pause *= 2 }
        pause = min(pause, settings.longestPause)
        lastEnd = ended
        notBefore = ended + pause * (1 - min(max(random, 0), 1) / 2)
    }

    private static func seconds(_ duration: Duration) -> Double { duration / .seconds(1) }
}
