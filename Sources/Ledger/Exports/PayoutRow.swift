/// A row of `payouts`: the new state of one creator and period.
struct PayoutRow: Hashable, Sendable {
    var period: UsagePeriod
    var creator: String
    var uses: Int64
    var amount: ExactAmount
    var status: String
    var isDeleted: Bool

    /// - Throws: What is wrong with the line.
    init(_ line: ExportLine) throws(RowFlaw) {
        let fields = line.fields
        guard fields.count == 6 else { throw .fields }
        guard let period = UsagePeriod(fields[0].text) else { throw .column("period") }
        self.period = period
        creator = try RowFields.text(fields[1], "creator_id", bytesMax: ExportLimits.textBytes)
        isDeleted = try RowFields.flag(fields[5], "deleted")
        uses = try RowFields.uses(fields[2], mayLack: isDeleted)
        amount = try RowFields.amount(fields[3], mayLack: isDeleted)
        status =
            isDeleted && fields[4].text.isEmpty
            ? "" : try RowFields.text(fields[4], "status", bytesMax: ExportLimits.statusBytes)
    }

    /// Whether its key comes strictly before another's.
    func precedes(_ other: PayoutRow) -> Bool {
        if period != other.period { return (period.year, period.month) < (other.period.year, other.period.month) }
        return RowFields.order(creator, other.creator) < 0
    }
}
