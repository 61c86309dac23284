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
            try Self.requireRun(desk)
            let isUnread = Mutex(false)
            let (rest, failure) = try await Self.call(desk, name, arguments) { passed in
                // Whoever read has gone, as `head` does: the rest is of no use, and that is no failure.
                if !Terminal.pass(passed), !isUnread.withLock({ $0 }) {
                    isUnread.withLock { $0 = true }
                    desk.control.stop(SIGTERM)
                }
            }
            if isUnread.withLock({ $0 }) { return }
            _ = Terminal.pass(rest)
            if let failure { throw failure }
        }
    }

    /// The whole answer, for what is small.
    ///
    /// - Throws: `CommandFailure`.
    func answer(_ name: String, _ arguments: [String]) async throws -> [UInt8] {
        let desk = desk
        let collected = Mutex<[UInt8]>([])
        try await UsageSignals.heed(desk.control) {
            try Self.requireRun(desk)
            let (rest, failure) = try await Self.call(desk, name, arguments) { passed in
                collected.withLock { $0 += passed }
            }
            collected.withLock { $0 += rest }
            if let failure { throw failure }
        }
        return collected.withLock { $0 }
    }

    private static func requireRun(_ desk: UsageDesk) throws(WarehouseError) {
        guard FileManager.default.fileExists(atPath: desk.folders.runs) else {
            throw WarehouseError(
                .failed,
                "nothing was counted yet at \(desk.folders.root)",
                remedy: "vitrine usage run"
            )
        }
    }

    /// Calls the project, and passes its answer on as it comes; what is left of it, and why it failed.
    private static func call(
        _ desk: UsageDesk,
        _ name: String,
        _ arguments: [String],
        pass: @escaping @Sendable ([UInt8]) -> Void
    ) async throws -> (bytes: [UInt8], failure: WarehouseError?) {
        let call = try await desk.call { Terminal.draw("python: " + $0 + "\n") }
        let output = DataOutput(python: call.python)
        let command = call.command(name, arguments, variables: desk.variables)
        let ending = try await ToolRunner.run(command, control: desk.control) { stream, bytes in
            pass(output.take(stream, bytes))
        }
        return output.finish(ending)
    }
}
