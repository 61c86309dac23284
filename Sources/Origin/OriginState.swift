import Synchronization

/// Whether the server takes new work: readiness turns to 503 as soon as draining begins.
package final class OriginState: Sendable {
    private let draining = Atomic(false)
    private let active = Atomic(0)

    package init() {}

    package var isDraining: Bool { draining.load(ordering: .relaxed) }
    /// Requests being answered.
    package var activeRequests: Int { active.load(ordering: .relaxed) }

    /// Begins to drain; it never ends.
    package func drain() { draining.store(true, ordering: .relaxed) }

    func began() { active.add(1, ordering: .relaxed) }
    func ended() { active.subtract(1, ordering: .relaxed) }
}
