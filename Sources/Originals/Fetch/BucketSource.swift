import NIOCore
import ObjectStorage

/// Reads pictures out of an object store.
struct BucketSource: Sendable {
    private let store: any ObjectStore

    init(store: any ObjectStore) {
        self.store = store
    }

    /// Streams the object's bytes into `receive`.
    func read(
        _ key: String,
        limits: FetchLimits,
        receive: (ByteBuffer) throws(SourceError) -> Void
    ) async throws(SourceError) -> SourceFacts {
        let object = try await Self.asking { () throws(ObjectStoreError) in try await store.get(try ObjectKey(key)) }
        guard object.metadata.size <= limits.bytesMax else { throw .tooLarge(limit: limits.bytesMax) }
        var received = 0
        var pieces = object.body.makeAsyncIterator()
        while let piece = try await Self.asking({ () throws(ObjectStoreError) in try await pieces.next() }) {
            received += piece.readableBytes
            guard received <= limits.bytesMax else { throw .tooLarge(limit: limits.bytesMax) }
            try receive(piece)
        }
        guard !Task.isCancelled else { throw .cancelled }
        return SourceFacts(
            mediaType: object.metadata.mediaType,
            entityTag: object.metadata.entityTag.map { "\"\($0)\"" }
        )
    }

    private static func asking<Value>(
        _ body: () async throws(ObjectStoreError) -> Value
    ) async throws(SourceError) -> Value {
        do throws(ObjectStoreError) {
            return try await body()
        } catch {
            switch error {
            case .notFound: throw .notFound
            case .invalidKey(_, let reason): throw .malformed(reason)
            case .accessDenied: throw .accessDenied
            case .tooLarge(let limit): throw .tooLarge(limit: limit)
            case .cancelled: throw .cancelled
            case .unavailable, .full, .invalidRange, .sizeMismatch: throw .unreachable
            case .corrupt: throw .broken("the stored source is damaged")
            }
        }
    }
}
