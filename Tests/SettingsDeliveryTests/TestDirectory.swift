import DeliveryTypes
import SettingsDelivery
import Synchronization

/// Apps that a test publishes by assignment.
final class TestDirectory: AppDirectory {
    var isStarting: Bool { false }

    struct Entry: Sendable {
        var app: ServedApp
        var keys: [String: Bool]
    }

    private let entries = Mutex<[String: Entry]>([:])

    /// Serves an app; `keys` says of each whether it sees rules.
    func put(_ app: ServedApp, keys: [String: Bool]) {
        entries.withLock { $0[app.name] = Entry(app: app, keys: keys) }
    }

    func app(named name: String) -> ServedApp? { entries.withLock { $0[name]?.app } }

    func app(key: String, now: Int64) -> KeyedApp? {
        let found = entries.withLock { entries in entries.values.first { $0.keys[key] != nil } }
        return found.map { entry in
            KeyedApp(app: entry.app, seesRules: entry.keys[key] == true, channel: "channel-of-" + key)
        }
    }

    func app(channel: String, now: Int64) -> ServedApp? {
        entries.withLock { entries in
            entries.values.first { entry in entry.keys.keys.contains { "channel-of-" + $0 == channel } }?.app
        }
    }
}
