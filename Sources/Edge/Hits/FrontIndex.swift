import Caching
import Synchronization

/// From the bytes of a request to a prepared answer, for the hit path: a memo of what the ordinary path found out.
///
/// It is never the authority: an answer is used only while its response is fresh, in the memory tier and not purged;
/// everything else goes the ordinary way, which publishes here again. Lock-striped; a look-up holds one lock for a
/// dictionary access. Bounded: a full stripe lets go of an arbitrary record.
final class FrontIndex: Sendable {
    private final class Stripe: Sendable {
        let records = Mutex<[UInt64: FrontRecord]>([:])
    }

    private let stripes: [Stripe]
    private let recordsPerStripeMax: Int
    /// Which records point to a response, so that its memory is given back with its eviction.
    private let owners = Mutex<[EntryKey: Set<UInt64>]>([:])
    let hash: ByteHash

    init(seed: UInt64, recordsMax: Int = 500_000, stripeCount: Int = 64) {
        precondition(recordsMax >= stripeCount && stripeCount > 0)
        hash = ByteHash(seed: seed)
        stripes = (0..<stripeCount).map { _ in Stripe() }
        recordsPerStripeMax = recordsMax / stripeCount
    }

    /// The record of a URL, by the raw bytes of `Host` and request target.
    func record(_ bytes: Span<UInt8>, host: Range<Int>, target: Range<Int>) -> FrontRecord? {
        let key = hash.continued(hash.continued(hash.seed, bytes, target), bytes, host)
        guard let record = stripe(key).records.withLock({ $0[key] }), record.matches(bytes, host: host, target: target)
        else { return nil }
        return record
    }

    /// Makes an answer known for a URL and a spelling of the selecting fields.
    func publish(
        host: [UInt8],
        target: [UInt8],
        selecting: [SelectingField],
        alternative: FrontRecord.Alternative
    ) {
        let first = hash.continued(hash.seed, target.span, 0..<target.count)
        let key = hash.continued(first, host.span, 0..<host.count)
        let entry = alternative.hit.response.key
        let dropped = stripe(key).records.withLock { records -> [FrontRecord] in
            let old = records[key]
            if let old, old.host == host, old.target == target, old.selecting == selecting {
                records[key] = old.adding(alternative)
                return [old]
            }
            var dropped = old.map { [$0] } ?? []
            if old == nil, records.count >= recordsPerStripeMax, let victim = records.keys.first {
                dropped += records.removeValue(forKey: victim).map { [$0] } ?? []
            }
            records[key] = FrontRecord(
                hash: key,
                host: host,
                target: target,
                selecting: selecting,
                alternatives: [alternative]
            )
            return dropped
        }
        owners.withLock { owners in
            owners[entry, default: []].insert(key)
            for record in dropped { disown(record, &owners) }
        }
        // The response may have been evicted between the look-up and now.
        if alternative.hit.response.isEvicted { forget(entry) }
    }

    /// Drops the records of an evicted response.
    func forget(_ entry: EntryKey) {
        owners.withLock { owners in
            guard let keys = owners[entry] else { return }
            let left = keys.filter { key in
                stripe(key).records.withLock { records in
                    guard let record = records[key] else { return false }
                    let kept = record.alternatives.filter { !$0.hit.response.isEvicted }
                    if kept.count < record.alternatives.count {
                        records[key] = kept.isEmpty ? nil : record.with(kept)
                    }
                    return kept.contains { $0.hit.response.key == entry }
                }
            }
            owners[entry] = left.isEmpty ? nil : left
        }
    }

    /// Forgets that the answers of a record that has gone, or has been replaced, are reached by it; those that still
    /// are stay.
    private func disown(_ record: FrontRecord, _ owners: inout [EntryKey: Set<UInt64>]) {
        let present = stripe(record.hash).records.withLock { $0[record.hash]?.alternatives ?? [] }
        for alternative in record.alternatives {
            let entry = alternative.hit.response.key
            guard !present.contains(where: { $0.hit.response.key == entry }) else { continue }
            owners[entry]?.remove(record.hash)
            if owners[entry]?.isEmpty == true { owners[entry] = nil }
        }
    }

    /// Pairs of a response and a record that leads to it.
    var ownersCount: Int { owners.withLock { $0.values.reduce(0) { $0 + $1.count } } }

    var count: Int { stripes.reduce(0) { sum, stripe in sum + stripe.records.withLock { $0.count } } }

    private func stripe(_ key: UInt64) -> Stripe { stripes[Int(truncatingIfNeeded: key % UInt64(stripes.count))] }
}
