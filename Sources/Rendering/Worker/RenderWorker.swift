import CProcess
package import DeliveryTypes
import Glibc

/// What runs in a render worker process: confine, prepare, then one job after the other until the pool closes the
/// channel.
///
/// Untrusted bytes are touched only here, after the sandbox is closed. Costs some 0.1 ms per job beside the job itself.
/// Whatever fails outside a job ends the process; the pool sees that and starts another.
package enum RenderWorker {
    package typealias Perform = (RenderJob, [UnsafeRawBufferPointer]) throws(RenderFailure) -> RenderResult

    /// Runs the worker; returns to nobody.
    ///
    /// - Parameters:
    ///   - perform: does one job with its sources' bytes, which are valid during the call.
    ///   - prepare: loads libraries, modules and fonts; runs once, with files still readable.
    package static func main(perform: Perform, prepare: () throws -> Void) -> Never {
        var channel = WorkerChannel()
        guard channel.isConnected else { leave("a render worker is started by its pool, not by hand", code: 64) }
        do {
            guard let setup = try channel.receive(.setup, as: WorkerSetup.self)?.message else { exit(0) }
            try confine(setup, channel: channel, prepare: prepare)
            var loop = JobLoop(setup: setup, channel: channel)
            // SAFETY: the loop passes buffers that are valid while the function runs.
            try unsafe loop.run(perform)
            exit(0)
        } catch {
            leave("render worker: \(error)", code: 70)
        }
    }

    private static func confine(_ setup: WorkerSetup, channel: WorkerChannel, prepare: () throws -> Void) throws {
        var sandbox = Sandbox(setup.policy)
        sandbox.confineForPreparing(parent: setup.parent)
        var ready = WorkerReady(sandbox: sandbox.report)
        do {
            try prepare()
            sandbox.confineForWorking()
            ready.sandbox = sandbox.report
            if setup.policy.isRequired, sandbox.report.level != .full {
                ready.failure = "the sandbox is required but \(sandbox.report)"
            }
        } catch {
            ready.failure = "preparing failed: \(error)"
        }
        try channel.send(.ready, ready)
        if ready.failure != nil { exit(78) }
    }

    private static func leave(_ sentence: String, code: Int32) -> Never {
        // Nobody is left to tell if this fails too.
        _ = try? OwnedDescriptor(adopting: STDERR_FILENO).write(Array((sentence + "\n").utf8))
        exit(code)
    }
}
