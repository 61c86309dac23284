/// What the purges so far mean for one stored response.
package enum PurgeVerdict: Hashable, Sendable, Comparable {
    case live
    /// Softly purged: stale from now on.
    case stale
    case gone
}
