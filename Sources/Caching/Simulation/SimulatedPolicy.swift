/// What a trace can be replayed against.
package enum SimulatedPolicy: String, CaseIterable, Sendable {
    case lru
    case fifo
    case sieve
    case s3fifo
    case wtinylfu
    /// `AdaptiveFIFOPolicy`, the one in use.
    case vitrine
    /// Evicts what is wanted last, knowing the future (Belady, 1966): what no policy can beat while all objects are of
    /// one size, and a good guess otherwise.
    case belady

    /// - Throws: `TraceError.unknownPolicy`.
    package init(named name: String) throws(TraceError) {
        guard let policy = Self(rawValue: name) else { throw .unknownPolicy(name) }
        self = policy
    }
}
