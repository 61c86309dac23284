import ServiceLifecycle
import Synchronization

/// Takes the exposures of requests, keeps one of each, and hands them to a sink behind the requests' backs.
///
/// **Promises.** `record` never waits. An exposure is handed on once per unit, variation and window as far as the
/// deduplicator remembers; a second time, it has the same id. What the sink refuses is tried again, then given up,
/// counted, and forgotten by the deduplicator, so that the unit's next exposure is reported. **Costs** one lock and two
/// table look-ups per exposure on the request's way; the rest is done by `run`. **Fails** by dropping and counting when
/// too many wait.
package final class ExposureRecorder: Service {
    private struct Waiting: Sendable {
        var exposure: Exposure
        var context: ExposureContext
    }

    private struct State {
        var waiting: [Waiting] = []
        var statistics = ExposureRecorderStatistics()
        /// Exposures that are to be reported again, so far.
        var withdrawals = 0
    }

    package let deduplicator: ExposureDeduplicator
    private let sink: any UsageSink
    private let settings: ExposureRecorderSettings
    private let clock: any Clock<Duration>
    private let state = Mutex(State())
    private let bell = Bell()
    private let marks = Mutex(ReportedMarks(marksMax: 200_000))

    package init(
        sink: any UsageSink,
        deduplicator: ExposureDeduplicator,
        settings: ExposureRecorderSettings,
        clock: any Clock<Duration> = ContinuousClock()
    ) {
        self.sink = sink
        self.deduplicator = deduplicator
        self.settings = settings
        self.clock = clock
    }

    /// Takes the exposures of one request; how many of them were new and wait for the sink now.
    @discardableResult
    package func record(_ exposures: [Exposure], context: ExposureContext) -> Int {
        take(exposures, context).taken
    }

    /// The same for a request with a fingerprint of everything it is exposed to: equal marks, equal exposures.
    ///
    /// `exposures` is not asked where a request with the mark has been taken in this window.
    package func record(mark: UInt64, context: ExposureContext, exposures: () -> [Exposure]) {
        let window = deduplicator.window(at: context.timeMilliseconds)
        // Releases of two apps may be equal.
        let mark = Self.mark(mark, of: context.app)
        if marks.withLock({ $0.contains(mark, window: window) }) { return }
        let generation = state.withLock { $0.withdrawals }
        guard take(exposures(), context).isComplete else { return }
        marks.withLock { marks in
            guard state.withLock({ $0.withdrawals }) == generation else { return }
            marks.insert(mark, window: window)
        }
    }

    /// FNV-1a, 64 bits, over the app's name.
    private static func mark(_ mark: UInt64, of app: String) -> UInt64 {
        app.utf8.reduce(mark ^ 0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
    }

    private func take(_ exposures: [Exposure], _ context: ExposureContext) -> (taken: Int, isComplete: Bool) {
        let admitted = deduplicator.admit(exposures, app: context.app, timeMilliseconds: context.timeMilliseconds)
        guard !admitted.isEmpty else { return (0, true) }
        let taken = state.withLock { state in
            let taken = min(admitted.count, settings.exposuresMax - state.waiting.count)
            for exposure in admitted.prefix(taken) {
                state.waiting.append(Waiting(exposure: exposure, context: context))
            }
            state.statistics.dropped += admitted.count - taken
            return taken
        }
        for exposure in admitted.dropFirst(taken) { withdraw(Waiting(exposure: exposure, context: context)) }
        if taken > 0 { bell.ring() }
        return (taken, taken == admitted.count)
    }

    package var statistics: ExposureRecorderStatistics {
        state.withLock { state in
            var statistics = state.statistics
            statistics.waiting = state.waiting.count
            return statistics
        }
    }

    /// Ends `run`, as the shutdown of its service group does.
    package func close() { bell.mute() }

    /// Hands exposures to the sink until the task is cancelled, the service group shuts down, or `close`.
    ///
    /// Then it hands over those that still wait, each batch tried once. Called once.
    package func run() async {
        await withGracefulShutdownHandler {
            while await bell.wait() {
                // Cancelled: then the rest is handed over below.
                try? await clock.sleep(for: settings.linger)
                while await handOver(attemptsMax: settings.attemptsMax), !bell.isMuted {}
            }
        } onGracefulShutdown: {
            self.close()
        }
        // In a task of its own, since this one may be cancelled; `run` waits for it here.
        await Task { while await handOver(attemptsMax: 1) {} }.value
    }

    /// Hands the oldest exposures to the sink, or gives them up; `false` if none wait.
    private func handOver(attemptsMax: Int) async -> Bool {
        let batch = state.withLock { state in
            let batch = Array(state.waiting.prefix(settings.batchMax))
            state.waiting.removeFirst(batch.count)
            return batch
        }
        guard !batch.isEmpty else { return false }
        let events = await events(of: batch)
        let isRecorded = await hand(events, attemptsMax: attemptsMax)
        if !isRecorded { batch.forEach(withdraw) }
        state.withLock { state in
            state.statistics.invalid += batch.count - events.count
            state.statistics.recorded += isRecorded ? events.count : 0
            state.statistics.dropped += isRecorded ? 0 : events.count
        }
        return true
    }

    private func hand(_ events: [UsageEvent], attemptsMax: Int) async -> Bool {
        var pause = settings.pause
        for attempt in 1...max(1, attemptsMax) {
            do throws(AssignmentsError) {
                try await sink.record(events)
                return true
            } catch {
                if case .closed = error { return false }
                if attempt == attemptsMax || bell.isMuted { return false }
                // Cancelled: then the next attempt comes at once.
                try? await clock.sleep(for: pause)
                pause *= 2
            }
        }
        return false
    }

    @concurrent
    private func events(of batch: [Waiting]) async -> [UsageEvent] {
        batch.compactMap { waiting in
            let window = deduplicator.window(at: waiting.context.timeMilliseconds)
            let event = ExposureEvent(exposure: waiting.exposure, context: waiting.context, window: window)
            // Names that no event may have: counted by the caller.
            return try? event.usageEvent(node: settings.node, naming: settings.naming)
        }
    }

    private func withdraw(_ waiting: Waiting) {
        marks.withLock { marks in
            state.withLock { $0.withdrawals += 1 }
            marks.forget()
        }
        deduplicator.withdraw(
            waiting.exposure,
            app: waiting.context.app,
            timeMilliseconds: waiting.context.timeMilliseconds
        )
    }
}
