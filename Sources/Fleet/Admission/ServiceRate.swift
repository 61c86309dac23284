/// How fast work gets done while there is enough of it: the mean time between two ends, newer ones counted more.
struct ServiceRate: Hashable, Sendable {
    /// Gaps that must have been seen before the estimate is used.
    private static let samplesMin = 8
    /// Weight of the newest gap is one in so many.
    private static let memory = 16.0

    private var meanSeconds = 0.0
    private var samples = 0
    /// The last end, if all permits have been in use since.
    private var lastEnd: Duration?

    /// One piece of work ended.
    ///
    /// - Parameters:
    ///   - now: When.
    ///   - isBusy: Whether all permits are in use still, so that the next gap says something about the speed.
    mutating func ended(at now: Duration, isBusy: Bool) {
        if let lastEnd {
            samples += 1
            let gap = Self.seconds(max(.zero, now - lastEnd))
            meanSeconds += (gap - meanSeconds) / min(Double(samples), Self.memory)
        }
        lastEnd = isBusy ? now : nil
    }

    /// Time until so many pieces more have ended; `nil` if too little is known.
    ///
    /// Where nothing has ended for longer than usual, that is the speed.
    func time(for pieces: Int, at now: Duration) -> Duration? {
        guard samples >= Self.samplesMin else { return nil }
        let silence = lastEnd.map { Self.seconds(now - $0) } ?? 0
        return .seconds(min(max(meanSeconds, silence) * Double(pieces), 1_000_000))
    }

    private static func seconds(_ duration: Duration) -> Double { duration / .seconds(1) }
}
