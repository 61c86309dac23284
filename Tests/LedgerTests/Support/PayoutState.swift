/// A row of `payouts` as a test says it.
struct PayoutState: Hashable {
    var period: String
    var creator: String
    var uses: Int64
    var amount: String
    var status: String
    var isDeleted = false

    var line: String {
        [period, CSVText.field(creator), String(uses), amount, CSVText.field(status), isDeleted ? "1" : "0"]
            .joined(separator: ",")
    }
}
