/// The collector in this process, for events that this node itself reports: through the same decoder and onto the same
/// segments as those that come over HTTP.
package struct OwnCollector: Sendable {
    private let sink: any EventSink
    private let received: ReceivedClock
    private let decoder: EventDecoder

    /// `received` is the one that the routes use: a collector's arrivals never step back.
    package init(sink: any EventSink, received: ReceivedClock, limits: EventLimits = EventLimits()) {
        self.sink = sink
        self.received = received
        decoder = EventDecoder(limits: limits)
    }

    /// Takes events, as lines of JSON; returns when they are on the disk.
    @concurrent
    package func send(_ lines: [UInt8]) async -> CollectorAnswer {
        let batch: EventBatch
        do throws(IntakeProblem) {
            batch = try decoder.decode(lines, as: .lines, received: received.arrival())
        } catch {
            return .tooLarge
        }
        guard batch.accepted > 0 else { return .taken(refused: batch.refused) }
        do throws(MeteringError) {
            try await sink.append(batch.lines, count: batch.accepted)
            return .taken(refused: batch.refused)
        } catch {
            switch error {
            case .busy(let retryAfter): return .away(retryAfter: retryAfter, reason: "\(error)")
            case .closed: return .closed
            default: return .away(retryAfter: nil, reason: "\(error)")
            }
        }
    }
}
