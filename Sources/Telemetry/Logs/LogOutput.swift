#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Where finished log lines go.
///
/// A line is handed to the kernel in one `write(2)`, so lines of different threads do not mix. A line that cannot be
/// written (closed pipe, full disk, non-blocking descriptor that is full) is dropped: logging never stops the work it
/// describes.
package struct LogOutput: Sendable {
    /// Takes one whole line, newline included.
    package let emit: @Sendable ([UInt8]) -> Void

    package init(_ emit: @escaping @Sendable ([UInt8]) -> Void) {
        self.emit = emit
    }

    package static let standardError = LogOutput.descriptor(STDERR_FILENO)
    package static let standardOutput = LogOutput.descriptor(STDOUT_FILENO)

    /// Writes to an open file descriptor, which stays the caller's to close.
    package static func descriptor(_ descriptor: Int32) -> LogOutput {
        LogOutput { line in
            var written = 0
            while written < line.count {
                // SAFETY: the pointer stays inside the array's storage for the length of the closure; write only reads.
                let count = unsafe line.withUnsafeBytes { buffer in
                    unsafe write(descriptor, buffer.baseAddress?.advanced(by: written), buffer.count - written)
                }
                if count > 0 {
                    written += count
                } else if count == 0 || errno != EINTR {
                    return
                }
            }
        }
    }
}
