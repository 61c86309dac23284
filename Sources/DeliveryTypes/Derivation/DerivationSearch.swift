/// What was found when a parent was looked for.
package enum DerivationSearch<Entry: Hashable & Sendable>: Hashable, Sendable {
    case parent(Entry, DerivationPlan)
    /// A parent would suit, but is not usable now.
    case stale
    /// No rendition suits; the reason is that of the largest one.
    case refused(DerivationRefusal)
    /// Nothing of this picture is cached.
    case nothingCached
}
