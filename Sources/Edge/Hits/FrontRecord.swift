import Caching

/// What the hit path knows of one URL: the bytes it is asked for with, and the answers for the request fields that
/// select among them.
///
/// Immutable; a change publishes a new record.
final class FrontRecord: Sendable {
    /// One spelling of the selecting request fields, and the answer that it selects.
    struct Alternative: Sendable {
        /// The raw values of the selecting fields, in the record's order; `SelectingField.selector` says how.
        let selector: [UInt8]
        let hit: PreparedHit
    }

    let hash: UInt64
    let host: [UInt8]
    let target: [UInt8]
    /// The request fields that select.
    let selecting: [SelectingField]
    let alternatives: [Alternative]

    /// Spellings kept for one URL; a browser's `Accept` has a handful.
    static let alternativesMax = 16

    init(hash: UInt64, host: [UInt8], target: [UInt8], selecting: [SelectingField], alternatives: [Alternative]) {
        self.hash = hash
        self.host = host
        self.target = target
        self.selecting = selecting
        self.alternatives = alternatives
    }

    /// The record with one more answer; the oldest goes when there are too many.
    func adding(_ alternative: Alternative) -> FrontRecord {
        var kept = alternatives.filter { $0.selector != alternative.selector && !$0.hit.response.isEvicted }
        if kept.count >= Self.alternativesMax { kept.removeFirst() }
        kept.append(alternative)
        return with(kept)
    }

    /// The record with other answers.
    func with(_ alternatives: [Alternative]) -> FrontRecord {
        FrontRecord(hash: hash, host: host, target: target, selecting: selecting, alternatives: alternatives)
    }

    func matches(_ bytes: Span<UInt8>, host: Range<Int>, target: Range<Int>) -> Bool {
        Self.equal(self.target, bytes, target) && Self.equal(self.host, bytes, host)
    }

    /// Whether a range of received bytes is the same as kept ones.
    static func equal(_ kept: [UInt8], _ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        guard kept.count == range.count else { return false }
        let kept = kept.span
        for index in 0..<kept.count where kept[index] != bytes[range.lowerBound + index] { return false }
        return true
    }
}
