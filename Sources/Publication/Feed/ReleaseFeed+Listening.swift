import DeliveryTypes
import Settings
import Synchronization

extension ReleaseFeed {
    /// Watches the source until the task is cancelled; where that fails, polls it between the attempts.
    func listen() async {
        guard let source else { return }
        var failures = 0
        while !Task.isCancelled {
            let heard = Heard()
            do throws(PublicationError) {
                try await source.watch { event in
                    heard.note()
                    self.receive(event, isPushed: true)
                }
            } catch {
                if case .cancelled = error { return }
                lost(error, heardAnything: heard.isSomething)
            }
            failures = heard.isSomething ? 1 : failures + 1
            if !heard.isSomething { await poll(source) }
            let pause = settings.reconnect.pause(after: failures, random: random())
            // Cancellation ends the pause and the loop.
            try? await clock.sleep(for: pause, tolerance: nil)
        }
    }

    private func poll(_ source: any SettingsSource) async {
        counters.count { $0.polls += 1 }
        do throws(PublicationError) {
            let snapshot = try await source.snapshot()
            receive(.snapshot(snapshot), isPushed: false)
        } catch {
            lost(error, heardAnything: false)
        }
    }

    /// The source has said something.
    func receive(_ event: SourceEvent, isPushed: Bool) {
        let moment = now()
        let (needsLoads, news) = state.withLock { state in
            var news: FeedNews?
            switch state.contact {
            case .lost(let since): news = .regained(source: source?.name ?? "", milliseconds: moment - since)
            case .never where state.sourceFailure != nil:
                news = .regained(source: source?.name ?? "", milliseconds: nil)
            case .never, .held: break
            }
            state.contact = Contact.held
            if isPushed { state.sourceFailure = nil }
            var needsLoads = false
            switch event {
            case .heartbeat: break
            case .app(let app): needsLoads = learn(app, isPushed: isPushed, &state)
            case .snapshot(let snapshot):
                // What is new here may have been published long ago.
                for app in snapshot.apps where learn(app, isPushed: false, &state) { needsLoads = true }
            }
            return (needsLoads, news)
        }
        if let news { tell(news) }
        if needsLoads { loadSignal.wake() }
    }

    private func learn(_ app: SourcedApp, isPushed: Bool, _ state: inout State) -> Bool {
        switch state.table.learn(app, isPushed: isPushed) {
        case .nothing, .refused: return false
        case .load:
            // Its keys may be others now, which need no load.
            if let live = served(app.name), let row = state.table.rows[app.name],
                row.wanted.keysNumber > live.sourced.keysNumber
            {
                var renewed = live.sourced
                renewed.keysNumber = row.wanted.keysNumber
                renewed.keys = row.wanted.keys
                serve(App(renewed, relabelling: live), &state)
            }
            return true
        case .relabel(let news):
            guard let live = served(app.name) else { return false }
            let relabelled = App(news, relabelling: live)
            serve(relabelled, &state)
            settleLater(relabelled, &state)
            return false
        }
    }

    private func lost(_ error: PublicationError, heardAnything: Bool) {
        counters.count { $0.disconnects += 1 }
        let moment = now()
        let isNews = state.withLock { state in
            var isNews = false
            switch state.contact {
            case .held:
                state.contact = .lost(sinceMilliseconds: moment)
                isNews = true
            case .never: isNews = state.sourceFailure == nil
            case .lost: break
            }
            state.sourceFailure = "\(error)"
            return isNews
        }
        if isNews, let source { tell(.lost(source: source.name, reason: "\(error)")) }
    }
}
