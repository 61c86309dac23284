package import ObjectStorage

/// What is kept of users between their requests: sticky assignments and remembered attributes, per app and unit.
///
/// **Promises.** A look-up ends within its deadline: a state that the store does not give in time is left out, and the
/// answer says so. Of two assignments for one experiment the one that was stored first stays, also when several nodes
/// write. What was recorded is written within seconds, and at the latest before `run` returns. What was forgotten
/// comes back from no cache and no queue of this node. **Costs** one lock for states in memory, one read of the store
/// for others (one for all who ask at a time), one read and one write per changed user and second at most. **Fails**
/// never towards requests; `forget` says when the store did.
package final class UserStates: Sendable {
    /// `now` tells milliseconds since 1970.
    package init(
        store: any ObjectStore,
        settings: UserStatesSettings = UserStatesSettings(),
        clock: any Clock<Duration> = ContinuousClock(),
        now: @escaping @Sendable () -> Int64
    ) { fatalError() }

    /// The states under `keys`, waited for no longer than `settings.deadline`.
    ///
    /// Needs `run` to be running for states that are not in memory.
    package func states(of keys: [UserKey]) async -> UserStateLookup { fatalError() }

    /// Adds to a user's state, at once for this node's look-ups and soon in the store; `false` if too much waits to
    /// be written already: then the change is lost.
    @discardableResult
    package func record(_ change: UserStateChange, for key: UserKey) -> Bool { fatalError() }

    /// Removes a user's state here and in the store; what was recorded before it returned is gone.
    ///
    /// Other nodes keep what they have in memory for at most `settings.age`: tell them to `forget` too.
    ///
    /// - Throws: `store`: the state may still be there; repeating is safe.
    package func forget(_ key: UserKey) async throws(AssignmentsError) { fatalError() }

    /// Reads and writes in the background until the task is cancelled or the service group shuts down, then writes
    /// what is left.
    package func run() async {}
}
