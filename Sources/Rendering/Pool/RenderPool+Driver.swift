import DeliveryTypes
import Synchronization

/// The pool's side towards its driver.
extension RenderPool {
    /// Time since the pool was made.
    var time: Duration { MonotonicTime.read() - birth }

    /// Tells the machine what happened and wakes those whose jobs ended by it.
    ///
    /// - Parameters:
    ///   - event: what happened.
    ///   - reply: what a worker said about its job.
    ///   - job: the job that the worker had.
    func handle(_ event: PoolMachine.Event, reply: PoolState.Answer? = nil, about job: JobID? = nil) {
        let now = time
        let resumptions = state.withLock { state in
            var reply = reply
            if let job, let submission = state.submissions[job], let assigned = submission.assigned {
                reply = reply?.map { result in
                    state.cpuMicroseconds += result.head.cpuMicroseconds
                    var result = result
                    result.head.queueMicroseconds = (assigned - submission.submitted).wholeMicroseconds
                    result.head.workerMicroseconds = (now - assigned).wholeMicroseconds
                    return result
                }
            }
            let resumptions = state.handle(event, at: now, reply: reply)
            if let job { state.forgetIfDone(job) }
            return resumptions
        }
        resume(resumptions)
    }

    /// What the driver has to do now, and when it has to send an alarm.
    func takePending() -> (actions: [PoolMachine.Action], alarm: Duration?) {
        state.withLock { state in
            defer { state.pending.removeAll(keepingCapacity: true) }
            return (state.pending, state.machine.nextAlarm)
        }
    }

    /// The message and the sources of a job that a worker gets now.
    func order(for job: JobID) -> (frame: [UInt8], sources: [SharedBytes])? {
        let now = time
        return state.withLock { state in
            state.submissions[job]?.assigned = now
            return state.submissions[job].map { ($0.frame, $0.sources) }
        }
    }

    func noteProcess(_ process: Int32?, of worker: WorkerID) {
        state.withLock { $0.processes[worker] = process }
    }

    /// Keeps the first worker's report; `true` if this is the first.
    func noteSandbox(_ report: SandboxReport) -> Bool {
        state.withLock { state in
            defer { state.sandbox = state.sandbox ?? report }
            return state.sandbox == nil
        }
    }

    func noteEnd() {
        let waiters = state.withLock { state in
            state.hasEnded = true
            defer { state.endWaiters = [] }
            return state.endWaiters
        }
        for waiter in waiters { waiter.resume() }
    }
}
