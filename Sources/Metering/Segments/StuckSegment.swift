/// A segment that cannot be shipped until somebody looks after it.
struct StuckSegment: Sendable {
    /// Without parts if it was sealed before it was damaged.
    let segment: ClosedSegment
    /// `damaged` or `foreign`.
    let error: MeteringError

    var number: UInt64 { segment.number }
}
