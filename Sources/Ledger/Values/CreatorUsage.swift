/// What a creator's content was used, and what is paid for it.
package struct CreatorUsage: Hashable, Sendable {
    /// Uses of one content type on one day.
    package struct Day: Hashable, Sendable {
        package var day: UsageDay
        package var contentType: String
        package var uses: Int64
        package var amount: ExactAmount

        package init(day: UsageDay, contentType: String, uses: Int64, amount: ExactAmount) {
            self.day = day
            self.contentType = contentType
            self.uses = uses
            self.amount = amount
        }
    }

    /// What is paid for one period.
    package struct Payout: Hashable, Sendable {
        package var period: UsagePeriod
        package var uses: Int64
        package var amount: ExactAmount
        /// As the warehouse says it, such as `open` or `closed`.
        package var status: String

        package init(period: UsagePeriod, uses: Int64, amount: ExactAmount, status: String) {
            self.period = period
            self.uses = uses
            self.amount = amount
            self.status = status
        }
    }

    package var creator: String
    package var days: [Day]
    package var payouts: [Payout]
    /// The export up to which everything is in these figures; later ones may be in part.
    package var asOf: Int64

    package init(creator: String, days: [Day], payouts: [Payout], asOf: Int64) {
        self.creator = creator
        self.days = days
        self.payouts = payouts
        self.asOf = asOf
    }
}
