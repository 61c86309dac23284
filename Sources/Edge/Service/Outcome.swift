/// What became of a request, for metrics, the access log and the page; each has one of these.
package enum Outcome: String, CaseIterable, Hashable, Sendable {
    /// From memory, on the event loop.
    case hit
    /// From memory, on the ordinary path: the first time, or because the request needed more.
    case hitMemory = "hit-memory"
    case hitDisk = "hit-disk"
    /// Stale, while it is validated in the background.
    case staleRevalidating = "stale-revalidating"
    /// Stale, because the origin failed.
    case staleOnError = "stale-error"
    /// The origin said that what was stored is still good.
    case validated
    /// Fetched, and stored.
    case miss
    /// Came with another request's fetch.
    case collapsed
    /// Rendered here from a larger cached rendition.
    case derived
    /// Fetched, and not stored: not allowed to, or not asked for in a way that can be.
    case passed
    /// Another method than GET and HEAD.
    case method
    /// One of the node's own paths.
    case own
    /// Answered with an error of this node's.
    case failed
    /// Turned away by a limit.
    case shed
    /// The viewer went before the answer.
    case gone

    /// Whether the origin was spared.
    package var isHit: Bool {
        switch self {
        case .hit, .hitMemory, .hitDisk, .staleRevalidating, .staleOnError, .collapsed, .derived: true
        case .validated, .miss, .passed, .method, .own, .failed, .shed, .gone: false
        }
    }

    /// Whether the answer was here when the request came.
    var isFromStore: Bool {
        switch self {
        case .hit, .hitMemory, .hitDisk, .staleRevalidating, .staleOnError: true
        default: false
        }
    }

    /// Whether a cache could have answered: what a hit ratio is a share of.
    package var isCacheable: Bool {
        switch self {
        case .validated, .miss: true
        case .passed, .method, .own, .failed, .shed, .gone: false
        default: isHit
        }
    }

    /// Whether the body did not have to come from the origin.
    package var sparesBytes: Bool { isHit || self == .validated }
}
