/// Why there is no permit.
package enum AdmissionError: Error, Hashable {
    /// Answer 503 with `Retry-After`.
    case refused(AdmissionRefusal)
    /// The calling task was cancelled while it waited.
    case cancelled
}
