/// A day of UTC, `2026-11-21`.
///
/// The calendar is computed after Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
struct LogDay {
    /// Whole days since 1970.
    let number: Int

    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// Of `10/Oct/2000:13:55:36 +0000`, the date of the Common Log Format, whatever its zone; `nil` for anything else.
    init?(commonLogDate text: String) {
        let parts = text.split(separator: " ")
        guard parts.count == 2 else { return nil }
        let fields = parts[0].split(whereSeparator: { $0 == "/" || $0 == ":" })
        guard fields.count == 6, let day = Int(fields[0]), let year = Int(fields[2]), let hour = Int(fields[3]),
            let minute = Int(fields[4]), let second = Int(fields[5]), let zone = Self.minutes(parts[1]),
            let month = Self.months.firstIndex(of: String(fields[1])),
            (1...31).contains(day), (1970...9999).contains(year), (0...23).contains(hour), (0...59).contains(minute),
            (0...60).contains(second)
        else { return nil }
        let minutes = Self.days(year, month + 1, day) * 1_440 + hour * 60 + minute - zone
        number = minutes < 0 ? -1 : minutes / 1_440
    }

    /// `2026-11-21`.
    var text: String {
        let days = number + 719_468
        let (era, dayOfEra) = days.quotientAndRemainder(dividingBy: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return Self.digits(year, 4) + "-" + Self.digits(month, 2) + "-"
            + Self.digits(dayOfYear - (153 * marchMonth + 2) / 5 + 1, 2)
    }

    /// `+0130` is 90.
    private static func minutes(_ zone: Substring) -> Int? {
        guard zone.utf8.count == 5, let sign = zone.first, sign == "+" || sign == "-",
            let digits = Int(zone.dropFirst()), digits >= 0
        else { return nil }
        let minutes = digits / 100 * 60 + digits % 100
        return sign == "-" ? -minutes : minutes
    }

    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let marchYear = month <= 2 ? year - 1 : year
        let yearOfEra = marchYear % 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return marchYear / 400 * 146_097 + dayOfEra - 719_468
    }

    private static func digits(_ number: Int, _ width: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
    }
}
