import AsyncHTTPClient
package import FoundationEssentials
import NIOCore
import NIOHTTP1

/// Objects in a bucket of an S3 service: AWS, or whatever else speaks its protocol.
///
/// **Promises** all that `ObjectStore` does, as far as the service is consistent (AWS is, since 2020). `putIfAbsent` is
/// a conditional write of the service's (`If-None-Match: *`); if an attempt breaks after it may have arrived, the
/// object that is found is recognised as one's own by a token in its metadata, so that exactly one caller is told
/// `.created`.
///
/// **Costs** one request per verb, a second pass over files that are put without TLS (their hash is signed), and for
/// bodies over `multipartThreshold` one request per part. Failed requests are repeated as `S3RetryPlan` says.
///
/// **May fail** as `ObjectStore` says; further, a key that has more than 1,024 bytes together with the store's prefix
/// is `invalidKey` here. Objects in the bucket whose keys are no `ObjectKey`s are not seen.
package final class S3ObjectStore: ObjectStore {
    /// Metadata that says which call has put an object.
    static let tokenField = "x-amz-meta-vitrine-put"

    let connection: S3Connection
    let threads: FileThreads

    var configuration: S3Configuration { connection.configuration }

    /// Connects when it is first used; `shutdown` has to be called in the end.
    ///
    /// `now` is the time of day that requests are signed with; `random` gives any 64 bits.
    package init(
        configuration: S3Configuration,
        threads: FileThreads = FileThreads(),
        clock: some Clock<Duration> = ContinuousClock(),
        now: @escaping @Sendable () -> Date,
        random: @escaping @Sendable () -> UInt64
    ) {
        self.threads = threads
        connection = S3Connection(configuration: configuration, now: now, random: random, clock: clock)
    }

    /// Closes all connections; requests that are under way fail.
    package func shutdown() async {
        await connection.shutdown()
    }

    package func head(_ key: ObjectKey) async throws(ObjectStoreError) -> ObjectMetadata {
        try metadata(of: key, try await connection.send(S3Request(method: .HEAD, key: try checked(key))))
    }

    package func get(_ key: ObjectKey, range: Range<Int>?) async throws(ObjectStoreError) -> StoredObject {
        var request = S3Request(method: .GET, key: try checked(key))
        if let range {
            // HTTP has no name for an empty range, and none for one before the beginning.
            guard !range.isEmpty, range.lowerBound >= 0 else { return try await empty(key, range) }
            request.fields = [("range", "bytes=\(range.lowerBound)-\(range.upperBound - 1)")]
        }
        let answer = try await connection.send(request, accepting: range == nil ? [] : [416])
        switch answer.response.status.code {
        case 206:
            let (covered, size) = try Self.contentRange(answer)
            var metadata = try metadata(of: key, answer)
            metadata.size = size
            return StoredObject(metadata: metadata, range: covered, body: body(answer, covered.count))
        case 416: throw .invalidRange(size: try await size(of: key, refusedBy: answer))
        default:
            let metadata = try metadata(of: key, answer)
            // Some services answer with all of an object that has no bytes.
            let covered = try metadata.covering(range)
            guard covered.count == metadata.size else {
                let failure = S3Failure(noAnswer: "the service does not know ranges", isRetryable: false)
                throw .unavailable(retryable: false, cause: failure)
            }
            return StoredObject(metadata: metadata, range: covered, body: body(answer, covered.count))
        }
    }

    package func put(_ body: ObjectBody, at key: ObjectKey, mediaType: String?) async throws(ObjectStoreError) {
        _ = try await send(body, at: try checked(key), mediaType, token: nil)
    }

    package func putIfAbsent(
        _ body: ObjectBody,
        at key: ObjectKey,
        mediaType: String?
    ) async throws(ObjectStoreError) -> PutOutcome {
        try await send(body, at: try checked(key), mediaType, token: connection.token())
    }

    package func list(
        prefix: ObjectPrefix,
        after: ObjectKey?,
        limit: Int
    ) async throws(ObjectStoreError) -> ObjectPage {
        let limit = min(max(limit, 1), 1000)
        let folder = configuration.prefix.isEmpty ? "" : configuration.prefix + "/"
        var objects: [ObjectMetadata] = []
        var start = after.map { folder + $0.text }
        while true {
            let listing = try await page(folder + prefix.text, after: start, limit - objects.count)
            for row in listing.rows where row.key.utf8.starts(with: folder.utf8) {
                let text = String(decoding: row.key.utf8.dropFirst(folder.utf8.count), as: UTF8.self)
                // Others' objects, such as folder marks that end in a slash, are not ours to list.
                guard let key = try? ObjectKey(text) else { continue }
                objects.append(
                    ObjectMetadata(
                        key: key,
                        size: row.size,
                        mediaType: key.mediaType,
                        modified: row.modified ?? Date(timeIntervalSince1970: 0),
                        entityTag: row.entityTag.isEmpty ? nil : row.entityTag
                    )
                )
            }
            guard listing.isTruncated, let last = listing.rows.last else {
                return ObjectPage(objects: objects, next: nil)
            }
            if objects.count >= limit { return ObjectPage(objects: objects, next: objects.last?.key) }
            start = last.key
        }
    }

    package func delete(_ key: ObjectKey) async throws(ObjectStoreError) {
        _ = try await connection.send(S3Request(method: .DELETE, key: try checked(key)), accepting: [404])
    }

    private func checked(_ key: ObjectKey) throws(ObjectStoreError) -> ObjectKey {
        let prefix = configuration.prefix.utf8.count
        guard prefix == 0 || prefix + 1 + key.text.utf8.count <= ObjectKey.bytesMax else {
            throw .invalidKey(key.text, reason: "with the store's prefix a key has at most \(ObjectKey.bytesMax) bytes")
        }
        return key
    }
}
