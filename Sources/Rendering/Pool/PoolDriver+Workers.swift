import FoundationEssentials
import Logging

/// What workers send, and how they end.
extension PoolDriver {
    mutating func exchange(_ worker: WorkerProcess) {
        do { try worker.continueSending() } catch {
            // What it sent before may still be read; the end of the stream follows.
        }
        for input in worker.receive(using: &scratch) {
            guard workers[worker.id] != nil else { return }
            switch input {
            case .lost(let reason): lose(worker.id, reason: reason)
            case .frame(let frame):
                do throws(FrameError) { try accept(frame, from: worker) } catch {
                    lose(worker.id, reason: "broke the protocol (\(error))")
                }
            }
        }
    }

    private mutating func accept(_ frame: FrameAssembler.Frame, from worker: WorkerProcess) throws(FrameError) {
        switch frame.kind {
        case .ready where !worker.isReady && frame.body.isEmpty:
            // Whatever does not decode is a broken protocol.
            guard let ready = try? JSONDecoder().decode(WorkerReady.self, from: Data(frame.header)) else {
                throw .malformed
            }
            if let failure = ready.failure { return lose(worker.id, reason: "cannot work: \(failure)") }
            worker.isReady = true
            report(ready.sandbox)
            pool.handle(.workerReady(worker.id))
        case .reply:
            guard let job = worker.job else { throw .unexpected }
            let answer = try JobReply.answer(in: frame, to: job)
            worker.job = nil
            let reply = PoolMachine.Reply(
                residentBytes: worker.process.residentBytes(),
                isFault: answer.isFault
            )
            pool.handle(.replied(worker.id, reply), reply: answer.result, about: job)
        default: throw .unexpected
        }
    }

    private func report(_ sandbox: SandboxReport) {
        guard pool.noteSandbox(sandbox) else { return }
        let level: Logger.Level = sandbox.level == .full ? .info : .warning
        pool.logger.log(level: level, "render workers' sandbox: \(sandbox)")
    }

    func log(_ worker: WorkerProcess) {
        var scratch = [UInt8](repeating: 0, count: 4_096)
        for line in worker.receiveLines(using: &scratch) {
            pool.logger.debug("render worker says: \(line)", metadata: ["process": "\(worker.process.id)"])
        }
    }

    /// Gives a worker up: it is dead or must die.
    mutating func lose(_ id: WorkerID, reason: String) {
        pool.noteProcess(nil, of: id)
        guard let worker = workers.removeValue(forKey: id) else {
            pool.logger.warning("render worker \(reason)")
            return pool.handle(.workerEnded(id))
        }
        worker.process.terminate()
        worker.close()
        if !worker.isExpectedToEnd { worker.lossReason = reason }
        leaving.append(worker)
        pool.handle(.workerEnded(id), about: worker.job)
    }

    /// Takes leave of processes that have ended.
    mutating func reap() {
        for worker in Array(workers.values) where worker.channel == nil {
            guard let ending = worker.process.reap() else { continue }
            workers[worker.id] = nil
            pool.noteProcess(nil, of: worker.id)
            finish(worker, ending)
            pool.handle(.workerEnded(worker.id), about: worker.job)
        }
        leaving = leaving.filter { worker in
            guard let ending = worker.process.reap() else { return true }
            finish(worker, ending)
            return false
        }
    }

    private func finish(_ worker: WorkerProcess, _ ending: ChildProcess.Ending) {
        log(worker)
        let metadata: Logger.Metadata = ["process": "\(worker.process.id)"]
        if let reason = worker.lossReason {
            pool.logger.warning("render worker \(reason) and \(ending)", metadata: metadata)
        } else {
            pool.logger.debug("render worker \(ending)", metadata: metadata)
        }
    }
}
