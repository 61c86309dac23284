extension RenderPoolStatistics {
    init(_ state: borrowing PoolState) {
        let machine = state.machine
        for (id, worker) in machine.workers.sorted(by: { $0.key < $1.key }) {
            let label: Worker.State =
                switch worker.phase {
                case .starting: .starting
                case .idle: .idle
                case .busy: .busy
                case .retiring, .ending: .leaving
                }
            workers.append(
                Worker(
                    id: id,
                    process: state.processes[id] ?? 0,
                    state: label,
                    jobs: worker.jobs,
                    residentBytes: worker.residentBytes
                )
            )
        }
        queued = machine.queue.count
        busy = workers.count { $0.state == .busy }
        completed = machine.counts.completed
        rejected = machine.counts.rejected
        expired = machine.counts.expired
        cancelled = machine.counts.cancelled
        retried = machine.counts.retried
        crashes = machine.counts.crashes
        killed = machine.counts.killed
        recycled = machine.counts.recycled
        cpuMicroseconds = state.cpuMicroseconds
        meanJobTime = machine.meanJobTime
        sandbox = state.sandbox
    }
}
