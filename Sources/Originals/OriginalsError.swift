package import DeliveryTypes
package import ObjectStorage

/// Why an original was not stored, found or changed.
package enum OriginalsError: Error, Sendable {
    /// There is no such original.
    case notFound(ContentDigest)
    /// The caller's fault: more bytes than `limit`.
    case tooLarge(limit: Int)
    /// The caller's fault: not as many bytes came as were announced. More than `declared` are not counted to the end.
    case lengthMismatch(declared: Int, received: Int)
    /// The caller's fault: no bytes at all.
    case empty
    /// The caller's fault: an owner that cannot be kept; the text says why.
    case invalidAttribute(String)
    /// The bytes could not be received to their end.
    case interrupted(cause: any Error)
    /// The inspection did not take the bytes for a picture, or could not be done; its own error says which.
    case inspection(cause: any Error)
    /// The store could not do what was needed; repeating an ingest is safe.
    case storage(ObjectStoreError)
    /// The original's record or bytes are not what was stored, or one is there without the other.
    case damaged(ContentDigest, reason: String)
    /// The calling task was cancelled. Nothing was stored, or the whole original was.
    case cancelled

    init(_ error: ObjectStoreError) {
        if case .cancelled = error { self = .cancelled } else { self = .storage(error) }
    }
}

extension OriginalsError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notFound(let id): "there is no original \(id)"
        case .tooLarge(let limit): "it has more than \(limit) bytes"
        case .lengthMismatch(let declared, let received): "\(received) bytes came where \(declared) were announced"
        case .empty: "it has no bytes"
        case .invalidAttribute(let reason): reason
        case .interrupted(let cause): "it could not be read to its end: \(cause)"
        case .inspection(let cause): "it could not be inspected: \(cause)"
        case .storage(let error): "\(error)"
        case .damaged(let id, let reason): "the original \(id) is damaged: \(reason)"
        case .cancelled: "cancelled"
        }
    }
}
