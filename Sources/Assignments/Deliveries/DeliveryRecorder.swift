import ServiceLifecycle
import Synchronization

/// Makes usage events of counted deliveries, window by window, and hands them to a sink that keeps them on a disk.
///
/// **Promises.** Every row that was taken from the source becomes one event with one id, and stays in memory until the
/// sink has it; while the sink fails, nothing more is taken, so that the source goes on adding up. On shutdown all that
/// was counted is handed on. **Costs** an event for each row of a window, on the cooperative pool. **Fails** by losing,
/// counted, what the sink has refused until the end; a crash loses at most the window that was being counted.
package final class DeliveryRecorder: Service {
    private struct Made: Sendable {
        var event: UsageEvent
        var requests: Int
    }

    private struct State {
        /// Events that the sink does not have yet, oldest first.
        var made: [Made] = []
        var number: UInt64 = 0
        var statistics = DeliveryRecorderStatistics()
    }

    private let source: any DeliverySource
    private let sink: any UsageSink
    private let settings: DeliveryRecorderSettings
    private let clock: any Clock<Duration>
    private let state = Mutex(State())
    private let bell = Bell()

    package init(
        source: any DeliverySource,
        sink: any UsageSink,
        settings: DeliveryRecorderSettings,
        clock: any Clock<Duration> = ContinuousClock()
    ) {
        self.source = source
        self.sink = sink
        self.settings = settings
        self.clock = clock
        source.whenFull { [bell] in bell.ring() }
    }

    package var statistics: DeliveryRecorderStatistics {
        state.withLock { state in
            var statistics = state.statistics
            statistics.waiting = state.made.count
            return statistics
        }
    }

    /// Ends `run`, as the shutdown of its service group does.
    package func close() { bell.mute() }

    /// Hands deliveries to the sink until the task is cancelled, the service group shuts down, or `close`.
    ///
    /// Then it hands over what was counted until then. Called once.
    package func run() async {
        await withGracefulShutdownHandler {
            await withTaskGroup(of: Void.self) { tasks in
                tasks.addTask { await self.strike() }
                while await self.bell.wait() { await self.handOver() }
                tasks.cancelAll()
            }
        } onGracefulShutdown: {
            self.close()
        }
        // In a task of its own, since this one may be cancelled; `run` waits for it here.
        await Task { await self.handOverLast() }.value
    }

    /// Rings at each window's end.
    private func strike() async {
        do {
            while !bell.isMuted {
                try await clock.sleep(for: settings.window)
                bell.ring()
            }
        } catch {
            // Cancelled: the end has begun.
        }
    }

    /// Hands on what is made, and only then what was counted meanwhile; `false` if the sink failed.
    @discardableResult
    private func handOver() async -> Bool {
        guard await handOverMade() else { return false }
        await make(source.take())
        return await handOverMade()
    }

    private func handOverLast() async {
        for attempt in 1...max(1, settings.lastAttempts) {
            if await handOver() { return }
            // Never cancelled: the task is its own.
            if attempt < settings.lastAttempts { try? await clock.sleep(for: settings.pause) }
        }
        // Counted, too, what could not be taken while the sink failed.
        await make(source.take())
        state.withLock { state in
            state.statistics.requestsLost += state.made.reduce(0) { $0 + $1.requests }
            state.made = []
        }
    }

    @concurrent
    private func make(_ rows: [DeliveryRow]) async {
        guard !rows.isEmpty else { return }
        let first = state.withLock { state in
            defer { state.number += UInt64(rows.count) }
            return state.number + 1
        }
        var lost = 0
        let made = rows.enumerated().compactMap { index, row -> Made? in
            let event = DeliveryEvent(row: row, boot: settings.boot, number: first + UInt64(index))
            do throws(AssignmentsError) {
                return Made(event: try event.usageEvent(node: settings.node), requests: row.requests)
            } catch {
                // A name that no event may have: the source gives none.
                lost += row.requests
                return nil
            }
        }
        state.withLock { state in
            state.made += made
            state.statistics.requestsLost += lost
        }
    }

    private func handOverMade() async -> Bool {
        while true {
            let batch = state.withLock { Array($0.made.prefix(settings.batchMax)) }
            if batch.isEmpty { return true }
            do throws(AssignmentsError) {
                try await sink.record(batch.map(\.event))
            } catch {
                state.withLock { $0.statistics.failures += 1 }
                return false
            }
            state.withLock { state in
                state.made.removeFirst(batch.count)
                state.statistics.recorded += batch.count
                state.statistics.requestsRecorded += batch.reduce(0) { $0 + $1.requests }
            }
        }
    }
}
