/// One request's place at a node, from `PeerSet.begin` until `PeerSet.end`.
package struct PeerTicket: Hashable, Sendable {
    package enum Outcome: Hashable, Sendable {
        /// The node answered, with whatever status.
        case answered
        /// It could not be reached, broke off or was too slow: its fault.
        case failed
        /// Ended for a reason that says nothing about the node, such as a viewer who left.
        case abandoned
    }

    package let node: Node
    /// Nobody else needs to be asked.
    package let isOurselves: Bool
    /// The node's place in one `PeerSet`; never used twice.
    let seat: UInt64
}
