import NIOPosix

/// Runs a program to its end on a thread of its own, never on the cooperative pool.
package enum ToolRunner {
    package enum Stream: Sendable {
        case output
        case errors
    }

    /// How often the end of a program is looked for on kernels that cannot tell, and its grace is checked.
    private static let lookMilliseconds: Int32 = 250
    private static let pieceBytes = 64 << 10
    /// Something that outlives the program may go on writing; it is not listened to for ever.
    private static let lastPiecesMax = 1024

    /// Starts the program with no input, hands `take` what it writes as it comes, and returns how it ended.
    ///
    /// `take` is called by one thread, in order, and may block. The program is killed if this process ends.
    ///
    /// - Throws: `missing` if the program cannot be started, `stopped` if `control` was stopped before.
    package static func run(
        _ command: ToolCommand,
        control: ToolControl,
        take: @escaping @Sendable (Stream, ArraySlice<UInt8>) -> Void
    ) async throws(WarehouseError) -> ToolEnding {
        // A pool of its own: the thread must live as long as the program, which the kernel ends with it.
        let pool = NIOThreadPool(numberOfThreads: 1)
        pool.start()
        let result = await withCheckedContinuation { (waiter: CheckedContinuation<Outcome, Never>) in
            pool.submit { _ in
                do throws(WarehouseError) {
                    waiter.resume(returning: .success(try attend(command, control, take)))
                } catch {
                    waiter.resume(returning: .failure(error))
                }
            }
        }
        // The only thread has nothing left to do, so this cannot fail in a way that matters.
        try? await pool.shutdownGracefully()
        return try result.get()
    }

    private typealias Outcome = Result<ToolEnding, WarehouseError>

    private static func attend(
        _ command: ToolCommand,
        _ control: ToolControl,
        _ take: (Stream, ArraySlice<UInt8>) -> Void
    ) throws(WarehouseError) -> ToolEnding {
        let output = try OpenDescriptor.pipe()
        let errors = try OpenDescriptor.pipe()
        let nothing = try OpenDescriptor.nothing()
        var open: [(stream: Stream, descriptor: OpenDescriptor)] = [
            (.output, output.reading), (.errors, errors.reading),
        ]
        let process = try control.start { () throws(WarehouseError) in
            try ToolProcess(command, descriptors: [nothing, output.writing, errors.writing])
        }
        var scratch = [UInt8](repeating: 0, count: pieceBytes)
        while true {
            OpenDescriptor.wait(
                for: open.map(\.descriptor) + (process.end.map { [$0] } ?? []),
                milliseconds: lookMilliseconds
            )
            // Looked at before the pipes are emptied: what was written before the end is read in any case.
            let ending = control.reap()
            open = open.filter { entry in
                // One piece at a time keeps neither stream waiting; after the end, what is left is taken.
                for _ in 0..<(ending == nil ? 1 : lastPiecesMax) {
                    guard let count = entry.descriptor.read(into: &scratch) else { return true }
                    guard count > 0 else { return false }
                    take(entry.stream, scratch[..<count])
                }
                return true
            }
            if let ending { return ending }
        }
    }
}
