/// What a gate did since its start.
package struct AdmissionStatistics: Hashable, Sendable {
    /// Permits given, with and without waiting.
    package internal(set) var admitted = 0
    /// Of these, the calls that had to wait.
    package internal(set) var admittedAfterWaiting = 0
    /// Calls cancelled while they waited.
    package internal(set) var cancelled = 0
    package internal(set) var refused: [AdmissionRefusal.Reason: Int] = [:]
}
