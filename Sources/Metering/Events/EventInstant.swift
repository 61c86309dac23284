/// Times as events have them (RFC 3339 §5.6), to the microsecond.
///
/// The calendar is computed after Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms": years that begin in
/// March, in eras of 400.
package enum EventInstant {
    private static let dayMicroseconds: Int64 = 86_400_000_000

    /// Microseconds since 1970 in UTC; `nil` for what is no RFC 3339 time.
    ///
    /// Digits past the sixth are cut off. A leap second, 23:59:60 in UTC, is the second after it.
    package static func microseconds(_ text: ArraySlice<UInt8>) -> Int64? { microseconds(text.span) }

    /// The same of bytes that nobody copies.
    static func microseconds(_ text: Span<UInt8>) -> Int64? {
        guard text.count >= 20, let date = date(text), let second = second(text) else { return nil }
        var index = 19
        guard let fraction = fraction(text, &index), let offset = offset(text, &index), index == text.count
        else { return nil }
        // A leap second is counted as the one before it, and one more.
        let isLeap = second.ofMinute == 60
        let seconds = second.ofHours + Int64(isLeap ? 59 : second.ofMinute) - offset
        let local = date * 86_400 + seconds
        if isLeap {
            guard (local % 86_400 + 86_400) % 86_400 == 86_399 else { return nil }
            return (local + 1) * 1_000_000 + fraction
        }
        return local * 1_000_000 + fraction
    }

    /// The day in UTC, counted from 1970-01-01.
    package static func day(of microseconds: Int64) -> Int64 {
        let day = microseconds / dayMicroseconds
        return microseconds % dayMicroseconds < 0 ? day - 1 : day
    }

    private static func date(_ text: Span<UInt8>) -> Int64? {
        guard let century = pair(text, 0), let rest = pair(text, 2), text[4] == UInt8(ascii: "-"),
            let month = pair(text, 5), text[7] == UInt8(ascii: "-"), let day = pair(text, 8),
            text[10] | 0x20 == UInt8(ascii: "t"), (1...12).contains(month)
        else { return nil }
        let year = Int64(century) * 100 + Int64(rest)
        guard day >= 1, day <= length(of: month, year) else { return nil }
        let marchYear = month <= 2 ? year - 1 : year
        let era = (marchYear >= 0 ? marchYear : marchYear - 399) / 400
        let dayOfYear = Int64(153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + Int64(day) - 1
        let yearOfEra = marchYear - era * 400
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    private static func length(of month: Int, _ year: Int64) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    private static func second(_ text: Span<UInt8>) -> (ofHours: Int64, ofMinute: Int)? {
        guard let hour = pair(text, 11), text[13] == UInt8(ascii: ":"),
            let minute = pair(text, 14), text[16] == UInt8(ascii: ":"),
            let second = pair(text, 17), hour < 24, minute < 60, second <= 60
        else { return nil }
        return (Int64(hour * 3_600 + minute * 60), second)
    }

    /// Microseconds of a second's fraction; 0 without one.
    private static func fraction(_ text: Span<UInt8>, _ index: inout Int) -> Int64? {
        guard index < text.count, text[index] == UInt8(ascii: ".") else { return 0 }
        index += 1
        var value: Int64 = 0
        var digits = 0
        while index < text.count, text[index] &- 0x30 <= 9 {
            if digits < 6 { value = value * 10 + Int64(text[index] - 0x30) }
            digits += 1
            index += 1
        }
        guard digits > 0 else { return nil }
        for _ in min(digits, 6)..<6 { value *= 10 }
        return value
    }

    /// Seconds that local time is ahead of UTC.
    private static func offset(_ text: Span<UInt8>, _ index: inout Int) -> Int64? {
        guard index < text.count else { return nil }
        let mark = text[index]
        index += 1
        if mark | 0x20 == UInt8(ascii: "z") { return 0 }
        guard mark == UInt8(ascii: "+") || mark == UInt8(ascii: "-"), index + 5 == text.count,
            let hours = pair(text, index), text[index + 2] == UInt8(ascii: ":"), let minutes = pair(text, index + 3),
            hours < 24, minutes < 60
        else { return nil }
        index += 5
        let seconds = Int64(hours * 3_600 + minutes * 60)
        return mark == UInt8(ascii: "-") ? -seconds : seconds
    }

    private static func pair(_ text: Span<UInt8>, _ index: Int) -> Int? {
        let tens = text[index] &- 0x30
        let ones = text[index + 1] &- 0x30
        return tens <= 9 && ones <= 9 ? Int(tens) * 10 + Int(ones) : nil
    }
}
