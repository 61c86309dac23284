import FoundationEssentials
import Glibc
import Synchronization
import Warehouse

/// A question to the counted tables, whose answer goes to standard output as it comes.
struct UsageQuestion: Sendable {
    private let desk: UsageDesk

    init(_ desk: UsageDesk) { self.desk = desk }

    /// `hasFormat` says that the answer comes as `--format` asks.
    ///
    /// - Throws: `CommandFailure`.
    func ask(_ name: String, _ arguments: [String], hasFormat: Bool) async throws {
        let desk = desk
        // Flags first: what follows may be operands.
        let format = hasFormat ? ["--format", try desk.choice("format", of: ["csv", "json"])] : []
        let arguments = format + arguments
        try await UsageSignals.heed(desk.control) {
            guard FileManager.default.fileExists(atPath: desk.folders.runs) else {
                throw WarehouseError(
                    .failed,
                    "nothing was counted yet at \(desk.folders.root)",
                    remedy: "vitrine usage run"
                )
            }
            let call = try await desk.call { Terminal.draw("python: " + $0 + "\n") }
            let output = DataOutput(python: call.python)
            let command = call.command(name, arguments, variables: desk.variables)
            let control = desk.control
            let isUnread = Mutex(false)
            let ending = try await ToolRunner.run(command, control: control) { stream, bytes in
                let passed = output.take(stream, bytes)
                // Whoever read has gone, as `head` does: the rest is of no use, and that is no failure.
                if !Terminal.pass(passed), !isUnread.withLock({ $0 }) {
                    isUnread.withLock { $0 = true }
                    control.stop(SIGTERM)
                }
            }
            if isUnread.withLock({ $0 }) { return }
            let (rest, failure) = output.finish(ending)
            _ = Terminal.pass(rest)
            if let failure { throw failure }
        }
    }
}
