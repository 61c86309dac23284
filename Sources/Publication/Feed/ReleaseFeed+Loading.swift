import DeliveryTypes
import Settings
import Synchronization

extension ReleaseFeed {
    /// Brings a release and serves it; after a failure rests, and lets it be tried again.
    func perform(_ load: FeedTable.Load) async {
        do throws(PublicationError) {
            try await bring(load)
        } catch {
            if case .cancelled = error, Task.isCancelled { return }
            counters.count { $0.failedLoads += 1 }
            let failures = state.withLock { $0.table.failed(load, because: "\(error)") }
            loadSignal.wake()
            guard let failures else { return }
            if failures == 1 { tell(.cannotLoad(load.app.name, number: load.app.number, reason: "\(error)")) }
            // Cancellation ends the pause; nobody waits then.
            try? await clock.sleep(for: settings.retry.pause(after: failures, random: random()), tolerance: nil)
            state.withLock { $0.table.rested(load) }
            loadSignal.wake()
        }
    }

    private func bring(_ load: FeedTable.Load) async throws(PublicationError) {
        let previous = served(load.app.name)
        let fetch = RecordFetch(shelf: shelf, source: source, figures: counters)
        let manifest = try await fetch.manifest(load.app.manifest)
        let contents = try Release.contents(of: manifest)
        let records = try await fetch.records(Release.needed(for: contents, having: previous?.release))
        let release = try await Self.make(contents, records, previous?.release)
        counters.count { $0.loads += 1 }
        let moment = now()
        let hadFailed = state.withLock { state in
            let hadFailed = (state.table.rows[load.app.name]?.failures ?? 0) > 0
            guard let app = state.table.succeeded(load) else { return false }
            let replaced = served(app.name)
            let made = App(app, release: release, loadedMilliseconds: moment, isFromDisk: false, replacing: replaced)
            serve(made, &state)
            state.settling[app.name] = Settling(app: made, contents: contents, records: [manifest] + records)
            return hadFailed
        }
        if hadFailed { tell(.loaded(load.app.name, number: load.app.number)) }
        if load.isPushed { counters.count { $0.propagated(moment - load.app.published) } }
        loadSignal.wake()
        settleSignal.wake()
    }

    @concurrent
    private static func make(
        _ contents: Release.Contents,
        _ records: [SettingsRecord],
        _ previous: Release?
    ) async throws(PublicationError) -> Release {
        try Release.load(contents, records: records, reusing: previous)
    }

    // MARK: From disk

    /// Serves what this node has written down.
    func restore() async {
        guard let shelf else { return }
        let kept: [KeptApp]
        do throws(PublicationError) {
            kept = try await shelf.open()
        } catch {
            counters.count { $0.failedKeeps += 1 }
            return
        }
        let fetch = RecordFetch(shelf: shelf, source: nil, figures: counters)
        for kept in kept {
            do throws(PublicationError) {
                let manifest = try await fetch.manifest(kept.app.manifest)
                let contents = try Release.contents(of: manifest)
                let records = try await fetch.records(Release.needed(for: contents, having: nil))
                let release = try await Self.make(contents, records, nil)
                let moment = now()
                state.withLock { state in
                    state.table.restored(kept.app)
                    let app = App(
                        kept.app,
                        release: release,
                        loadedMilliseconds: moment,
                        isFromDisk: true,
                        replacing: nil
                    )
                    serve(app, &state)
                    state.settling[kept.app.name] = Settling(app: app, contents: contents, records: [manifest])
                }
                counters.count { $0.restores += 1 }
            } catch {
                if case .cancelled = error { return }
                // The source has it, when it comes.
                counters.count { $0.failedLoads += 1 }
            }
        }
        settleSignal.wake()
    }
}
