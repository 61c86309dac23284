/// A row of `creator_daily` as a test says it.
struct DailyState: Hashable {
    var day: String
    var creator: String
    var contentType: String
    var uses: Int64
    var amount: String
    var isDeleted = false

    var line: String {
        [day, CSVText.field(creator), CSVText.field(contentType), String(uses), amount, isDeleted ? "1" : "0"]
            .joined(separator: ",")
    }
}
