/// How large a simulated cache is: a share of the trace's footprint, or bytes.
package struct CacheSize: Hashable, Sendable, CustomStringConvertible {
    private enum Amount: Hashable, Sendable {
        case share(Double)
        case bytes(Int)
    }

    private let amount: Amount
    package let description: String

    /// Reads `1%`, `0.1%`, `5000` (bytes; objects where all have unit size), `64MiB`, `1GB`.
    ///
    /// - Throws: `TraceError.badSize`.
    package init(parsing text: String) throws(TraceError) {
        description = text
        if text.hasSuffix("%") {
            guard let percent = Double(text.dropLast()), percent > 0, percent <= 100 else { throw .badSize(text) }
            amount = .share(percent / 100)
            return
        }
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let units = ["": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "KB": 1000, "MB": 1_000_000]
        let unit = String(text.dropFirst(digits.count))
        guard let number = Int(digits), let factor = unit == "GB" ? 1_000_000_000 : units[unit], number > 0 else {
            throw .badSize(text)
        }
        let (bytes, isTooLarge) = number.multipliedReportingOverflow(by: factor)
        guard !isTooLarge else { throw .badSize(text) }
        amount = .bytes(bytes)
    }

    /// In bytes, at least 1; `footprint` are the bytes of all objects.
    package func bytes(ofFootprint footprint: Int) -> Int {
        switch amount {
        case .share(let share): max(1, Int(Double(footprint) * share))
        case .bytes(let bytes): bytes
        }
    }
}
