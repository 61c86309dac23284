import ServiceLifecycle
import Synchronization

/// Brings the warehouse's exports into the service database: takes what is new into the queue, in order, and applies
/// the queue at a bounded pace.
///
/// Any number of processes may do so with the same database. It never gives up: while the database is away it tries
/// again with growing pauses; an export that is damaged or missing is tried again now and then and named in the
/// statistics, and later ones wait for it. Ends at a graceful shutdown, after the transaction under way.
package final class UnloadService: Service {
    private struct State {
        var pace: UnloadPace
        var statistics = UnloadStatistics()
        var isMigrated = false
        /// When the folder is looked at next.
        var scanDue = Duration.zero
        /// The last number whose manifest was compared with the database's.
        var compared: Int64 = 0
    }

    private let database: any ServiceDatabase
    private let folder: ExportFolder
    private let settings: UnloadSettings
    private let elapsed: @Sendable () -> Duration
    private let pause: @Sendable (Duration) async throws -> Void
    private let random: @Sendable () -> Double
    private let state: Mutex<State>

    /// `database` stays the caller's to close, after this has ended; `random` gives numbers in [0, 1).
    package init<Time: Clock>(
        database: any ServiceDatabase,
        folder: ExportFolder,
        settings: UnloadSettings = UnloadSettings(),
        clock: Time = ContinuousClock(),
        random: @escaping @Sendable () -> Double
    ) where Time.Duration == Duration {
        self.database = database
        self.folder = folder
        self.settings = settings
        let start = clock.now
        elapsed = { start.duration(to: clock.now) }
        pause = { try await clock.sleep(for: $0) }
        self.random = random
        state = Mutex(State(pace: UnloadPace(settings.pace)))
    }

    package var statistics: UnloadStatistics {
        state.withLock { state in
            var statistics = state.statistics
            statistics.rate = state.pace.rate
            return statistics
        }
    }

    /// Runs until a graceful shutdown or the task's cancellation.
    package func run() async {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                let rest = await self.step()
                // Cancelled: the loop ends.
                if rest > .zero { do { try await self.pause(rest) } catch { return } }
            }
        }
    }

    /// Does the next thing that is due; how long to wait after it.
    package func step() async -> Duration {
        let now = elapsed()
        let (wait, isScanDue) = state.withLock { ($0.pace.wait(at: now), $0.scanDue <= now) }
        // While the database is away, nothing is asked of it but what the pace allows.
        if wait > .zero, state.withLock({ $0.pace.failures > 0 }) { return wait }
        if isScanDue { await scan(at: now) }
        if wait > .zero { return min(wait, untilScan) }
        if state.withLock({ $0.pace.wait(at: elapsed()) }) > .zero { return .zero }
        return await unload()
    }

    private var untilScan: Duration {
        let now = elapsed()
        return state.withLock { max(.zero, $0.scanDue - now) }
    }

    // MARK: Taking exports

    /// Takes the next export, if there is one; looks again soon if there may be more.
    private func scan(at now: Duration) async {
        do throws(LedgerError) {
            try await migrateOnce()
            let more = try await enqueueNext()
            let next = more ? elapsed() : elapsed() + settings.scanInterval
            state.withLock { state in
                state.scanDue = next
                state.statistics.enqueueError = nil
            }
        } catch {
            noteFailure(of: error, next: elapsed() + (error.isPassing ? settings.scanInterval : settings.retryInterval))
        }
    }

    private func noteFailure(of error: LedgerError, next: Duration) {
        let chance = random()
        let now = elapsed()
        state.withLock { state in
            state.scanDue = next
            state.statistics.enqueueError = error
            switch error {
            case .unavailable, .rejected:
                state.statistics.failures += 1
                state.pace.failed(at: now, random: chance)
            default: break
            }
        }
    }

    private func migrateOnce() async throws(LedgerError) {
        if state.withLock({ $0.isMigrated }) { return }
        try await database.migrate()
        state.withLock { $0.isMigrated = true }
    }

    /// - Returns: Whether there may be another one at once.
    private func enqueueNext() async throws(LedgerError) -> Bool {
        let numbers = try folder.numbers()
        let backlog = try await database.backlog()
        note(backlog, numbers: numbers)
        try compare(numbers, with: backlog)
        guard let number = numbers.first(where: { $0 > backlog.enqueued }) else { return false }
        guard let export = try folder.export(number) else { return true }
        _ = try await database.enqueue(export, batchRows: settings.batchRows)
        note(try await database.backlog(), numbers: numbers)
        return number != numbers.last
    }

    /// The last export that was taken must still be the one in the folder, if it is there.
    private func compare(_ numbers: [Int64], with backlog: Backlog) throws(LedgerError) {
        guard backlog.enqueued > 0, state.withLock({ $0.compared }) != backlog.enqueued else { return }
        if numbers.contains(backlog.enqueued) {
            guard let export = try folder.export(backlog.enqueued) else { return }
            guard export.digest == backlog.enqueuedDigest else { throw .replaced(number: backlog.enqueued) }
        } else if let last = numbers.last, last < backlog.enqueued {
            // The folder ends before the database does: exports began anew.
            throw .replaced(number: last)
        }
        state.withLock { $0.compared = backlog.enqueued }
    }

    private func note(_ backlog: Backlog, numbers: [Int64]) {
        state.withLock { state in
            state.statistics.backlogRows = backlog.rows
            state.statistics.backlogBatches = backlog.batches
            state.statistics.exportEnqueued = backlog.enqueued
            state.statistics.exportApplied = backlog.applied
            state.statistics.exportSeen = numbers.last ?? 0
            state.statistics.exportsWaiting = numbers.filter { $0 > backlog.enqueued }.count
        }
    }

    // MARK: Applying batches

    /// Applies a batch; how long to wait after it.
    private func unload() async -> Duration {
        let began = elapsed()
        do throws(LedgerError) {
            try await migrateOnce()
            let batch = try await database.unload()
            let ended = elapsed()
            guard let batch else {
                state.withLock { $0.statistics.unloadError = nil }
                return max(untilScan, .milliseconds(1))
            }
            return state.withLock { state in
                state.pace.finished(rows: batch.rows, began: began, ended: ended)
                state.statistics.count(batch, took: ended - began)
                return state.pace.wait(at: ended)
            }
        } catch {
            let ended = elapsed()
            let chance = random()
            return state.withLock { state in
                state.pace.failed(at: ended, random: chance)
                state.statistics.failures += 1
                state.statistics.unloadError = error
                return state.pace.wait(at: ended)
            }
        }
    }
}
