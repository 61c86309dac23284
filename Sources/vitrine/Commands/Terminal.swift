import Glibc

/// Standard output and error, written whole and unbuffered.
enum Terminal {
    /// Whether standard error is a person's terminal, where a progress bar makes sense.
    static var hasProgress: Bool { isatty(STDERR_FILENO) == 1 }

    /// Columns of the terminal behind standard error; 80 when unknown.
    static var columns: Int {
        var size = winsize()
        // SAFETY: the kernel fills the structure, whose type the request names, during the call.
        let status = unsafe ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size)
        return status == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
    }

    static func say(_ line: String) { write(line + "\n", to: STDOUT_FILENO) }

    static func complain(_ line: String) { write("vitrine: " + line + "\n", to: STDERR_FILENO) }

    /// Writes text to standard error as it is, for progress that overwrites itself.
    static func draw(_ text: String) { write(text, to: STDERR_FILENO) }

    /// Writes bytes to standard output as they are; `false` if nobody reads them any more.
    static func pass(_ bytes: [UInt8]) -> Bool { write(bytes, to: STDOUT_FILENO) }

    private static func write(_ text: String, to descriptor: Int32) { _ = write(Array(text.utf8), to: descriptor) }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var sent = 0
        while sent < bytes.count {
            // SAFETY: the pointer is good for `bytes.count - sent` bytes during the call.
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe Glibc.write(descriptor, buffer.baseAddress.map { unsafe $0 + sent }, buffer.count - sent)
            }
            if count > 0 {
                sent += count
            } else if errno != EINTR && errno != EAGAIN {
                return false
            }
        }
        return true
    }
}
