import Synchronization

/// The threads that read: a bounded number, with a bounded line before them.
final class DiskReaders: Sendable {
    private struct Line {
        var work: [@Sendable () -> Void] = []
        /// Of the first that was not taken yet.
        var first = 0
        var isClosed = false

        var count: Int { work.count - first }

        mutating func take() -> (@Sendable () -> Void)? {
            guard first < work.count else { return nil }
            let taken = work[first]
            first += 1
            if first == work.count || first == 256 {
                work.removeFirst(first)
                first = 0
            }
            return taken
        }
    }

    private let line = Mutex(Line())
    private let signal = ThreadSignal()
    private let threadCount: Int
    private let waitingMax: Int

    init(threads: Int, waitingMax: Int) throws(DiskFailure) {
        threadCount = threads
        self.waitingMax = waitingMax
        for _ in 0..<threads {
            try DiskThread.start { [self] in serve() }
        }
    }

    /// Puts work in line; `nil` if it will be done.
    func submit(_ work: @escaping @Sendable () -> Void) -> DiskTierError? {
        let objection: DiskTierError? = line.withLock { line in
            if line.isClosed { return .closed }
            if line.count >= waitingMax { return .overloaded }
            line.work.append(work)
            return nil
        }
        if objection == nil { signal.raise() }
        return objection
    }

    /// Does what is in line, takes nothing more and ends the threads.
    func close() {
        line.withLock { $0.isClosed = true }
        for _ in 0..<threadCount { signal.raise() }
    }

    private func serve() {
        while true {
            signal.wait()
            let (work, isClosed) = line.withLock { ($0.take(), $0.isClosed) }
            if let work { work() } else if isClosed { return }
        }
    }
}
