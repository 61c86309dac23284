/// Times as events have them: RFC 3339 in UTC with milliseconds, `2026-11-21T09:30:00.125Z`.
///
/// The calendar is computed after Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms": years that begin in
/// March, in eras of 400.
enum EventTime {
    /// Milliseconds since 1970, to the end of the year 9999.
    static let range: ClosedRange<Int64> = 0...253_402_300_799_999

    private static let dayMilliseconds: Int64 = 86_400_000
    /// Days from the first of March of the year 0 to the first of January 1970.
    private static let daysTo1970: Int64 = 719_468

    /// `milliseconds` is in `range`.
    static func text(_ milliseconds: Int64) -> String {
        precondition(range.contains(milliseconds))
        let days = milliseconds / dayMilliseconds + daysTo1970
        let era = days / 146_097
        let dayOfEra = days % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        let rest = milliseconds % dayMilliseconds
        var text: [UInt8] = []
        text.reserveCapacity(24)
        add(year, 4, "-", to: &text)
        add(month, 2, "-", to: &text)
        add(day, 2, "T", to: &text)
        add(rest / 3_600_000, 2, ":", to: &text)
        add(rest / 60_000 % 60, 2, ":", to: &text)
        add(rest / 1_000 % 60, 2, ".", to: &text)
        add(rest % 1_000, 3, "Z", to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    /// Appends a number with leading zeros and what follows it.
    private static func add(_ number: Int64, _ width: Int, _ end: Unicode.Scalar, to text: inout [UInt8]) {
        var divisor: Int64 = 1
        for _ in 1..<width { divisor *= 10 }
        while divisor > 0 {
            text.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number / divisor % 10))
            divisor /= 10
        }
        text.append(UInt8(ascii: end))
    }

    /// Milliseconds since 1970; `nil` for what `text` does not write.
    static func milliseconds(_ text: String) -> Int64? {
        let bytes = Array(text.utf8)
        guard bytes.count == 24,
            let year = number(bytes[0..<4]), let month = number(bytes[5..<7]), let day = number(bytes[8..<10]),
            let hour = number(bytes[11..<13]), let minute = number(bytes[14..<16]), let second = number(bytes[17..<19]),
            let thousandth = number(bytes[20..<23]),
            (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second < 60
        else { return nil }
        let marchYear = month <= 2 ? year - 1 : year
        guard marchYear >= 0 else { return nil }
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let yearOfEra = marchYear % 400
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        let days = marchYear / 400 * 146_097 + dayOfEra - daysTo1970
        let milliseconds =
            days * dayMilliseconds + hour * 3_600_000 + minute * 60_000 + second * 1_000 + thousandth
        // Written back, a day that its month does not have, or another punctuation, is another text.
        guard range.contains(milliseconds), Self.text(milliseconds).utf8.elementsEqual(bytes) else { return nil }
        return milliseconds
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int64? {
        var value: Int64 = 0
        for digit in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
            value = value * 10 + Int64(digit - UInt8(ascii: "0"))
        }
        return value
    }
}
