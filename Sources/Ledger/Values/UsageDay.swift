/// A day in UTC, as `YYYY-MM-DD` (RFC 3339 full-date) from 1970-01-01 to 9999-12-31.
package struct UsageDay: Hashable, Sendable {
    /// 0 is 1970-01-01.
    package let daysSince1970: Int
    /// 1 to 12.
    package let month: Int
    package let year: Int
    private let dayOfMonth: Int

    private static let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

    /// `nil` for anything but ten characters that name a day there is.
    package init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8)
        guard bytes.count == 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
            let year = Self.number(bytes[0..<4]), let month = Self.number(bytes[5..<7]),
            let day = Self.number(bytes[8..<10]), year >= 1970, (1...12).contains(month),
            day >= 1, day <= Self.length(ofMonth: month, year: year)
        else { return nil }
        self.year = year
        self.month = month
        dayOfMonth = day
        daysSince1970 = Self.days(year, month, day)
    }

    /// The day of a moment in milliseconds since 1970, moved by so many days; held to the days there are.
    package init(millisecondsSince1970: Int64, movedBy days: Int = 0) {
        let last = Self.days(9_999, 12, 31)
        let moved = Int(millisecondsSince1970 / 86_400_000) + days
        let number = min(max(moved, 0), last)
        var year = 1970 + number / 366
        while Self.days(year + 1, 1, 1) <= number { year += 1 }
        var month = 1
        while month < 12, Self.days(year, month + 1, 1) <= number { month += 1 }
        self.year = year
        self.month = month
        dayOfMonth = number - Self.days(year, month, 1) + 1
        daysSince1970 = number
    }

    /// The day so many days later; held to the days there are.
    package func moved(by days: Int) -> UsageDay {
        UsageDay(millisecondsSince1970: Int64(daysSince1970) * 86_400_000, movedBy: days)
    }

    /// The month it is in.
    package var period: UsagePeriod { UsagePeriod(year: year, month: month) }

    private static func isLeap(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

    private static func length(ofMonth month: Int, year: Int) -> Int {
        lengths[month - 1] + (month == 2 && isLeap(year) ? 1 : 0)
    }

    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let before = year - 1
        let leaps = before / 4 - before / 100 + before / 400 - 477
        let months = lengths[..<(month - 1)].reduce(0, +) + (month > 2 && isLeap(year) ? 1 : 0)
        return (year - 1970) * 365 + leaps + months + day - 1
    }

    /// Digits only.
    static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        var value = 0
        for digit in digits {
            guard digit >= UInt8(ascii: "0"), digit <= UInt8(ascii: "9") else { return nil }
            value = value * 10 + Int(digit - UInt8(ascii: "0"))
        }
        return value
    }

    static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
}

extension UsageDay: Comparable {
    package static func < (left: UsageDay, right: UsageDay) -> Bool { left.daysSince1970 < right.daysSince1970 }
}

extension UsageDay: CustomStringConvertible {
    /// `YYYY-MM-DD`.
    package var description: String { "\(period)-\(Self.padded(dayOfMonth, 2))" }
}
