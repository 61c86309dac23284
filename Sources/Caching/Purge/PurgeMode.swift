/// How a purge treats what it speaks of.
package enum PurgeMode: String, Hashable, Sendable, CaseIterable {
    /// Marked stale: served while it is validated or when the origin fails, where its directives allow that.
    case soft
    /// Never served again.
    case hard
}
