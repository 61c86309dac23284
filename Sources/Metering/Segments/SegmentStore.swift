import Caching
package import NIOCore
import NIOPosix
import ObjectStorage
import Synchronization

/// Lines of events on this node's disk, and their way into the object store.
///
/// **Promises.** When `append` has returned, its lines survive `kill -9` and a loss of power, and reach the store in
/// the order in which they were written, each exactly once: as the object of one segment and one manifest, which are
/// the same bytes under the same number however often shipping was interrupted. While the store is away, lines are
/// taken up to a budget of disk. **Costs** one write and one `fdatasync` for all calls that wait; compression and
/// hashing run on a thread of their own. **Fails** with `busy` or `full` rather than losing or waiting, and names what
/// it cannot ship: a damaged file, or another segment under its number in the store.
package final class SegmentStore: EventSink {
    struct State {
        var waiting = WaitingCalls()
        var isWriting = false
        /// Takes no more lines.
        var isClosed = false
        /// Has let go of the folder.
        var isReleased = false
        /// Bytes of the open segment's files.
        var openBytes = 0
        /// The tick at which the open segment got its first line; `nil` if it has none.
        var openSince: Int?
        var ticks = 0
        var backlog: SegmentBacklog
        var statistics = SegmentStatistics()
        /// Resumed when the open segment was closed.
        var rotators: [CheckedContinuation<Void, Never>] = []
        /// Resumed when nothing is being written any more.
        var closers: [CheckedContinuation<Void, Never>] = []
    }

    /// The name under which segments are shipped.
    package let node: String
    /// `received_us` of the newest line that an earlier process has taken under this name, in microseconds since 1970;
    /// `nil` if this disk does not tell.
    package let receivedBefore: Int64?

    let settings: SegmentSettings
    let clock: any Clock<Duration>
    let steps: SegmentSteps
    let state: Mutex<State>
    let pool: NIOThreadPool
    let folder: CollectorFolder
    let homes: [NodeFolder]
    let requests: SealRequests
    let writer: SegmentWriter
    let shipper: SegmentShipper
    let commitClock = ContinuousClock()
    let sealing = Turnstile()
    let shipping = Turnstile()
    let sealBell = Doorbell()
    let shipBell = Doorbell()

    init(_ parts: SegmentStoreParts, settings: SegmentSettings, clock: any Clock<Duration>, steps: SegmentSteps) {
        node = parts.node
        receivedBefore = parts.received
        self.settings = settings
        self.clock = clock
        self.steps = steps
        pool = parts.pool
        folder = parts.folder
        homes = parts.homes
        requests = parts.requests
        writer = parts.writer
        shipper = SegmentShipper(store: parts.store, pool: parts.pool, steps: steps)
        var state = State(backlog: parts.backlog)
        state.statistics.bytesCut = parts.bytesCut
        self.state = Mutex(state)
    }

    package func append(_ lines: ByteBuffer, count: Int) async throws(MeteringError) {
        let bytes = lines.readableBytes
        if bytes == 0 { return }
        precondition(bytes <= GroupHeader.linesBytesMax, "one call has at most 256 MB")
        precondition(lines.readableBytesView.last == UInt8(ascii: "\n"), "lines are whole")
        let outcome = await withCheckedContinuation { (waiter: CheckedContinuation<WaitingCalls.Outcome, Never>) in
            let verdict = state.withLock { state -> Verdict in
                if let error = refusal(of: bytes, in: state) {
                    state.statistics.linesRefused += count
                    return .refused(error)
                }
                state.waiting.add(WaitingCalls.Call(lines: lines, count: count, waiter: waiter))
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

    /// Seals everything that was acknowledged before the call, and ships it.
    ///
    /// - Throws: `store`, `disk`, `full`, `damaged`, `foreign` or `closed`: then some of it is still on the disk.
    package func sealAndShip() async throws(MeteringError) {
        if state.withLock({ $0.isReleased }) { throw .closed }
        await rotate()
        let order = state.withLock { $0.backlog.lastOrder }
        repeat {
            try await sealAll()
            try await shipAll()
            // What was salvaged when it was to be shipped is sealed anew.
        } while state.withLock { $0.backlog.isToBeSealed(through: order) }
        if let stuck = state.withLock({ $0.backlog.stuck.first?.segment }) { throw stuck.error }
    }

    /// Waits for what is under way, and lets go of the folder; `run` ends with it.
    ///
    /// What is not shipped stays on the disk. Calls after it throw `closed`. May be called again, and by several.
    package func close() async {
        await withCheckedContinuation { (closer: CheckedContinuation<Void, Never>) in
            let isIdle = state.withLock { state in
                state.isClosed = true
                if state.isWriting { state.closers.append(closer) }
                return !state.isWriting
            }
            if isIdle { closer.resume() }
        }
        await sealing.enter()
        defer { sealing.leave() }
        await shipping.enter()
        defer { shipping.leave() }
        let isLast = state.withLock { state in
            defer { state.isReleased = true }
            return !state.isReleased
        }
        guard isLast else { return }
        requests.release()
        for home in homes { home.release() }
        folder.release()
        // It fails only for pools that were never started or cannot be stopped.
        try? await pool.shutdownGracefully()
    }

    /// Whether lines would be refused as `full`.
    ///
    /// Looks at the disk only after it refused some: once there is room again, this says so before the next line comes.
    package var isFull: Bool {
        let now = statistics
        if now.diskBytes >= settings.diskBytesMax { return true }
        return now.wasDiskFull && writer.isDiskFull
    }

    package var statistics: SegmentStatistics {
        state.withLock { state in
            var statistics = state.statistics
            statistics.waitingBytes = state.waiting.bytes
            statistics.openBytes = state.openBytes
            statistics.diskBytes = state.openBytes + state.backlog.bytes
            statistics.segmentsWaiting = state.backlog.count
            statistics.stuck = state.backlog.stuck.map { $0.segment.error.description }
            return statistics
        }
    }

    private enum Verdict {
        case refused(MeteringError)
        case joined
        case leads
    }

    private func refusal(of bytes: Int, in state: State) -> MeteringError? {
        if state.isClosed { return .closed }
        let held = state.openBytes + state.backlog.bytes + state.waiting.bytes
        if held + bytes > settings.diskBytesMax { return .full }
        // A call that is larger than the limit by itself is taken when nothing else waits.
        if !state.waiting.isEmpty, state.waiting.bytes + bytes > settings.waitingBytesMax {
            return .busy(retryAfter: settings.retryAfter)
        }
        return nil
    }
}
