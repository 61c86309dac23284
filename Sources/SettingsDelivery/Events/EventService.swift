import ServiceLifecycle

/// Drives a hub: changes as they are told, a look around every second, heartbeats.
package struct EventService: Service {
    private let hub: EventHub
    private let limits: SettingsLimits
    private let changes: AsyncStream<String>
    private let clock: any Clock<Duration>
    private let nowMilliseconds: @Sendable () -> Int64

    /// `changes`: The names of apps whose settings have changed on this node.
    package init(
        hub: EventHub,
        limits: SettingsLimits,
        changes: AsyncStream<String>,
        clock: any Clock<Duration> = ContinuousClock(),
        nowMilliseconds: @escaping @Sendable () -> Int64
    ) {
        self.hub = hub
        self.limits = limits
        self.changes = changes
        self.clock = clock
        self.nowMilliseconds = nowMilliseconds
    }

    /// Runs until a graceful shutdown or the task's cancellation; then all streams end.
    package func run() async {
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { tasks in
                tasks.addTask { for await app in changes { hub.look(at: app, now: nowMilliseconds()) } }
                tasks.addTask { await every(.seconds(1)) { hub.lookAround(now: nowMilliseconds()) } }
                tasks.addTask { await every(limits.heartbeat) { hub.beat(now: nowMilliseconds()) } }
                // The stream of changes may end before the service does.
                await tasks.waitForAll()
            }
        }
        hub.close()
    }

    private func every(_ interval: Duration, _ body: @Sendable () -> Void) async {
        while !Task.isCancelled {
            // Cancelled: the loop ends.
            do { try await clock.sleep(for: interval) } catch { return }
            body()
        }
    }
}
