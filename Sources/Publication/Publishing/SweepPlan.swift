/// What a sweep shall leave alone.
package struct SweepPlan: Sendable {
    /// Records younger than this stay, and those of numbers that were in force less than this ago; in milliseconds.
    package var graceMilliseconds: Int64
    /// The records of so many latest numbers of each app stay, at least 1.
    package var keep: Int
    /// Removes nothing.
    package var isDryRun: Bool

    /// 30 days and 20 numbers unless said otherwise.
    package init(graceMilliseconds: Int64 = 30 * 86_400_000, keep: Int = 20, isDryRun: Bool = false) {
        self.graceMilliseconds = graceMilliseconds
        self.keep = keep
        self.isDryRun = isDryRun
    }
}
