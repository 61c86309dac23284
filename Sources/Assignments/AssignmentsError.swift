package import Caching
package import ObjectStorage

/// Why user states or usage events were not kept.
package enum AssignmentsError: Error, Sendable {
    /// The caller's fault: an event that breaks a rule of `UsageEvent`. Trying again does not help.
    case invalidEvent(reason: String)
    /// The log has as many bytes as it may have, or the disk has no room. Nothing of the call was kept; trying again
    /// helps only after something was removed.
    case full
    /// Too much waits already. Nothing of the call was kept; trying again soon may help.
    case crowded
    /// Another process has the log's folder.
    case taken(folder: String)
    /// A call to the operating system failed. What of the call is kept is not known; trying again may help.
    case disk(DiskFailure)
    /// The object store failed. What of the call is kept is not known; the store's error says whether to try again.
    case store(ObjectStoreError)
    /// What is behind this seam has ended. Trying again does not help.
    case closed
}

extension AssignmentsError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .invalidEvent(let reason): "the event is not valid: \(reason)"
        case .full: "the usage log is full"
        case .crowded: "too much waits to be written"
        case .taken(let folder): "another process uses \(folder)"
        case .disk(let failure): "the usage log could not be written (\(failure))"
        case .store(let error): "the user's state could not be kept: \(error)"
        case .closed: "closed"
        }
    }
}
