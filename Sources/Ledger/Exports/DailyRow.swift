/// A row of `creator_daily`: the new state of one creator, day and content type.
struct DailyRow: Hashable, Sendable {
    var day: UsageDay
    var creator: String
    var contentType: String
    var uses: Int64
    var amount: ExactAmount
    var isDeleted: Bool

    /// - Throws: What is wrong with the line.
    init(_ line: ExportLine) throws(RowFlaw) {
        let fields = line.fields
        guard fields.count == 6 else { throw .fields }
        guard let day = UsageDay(fields[0].text) else { throw .column("day") }
        self.day = day
        creator = try RowFields.text(fields[1], "creator_id", bytesMax: ExportLimits.textBytes)
        contentType = try RowFields.text(fields[2], "content_type", bytesMax: ExportLimits.textBytes)
        isDeleted = try RowFields.flag(fields[5], "deleted")
        uses = try RowFields.uses(fields[3], mayLack: isDeleted)
        amount = try RowFields.amount(fields[4], mayLack: isDeleted)
    }

    /// Whether its key comes strictly before another's.
    func precedes(_ other: DailyRow) -> Bool {
        if day != other.day { return day < other.day }
        switch RowFields.order(creator, other.creator) {
        case 0: return RowFields.order(contentType, other.contentType) < 0
        case let order: return order < 0
        }
    }
}
