import NIOCore
import Synchronization

/// Tells subscribers of event streams that their app has changed.
///
/// An event is built once for each app and flavour, and only when somebody listens; all subscribers share its bytes. A
/// subscriber that says which event it saw last (`Last-Event-ID`) gets the newest one at once if that is another; one
/// that does not say gets it if it is so young that the subscriber may have asked for its settings just before.
/// Subscribers are limited in all and for each app. No request waits for a subscriber.
package final class EventHub: Sendable {
    private struct Channel: Hashable {
        var app: String
        var flavour: EventFlavour
    }

    private struct State {
        var channels: [Channel: [ObjectIdentifier: EventSubscription]] = [:]
        var apps: [String: Int] = [:]
        var count = 0
        var isClosed = false
    }

    private let limits: SettingsLimits
    private let describe: @Sendable (_ app: String, EventFlavour) -> HubEvent?
    private let state = Mutex(State())

    /// - Parameter describe: The newest event of an app; `nil` when there is no such app (any more).
    package init(limits: SettingsLimits, describe: @escaping @Sendable (_ app: String, EventFlavour) -> HubEvent?) {
        self.limits = limits
        self.describe = describe
    }

    /// Open streams in all.
    package var subscribers: Int { state.withLock { $0.count } }

    /// Open streams of one app.
    package func subscribers(of app: String) -> Int { state.withLock { $0.apps[app] ?? 0 } }

    /// Opens a stream.
    ///
    /// - Parameters:
    ///   - lastEventID: What the client saw last; `nil` when it does not say.
    ///   - now: Milliseconds since 1970.
    /// - Returns: `nil` when there are too many, or the hub is closed.
    package func subscribe(app: String, _ flavour: EventFlavour, lastEventID: String?, now: Int64) -> EventStream? {
        let newest = describe(app, flavour)
        let isMissed = newest.map { event in
            lastEventID.map { $0 != event.id }
                ?? (now - event.sinceMilliseconds < Int64(limits.recentMilliseconds))
        }
        let queue = EventQueue(
            greeting: ServerSentEvent.retry(milliseconds: limits.retryMilliseconds),
            event: isMissed == true ? newest?.bytes : nil
        )
        let subscription = EventSubscription(queue, begunMilliseconds: now)
        let channel = Channel(app: app, flavour: flavour)
        let isEntered = state.withLock { state in
            guard !state.isClosed, state.count < limits.subscribers,
                state.apps[app, default: 0] < limits.subscribersPerApp
            else { return false }
            state.channels[channel, default: [:]][ObjectIdentifier(subscription)] = subscription
            state.apps[app, default: 0] += 1
            state.count += 1
            return true
        }
        guard isEntered else { return nil }
        // What was published between the look above and the entry reached nobody: look again.
        if let latest = describe(app, flavour), latest.id != newest?.id {
            subscription.change { $0.put(latest.bytes) }
        }
        return EventStream(lease: EventStream.Lease(subscription) { [weak self] in self?.leave($0, channel) })
    }

    /// The app has changed: tells everybody who listens.
    package func announce(app: String) {
        for flavour in EventFlavour.allCases {
            let listeners = state.withLock { $0.channels[Channel(app: app, flavour: flavour)].map { Array($0.values) } }
            guard let listeners, !listeners.isEmpty, let event = describe(app, flavour) else { continue }
            for listener in listeners { listener.change { $0.put(event.bytes) } }
        }
    }

    /// One heartbeat's time has passed: idle streams get a comment, old ones end.
    package func beat(at now: Int64) {
        let age = Int64(limits.streamDuration.components.seconds) * 1_000
        let all = state.withLock { state in state.channels.values.flatMap { $0.values } }
        for subscription in all {
            let isOver = now - subscription.begunMilliseconds >= age
            subscription.change { queue in
                queue.beat()
                if isOver { queue.close() }
            }
        }
    }

    /// Ends all streams; nobody may subscribe any more.
    package func close() {
        let all = state.withLock { state in
            state.isClosed = true
            return state.channels.values.flatMap { $0.values }
        }
        for subscription in all { subscription.change { $0.close() } }
    }

    private func leave(_ subscription: EventSubscription, _ channel: Channel) {
        state.withLock { state in
            guard state.channels[channel]?.removeValue(forKey: ObjectIdentifier(subscription)) != nil else { return }
            if state.channels[channel]?.isEmpty == true { state.channels[channel] = nil }
            let left = state.apps[channel.app, default: 1] - 1
            state.apps[channel.app] = left > 0 ? left : nil
            state.count -= 1
        }
    }
}
