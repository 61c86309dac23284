/// What an experiment without anything unusual comes down to, beside all others of its kind.
///
/// Evaluation of a whole project then touches this row, a seed and a few spans for each experiment, and nothing that
/// is found through a reference: with thousands of settings, waiting for memory is what evaluation consists of.
struct PlainExperiment: Sendable {
    /// Whether the rest says all there is, or else the experiment is run the long way.
    let isPlain: Bool
    let isStickyDisabled: Bool
    /// 1 or 2.
    let version: UInt8
    let slot: Int32
    let seed: Int32
    let condition: Int32
    /// −1 for no namespace.
    let namespaceSeed: Int32
    /// Ordinal of the first variation's value.
    let firstCandidate: Int32
    let spans: Range<Int32>
    /// The variations that have no value, the first in the lowest bit.
    let missing: UInt64
    let namespace: BucketSpan

    /// - Parameters:
    ///   - row: the experiment.
    ///   - spans: all of them, where those of the row are.
    ///   - slots: the attributes that are hashed.
    init(_ row: ExperimentRow, spans: [BucketSpan], slots: [HashSlot]) {
        let variations = row.variations.count
        let isShaped =
            (2...64).contains(variations) && row.count == Double(variations) && row.mergedCount == row.count
            && row.meta.allSatisfy { $0.passthrough == nil } && !row.meta.prefix(variations).contains { $0.isMissing }
            && (!row.hasMeta || row.meta.count >= variations)
        let isPlaced =
            !row.hasMalformedSpans && row.spans.count <= variations && row.version != 0
            && spans[Int(row.spans.lowerBound)..<Int(row.spans.upperBound)].allSatisfy { !$0.isMalformed }
            && !slots[Int(row.slot)].isMalformed
        var isUnnamed = false
        if case .none = row.oldURL { isUnnamed = true }
        let isOpen =
            isUnnamed && row.urlTargets == nil && !row.isInactive && !row.isStopped && !row.isExcluded
            && row.groups == nil && row.force == nil && row.bandit < 0
        let isFree = !row.hasFilters && row.parents.isEmpty && !row.hasMalformedParents
        isPlain = isShaped && isPlaced && isOpen && isFree
        isStickyDisabled = row.isStickyDisabled
        version = row.version
        slot = row.slot
        seed = row.seed
        condition = row.condition
        namespaceSeed = row.namespaceSeed
        firstCandidate = Int32(row.firstCandidate)
        self.spans = row.spans
        missing = row.variations.prefix(64).enumerated().reduce(0) { missing, variation in
            missing | (variation.element.isMissing ? 1 &<< UInt64(variation.offset) : 0)
        }
        namespace = row.namespace
    }
}
