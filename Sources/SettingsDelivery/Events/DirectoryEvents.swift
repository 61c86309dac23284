import DeliveryTypes

/// The states of the directory's apps as events.
struct DirectoryEvents: EventSource {
    let directory: any AppDirectory
    let limits: SettingsLimits

    func state(of app: String, now: Int64) -> AppState? {
        directory.app(named: app).map { AppState($0, now: now) }
    }

    func event(of app: String, _ flavour: EventFlavour, now: Int64) -> ServerSentEvent? {
        guard let served = directory.app(named: app) else { return nil }
        let state = AppState(served, now: now)
        switch flavour {
        case .updated: return Self.updated(state)
        case .features:
            guard let text = served.engine.payloadAtHand(now), text.bytes.count <= limits.inlineBytes,
                let lines = ServerSentEvent.lines(of: text.bytes, wanted: 16_384, limit: 60_000)
            else { return Self.updated(state) }
            return ServerSentEvent(id: state.id, name: "features", data: lines)
        case .refetch:
            return FlagText.refetch(
                id: state.id,
                configuration: served.configuration(now: now),
                sinceMilliseconds: state.sinceMilliseconds
            )
        }
    }

    private static func updated(_ state: AppState) -> ServerSentEvent {
        ServerSentEvent(id: state.id, name: "features-updated", data: [])
    }
}

extension AppState {
    /// The state of an app: its publish, and the boundary of a schedule that was passed since.
    init(_ app: ServedApp, now: Int64) {
        let since = app.engine.stateSince(now)
        let isAsPublished = since <= app.engine.publishedMilliseconds
        self.init(
            id: isAsPublished ? "\(app.number)" : "\(app.number)-\(since)",
            sinceMilliseconds: max(since, app.engine.publishedMilliseconds)
        )
    }
}

extension ServedApp {
    /// Names what is evaluated, rules and values, but not for whom.
    func configuration(now: Int64) -> String {
        let state = AppState(self, now: now)
        return "\(engine.record.hex.prefix(16))-\(state.id)"
    }
}
