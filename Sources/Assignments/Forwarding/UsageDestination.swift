/// Who takes the events of a node's usage log over, for good.
package protocol UsageDestination: Sendable {
    /// Takes events, at most some thousand; says `taken` only when they survive a loss of power there.
    func take(_ events: [UsageEvent]) async -> UsageReceipt
}
