import CProcess
import Glibc

/// A process started by this one.
///
/// It must be reaped: `reap` until it answers.
struct ChildProcess: Sendable {
    enum Ending: Equatable, Sendable, CustomStringConvertible {
        case exited(code: Int32)
        case killed(signal: Int32)

        var description: String {
            switch self {
            case .exited(let code): "exited with code \(code)"
            case .killed(let signal): "was ended by signal \(signal)"
            }
        }
    }

    let id: Int32
    /// Readable when the process has ended; `nil` on kernels without such descriptors.
    let endDescriptor: OwnedDescriptor?

    /// The child sees `descriptors` as 0, 1, 2, …; see `cprocess_spawn` for the rest.
    init(
        executable: String,
        arguments: [String],
        environment: [String: String],
        descriptors: [OwnedDescriptor]
    ) throws(SystemError) {
        let variables = environment.map { "\($0.key)=\($0.value)" }.sorted()
        // The descriptors must stay open until the child has them.
        defer { withExtendedLifetime(descriptors) {} }
        let numbers = descriptors.map(\.number)
        // SAFETY: the string arrays end with nil and live until the call returns, when the child has its own copies.
        let result = unsafe Self.withStrings([executable] + arguments) { arguments in
            unsafe Self.withStrings(variables) { variables in
                unsafe numbers.withUnsafeBufferPointer { numbers in
                    unsafe cprocess_spawn(
                        executable,
                        arguments,
                        variables,
                        numbers.baseAddress,
                        Int32(numbers.count)
                    )
                }
            }
        }
        id = try SystemError.check(result, "spawn")
        let end = cprocess_process_descriptor(id)
        endDescriptor = end < 0 ? nil : OwnedDescriptor(adopting: end)
    }

    /// Ends the process at once.
    ///
    /// Only before it is reaped: later the number may be another process's.
    func terminate() { kill(id, SIGKILL) }

    /// How it ended, the first time this is asked after the end; `nil` while it runs.
    func reap() -> Ending? {
        var status: Int32 = 0
        // SAFETY: `status` is a valid place for the answer.
        let result = unsafe cprocess_reap(id, &status)
        guard result != 0 else { return nil }
        let signal = status & 0x7F
        return signal == 0 ? .exited(code: (status >> 8) & 0xFF) : .killed(signal: signal)
    }

    /// Private (not shared) resident memory in bytes; 0 if unknown.
    func residentBytes() -> Int {
        var text = [UInt8](repeating: 0, count: 128)
        // An unreadable line means "unknown".
        guard let descriptor = try? OwnedDescriptor(opening: "/proc/\(id)/statm", flags: O_RDONLY),
            let count = try? descriptor.read(into: &text, capacity: text.count)
        else { return 0 }
        let fields = text[..<count].split(separator: UInt8(ascii: " "))
        guard fields.count >= 3, let resident = Int(String(decoding: fields[1], as: UTF8.self)),
            let shared = Int(String(decoding: fields[2], as: UTF8.self))
        else { return 0 }
        return max(0, resident - shared) * Int(getpagesize())
    }

    /// Calls `body` with a nil-terminated array of C strings.
    static func withStrings<Result>(
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
