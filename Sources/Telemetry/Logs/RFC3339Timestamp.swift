/// A moment as RFC 3339 writes it: UTC, milliseconds, `Z`.
///
/// Written by hand because a log line must not need a formatter.
package struct RFC3339Timestamp {
    /// The text, always 24 bytes for the years 0 to 9999.
    package let bytes: [UInt8]

    package init(nanosecondsSince1970 nanoseconds: Int64) {
        let (days, millisecondOfDay) = Self.split(nanoseconds)
        let (year, month, day) = Self.civil(daysSince1970: days)
        let second = millisecondOfDay / 1000
        var bytes: [UInt8] = []
        bytes.reserveCapacity(24)
        Self.append(year, digits: 4, to: &bytes)
        bytes.append(UInt8(ascii: "-"))
        Self.append(month, digits: 2, to: &bytes)
        bytes.append(UInt8(ascii: "-"))
        Self.append(day, digits: 2, to: &bytes)
        bytes.append(UInt8(ascii: "T"))
        Self.append(second / 3600, digits: 2, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        Self.append(second / 60 % 60, digits: 2, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        Self.append(second % 60, digits: 2, to: &bytes)
        bytes.append(UInt8(ascii: "."))
        Self.append(millisecondOfDay % 1000, digits: 3, to: &bytes)
        bytes.append(UInt8(ascii: "Z"))
        self.bytes = bytes
    }

    /// Whole days since 1970 (rounded down, also before 1970) and the milliseconds into the day.
    private static func split(_ nanoseconds: Int64) -> (days: Int64, millisecondOfDay: Int64) {
        let perDay: Int64 = 86_400_000
        let floor = { (value: Int64, unit: Int64) in value / unit - (value % unit < 0 ? 1 : 0) }
        let milliseconds = floor(nanoseconds, 1_000_000)
        let days = floor(milliseconds, perDay)
        return (days, milliseconds - days * perDay)
    }

    /// The Gregorian date of a day number.
    ///
    /// A year is counted from 1 March, so that the leap day comes last, and days are counted in cycles of 400 years
    /// (146,097 days); 719,468 days lie between 0000-03-01 and 1970-01-01.
    private static func civil(daysSince1970: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let days = daysSince1970 + 719_468
        let cycle = (days >= 0 ? days : days - 146_096) / 146_097
        let dayOfCycle = days - cycle * 146_097
        let yearOfCycle = (dayOfCycle - dayOfCycle / 1460 + dayOfCycle / 36_524 - dayOfCycle / 146_096) / 365
        let dayOfYear = dayOfCycle - (365 * yearOfCycle + yearOfCycle / 4 - yearOfCycle / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        return (yearOfCycle + cycle * 400 + (month <= 2 ? 1 : 0), month, day)
    }

    private static func append(_ value: Int64, digits: Int, to bytes: inout [UInt8]) {
        var divisor: Int64 = 1
        for _ in 1..<digits { divisor *= 10 }
        while divisor > 0 {
            bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value / divisor % 10))
            divisor /= 10
        }
    }
}
