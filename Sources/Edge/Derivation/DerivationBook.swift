import Caching
package import DeliveryTypes
import HTTPSemantics
import HTTPTypes
package import Rendering
import Synchronization

/// Which cached renditions others can be made from, what was made so, and how alike it was.
///
/// Knows only what has been stored or used since the start; a rendition found on disk is learnt when it is asked for.
package final class DerivationBook: Sendable {
    private let index: Mutex<DerivationIndex<EntryKey>>
    private let audit: Mutex<DerivationAudit>
    private let refusals = Mutex<[String: Int]>([:])
    let pool: RenderPool
    let limits: RenderLimits
    let defaults: RenderDefaults

    /// - Parameters: limits and defaults are those that renditions are made with; the seed places the samples.
    package init(pool: RenderPool, limits: RenderLimits, defaults: RenderDefaults, auditInterval: Int, seed: UInt64) {
        self.pool = pool
        self.limits = limits
        self.defaults = defaults
        index = Mutex(DerivationIndex(derivation: Derivation(limits: limits, defaults: defaults)))
        audit = Mutex(DerivationAudit(interval: auditInterval, seed: seed))
    }

    static let factsField = HTTPField.Name(RenditionFacts.fieldName)
    static let wantsField = HTTPField.Name(RenditionFacts.wantsName)

    /// Takes note of a stored rendition, if its origin said enough about it; makes the derivable ones leave first.
    func learn(_ response: CachedResponse, as picture: PictureNaming.Named, in memory: MemoryTier) {
        guard let name = Self.factsField, response.head.status == .ok, let text = response.head.fields[name],
            let facts = RenditionFacts(text: text),
            let rendition = CachedRendition(
                source: picture.source,
                transformation: picture.transformation,
                head: facts.head
            )
        else { return }
        let demoted = index.withLock { $0.insert(response.key, rendition) }
        for key in demoted { memory.demote(key) }
    }

    func forget(_ key: EntryKey) { index.withLock { $0.remove(key) } }

    /// A cached rendition from which the wanted one can be made, and how.
    func parent(
        for picture: PictureNaming.Named,
        usable: (EntryKey) -> CachedResponse?
    ) -> (CachedResponse, DerivationPlan)? {
        let wanted = WantedRendition(
            source: picture.source,
            transformation: picture.transformation,
            target: picture.target
        )
        switch index.withLock({ $0.search(for: wanted) { usable($0) != nil } }) {
        case .parent(let key, let plan): return usable(key).map { ($0, plan) }
        case .refused(let reason):
            refusals.withLock { $0[reason.rawValue, default: 0] += 1 }
            return nil
        case .stale:
            refusals.withLock { $0["stale", default: 0] += 1 }
            return nil
        case .nothingCached: return nil
        }
    }

    /// Counts a derivation; whether it is to be compared with the direct rendition.
    func recordDerivation() -> Bool { audit.withLock { $0.recordDerivation() } }
    func recordSimilarity(_ value: Double) -> Bool { audit.withLock { $0.recordSimilarity(value) } }
    func recordFailure() { audit.withLock { $0.recordFailure() } }

    /// How alike derived and direct renditions were so far.
    package var score: DerivationAudit { audit.withLock { $0 } }
    /// Why cached renditions were not used, by reason.
    package var refused: [String: Int] { refusals.withLock { $0 } }
    /// Renditions that are known.
    package var count: Int { index.withLock { $0.count } }
}
