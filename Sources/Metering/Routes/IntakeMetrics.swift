import Synchronization

/// What intake has taken and refused since the start.
package final class IntakeMetrics: Sendable {
    /// How a request was answered.
    package enum Outcome: String, CaseIterable, Sendable {
        /// Every event was kept.
        case accepted
        /// Some events were kept.
        case partial
        /// No event was valid.
        case refused
        /// Not a body with events: malformed, too large, of another type.
        case bad
        /// No key.
        case denied
        /// 429: too much waits.
        case busy
        /// 503: no room, a failing disk, shutting down.
        case unavailable
        /// The client left, or was too slow.
        case gone
    }

    /// Everything at one moment.
    package struct Figures: Sendable {
        package var requests: [Outcome: Int] = [:]
        package var accepted = 0
        package var refused: [EventFault.Code: Int] = [:]
        /// Bytes of bodies as sent, after decompression, and of the lines that were kept.
        package var sentBytes = 0
        package var bodyBytes = 0
        package var lineBytes = 0
        /// Acknowledged requests by the time from the end of the body to the acknowledgement: one count for each of
        /// `acknowledgementBounds`, and one for what took longer.
        package var acknowledgements = [Int](repeating: 0, count: IntakeMetrics.acknowledgementBounds.count + 1)
        package var acknowledgementSeconds = 0.0
    }

    /// Seconds, up to which each bucket counts.
    package static let acknowledgementBounds = [
        0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
    ]

    private let state = Mutex(Figures())

    package init() {}

    package var figures: Figures { state.withLock { $0 } }

    func count(_ outcome: Outcome) { state.withLock { $0.requests[outcome, default: 0] += 1 } }

    func count(sent: Int, body: Int) {
        state.withLock {
            $0.sentBytes += sent
            $0.bodyBytes += body
        }
    }

    /// Counts refused events, whatever becomes of the others.
    func count(refused verdicts: [EventVerdict]) {
        guard !verdicts.isEmpty else { return }
        state.withLock { figures in
            for verdict in verdicts {
                if let fault = verdict.fault { figures.refused[fault.code, default: 0] += 1 }
            }
        }
    }

    /// Counts events that are on the disk.
    func count(accepted: Int, lineBytes: Int, after time: Duration) {
        let seconds = time / .seconds(1)
        let bucket = Self.acknowledgementBounds.firstIndex { seconds <= $0 } ?? Self.acknowledgementBounds.count
        state.withLock { figures in
            figures.accepted += accepted
            figures.lineBytes += lineBytes
            figures.acknowledgements[bucket] += 1
            figures.acknowledgementSeconds += seconds
        }
    }
}

extension IntakeProblem {
    var outcome: IntakeMetrics.Outcome {
        switch self {
        case .denied: .denied
        case .busy: .busy
        case .full, .failed, .closing: .unavailable
        case .bodyTooSlow, .bodyCutOff: .gone
        default: .bad
        }
    }
}
