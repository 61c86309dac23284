extension HTTPDate {
    /// Where two-digit years are reckoned from when no time is given: 2026-01-01.
    private static let referenceMilliseconds: Int64 = 1_767_225_600_000

    /// Reads the three forms of RFC 9110 section 5.6.7, exactly, except that letter case doesn't count.
    ///
    /// Another zone than GMT, a missing comma, several spaces or one digit where two belong make it `nil`; a wrong
    /// weekday does not. A two-digit year is the one that is not more than 50 years after `nowMilliseconds` (since
    /// 1970).
    package init?(fieldValue: String, nowMilliseconds: Int64? = nil) {
        let now = nowMilliseconds ?? Self.referenceMilliseconds
        let text = Array(fieldValue.utf8)
        guard let seconds = Self.preferred(text) ?? Self.asctime(text) ?? Self.rfc850(text, now: now)
        else { return nil }
        self.init(secondsSince1970: seconds)
    }

    /// The first of several lines; `nil` if there is none or it cannot be read.
    init?(first lines: [String], nowMilliseconds: Int64) {
        guard let line = lines.first else { return nil }
        self.init(fieldValue: line, nowMilliseconds: nowMilliseconds)
    }

    /// The form to write: `Sun, 06 Nov 1994 08:49:37 GMT`.
    private static func preferred(_ text: [UInt8]) -> Int64? {
        guard text.count == 29, isDay(text[0..<3]), matches(text, 3, ", "), matches(text, 7, " "),
            matches(text, 11, " "), matches(text, 16, " "), matches(text, 25, " GMT")
        else { return nil }
        return seconds(
            year: number(text[12..<16]),
            month: month(text[8..<11]),
            day: number(text[5..<7]),
            clock: text[17..<25]
        )
    }

    /// The form of the C library: `Sun Nov  6 08:49:37 1994`.
    private static func asctime(_ text: [UInt8]) -> Int64? {
        guard text.count == 24, isDay(text[0..<3]), matches(text, 3, " "), matches(text, 7, " "),
            matches(text, 10, " "), matches(text, 19, " ")
        else { return nil }
        let day = text[8] == 0x20 ? number(text[9..<10]) : number(text[8..<10])
        return seconds(year: number(text[20..<24]), month: month(text[4..<7]), day: day, clock: text[11..<19])
    }

    private static let longDays = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"]

    /// The obsolete form with two digits for the year: `Sunday, 06-Nov-94 08:49:37 GMT`.
    private static func rfc850(_ text: [UInt8], now: Int64) -> Int64? {
        guard let comma = text.firstIndex(of: UInt8(ascii: ",")), longDays.contains(lowered(text[..<comma]))
        else { return nil }
        let rest = Array(text[comma...])
        guard rest.count == 24, matches(rest, 0, ", "), matches(rest, 4, "-"), matches(rest, 8, "-"),
            matches(rest, 11, " "), matches(rest, 20, " GMT"), let short = number(rest[9..<11])
        else { return nil }
        let dayNumber = (now - (now % 86_400_000 + 86_400_000) % 86_400_000) / 86_400_000
        let thisYear = civil(min(max(dayNumber, -719_468), 2_932_896)).year
        var year = thisYear - thisYear % 100 + short
        if year > thisYear + 50 { year -= 100 } else if year <= thisYear - 50 { year += 100 }
        return seconds(year: year, month: month(rest[5..<8]), day: number(rest[2..<4]), clock: rest[12..<20])
    }

    private static func seconds(year: Int64?, month: Int64?, day: Int64?, clock: ArraySlice<UInt8>) -> Int64? {
        let text = Array(clock)
        guard let year, let month, let day, let hour = number(text[0..<2]), let minute = number(text[3..<5]),
            let second = number(text[6..<8]), text[2] == 0x3A, text[5] == 0x3A
        else { return nil }
        guard day >= 1, day <= daysIn(month: month, year: year), hour <= 23, minute <= 59, second <= 60
        else { return nil }
        return dayNumber(year: year, month: month, day: day) * 86_400 + hour * 3_600 + minute * 60 + second
    }

    private static func daysIn(month: Int64, year: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    private static func isDay(_ text: ArraySlice<UInt8>) -> Bool {
        let name = lowered(text)
        return days.contains { $0.lowercased() == name }
    }

    private static func month(_ text: ArraySlice<UInt8>) -> Int64? {
        let name = lowered(text)
        return months.firstIndex { $0.lowercased() == name }.map { Int64($0 + 1) }
    }

    private static func number(_ text: ArraySlice<UInt8>) -> Int64? {
        var value: Int64 = 0
        for byte in text {
            guard byte >= 0x30, byte <= 0x39 else { return nil }
            value = value * 10 + Int64(byte - 0x30)
        }
        return value
    }

    private static func lowered(_ text: ArraySlice<UInt8>) -> String {
        String(decoding: text, as: UTF8.self).lowercased()
    }

    /// Whether the text has these ASCII characters at an offset, in any letter case.
    private static func matches(_ text: [UInt8], _ offset: Int, _ expected: String) -> Bool {
        let end = offset + expected.utf8.count
        return end <= text.count && lowered(text[offset..<end]) == expected.lowercased()
    }
}
