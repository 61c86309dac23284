package import DeliveryTypes
package import ObjectStorage
import ServiceLifecycle
import Synchronization

/// What is in force, read from the object store: the source of an origin, and of whatever asks it over HTTP.
///
/// **Promises.** `run()` reads the store at its start, at once after `notify(_:)`, and every `pollInterval`; watchers
/// of this process hear of a change right after the store has answered. When the store fails, what was read stays.
///
/// **Costs.** A change: three round trips to the store. A poll: about four per app. Nothing for each watcher.
package final class StoreSource: SettingsSource, Service {
    private struct Pending {
        var apps: Set<AppName> = []
        var all = true
    }

    package let archive: SettingsArchive
    package let board = SettingsBoard()
    private let pollInterval: Duration
    private let clock: any Clock<Duration>
    private let pending = Mutex(Pending())
    private let signal = WakeSignal()
    private let failure = Mutex<String?>(nil)

    package var name: String { "store" }

    /// - Parameters:
    ///   - store: the place of published settings.
    ///   - pollInterval: how long a change may stay unseen that another process has published.
    ///   - clock: for the polling.
    package init(
        store: any ObjectStore,
        pollInterval: Duration = .seconds(5),
        clock: any Clock<Duration> = ContinuousClock()
    ) {
        archive = SettingsArchive(store: store)
        self.pollInterval = pollInterval
        self.clock = clock
    }

    /// Why the store could not be read the last time; `nil` while it can.
    package var lastFailure: String? { failure.withLock { $0 } }

    /// Something of the app has been published in this process, or its keys have changed: read it now.
    package func notify(_ app: AppName) {
        pending.withLock { _ = $0.apps.insert(app) }
        signal.wake()
    }

    /// Reads the store again now, whatever has happened.
    package func refresh() {
        pending.withLock { $0.all = true }
        signal.wake()
    }

    /// Reads and tells until a graceful shutdown or cancellation; then all watching ends.
    package func run() async throws {
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { tasks in
                tasks.addTask {
                    // Cancellation ends the sleep, and with it the polling.
                    while (try? await self.clock.sleep(for: self.pollInterval, tolerance: nil)) != nil {
                        self.refresh()
                    }
                }
                tasks.addTask {
                    self.signal.wake()
                    for await _ in self.signal.wakeUps { await self.readPending() }
                }
            }
        }
        board.close()
    }

    private func readPending() async {
        let taken = pending.withLock { pending in
            defer { pending = Pending(apps: [], all: false) }
            return pending
        }
        do throws(PublicationError) {
            var damage: String?
            if taken.all || board.snapshot == nil {
                board.replace(with: try await readAll(&damage))
            } else {
                for name in taken.apps.sorted() {
                    if let app = try await readApart(name, &damage) { board.update(app) }
                }
            }
            failure.withLock { $0 = damage }
        } catch {
            // Read again at the next poll, all of it: nothing that was to be read is forgotten.
            pending.withLock { $0.all = true }
            failure.withLock { $0 = "\(error)" }
        }
    }

    private func readAll(_ damage: inout String?) async throws(PublicationError) -> [SourcedApp] {
        var apps: [SourcedApp] = []
        for name in try await archive.apps() {
            if let app = try await readApart(name, &damage) { apps.append(app) }
        }
        return apps
    }

    /// Reads one app; one that is damaged in the store stays what it was, and harms no other.
    private func readApart(_ name: AppName, _ damage: inout String?) async throws(PublicationError) -> SourcedApp? {
        do throws(PublicationError) {
            return try await read(name)
        } catch {
            guard case .damaged = error else { throw error }
            damage = "\(error)"
            return board.app(name)
        }
    }

    /// What is in force for the app; `nil` if nothing was published.
    private func read(_ name: AppName) async throws(PublicationError) -> SourcedApp? {
        let known = board.app(name)
        let number = try await archive.latestNumber(of: name, after: known?.number ?? 0)
        guard number > 0 else { return nil }
        let keys = try await archive.keys(of: name, after: known?.keysNumber ?? 0)
        var app: SourcedApp
        if let known, known.number == number {
            // An entry never changes.
            app = known
        } else {
            let entry = try await archive.entry(number, of: name)
            app = SourcedApp(name: name, number: number, manifest: entry.manifest, published: entry.published)
        }
        app.keysNumber = keys?.number ?? 0
        app.keys = keys?.keys.map { SourcedKey($0) } ?? []
        return app
    }

    // MARK: SettingsSource

    package func snapshot() async throws(PublicationError) -> SettingsSnapshot {
        guard let snapshot = board.snapshot else {
            throw .unreachable(lastFailure ?? "the store has not been read yet")
        }
        return snapshot
    }

    package func watch(_ receive: @Sendable (SourceEvent) -> Void) async throws(PublicationError) {
        let reader = board.join()
        await reader.read { event in
            receive(event)
            return true
        }
        board.leave(reader)
        throw Task.isCancelled ? .cancelled : .unreachable("the store is no longer read")
    }

    package func record(_ digest: ContentDigest, bytesMax: Int) async throws(PublicationError) -> [UInt8]? {
        try await archive.record(digest, upTo: bytesMax)
    }
}
