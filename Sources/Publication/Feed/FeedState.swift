/// How fresh what a feed serves is; for `/ready` and a header.
package enum FeedState: Hashable, Sendable {
    /// Nothing is served, and the source has not said (any more) whether there is anything.
    case empty
    /// The source is in contact; its news is served, or being loaded.
    case current
    /// The source is out of contact; what it said last is served. `nil` if it was never heard of since the start, and
    /// everything comes from this node's disk; else when contact was lost, in milliseconds since 1970.
    case lastGood(sinceMilliseconds: Int64?)
}
