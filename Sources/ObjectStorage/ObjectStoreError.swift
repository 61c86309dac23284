/// Why a store did not do what it was asked.
package enum ObjectStoreError: Error, Sendable {
    /// There is no object of that key. Asking again helps only after somebody has put one.
    case notFound(ObjectKey)
    /// The caller's fault: no store, or not this one, can have such a key.
    case invalidKey(String, reason: String)
    /// The caller's fault: the range begins at or after the object's end. `size` is the object's, in bytes.
    case invalidRange(size: Int)
    /// The caller's fault: the file to be put is not as long as was said, in bytes.
    case sizeMismatch(expected: Int, actual: Int)
    /// The object has more bytes than the caller wanted to take.
    case tooLarge(limit: Int)
    /// There is no room left. Nothing was stored; trying again helps only after something was removed.
    case full(cause: any Error)
    /// The store may not be read or written by this process. Trying again does not help.
    case accessDenied(cause: any Error)
    /// The store did not answer or its disk failed; `retryable` says whether trying again soon may help.
    case unavailable(retryable: Bool, cause: any Error)
    /// The object is there, but its bytes are not what was put.
    case corrupt(ObjectKey, reason: String)
    /// The calling task was cancelled. A `put` may or may not have happened; if it did, the object is whole.
    case cancelled
}

extension ObjectStoreError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notFound(let key): "there is no object \(key)"
        case .invalidKey(let text, let reason): "\(text) is no key: \(reason)"
        case .invalidRange(let size): "the range begins after the object's \(size) bytes"
        case .sizeMismatch(let expected, let actual): "the file has \(actual) bytes, not \(expected)"
        case .tooLarge(let limit): "the object has more than \(limit) bytes"
        case .full(let cause): "there is no room left (\(cause))"
        case .accessDenied(let cause): "access is denied (\(cause))"
        case .unavailable(_, let cause): "the store did not answer (\(cause))"
        case .corrupt(let key, let reason): "the object \(key) is damaged: \(reason)"
        case .cancelled: "cancelled"
        }
    }
}
