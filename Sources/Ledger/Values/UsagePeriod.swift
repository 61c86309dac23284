/// A month in UTC, as `YYYY-MM` from 1970-01 to 9999-12: what is paid together.
package struct UsagePeriod: Hashable, Sendable {
    package let year: Int
    /// 1 to 12.
    package let month: Int

    init(year: Int, month: Int) {
        self.year = year
        self.month = month
    }

    /// `nil` for anything but seven characters that name a month.
    package init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8)
        guard bytes.count == 7, bytes[4] == UInt8(ascii: "-"), let year = UsageDay.number(bytes[0..<4]),
            let month = UsageDay.number(bytes[5..<7]), year >= 1970, (1...12).contains(month)
        else { return nil }
        self.init(year: year, month: month)
    }
}

extension UsagePeriod {
    /// Its first and its last day.
    package var days: (from: UsageDay, to: UsageDay) {
        guard let from = UsageDay("\(self)-01") else { preconditionFailure("each month has a first day") }
        // Day 32 of a month is one of the next month's first days.
        var to = from.moved(by: 31)
        while to.period != self { to = to.moved(by: -1) }
        return (from, to)
    }
}

extension UsagePeriod: CustomStringConvertible {
    /// `YYYY-MM`.
    package var description: String { "\(UsageDay.padded(year, 4))-\(UsageDay.padded(month, 2))" }
}
