import NIOCore
import Synchronization

/// Tells subscribers of event streams that their app has changed.
///
/// An event is built once for each app and flavour, and only when somebody listens; all subscribers share its bytes. A
/// subscriber that says which event it saw last (`Last-Event-ID`) gets the newest one at once if that is another; one
/// that does not say gets it if the state is so young that the subscriber may have asked for its settings before.
/// Subscribers are limited in all and for each app. No request waits for a subscriber.
package final class EventHub: Sendable {
    private struct Channel: Hashable {
        var app: String
        var flavour: EventFlavour
    }

    private struct Audience {
        var count = 0
        /// The state that all subscribers know of, or are being told of.
        var announced: String?
    }

    private struct State {
        var channels: [Channel: [ObjectIdentifier: EventSubscription]] = [:]
        var apps: [String: Audience] = [:]
        var count = 0
        var isClosed = false
    }

    private let limits: SettingsLimits
    private let source: any EventSource
    private let state = Mutex(State())

    package init(limits: SettingsLimits, source: any EventSource) {
        self.limits = limits
        self.source = source
    }

    /// Open streams in all.
    package var subscribers: Int { state.withLock { $0.count } }

    /// Open streams of one app.
    package func subscribers(of app: String) -> Int { state.withLock { $0.apps[app]?.count ?? 0 } }

    /// Opens a stream.
    ///
    /// `lastEventID`: What the client saw last; `nil` when it does not say.
    /// `now`: Milliseconds since 1970.
    /// - Returns: `nil` when there are too many, or the hub is closed.
    package func subscribe(app: String, _ flavour: EventFlavour, lastEventID: String?, now: Int64) -> EventStream? {
        let known = source.state(of: app, now: now)
        let isMissed = known.map { state in
            lastEventID.map { $0 != state.id } ?? (now - state.sinceMilliseconds < Int64(limits.recentMilliseconds))
        }
        let queue = EventQueue(
            greeting: ServerSentEvent.retry(milliseconds: limits.retryMilliseconds),
            event: isMissed == true ? source.event(of: app, flavour, now: now)?.bytes : nil
        )
        let subscription = EventSubscription(queue, begunMilliseconds: now)
        let channel = Channel(app: app, flavour: flavour)
        let isEntered = state.withLock { state in
            var audience = state.apps[app] ?? Audience(announced: known?.id)
            guard !state.isClosed, state.count < limits.subscribers, audience.count < limits.subscribersPerApp else {
                return false
            }
            audience.count += 1
            state.apps[app] = audience
            state.channels[channel, default: [:]][ObjectIdentifier(subscription)] = subscription
            state.count += 1
            return true
        }
        guard isEntered else { return nil }
        // What was published between the look above and the entry reached nobody: look again.
        if let state = source.state(of: app, now: now), state.id != known?.id,
            let event = source.event(of: app, flavour, now: now)
        {
            subscription.change { $0.put(event.bytes) }
        }
        return EventStream(lease: EventStream.Lease(subscription) { [weak self] in self?.leave($0, channel) })
    }

    /// Tells the app's subscribers of its state, unless they know.
    package func look(at app: String, now: Int64) {
        guard let known = source.state(of: app, now: now) else { return }
        let isNews = state.withLock { state in
            guard let audience = state.apps[app], audience.announced != known.id else { return false }
            state.apps[app]?.announced = known.id
            return true
        }
        guard isNews else { return }
        for flavour in EventFlavour.allCases {
            let listeners = state.withLock { $0.channels[Channel(app: app, flavour: flavour)].map { Array($0.values) } }
            guard let listeners, !listeners.isEmpty, let event = source.event(of: app, flavour, now: now) else {
                continue
            }
            let bytes = event.bytes
            for listener in listeners { listener.change { $0.put(bytes) } }
        }
    }

    /// Looks at every app that has subscribers: finds the boundaries of schedules, and changes nobody told of.
    package func lookAround(now: Int64) {
        for app in state.withLock({ Array($0.apps.keys) }) { look(at: app, now: now) }
    }

    /// One heartbeat's time has passed: idle streams get a comment, old ones end.
    package func beat(now: Int64) {
        let age = Int64(limits.streamDuration.components.seconds) * 1_000
        for subscription in state.withLock({ state in state.channels.values.flatMap { $0.values } }) {
            let isOver = now - subscription.begunMilliseconds >= age
            subscription.change { queue in
                if isOver { queue.close() } else { queue.beat() }
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
            state.apps[channel.app]?.count -= 1
            if state.apps[channel.app]?.count == 0 { state.apps[channel.app] = nil }
            state.count -= 1
        }
    }
}
