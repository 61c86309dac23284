/// Durations as people write them: a number and a unit, `250ms`, `10s`, `5m`, `1h` or `30d`; without one, seconds.
extension Duration {
    init?(words text: String) {
        guard let milliseconds = Self.milliseconds(words: text), milliseconds < 1e15 else { return nil }
        self = .milliseconds(Int64(milliseconds))
    }

    /// In milliseconds, from 0; `nil` for what is no duration.
    static func milliseconds(words text: String) -> Double? {
        let units: [(String, Double)] = [
            ("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000), ("", 1_000),
        ]
        guard let (suffix, factor) = units.first(where: { text.hasSuffix($0.0) }),
            let value = Double(text.dropLast(suffix.count).trimmingSpaces()), value >= 0
        else { return nil }
        return value * factor
    }
}
