/// Why a collapsed call has no value.
package enum CollapseError<Failure: Error>: Error {
    /// The work failed; followers get the same failure as their leader.
    case failed(Failure)
    /// Too many wait for this key already; try again later.
    case crowded
    /// The leaders took longer than a follower waits.
    case timedOut
    /// The calling task was cancelled while it waited.
    case cancelled
}

extension CollapseError: Equatable where Failure: Equatable {}
