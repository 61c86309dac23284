package import DeliveryTypes

/// Why there is no result, by what the caller can do about it.
package enum RenderingError: Error, Equatable, Sendable {
    /// The picture's or the request's fault; trying again gives the same, except for `.workerFault`.
    case failed(RenderFailure)
    /// Too many jobs wait: try again after this time.
    case overloaded(retryAfter: Duration)
    /// It waited, or worked, longer than allowed.
    case deadlineExceeded
    /// The worker died on the job, and so did the second one.
    case workerCrashed
    /// The pool is going away.
    case shuttingDown
    /// The task that waited was cancelled.
    case cancelled
}
