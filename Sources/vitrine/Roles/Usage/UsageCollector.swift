import Assignments
import Logging
import Metering
import Synchronization

/// The collector that this node's own events go to, as the destination of its usage log; says in the log when it does
/// not take them, and when it does again.
final class UsageCollector: UsageDestination {
    enum Place: Sendable {
        case here(OwnCollector)
        case elsewhere(RemoteCollector)
    }

    private let place: Place
    private let logger: Logger
    private let isAway = Mutex(false)

    init(_ place: Place, logger: Logger) {
        self.place = place
        self.logger = logger
    }

    func take(_ events: [UsageEvent]) async -> UsageReceipt {
        let lines = await Self.lines(of: events)
        let answer =
            switch place {
            case .here(let collector): await collector.send(lines)
            case .elsewhere(let collector): await collector.send(lines, count: events.count)
            }
        switch answer {
        case .taken(let refused):
            tell(nil)
            if refused > 0 {
                logger.warning("usage events of this node were refused", metadata: ["events": "\(refused)"])
            }
            return .taken(refused: refused)
        case .tooLarge: return .tooLarge
        case .away(let retryAfter, let reason):
            tell(reason)
            return .away(retryAfter: retryAfter, reason: reason)
        case .closed: return .closed
        }
    }

    @concurrent
    private static func lines(of events: [UsageEvent]) async -> [UInt8] {
        var lines: [UInt8] = []
        for event in events {
            lines += event.json
            lines.append(UInt8(ascii: "\n"))
        }
        return lines
    }

    /// One line for each change.
    private func tell(_ failure: String?) {
        let isNews = isAway.withLock { isAway in
            defer { isAway = failure != nil }
            return isAway != (failure != nil)
        }
        guard isNews else { return }
        if let failure {
            logger.warning("usage events wait on this node's disk", metadata: ["reason": "\(failure)"])
        } else {
            logger.notice("usage events are forwarded again")
        }
    }
}
