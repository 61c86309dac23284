/// Days as the manifests have them: `2026-11-21`, of the proleptic Gregorian calendar in UTC.
///
/// The calendar is computed after Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms": years that begin in
/// March, in eras of 400.
enum CalendarDay {
    /// Days from the first of March of the year 0 to the first of January 1970.
    private static let daysTo1970: Int64 = 719_468

    /// `days` since 1970; years outside of 0 to 9999 have more digits or a sign.
    static func text(_ days: Int64) -> String {
        let shifted = days + daysTo1970
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
    }

    private static func padded(_ number: Int64, _ width: Int) -> String {
        let digits = String(number.magnitude)
        return (number < 0 ? "-" : "") + String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
}
