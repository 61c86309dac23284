/// Some creators with their figures, all of one moment.
package struct CreatorsPage: Hashable, Sendable {
    /// Uses of all content types on one day.
    package struct Day: Hashable, Sendable {
        package var day: UsageDay
        package var uses: Int64
        package var amount: ExactAmount
    }

    package struct Creator: Hashable, Sendable {
        package var creator: String
        /// What is paid in the month, corrections included; or the sums of the days.
        package var uses: Int64
        package var amount: ExactAmount
        /// Of the payout, such as `open`; `nil` where days were asked for.
        package var status: String?
        /// Days with uses, in their order.
        package var days: [Day]
    }

    /// The month; `nil` where days were asked for, or there are no payouts.
    package var period: UsagePeriod?
    /// What the days of `creators` are from and to, both included; `nil` without a month.
    package var from: UsageDay?
    package var to: UsageDay?
    /// Months with payouts, the newest first, at most ``periodsMax``.
    package var periods: [UsagePeriod]
    /// Creators with a payout in the month, whatever was searched; `nil` where days were asked for.
    package var count: Int?
    package var creators: [Creator]
    /// Where the next page begins; `nil` on the last one.
    package var next: CreatorsCursor?
    /// The export up to which everything is in these figures; later ones may be in part.
    package var asOf: Int64

    static let periodsMax = 36
}
