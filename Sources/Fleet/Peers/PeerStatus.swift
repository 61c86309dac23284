/// How one node looks from here, for people.
package struct PeerStatus: Hashable, Sendable {
    package let node: Node
    package let isOurselves: Bool
    /// Requests from here that are under way at it.
    package let load: Int
    package let failuresInRow: Int
    /// Wall-clock milliseconds since 1970 at which it may be asked again; `nil` if it may now.
    package let restsUntilMilliseconds: Int64?
}
