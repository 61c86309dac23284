/// How often entries of one kind were wanted again, the recent past counting most.
struct ReturnRate: Sendable {
    private var seen: Float
    private var returned: Float

    /// Begins with a guess that weighs as much as 32 entries seen.
    init(guess: Float) {
        seen = 32
        returned = 32 * guess
    }

    /// In [0, 1], as far as every return was seen before.
    var rate: Float { returned / seen }

    mutating func see() { seen += 1 }
    mutating func comeBack() { returned += 1 }

    /// Makes the past count half.
    mutating func age() {
        seen *= 0.5
        returned *= 0.5
    }
}
