import Synchronization

/// One who watches a `SettingsBoard`: keeps what it has not read yet, one state per app.
final class BoardReader: Sendable {
    private struct Pending {
        var snapshot: SettingsSnapshot?
        var apps: [AppName: SourcedApp] = [:]
        var order: [AppName] = []
        var hasHeartbeat = false
    }

    let id: Int
    private let pending = Mutex(Pending())
    private let signal = WakeSignal()

    init(id: Int) { self.id = id }

    func offer(snapshot: SettingsSnapshot) {
        pending.withLock { pending in
            // What was told before is older than this.
            pending = Pending(snapshot: snapshot)
        }
        signal.wake()
    }

    func offer(_ app: SourcedApp) {
        pending.withLock { pending in
            if pending.apps.updateValue(app, forKey: app.name) == nil { pending.order.append(app.name) }
        }
        signal.wake()
    }

    /// Time has passed: a heartbeat is due, unless something else is told.
    func beat() {
        pending.withLock { $0.hasHeartbeat = true }
        signal.wake()
    }

    func close() { signal.finish() }

    /// Gives events to `receive` until the reader is closed or the task cancelled.
    func read(_ receive: (SourceEvent) async -> Bool) async {
        for await _ in signal.wakeUps {
            for event in take() {
                guard await receive(event) else { return }
            }
        }
    }

    private func take() -> [SourceEvent] {
        let taken = pending.withLock { pending in
            defer { pending = Pending() }
            return pending
        }
        var events: [SourceEvent] = []
        if let snapshot = taken.snapshot { events.append(.snapshot(snapshot)) }
        events += taken.order.compactMap { taken.apps[$0] }.map { .app($0) }
        if taken.hasHeartbeat, events.isEmpty { events.append(.heartbeat) }
        return events
    }
}
