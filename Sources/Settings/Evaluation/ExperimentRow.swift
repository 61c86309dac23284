import JSON

/// One experiment in ``RuleTables``; −1 for an index that is not there.
struct ExperimentRow: Sendable {
    /// A `url` of the old kind.
    enum OldURL: Sendable {
        case none
        case pattern(Pattern)
        /// The reference throws, unless the context has no URL.
        case malformed
    }

    let key: ExactString
    /// A key that is no text is never in a query.
    let keyIsText: Bool
    /// `variations.length` as the reference takes it before overrides (NaN for `undefined`) and after.
    let count: Double
    let mergedCount: Double
    let variations: [ValueID]
    /// Ordinal of the first variation's value.
    let firstCandidate: Int
    let hasMeta: Bool
    let metaIsList: Bool
    /// The length of a list.
    let metaCount: Int
    /// One for each variation, and one more for any later one.
    let meta: [MetaEntry]
    let slot: Int32
    let fallback: Int32
    /// The second attribute to look up stored assignments by: the fallback, or else `id`.
    let stickyFallback: Int32
    let seed: Int32
    /// 0 for one that does not exist.
    let version: UInt8
    let spans: Range<Int32>
    /// The reference throws when it comes to the ranges.
    let hasMalformedSpans: Bool
    let hasFilters: Bool
    let filters: Range<Int32>
    let hasMalformedFilters: Bool
    let namespaceSeed: Int32
    let namespace: BucketSpan
    let condition: Int32
    let isStickyDisabled: Bool
    let stickyKey: ExactString
    let minBucketVersion: Double
    let parents: Range<Int32>
    let hasMalformedParents: Bool
    let urlTargets: [URLTarget]?
    let hasMalformedTargets: Bool
    let isInactive: Bool
    let isStopped: Bool
    /// An `include` that is no function is never true.
    let isExcluded: Bool
    let groups: [ExactString]?
    let oldURL: OldURL
    let force: JSONValue?
    /// `variations` where overrides changed them.
    let mergedVariations: JSONValue?
    let bandit: Int32
}
