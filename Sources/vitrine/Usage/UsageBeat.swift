import Warehouse

/// Runs again and again, one run at each beat, until a signal comes.
///
/// A run that fails is told and the next one tries again, since whatever was away may be back: only a wrong call, which
/// no waiting cures, ends it. A run that takes longer than a beat is followed at once by the next.
struct UsageBeat: Sendable {
    let length: Duration
    let control: ToolControl

    /// - Throws: `CommandFailure` with exit code 64, or anything once a signal has come.
    func run(isJSON: Bool, _ body: (UsageDisplay) async throws -> Void) async throws {
        let clock = ContinuousClock()
        while true {
            let began = clock.now
            let display = UsageDisplay(isJSON: isJSON)
            do {
                try await body(display)
            } catch {
                if control.signal != nil || Task.isCancelled { throw error }
                let failure = (error as? WarehouseError).map(UsageSignals.failure) ?? error
                if let failure = failure as? CommandFailure, failure.exitCode == 64 { throw failure }
                display.fail(failure)
                Terminal.complain((failure as? CommandFailure)?.message ?? "\(failure)")
            }
            try await clock.sleep(until: began + length)
        }
    }
}
