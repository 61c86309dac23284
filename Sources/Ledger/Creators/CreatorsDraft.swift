/// A page of creators in the making: first who is on it, then their days.
///
/// Both databases fill it in the same way, so they round, add up and go on alike: not at all, exactly, and after the
/// last creator of the page.
struct CreatorsDraft {
    private let question: CreatorsQuestion
    private var page: CreatorsPage
    /// Places on the page; by bytes, as Swift takes differently spelt texts for equal.
    private var places: [[UInt8]: Int] = [:]
    private var rows = 0
    private var isMore = false

    init(_ question: CreatorsQuestion, period: UsagePeriod?, periods: [UsagePeriod], count: Int?, asOf: Int64) {
        self.question = question
        var days: (from: UsageDay, to: UsageDay)?
        if case .days(let from, let to) = question.span { days = (from, to) } else { days = period?.days }
        page = CreatorsPage(
            period: period,
            from: days?.from,
            to: days?.to,
            periods: periods,
            count: count,
            creators: [],
            asOf: asOf
        )
    }

    /// Who is on the page so far, in its order.
    var creators: [String] { page.creators.map(\.creator) }

    /// Adds a creator with its payout; what is beyond the page's limit only says that there is more.
    mutating func add(_ creator: String, _ payout: CreatorUsage.Payout) {
        add(creator, uses: payout.uses, amount: payout.amount, status: payout.status)
    }

    /// Adds a creator whose days will say its figures.
    mutating func add(_ creator: String) {
        add(creator, uses: 0, amount: ExactSum().amount, status: nil)
    }

    private mutating func add(_ creator: String, uses: Int64, amount: ExactAmount, status: String?) {
        guard page.creators.count < question.limit else {
            isMore = true
            return
        }
        places[Array(creator.utf8)] = page.creators.count
        page.creators.append(
            CreatorsPage.Creator(creator: creator, uses: uses, amount: amount, status: status, days: [])
        )
    }

    /// Adds one content type's row of a creator's day; rows come in the order of days.
    ///
    /// - Throws: `tooMany`, or `rejected` for what adds up to more than there can be.
    mutating func add(_ row: CreatorUsage.Day, of creator: String) throws(LedgerError) {
        rows += 1
        guard rows <= question.rowsMax else { throw .tooMany(limit: question.rowsMax) }
        guard let place = places[Array(creator.utf8)] else { return }
        let last = page.creators[place].days.indices.last
        if let last, page.creators[place].days[last].day == row.day {
            let day = page.creators[place].days[last]
            var sum = ExactSum()
            guard sum.add(day.amount), sum.add(row.amount) else { throw Self.tooMuch }
            page.creators[place].days[last] = CreatorsPage.Day(
                day: row.day,
                uses: try Self.sum(day.uses, row.uses),
                amount: sum.amount
            )
        } else {
            let day = CreatorsPage.Day(day: row.day, uses: row.uses, amount: row.amount)
            page.creators[place].days.append(day)
        }
    }

    /// The whole page.
    ///
    /// - Throws: `rejected` for what adds up to more than there can be.
    consuming func finished() throws(LedgerError) -> CreatorsPage {
        if case .days = question.span {
            for place in page.creators.indices {
                var sum = ExactSum()
                var uses: Int64 = 0
                for day in page.creators[place].days {
                    guard sum.add(day.amount) else { throw Self.tooMuch }
                    uses = try Self.sum(uses, day.uses)
                }
                page.creators[place].uses = uses
                page.creators[place].amount = sum.amount
            }
        }
        if isMore, let last = page.creators.last {
            var isByAmount = question.order == .amount
            if case .days = question.span { isByAmount = false }
            page.next = CreatorsCursor(creator: last.creator, amount: isByAmount ? last.amount : nil)
        }
        return page
    }

    private static func sum(_ left: Int64, _ right: Int64) throws(LedgerError) -> Int64 {
        let (sum, overflows) = left.addingReportingOverflow(right)
        if overflows { throw tooMuch }
        return sum
    }

    private static let tooMuch = LedgerError.rejected(DatabaseFault(message: "a sum of uses or amounts is too large"))
}
