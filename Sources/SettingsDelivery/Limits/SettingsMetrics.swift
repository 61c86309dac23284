import Synchronization

/// What the settings surfaces have answered since the start, by app; apps beyond a limit share one row.
package final class SettingsMetrics: Sendable {
    /// Which surface was asked.
    package enum Surface: String, CaseIterable, Sendable {
        case document, dictionary, flags, flag, features, remote, events
    }

    /// How it was answered.
    package enum Outcome: String, CaseIterable, Sendable {
        /// A whole document, made for the request.
        case whole
        /// From pieces that were compressed at publish time.
        case packed
        /// Only what changed.
        case delta
        case notModified
        case refused
    }

    /// One counter's place.
    package struct Label: Hashable, Sendable {
        package let app: String
        package let surface: Surface
        package let outcome: Outcome
    }

    /// Requests, and the bytes of their bodies as sent.
    package struct Figures: Hashable, Sendable {
        package var requests = 0
        package var bytes = 0
    }

    /// Stands for the apps beyond the limit, and for requests without an app.
    package static let others = "other"

    private struct State {
        var figures: [Label: Figures] = [:]
        var apps: Set<String> = []
        var incompleteUsers = 0
    }

    private let appsMax: Int
    private let state = Mutex(State())

    package init(appsMax: Int = 256) { self.appsMax = appsMax }

    /// Counts one answer.
    package func count(app: String?, _ surface: Surface, _ outcome: Outcome, bytes: Int) {
        state.withLock { state in
            var name = Self.others
            if let app {
                if state.apps.contains(app) {
                    name = app
                } else if state.apps.count < appsMax {
                    state.apps.insert(app)
                    name = app
                }
            }
            let label = Label(app: name, surface: surface, outcome: outcome)
            state.figures[label, default: Figures()].requests += 1
            state.figures[label, default: Figures()].bytes += bytes
        }
    }

    /// Counts a request that was evaluated without all that is known of its user.
    func countIncompleteUser() { state.withLock { $0.incompleteUsers += 1 } }

    /// Requests that were evaluated without all that is known of their users.
    package var incompleteUsers: Int { state.withLock { $0.incompleteUsers } }

    /// Every counter at this moment.
    package var figures: [Label: Figures] { state.withLock { $0.figures } }

    /// Requests of one kind, of all apps.
    package func requests(_ surface: Surface, _ outcome: Outcome) -> Int {
        figures.reduce(0) { sum, row in
            row.key.surface == surface && row.key.outcome == outcome ? sum + row.value.requests : sum
        }
    }
}
