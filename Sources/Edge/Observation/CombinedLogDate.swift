import HTTPSemantics

/// The date of the Common Log Format, `10/Oct/2000:13:55:36 +0000`, always in UTC.
enum CombinedLogDate {
    static func text(milliseconds: Int64) -> String {
        // `Sun, 06 Nov 1994 08:49:37 GMT`, rearranged.
        let parts = HTTPDate(secondsSince1970: milliseconds / 1_000).fieldValue.split(separator: " ")
        return "\(parts[1])/\(parts[2])/\(parts[3]):\(parts[4]) +0000"
    }
}
