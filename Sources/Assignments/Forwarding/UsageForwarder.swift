import ServiceLifecycle
import Synchronization

/// Hands the events of a node's usage log to whoever counts, and removes what was taken over.
///
/// **Promises.** An event leaves the log only after the destination has it on its disk, so a crash between any two
/// steps sends it again, and its identity makes it one. Order is kept. A destination that is away is asked again, ever
/// less often and not before it said; meanwhile the log grows to its limit. **Costs** one reading of the log. **Fails**
/// by waiting; what the destination refuses for good is counted and passed over.
package final class UsageForwarder: Service {
    private struct State {
        /// Where to read on behind `page`; `nil` before the first page.
        var position: UsagePosition?
        /// What is being sent: the events that the destination does not have yet.
        var page: UsagePage?
        var statistics = UsageForwarderStatistics()
    }

    private let log: LocalUsageLog
    private let destination: any UsageDestination
    private let settings: UsageForwarderSettings
    private let clock: any Clock<Duration>
    private let state = Mutex(State())
    private let bell = Bell()

    package init(
        log: LocalUsageLog,
        destination: any UsageDestination,
        settings: UsageForwarderSettings = UsageForwarderSettings(),
        clock: any Clock<Duration> = ContinuousClock()
    ) {
        self.log = log
        self.destination = destination
        self.settings = settings
        self.clock = clock
    }

    package var statistics: UsageForwarderStatistics { state.withLock { $0.statistics } }

    /// Ends `run`, as the shutdown of its service group does.
    package func close() { bell.mute() }

    /// Forwards until the task is cancelled, the service group shuts down, or `close`.
    ///
    /// Then it sends what the log still has, for as long as `farewell` says. Called once.
    package func run() async {
        await withGracefulShutdownHandler {
            await withTaskGroup(of: Void.self) { tasks in
                tasks.addTask { await self.forward() }
                // The end cancels what waits between two attempts.
                while await self.bell.wait() {}
                tasks.cancelAll()
            }
        } onGracefulShutdown: {
            self.close()
        }
        // In tasks of their own, since this one may be cancelled; `run` waits for them here.
        await Task { await self.sendRest() }.value
    }

    private func forward() async {
        var pause = settings.pause
        while !bell.isMuted, !Task.isCancelled {
            var wait = settings.interval
            switch await forwardPage() {
            case .more:
                pause = settings.pause
                continue
            case .nothing: pause = settings.pause
            case .failed(let retryAfter):
                wait = max(pause, min(retryAfter ?? .zero, settings.pauseMax))
                pause = min(pause * 2, settings.pauseMax)
            case .ended: return
            }
            // Cancelled: then the loop ends.
            try? await clock.sleep(for: wait)
        }
    }

    private func sendRest() async {
        await withTaskGroup(of: Bool.self) { tasks in
            tasks.addTask {
                while await self.forwardPage() == .more, !Task.isCancelled {}
                return true
            }
            tasks.addTask {
                // Cancelled when the rest is sent.
                try? await self.clock.sleep(for: self.settings.farewell)
                return false
            }
            _ = await tasks.next()
            tasks.cancelAll()
        }
    }

    // MARK: A page

    /// What became of a page.
    enum Step: Equatable {
        /// It was taken over; there may be more.
        case more
        case nothing
        case failed(retryAfter: Duration?)
        /// The log or the destination is closed.
        case ended
    }

    /// Forwards the next page of the log, or what is left of the last one.
    func forwardPage() async -> Step {
        do throws(AssignmentsError) {
            guard let next = try await nextPage() else {
                state.withLock { $0.statistics.oldestMilliseconds = nil }
                return .nothing
            }
            if let step = await send() { return step }
            state.withLock { state in
                state.statistics.damagedLines += next.damagedLines
                state.position = next.next
                state.page = nil
            }
            try await log.forwarded(to: next.next)
            return .more
        } catch {
            if case .closed = error { return .ended }
            return failed("\(error)", nil)
        }
    }

    /// The page that is being sent, or the one behind the last; `nil` if there is none.
    private func nextPage() async throws(AssignmentsError) -> UsagePage? {
        let (page, position) = state.withLock { ($0.page, $0.position) }
        if let page { return page }
        let from: UsagePosition
        if let position {
            from = position
        } else {
            from = try await log.forwarded() ?? UsagePosition(segment: 0, offset: 0)
            state.withLock { $0.position = from }
        }
        let found = try await log.read(after: from, bytesMax: settings.pageBytes)
        guard found.next != from else { return nil }
        state.withLock { state in
            state.page = found
            state.statistics.oldestMilliseconds = found.events.first?.timeMilliseconds
        }
        return found
    }

    /// Sends the events of the page that are left, batch by batch; `nil` when all were taken over.
    private func send() async -> Step? {
        var size = settings.batchMax
        while true {
            let batch = state.withLock { Array($0.page?.events.prefix(size) ?? []) }
            if batch.isEmpty { return nil }
            switch await destination.take(batch) {
            case .taken(let refused): drop(batch.count, refused: refused)
            case .tooLarge where batch.count > 1: size = batch.count / 2
            // One event that is too large by itself will never be taken.
            case .tooLarge: drop(1, refused: 1)
            case .away(let retryAfter, let reason): return failed(reason, retryAfter)
            case .closed: return .ended
            }
        }
    }

    private func drop(_ count: Int, refused: Int) {
        state.withLock { state in
            state.page?.events.removeFirst(count)
            state.statistics.forwarded += count - refused
            state.statistics.refused += refused
            state.statistics.oldestMilliseconds = state.page?.events.first?.timeMilliseconds
            state.statistics.lastFailure = nil
        }
    }

    private func failed(_ reason: String, _ retryAfter: Duration?) -> Step {
        state.withLock { state in
            state.statistics.failures += 1
            state.statistics.lastFailure = reason
        }
        return .failed(retryAfter: retryAfter)
    }
}
