package import Caching
package import NIOPosix
import Synchronization

/// Usage events on this node's disk: the sink for as long as nothing else counts them, and the buffer before it.
///
/// **Promises.** When `record` has returned, its events survive `kill -9` and a loss of power. A torn end is cut off
/// when the log is opened again; a damaged line in the middle is left out and counted, the rest is read. **Costs** one
/// write and one `fdatasync` for all calls that come while the last ones are under way, on the pool's threads.
/// **Fails** with `full` when the log has as many bytes as it may have: then nothing of the call is kept, and all is
/// counted.
package final class LocalUsageLog: UsageSink {
    struct State {
        var waiting = WaitingEvents()
        var isWriting = false
        var isClosed = false
        /// Oldest first; the bytes that are on the disk.
        var segments: [UsageSegment]
        var statistics = UsageLogStatistics()
        /// Resumed when nothing is being written any more.
        var closers: [CheckedContinuation<Void, Never>] = []

        var bytes: Int { segments.reduce(0) { $0 + $1.bytes } }
    }

    let files: any SegmentFiles
    let pool: NIOThreadPool
    let state: Mutex<State>
    private let writer: UsageLogWriter
    private let settings: UsageLogSettings

    /// Opens the log in `settings.folder`, which is made if need be, and cuts a torn end off.
    ///
    /// `files` is the folder, a real one if it is `nil`. Blocking calls run on `pool`, which stays the caller's to shut
    /// down, after the log was closed.
    ///
    /// - Throws: `taken`, `disk`, or `closed` if the pool was shut down.
    package static func open(
        _ settings: UsageLogSettings,
        files: (any SegmentFiles)? = nil,
        pool: NIOThreadPool = .singleton
    ) async throws(AssignmentsError) -> LocalUsageLog {
        let files = files ?? FolderFiles(path: settings.folder)
        let found = try await pool.blocking { () throws(AssignmentsError) in
            try UsageLogRecovery(files: files, folder: settings.folder).run()
        }
        return LocalUsageLog(settings, files: files, pool: pool, found: found)
    }

    private init(
        _ settings: UsageLogSettings,
        files: any SegmentFiles,
        pool: NIOThreadPool,
        found: UsageLogRecovery.Found
    ) {
        self.settings = settings
        self.files = files
        self.pool = pool
        writer = UsageLogWriter(files: files, settings: settings, last: found.segments.last)
        var state = State(segments: found.segments)
        state.statistics.bytesCut = found.bytesCut
        self.state = Mutex(state)
    }

    @concurrent
    package func record(_ events: [UsageEvent]) async throws(AssignmentsError) {
        guard !events.isEmpty else { return }
        var lines: [UInt8] = []
        for event in events { UsageLine.write(event, into: &lines) }
        let bytes = lines
        let count = events.count
        let outcome = await withCheckedContinuation { (waiter: CheckedContinuation<Outcome, Never>) in
            let verdict = state.withLock { state -> Verdict in
                if let error = refusal(of: bytes.count, in: state) {
                    state.statistics.eventsRefused += count
                    return .refused(error)
                }
                state.waiting.append(bytes, events: count, waiter: waiter)
                defer { state.isWriting = true }
                return state.isWriting ? .joined : .leads
            }
            switch verdict {
            case .refused(let error): waiter.resume(returning: .failure(error))
            case .joined: break
            case .leads: pool.submit { self.write(isActive: $0 == .active) }
            }
        }
        try outcome.get()
    }

    package var statistics: UsageLogStatistics {
        state.withLock { state in
            var statistics = state.statistics
            statistics.bytes = state.bytes
            statistics.segments = state.segments.count
            return statistics
        }
    }

    /// Waits for what is under way and lets go of the folder; later calls throw `closed`.
    package func close() async {
        await withCheckedContinuation { (closer: CheckedContinuation<Void, Never>) in
            let isIdle = state.withLock { state in
                state.isClosed = true
                if state.isWriting { state.closers.append(closer) }
                return !state.isWriting
            }
            if isIdle { closer.resume() }
        }
        files.release()
    }

    typealias Outcome = Result<Void, AssignmentsError>

    private enum Verdict {
        case refused(AssignmentsError)
        case joined
        case leads
    }

    private func refusal(of bytes: Int, in state: State) -> AssignmentsError? {
        if state.isClosed { return .closed }
        if state.bytes + state.waiting.bytes + bytes > settings.bytesMax { return .full }
        // A call that is larger than the limit by itself is taken when nothing else waits.
        if state.waiting.bytes > 0, state.waiting.bytes + bytes > settings.waitingBytesMax { return .crowded }
        return nil
    }

    /// Writes groups until nothing waits; on a thread of the pool, and on one at a time.
    private func write(isActive: Bool) {
        while let group = nextGroup() {
            let outcome = isActive ? writer.append(group.lines) : .failure(.closed)
            state.withLock { state in
                switch outcome {
                case .success(let segment):
                    if state.segments.last?.number == segment.number { state.segments.removeLast() }
                    state.segments.append(segment)
                    state.statistics.eventsKept += group.events
                    state.statistics.groups += 1
                case .failure:
                    state.statistics.eventsRefused += group.events
                    state.statistics.failures += 1
                }
            }
            for waiter in group.waiters { waiter.resume(returning: outcome.map { _ in }) }
        }
    }

    /// What waits; `nil` if nothing does, and then nobody writes any more.
    private func nextGroup() -> WaitingEvents? {
        let (group, closers) = state.withLock { state -> (WaitingEvents?, [CheckedContinuation<Void, Never>]) in
            if !state.waiting.isEmpty {
                defer { state.waiting = WaitingEvents() }
                return (state.waiting, [])
            }
            state.isWriting = false
            defer { state.closers = [] }
            return (nil, state.closers)
        }
        for closer in closers { closer.resume() }
        return group
    }
}
