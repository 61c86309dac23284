import Glibc

/// A call to the operating system that failed.
package struct SystemCallFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// The call's name, such as `fsync`.
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

    /// Whether a path did not lead to an object: nothing there, a part of it is an object, or a symbolic link.
    var isAbsence: Bool { code == ENOENT || code == ENOTDIR || code == ELOOP }

    /// What a caller of the store is told, where the failure has no meaning of its own for the verb.
    var storeError: ObjectStoreError {
        switch code {
        case ENOSPC, EDQUOT, EFBIG: .full(cause: self)
        case EACCES, EPERM, EROFS: .accessDenied(cause: self)
        case EMFILE, ENFILE, ENOMEM, EAGAIN, EBUSY, ESTALE, ETIMEDOUT: .unavailable(retryable: true, cause: self)
        default: .unavailable(retryable: false, cause: self)
        }
    }
}

/// Runs `body`, a failed call of which becomes the store's error.
func storeErrors<Value>(_ body: () throws(SystemCallFailure) -> Value) throws(ObjectStoreError) -> Value {
    do throws(SystemCallFailure) {
        return try body()
    } catch {
        throw error.storeError
    }
}
