package import DeliveryTypes
import FoundationEssentials
package import Logging
import ServiceLifecycle
import Synchronization

/// Does render jobs in other processes, so that a crafted picture can hurt nothing but one worker.
///
/// Jobs wait in a bounded queue in which the tenants take turns; each worker does one job at a time. A worker that dies
/// is replaced and its job is tried once more; one that takes too long is killed; one that is old or large is replaced
/// without a gap. All decisions are in `PoolMachine`, all I/O is on the driver's thread; a job costs some 0.2 ms beside
/// the work itself. Nothing that a worker sends is trusted: sizes are bounded, and a broken protocol is a crash.
package final class RenderPool: Service {
    package let configuration: RenderPoolConfiguration
    let logger: Logger
    let wake: WakeSignal
    let state: Mutex<PoolState>
    private let texts = Mutex(JobTexts())
    let birth = MonotonicTime.read()

    /// Starts nothing yet: that happens in `run()`, or with the first job.
    ///
    /// - Throws: when the process has no descriptors left.
    package init(configuration: RenderPoolConfiguration, logger: Logger) throws {
        self.configuration = configuration
        self.logger = logger
        wake = try WakeSignal()
        state = Mutex(PoolState(settings: configuration.machineSettings))
    }

    /// Starts the workers and serves until the surrounding service group shuts down gracefully (then jobs may end
    /// within `drainLimit`) or the task is cancelled (then everything is killed).
    ///
    /// - Throws: when the driver's thread cannot be started.
    package func run() async throws {
        try start()
        await withTaskCancellationHandler {
            await withGracefulShutdownHandler {
                await ended()
            } onGracefulShutdown: {
                self.drain(within: self.configuration.drainLimit)
            }
        } onCancel: {
            self.drain(within: .zero)
        }
    }

    /// Does one job in a worker.
    ///
    /// If the task is cancelled while the job waits, the job leaves the queue. A running job is not interrupted then
    /// (a new worker costs more than an average job): it ends within the execution limit, and its result is dropped.
    ///
    /// - Parameters:
    ///   - job: what to do, and within which limits.
    ///   - sources: the picture, then what `layerSources` of the transformation asks for.
    ///   - tenant: whose turn it takes.
    ///   - deadline: how long it may wait for a worker; `nil` takes the configuration's `waitLimit`.
    /// - Returns: what the worker made, with the times it took.
    /// - Throws: what the caller can do about it; exactly one answer for each job.
    package func run(
        _ job: RenderJob,
        sources: [SharedBytes],
        tenant: TenantID = .shared,
        deadline: Duration? = nil
    ) async throws(RenderingError) -> RenderResult {
        let number = state.withLock { state in
            defer { state.nextJob += 1 }
            return JobID(number: state.nextJob)
        }
        let frame = try frame(for: job, number: number.number, sources: sources)
        do { try start() } catch { throw .failed(RenderFailure(.workerFault, "no worker could be started")) }
        let answer = await withTaskCancellationHandler {
            await withCheckedContinuation { waiter in
                submit(number, frame: frame, sources: sources, tenant: tenant, deadline: deadline, waiter: waiter)
            }
        } onCancel: {
            self.cancel(number)
        }
        // A cancellation that came after the end has left its mark too.
        if Task.isCancelled { _ = state.withLock { $0.cancelledEarly.remove(number) } }
        return try answer.get()
    }

    /// Takes no more jobs, lets those that wait or run end within `limit`, and waits until all workers are gone.
    ///
    /// For programs without a service group; `run()` does it by itself.
    package func shutDown(within limit: Duration) async {
        // A pool that never started has nobody to wait for.
        guard state.withLock({ $0.isDriven }) else { return }
        drain(within: limit)
        await ended()
    }

    /// What the pool does and has done.
    package var statistics: RenderPoolStatistics { state.withLock { RenderPoolStatistics($0) } }

    // MARK: Submitting

    private func frame(
        for job: RenderJob,
        number: UInt64,
        sources: [SharedBytes]
    ) throws(RenderingError) -> [UInt8] {
        guard sources.count <= Channel.descriptorsMax else {
            throw .failed(RenderFailure(.limitExceeded, "more than \(Channel.descriptorsMax) pictures in one job"))
        }
        let known = texts.withLock { $0 }
        // Only numbers that are not finite cannot be written.
        guard let text = try? known.write(job), text.count <= FrameLimits.toWorker.bodyMax,
            let header = try? JSONEncoder().encode(JobOrder(number: number, sources: sources.map(\.count)))
        else { throw .failed(RenderFailure(.unsuitableTransformation, "the job cannot be sent to a worker")) }
        texts.withLock { $0.keep(text, for: job) }
        return FramePrefix(kind: .job, headerCount: header.count, bodyCount: text.count).bytes + header + text
    }

    private func submit(
        _ job: JobID,
        frame: [UInt8],
        sources: [SharedBytes],
        tenant: TenantID,
        deadline: Duration?,
        waiter: CheckedContinuation<PoolState.Answer, Never>
    ) {
        let now = time
        let event = PoolMachine.Event.submitted(job, tenant, deadline: now + (deadline ?? configuration.waitLimit))
        let resumptions = state.withLock { state in
            if state.cancelledEarly.remove(job) != nil { return [(waiter, PoolState.Answer.failure(.cancelled))] }
            state.submissions[job] = .init(frame: frame, sources: sources, submitted: now, waiter: waiter)
            return state.handle(event, at: now)
        }
        resume(resumptions)
        wake.send()
    }

    private func cancel(_ job: JobID) {
        let resumptions = state.withLock { state in
            if state.submissions[job] == nil { state.cancelledEarly.insert(job) }
            return state.handle(.abandoned(job), at: time)
        }
        resume(resumptions)
        wake.send()
    }

    func resume(_ resumptions: [(CheckedContinuation<PoolState.Answer, Never>, PoolState.Answer)]) {
        for (waiter, answer) in resumptions { waiter.resume(returning: answer) }
    }

    // MARK: Life

    /// Starts the driver's thread once.
    private func start() throws(SystemError) {
        let isFirst = state.withLock { state in
            defer { state.isDriven = true }
            return !state.isDriven
        }
        guard isFirst else { return }
        do {
            // Ends when all workers are gone, for which `run()` or `shutDown` waits.
            try SystemThread.start { [self] in
                var driver = PoolDriver(pool: self)
                driver.run()
            }
        } catch {
            state.withLock { $0.isDriven = false }
            throw error
        }
        handle(.started)
        // The thread may have looked before there was anything, and sleep.
        wake.send()
    }

    private func drain(within limit: Duration) {
        handle(.draining(limit))
        wake.send()
    }

    private func ended() async {
        await withCheckedContinuation { waiter in
            let hasEnded = state.withLock { state in
                if !state.hasEnded { state.endWaiters.append(waiter) }
                return state.hasEnded
            }
            if hasEnded { waiter.resume() }
        }
    }
}
