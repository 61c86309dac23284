/// One filter: a user passes whose hash is in one of the spans.
struct FilterRow: Sendable {
    let slot: Int32
    let seed: Int32
    /// 0 for one that does not exist.
    let version: UInt8
    let spans: Range<Int32>
    /// The reference throws at the filter itself.
    let isMalformed: Bool
    /// The reference throws at the ranges.
    let hasMalformedSpans: Bool
}
