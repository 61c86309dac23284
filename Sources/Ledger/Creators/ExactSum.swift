/// Adds up amounts without rounding.
///
/// 29 digits before the point and 9 after it are fewer than 2¹²⁷, so one amount always fits, and a sum that does not is
/// said to be none.
struct ExactSum: Hashable, Sendable {
    /// In units of 10⁻⁹.
    private var units: Int128 = 0

    init() {}

    /// `false`, and nothing is added, if the sum is more than an amount can be.
    mutating func add(_ amount: ExactAmount) -> Bool {
        let (sum, overflows) = units.addingReportingOverflow(Self.units(of: amount))
        guard !overflows, sum.magnitude < Self.limit else { return false }
        units = sum
        return true
    }

    /// The shortest spelling.
    var amount: ExactAmount {
        let (whole, rest) = units.magnitude.quotientAndRemainder(dividingBy: 1_000_000_000)
        var text = (units < 0 ? "-" : "") + String(whole)
        if rest > 0 {
            var digits = String(rest)
            digits = String(repeating: "0", count: 9 - digits.utf8.count) + digits
            while digits.utf8.last == UInt8(ascii: "0") { digits.removeLast() }
            text += "." + digits
        }
        guard let amount = ExactAmount(text) else { preconditionFailure("a sum within the limit is an amount") }
        return amount
    }

    /// 10³⁸: 29 digits before the point.
    private static let limit: UInt128 = 100_000_000_000_000_000_000_000_000_000_000_000_000

    private static func units(of amount: ExactAmount) -> Int128 {
        var units: Int128 = 0
        var places: Int?
        for byte in amount.text.utf8 {
            switch byte {
            case UInt8(ascii: "-"): continue
            case UInt8(ascii: "."): places = 0
            default:
                units = units * 10 + Int128(byte - UInt8(ascii: "0"))
                places = places.map { $0 + 1 }
            }
        }
        for _ in (places ?? 0)..<9 { units *= 10 }
        return amount.text.utf8.first == UInt8(ascii: "-") ? -units : units
    }
}
