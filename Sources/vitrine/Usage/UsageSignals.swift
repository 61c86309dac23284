import Glibc
import UnixSignals
import Warehouse

/// Runs a command so that SIGINT and SIGTERM reach the program that it runs, and end it in good order.
enum UsageSignals {
    /// The first signal is passed on, and what the binary itself does is cancelled; the second one kills.
    ///
    /// - Throws: What `body` throws, a `WarehouseError` as the `CommandFailure` that it means.
    static func heed(_ control: ToolControl, _ body: @escaping @Sendable () async throws -> Void) async throws {
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
        // Waited for below, also after a signal: what is running has to end in good order.
        let work = Task { try await body() }
        // Ends with the cancellation below.
        let listener = Task {
            for await signal in signals {
                control.stop(signal.rawValue)
                work.cancel()
            }
        }
        defer { listener.cancel() }
        do {
            try await work.value
        } catch {
            if let signal = control.signal {
                let name = signal == SIGINT ? "SIGINT" : "SIGTERM"
                throw CommandFailure(
                    message: "stopped by \(name); nothing is lost, run it again to go on",
                    exitCode: 128 + signal
                )
            }
            if let error = error as? WarehouseError { throw failure(error) }
            throw error
        }
    }

    /// What it means for whoever called the command.
    static func failure(_ error: WarehouseError) -> CommandFailure {
        var message = error.reason
        if let remedy = error.remedy { message += "\n→ " + remedy }
        return CommandFailure(message: message, exitCode: error.code == .busy ? UsageDesk.busyExitCode : 1)
    }
}
