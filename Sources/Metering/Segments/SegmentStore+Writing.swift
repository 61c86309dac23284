import Glibc
import NIOPosix
import Synchronization

extension SegmentStore {
    private enum Work {
        case group(ArraySlice<WaitingCalls.Call>)
        case rotation([CheckedContinuation<Void, Never>])
    }

    /// Closes the open segment, if it has lines; everything that was acknowledged before the call is closed then.
    func rotate() async {
        await withCheckedContinuation { (rotator: CheckedContinuation<Void, Never>) in
            let leads = state.withLock { state in
                state.rotators.append(rotator)
                defer { state.isWriting = true }
                return !state.isWriting
            }
            if leads { pool.submit { self.write(isActive: $0 == .active) } }
        }
    }

    /// Writes groups until nothing waits; on a thread of the pool, and on one at a time.
    func write(isActive: Bool) {
        var begun: ContinuousClock.Instant?
        while let work = nextWork() {
            switch work {
            case .group(let group):
                if let begun { pause(since: begun) }
                begun = commitClock.now
                write(group, isActive: isActive)
            case .rotation(let rotators):
                if isActive { closeOpen() }
                for rotator in rotators { rotator.resume() }
            }
        }
    }

    /// Lets calls gather when there are more than one group after the other.
    private func pause(since begun: ContinuousClock.Instant) {
        let left = settings.commitInterval - begun.duration(to: commitClock.now)
        guard left > .zero, state.withLock({ $0.waiting.bytes }) < settings.groupBytesMax else { return }
        let (seconds, attoseconds) = left.components
        _ = usleep(UInt32(clamping: seconds * 1_000_000 + attoseconds / 1_000_000_000_000))
    }

    /// What is to be done; `nil` if nothing is, and then nobody writes any more.
    private func nextWork() -> Work? {
        let (work, closers) = state.withLock { state -> (Work?, [CheckedContinuation<Void, Never>]) in
            if !state.rotators.isEmpty {
                defer { state.rotators = [] }
                return (.rotation(state.rotators), [])
            }
            if !state.waiting.isEmpty {
                return (.group(state.waiting.takeGroup(bytesMax: settings.groupBytesMax)), [])
            }
            state.isWriting = false
            defer { state.closers = [] }
            return (nil, state.closers)
        }
        for closer in closers { closer.resume() }
        return work
    }

    private func write(_ group: ArraySlice<WaitingCalls.Call>, isActive: Bool) {
        let lines = group.reduce(0) { $0 + $1.count }
        let outcome = isActive ? writer.append(group.map(\.lines), lines: lines) : .failure(.closed)
        let isLongEnough = state.withLock { state in
            switch outcome {
            case .success(let bytes):
                state.openBytes = bytes
                if state.openSince == nil { state.openSince = state.ticks }
                state.statistics.linesKept += lines
                state.statistics.groups += 1
                state.statistics.wasDiskFull = false
                return bytes >= settings.segmentBytes
            case .failure(let error):
                if case .full = error { state.statistics.wasDiskFull = true }
                state.statistics.linesRefused += lines
                state.statistics.groupsFailed += 1
                return false
            }
        }
        for call in group { call.waiter.resume(returning: outcome.map { _ in }) }
        if isLongEnough { closeOpen() }
    }

    private func closeOpen() {
        guard let closed = writer.close() else { return }
        state.withLock { state in
            state.backlog.add(closed)
            state.openBytes = 0
            state.openSince = nil
        }
        sealBell.ring()
    }
}
