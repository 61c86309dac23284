/// How much a source may cost.
package struct FetchLimits: Hashable, Sendable {
    /// Bytes of the picture.
    package var bytesMax: Int
    /// From the first step to the last byte.
    package var deadline: Duration

    package init(bytesMax: Int = 100 << 20, deadline: Duration = .seconds(20)) {
        precondition(bytesMax >= 0 && deadline > .zero)
        self.bytesMax = bytesMax
        self.deadline = deadline
    }

    /// The smaller of both, each.
    package func narrowed(to other: FetchLimits) -> FetchLimits {
        FetchLimits(bytesMax: min(bytesMax, other.bytesMax), deadline: min(deadline, other.deadline))
    }
}
