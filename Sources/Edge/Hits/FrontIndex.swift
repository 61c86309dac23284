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
        stripe(key).records.withLock { records in
            let old = records[key]
            if let old, old.host == host, old.target == target, old.selecting == selecting {
                records[key] = old.adding(alternative)
                return
            }
            if old == nil, records.count >= recordsPerStripeMax, let victim = records.keys.first {
                records[victim] = nil
            }
            records[key] = FrontRecord(
                hash: key,
                host: host,
                target: target,
                selecting: selecting,
                alternatives: [alternative]
            )
        }
        let entry = alternative.hit.response.key
        owners.withLock { _ = $0[entry, default: []].insert(key) }
        // The response may have been evicted between the look-up and now.
        if alternative.hit.response.isEvicted { forget(entry) }
    }

    /// Drops the records of an evicted response.
    func forget(_ entry: EntryKey) {
        guard let keys = owners.withLock({ $0.removeValue(forKey: entry) }) else { return }
        for key in keys {
            stripe(key).records.withLock { records in
                guard let record = records[key] else { return }
                let kept = record.alternatives.filter { !$0.hit.response.isEvicted }
                records[key] =
                    kept.isEmpty
                    ? nil
                    : FrontRecord(
                        hash: key,
                        host: record.host,
                        target: record.target,
                        selecting: record.selecting,
                        alternatives: kept
                    )
            }
        }
    }

    var count: Int { stripes.reduce(0) { sum, stripe in sum + stripe.records.withLock { $0.count } } }

    private func stripe(_ key: UInt64) -> Stripe { stripes[Int(truncatingIfNeeded: key % UInt64(stripes.count))] }
}
