import Synchronization

/// What is in force, for those who watch in this process: each gets the whole first and then what changes.
///
/// A slow reader never holds more than one state per app: what it has not read is replaced by what is newer.
package final class SettingsBoard: Sendable {
    private struct State {
        var apps: [AppName: SourcedApp] = [:]
        /// Whether the whole has been read at least once.
        var isKnown = false
        var isClosed = false
        var readers: [Int: BoardReader] = [:]
        var lastReader = 0
    }

    private let state = Mutex(State())

    package init() {}

    /// Everything in force; `nil` as long as nobody knows.
    package var snapshot: SettingsSnapshot? {
        let apps = state.withLock { $0.isKnown ? Array($0.apps.values) : nil }
        return apps.map { SettingsSnapshot(apps: $0) }
    }

    /// How many watch.
    package var readerCount: Int { state.withLock { $0.readers.count } }

    /// What is known of an app; `nil` if there is none.
    func app(_ name: AppName) -> SourcedApp? { state.withLock { $0.apps[name] } }

    /// The whole has been read; readers are told what is another than before.
    func replace(with apps: [SourcedApp]) {
        state.withLock { state in
            let news = apps.filter { state.apps[$0.name] != $0 }
            let wasKnown = state.isKnown
            state.apps = Dictionary(apps.map { ($0.name, $0) }) { $1 }
            state.isKnown = true
            // Told within the lock, so that all readers hear everything in the order in which it happened.
            for reader in state.readers.values {
                if wasKnown {
                    for app in news { reader.offer(app) }
                } else {
                    reader.offer(snapshot: SettingsSnapshot(apps: apps))
                }
            }
        }
    }

    /// One app has changed.
    func update(_ app: SourcedApp) {
        state.withLock { state in
            guard state.isKnown, state.apps[app.name] != app else { return }
            state.apps[app.name] = app
            for reader in state.readers.values { reader.offer(app) }
        }
    }

    /// Begins to watch.
    ///
    /// The whole comes first, as soon as it is known. End it with `leave`.
    func join() -> BoardReader {
        state.withLock { state in
            state.lastReader += 1
            let reader = BoardReader(id: state.lastReader)
            if state.isKnown { reader.offer(snapshot: SettingsSnapshot(apps: Array(state.apps.values))) }
            if state.isClosed { reader.close() } else { state.readers[reader.id] = reader }
            return reader
        }
    }

    func leave(_ reader: BoardReader) {
        _ = state.withLock { $0.readers.removeValue(forKey: reader.id) }
        reader.close()
    }

    /// Ends all watching, also that which begins later.
    package func close() {
        let readers = state.withLock { state in
            state.isClosed = true
            defer { state.readers = [:] }
            return Array(state.readers.values)
        }
        for reader in readers { reader.close() }
    }
}
