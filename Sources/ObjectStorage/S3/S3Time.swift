import FoundationEssentials

/// The three notations of time in S3: of signatures, of header fields and of listings; all UTC.
enum S3Time {
    /// `20150830T123600Z`.
    static func stamp(_ date: Date) -> String {
        let seconds = Int(date.timeIntervalSince1970.rounded(.down))
        let days = (seconds - (seconds % 86400 + 86400) % 86400) / 86400
        let (year, month, day) = civil(fromDays: days)
        let rest = seconds - days * 86400
        return pad(year, 4) + pad(month, 2) + pad(day, 2) + "T" + pad(rest / 3600, 2) + pad(rest / 60 % 60, 2)
            + pad(rest % 60, 2) + "Z"
    }

    /// Reads `Sun, 06 Nov 1994 08:49:37 GMT`; `nil` for anything else.
    static func parseField(_ text: some StringProtocol) -> Date? {
        let parts = text.split(whereSeparator: { ", :".contains($0) })
        guard parts.count == 8, parts[7] == "GMT" else { return nil }
        guard let month = months.firstIndex(of: String(parts[2])) else { return nil }
        let numbers = [parts[3], parts[1], parts[4], parts[5], parts[6]].compactMap { Int($0) }
        guard numbers.count == 5 else { return nil }
        return date(numbers[0], month + 1, numbers[1], numbers[2], numbers[3], Double(numbers[4]))
    }

    /// Reads `2011-02-26T01:56:20.000Z`; `nil` for anything else.
    static func parseListing(_ text: some StringProtocol) -> Date? {
        guard text.hasSuffix("Z") else { return nil }
        let parts = text.dropLast().split(whereSeparator: { "-T:".contains($0) })
        guard parts.count == 6, let seconds = Double(parts[5]) else { return nil }
        let numbers = parts[..<5].compactMap { Int($0) }
        guard numbers.count == 5 else { return nil }
        return date(numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], seconds)
    }

    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    private static func pad(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    private static func date(
        _ year: Int,
        _ month: Int,
        _ day: Int,
        _ hour: Int,
        _ minute: Int,
        _ second: Double
    ) -> Date? {
        guard (1...9999).contains(year), (1...12).contains(month), (1...31).contains(day), (0...23).contains(hour),
            (0...59).contains(minute), (0..<61).contains(second)
        else { return nil }
        // Days since 1970-01-01 in the Gregorian calendar, with years that begin in March.
        let shifted = month <= 2 ? year - 1 : year
        let yearDay = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let days = 365 * shifted + shifted / 4 - shifted / 100 + shifted / 400 + yearDay - 719_468
        return Date(timeIntervalSince1970: Double(days * 86400 + hour * 3600 + minute * 60) + second)
    }

    /// Year, month and day of a day counted from 1970-01-01; years 1 to 9999.
    private static func civil(fromDays days: Int) -> (Int, Int, Int) {
        let shifted = days + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let month = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * month + 2) / 5 + 1
        let year = yearOfEra + era * 400
        return month < 10 ? (year, month + 3, day) : (year + 1, month - 9, day)
    }
}
