import Caching
import Fleet
import Synchronization

/// What is asked for most, by name; fed by a sample of the hits and by all requests on the ordinary path.
package final class Popularity: Sendable {
    private struct State {
        var keys: HotKeys
        /// The names of the keys that have been on top lately.
        var names: [EntryKey: String] = [:]
    }

    private let state: Mutex<State>
    private static let namesMax = 4_096

    init(seed: UInt64) { state = Mutex(State(keys: HotKeys(seed: seed))) }

    /// Whether a key is asked for so often that every node should keep it.
    func isHot(_ key: EntryKey) -> Bool { state.withLock { $0.keys.isHot((key.high, key.low)) } }

    func record(_ response: CachedResponse, weight: Int = 1) {
        record(response.key, name: response.subject.url, weight: weight)
    }

    func record(_ key: EntryKey, name: @autoclosure () -> String, weight: Int = 1) {
        state.withLock { state in
            let isHot = state.keys.record((key.high, key.low), weight: weight)
            if isHot, state.names[key] == nil {
                if state.names.count >= Self.namesMax { state.names.removeAll() }
                state.names[key] = name()
            }
        }
    }

    /// The most popular URLs with their estimated counts, the most popular first.
    package var top: [(name: String, count: Int)] {
        state.withLock { state in
            state.keys.top.compactMap { hot in
                state.names[EntryKey(high: hot.high, low: hot.low)].map { ($0, hot.count) }
            }
        }
    }
}
