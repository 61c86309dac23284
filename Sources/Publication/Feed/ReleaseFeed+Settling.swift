import DeliveryTypes
import Settings
import Synchronization

extension ReleaseFeed {
    /// The number or the keys of what is served are others: to be written down.
    ///
    /// Called with the lock on the state.
    func settleLater(_ app: App, _ state: inout State) {
        if state.settling[app.name] != nil {
            state.settling[app.name]?.app = app
        } else {
            state.settling[app.name] = Settling(app: app, contents: nil, records: [])
        }
        settleSignal.wake()
    }

    /// Attaches and writes down what has begun to be served, one app after the other, until the task is cancelled.
    func settle() async {
        for await _ in settleSignal.wakeUps {
            while !Task.isCancelled, let settling = takeSettling() {
                await settle(settling)
            }
        }
    }

    private func takeSettling() -> Settling? {
        state.withLock { state in
            guard let name = state.settling.keys.sorted().first else { return nil }
            return state.settling.removeValue(forKey: name)
        }
    }

    private func settle(_ settling: Settling) async {
        let app = settling.app
        let fetch = RecordFetch(shelf: shelf, source: source, figures: counters)
        var records = settling.records
        do throws(PublicationError) {
            let contents: Release.Contents
            if let known = settling.contents {
                contents = known
                for reference in Release.attachable(of: contents) {
                    let record = try await fetch.record(reference)
                    try await Self.attach(record, to: app.release)
                    records.append(record)
                }
            } else {
                guard shelf != nil else { return }
                let manifest = try await fetch.manifest(app.manifest)
                contents = try Release.contents(of: manifest)
                records.append(manifest)
            }
            guard let shelf else { return }
            let have = Set(records.map(\.digest))
            let kept = Release.kept(of: contents)
            for reference in kept where !have.contains(reference.digest) && !shelf.holds(reference.digest) {
                records.append(try await fetch.record(reference))
            }
            let names = [app.manifest] + kept.map(\.digest)
            try await shelf.keep(KeptApp(app: app.sourced, records: names), records: records)
        } catch {
            if case .cancelled = error { return }
            counters.count { $0.failedKeeps += 1 }
        }
    }

    /// Lets the releases prepare what requests have asked for, every now and then until the task is cancelled.
    func prepare() async {
        // Cancellation ends the sleep, and with it the preparing.
        while (try? await clock.sleep(for: settings.prepareInterval, tolerance: nil)) != nil {
            for app in apps { await Self.prepare(app.release) }
        }
    }

    @concurrent
    private static func prepare(_ release: Release) async { release.prepare() }

    @concurrent
    private static func attach(_ record: SettingsRecord, to release: Release) async throws(PublicationError) {
        try release.add(record)
    }
}
