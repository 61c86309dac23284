import Glibc

/// A call to the operating system that failed on the cache's folder.
package struct DiskFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// The call's name, such as `pwritev`.
    package var call: String
    /// The value of `errno`.
    package var code: Int32

    package init(call: String, code: Int32) {
        self.call = call
        self.code = code
    }

    package var description: String {
        // SAFETY: strerror returns a NUL-terminated text that is copied at once.
        "\(call): \(unsafe String(cString: strerror(code)))"
    }
}
