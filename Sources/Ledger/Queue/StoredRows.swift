import DeliveryTypes

/// Reads what the tables hold; both databases keep days, periods and amounts as the same texts.
enum StoredRows {
    static func day(
        _ day: String,
        contentType: String,
        uses: Int64,
        amount: String
    ) throws(LedgerError) -> CreatorUsage.Day {
        guard let day = UsageDay(day), let amount = ExactAmount(amount) else { throw unreadable("creator_daily") }
        return CreatorUsage.Day(day: day, contentType: contentType, uses: uses, amount: amount)
    }

    static func payout(
        _ period: String,
        uses: Int64,
        amount: String,
        status: String
    ) throws(LedgerError) -> CreatorUsage.Payout {
        guard let period = UsagePeriod(period), let amount = ExactAmount(amount) else { throw unreadable("payouts") }
        return CreatorUsage.Payout(period: period, uses: uses, amount: amount, status: status)
    }

    static func digest(_ bytes: [UInt8]) throws(LedgerError) -> ContentDigest {
        guard bytes.count == 32 else { throw unreadable("exports") }
        return ContentDigest(bytes: bytes)
    }

    private static func unreadable(_ table: String) -> LedgerError {
        .rejected(DatabaseFault(message: "a row of \(table) is none of this program's"))
    }
}
