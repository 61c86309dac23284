/// What a memory tier has done since it was made, and what it holds.
package struct MemoryTierStatistics: Hashable, Sendable {
    package var entries = 0
    package var usedBytes = 0
    package var budgetBytes = 0
    package var hits = 0
    package var misses = 0
    package var insertions = 0
    package var evictions = 0
    /// Responses that the policy did not take.
    package var refusals = 0

    package init() {}
}
