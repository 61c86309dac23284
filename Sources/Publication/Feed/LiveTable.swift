import DeliveryTypes

/// All that is served at one moment; a value that readers take whole.
final class LiveTable<Release: ServableRelease>: Sendable {
    typealias App = LiveRelease<Release>

    struct KeyEntry: Sendable {
        let key: SourcedKey
        let app: App
    }

    let apps: [AppName: App]
    /// By the SHA-256 of the keys' texts: that is what is compared, so the time it takes says nothing of the keys.
    private let keys: [ContentDigest: [KeyEntry]]

    init() {
        apps = [:]
        keys = [:]
    }

    private init(_ apps: [AppName: App], _ keys: [ContentDigest: [KeyEntry]]) {
        self.apps = apps
        self.keys = keys
    }

    /// The same with this app in the place of what has its name.
    func with(_ app: App) -> LiveTable {
        var apps = apps
        var keys = keys
        let previous = apps.updateValue(app, forKey: app.name)
        for key in previous?.sourced.keys ?? [] {
            keys[key.sha256]?.removeAll { $0.app.name == app.name }
            if keys[key.sha256]?.isEmpty == true { keys[key.sha256] = nil }
        }
        for key in app.sourced.keys { keys[key.sha256, default: []].append(KeyEntry(key: key, app: app)) }
        return LiveTable(apps, keys)
    }

    /// The app that a key opens at `now`, in milliseconds since 1970.
    ///
    /// A digest that stands under several apps opens none of them: it can only be a mistake, or a fraud. One that is
    /// said to be of both kinds is taken for a client's.
    func app(key digest: ContentDigest, at now: Int64) -> (App, KeyKind)? {
        guard let entries = keys[digest], let first = entries.first else { return nil }
        guard entries.allSatisfy({ $0.app.name == first.app.name }) else { return nil }
        let valid = entries.filter { $0.key.isValid(at: now) }
        guard let entry = valid.first(where: { $0.key.kind == .client }) ?? valid.first else { return nil }
        return (entry.app, entry.key.kind)
    }
}
