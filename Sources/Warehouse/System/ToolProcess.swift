import CProcess
import Glibc

/// A started program; it leads its own process group, and is killed when the thread that started it ends.
///
/// It must be reaped: `reap` until it answers.
struct ToolProcess: Sendable {
    let id: Int32
    /// Readable when the process has ended; `nil` on kernels without such descriptors.
    let end: OpenDescriptor?

    /// The program sees `descriptors` as 0, 1, 2.
    init(_ command: ToolCommand, descriptors: [OpenDescriptor]) throws(WarehouseError) {
        let variables = command.environment.map { "\($0.key)=\($0.value)" }.sorted()
        let numbers = descriptors.map(\.number)
        // The descriptors must stay open until the child has them.
        defer { withExtendedLifetime(descriptors) {} }
        // SAFETY: the string arrays end with nil and live until the call returns, when the child has its own copies.
        let result = unsafe Self.withStrings([command.executable] + command.arguments) { arguments in
            unsafe Self.withStrings(variables) { variables in
                unsafe numbers.withUnsafeBufferPointer { numbers in
                    unsafe cprocess_spawn_tool(
                        command.executable,
                        arguments,
                        variables,
                        numbers.baseAddress,
                        Int32(numbers.count),
                        command.folder
                    )
                }
            }
        }
        guard result >= 0 else {
            throw WarehouseError(.missing, "\(command.executable) cannot be started: errno \(-result)")
        }
        id = result
        let end = cprocess_process_descriptor(id)
        self.end = end < 0 ? nil : OpenDescriptor(adopting: end)
    }

    /// Only before it is reaped: later the number may be another process's.
    func send(_ signal: Int32) { kill(id, signal) }

    /// Ends the program and whatever it started in its process group.
    func killGroup() { kill(-id, SIGKILL) }

    /// How it ended, the first time this is asked after the end; `nil` while it runs.
    func reap() -> ToolEnding? {
        var status: Int32 = 0
        // SAFETY: `status` is a valid place for the answer.
        guard unsafe cprocess_reap(id, &status) != 0 else { return nil }
        let signal = status & 0x7F
        return signal == 0 ? .exited((status >> 8) & 0xFF) : .killed(signal)
    }

    /// Calls `body` with a nil-terminated array of C strings.
    private static func withStrings<Result>(
        _ strings: [String],
        _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
    ) -> Result {
        // SAFETY: each string is copied by strdup and freed after the last use; the array is never empty.
        var pointers = unsafe strings.map { unsafe strdup($0) } + [nil]
        defer { for index in unsafe pointers.indices { unsafe free(pointers[index]) } }
        return unsafe pointers.withUnsafeMutableBufferPointer { buffer in
            guard let start = buffer.baseAddress else { preconditionFailure("holds at least the final nil") }
            return unsafe body(UnsafePointer(start))
        }
    }
}
