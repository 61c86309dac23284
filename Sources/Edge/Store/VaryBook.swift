import Caching
import HTTPSemantics
import Synchronization

/// Which resources have variants, and by which request fields: what turns a resource's key into that of a variant.
///
/// Bounded: a full stripe forgets an arbitrary resource, whose next request then finds its rule on disk or asks the
/// origin.
final class VaryBook: Sendable {
    private final class Stripe: Sendable {
        let rules = Mutex<[EntryKey: VaryRule]>([:])
    }

    private let stripes: [Stripe]
    private let rulesPerStripeMax: Int

    init(rulesMax: Int = 1_000_000, stripeCount: Int = 32) {
        stripes = (0..<stripeCount).map { _ in Stripe() }
        rulesPerStripeMax = max(1, rulesMax / stripeCount)
    }

    func rule(for resource: EntryKey) -> VaryRule? {
        stripe(resource).rules.withLock { $0[resource] }
    }

    /// Remembers a rule; `nil` forgets it.
    func set(_ rule: VaryRule?, for resource: EntryKey) {
        stripe(resource).rules.withLock { rules in
            if rule != nil, rules[resource] == nil, rules.count >= rulesPerStripeMax, let victim = rules.keys.first {
                rules[victim] = nil
            }
            rules[resource] = rule
        }
    }

    private func stripe(_ key: EntryKey) -> Stripe {
        stripes[Int(truncatingIfNeeded: key.high % UInt64(stripes.count))]
    }
}
