/// Reads moments as RFC 3339 writes them.
enum Timestamp {
    /// The milliseconds since 1970 of a moment; `nil` for what is none.
    ///
    /// Such as `2026-03-01T09:00:00Z`, `2026-03-01T09:00:00.5+01:00`, or `2026-03-01` for its midnight in UTC. A leap
    /// second counts as the second after it.
    static func milliseconds(_ text: String) -> Int64? {
        let bytes = Array(text.utf8)
        guard bytes.count >= 10, bytes[4] == 0x2D, bytes[7] == 0x2D,
            let year = number(bytes[0..<4]), let month = number(bytes[5..<7]), let day = number(bytes[8..<10]),
            (1...12).contains(month), day >= 1, day <= days(month, year)
        else { return nil }
        let date = daysSince1970(year, month, day) * 86_400_000
        if bytes.count == 10 { return date }
        guard bytes.count >= 20, bytes[10] | 0x20 == 0x74, bytes[13] == 0x3A, bytes[16] == 0x3A,
            let hour = number(bytes[11..<13]), let minute = number(bytes[14..<16]), let second = number(bytes[17..<19]),
            hour < 24, minute < 60, second <= 60
        else { return nil }
        var rest = bytes[19...]
        var fraction: Int64 = 0
        if rest.first == 0x2E {
            let digits = rest.dropFirst().prefix { $0 >= 0x30 && $0 <= 0x39 }
            guard !digits.isEmpty else { return nil }
            for place in 0..<3 {
                let index = digits.startIndex + place
                fraction = fraction * 10 + (index < digits.endIndex ? Int64(digits[index] - 0x30) : 0)
            }
            rest = rest[digits.endIndex...]
        }
        guard let offset = offset(rest) else { return nil }
        return date + (hour * 3600 + minute * 60 + second - offset * 60) * 1000 + fraction
    }

    /// Minutes east of UTC.
    private static func offset(_ bytes: ArraySlice<UInt8>) -> Int64? {
        guard let first = bytes.first else { return nil }
        if first | 0x20 == 0x7A { return bytes.count == 1 ? 0 : nil }
        let start = bytes.startIndex
        guard first == 0x2B || first == 0x2D, bytes.count == 6, bytes[start + 3] == 0x3A,
            let hour = number(bytes[(start + 1)..<(start + 3)]), let minute = number(bytes[(start + 4)..<(start + 6)]),
            hour < 24, minute < 60
        else { return nil }
        return first == 0x2D ? -(hour * 60 + minute) : hour * 60 + minute
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> Int64? {
        var value: Int64 = 0
        for byte in bytes {
            guard byte >= 0x30, byte <= 0x39 else { return nil }
            value = value * 10 + Int64(byte - 0x30)
        }
        return value
    }

    private static func days(_ month: Int64, _ year: Int64) -> Int64 {
        switch month {
        case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Days of the proleptic Gregorian calendar; years start in March so that leap days come last.
    private static func daysSince1970(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear - 719_468
    }
}
