import AsyncHTTPClient
import FoundationEssentials
import NIOCore
import NIOHTTP1

extension S3ObjectStore {
    func metadata(of key: ObjectKey, _ answer: S3Connection.Answer) throws(ObjectStoreError) -> ObjectMetadata {
        guard let length = answer.field("content-length").flatMap({ Int($0) }) else {
            throw .unavailable(retryable: false, cause: S3Failure(noAnswer: "an answer without a length"))
        }
        return ObjectMetadata(
            key: key,
            size: length,
            mediaType: answer.field("content-type") ?? key.mediaType,
            modified: answer.field("last-modified").flatMap { S3Time.parseField($0) } ?? Date(timeIntervalSince1970: 0),
            entityTag: answer.field("etag").map { S3Document.unquoted($0) }
        )
    }

    func empty(_ key: ObjectKey, _ range: Range<Int>) async throws(ObjectStoreError) -> StoredObject {
        let metadata = try await head(key)
        let covered = try metadata.covering(range)
        return StoredObject(metadata: metadata, range: covered, body: ObjectBytes(ByteBuffer()))
    }

    /// From `Content-Range: bytes 10-19/100`.
    static func contentRange(_ answer: S3Connection.Answer) throws(ObjectStoreError) -> (Range<Int>, Int) {
        let field = answer.field("content-range") ?? ""
        let numbers = field.dropFirst(6).split(whereSeparator: { "-/".contains($0) }).compactMap { Int($0) }
        guard field.hasPrefix("bytes "), numbers.count == 3, numbers[0] <= numbers[1], numbers[1] < numbers[2] else {
            let failure = S3Failure(noAnswer: "a part without a proper range", isRetryable: false)
            throw .unavailable(retryable: false, cause: failure)
        }
        return (numbers[0]..<numbers[1] + 1, numbers[2])
    }

    /// From `Content-Range: bytes */100`, which not all services send.
    func size(of key: ObjectKey, refusedBy answer: S3Connection.Answer) async throws(ObjectStoreError) -> Int {
        if let field = answer.field("content-range"), let size = Int(field.split(separator: "/").last ?? "") {
            return size
        }
        return try await head(key).size
    }

    /// An answer's bytes, with an error instead of an early end.
    func body(_ answer: S3Connection.Answer, _ expected: Int) -> ObjectBytes {
        let source = answer.response.body
        return ObjectBytes {
            var iterator = source.makeAsyncIterator()
            var missing = expected
            return { () async throws(ObjectStoreError) -> ByteBuffer? in
                do {
                    while missing > 0, let piece = try await iterator.next(isolation: #isolation) {
                        missing -= piece.readableBytes
                        if piece.readableBytes > 0 { return piece }
                    }
                } catch {
                    if Task.isCancelled { throw .cancelled }
                    throw .unavailable(retryable: true, cause: S3Failure(noAnswer: "\(error)"))
                }
                if missing == 0 { return nil }
                if Task.isCancelled { throw .cancelled }
                throw .unavailable(retryable: true, cause: S3Failure(noAnswer: "the object's bytes ended early"))
            }
        }
    }

    func page(
        _ prefix: String,
        after: String?,
        _ limit: Int
    ) async throws(ObjectStoreError) -> S3Document.Listing {
        var query: [SignatureV4.Pair] = [("list-type", "2"), ("encoding-type", "url"), ("max-keys", "\(limit)")]
        if !prefix.isEmpty { query.append(("prefix", prefix)) }
        if let after { query.append(("start-after", after)) }
        let answer = try await connection.send(S3Request(method: .GET, query: query))
        let document = try await S3Connection.document(answer.response)
        do throws(XMLReader.Fault) {
            return try S3Document.listing(document)
        } catch {
            throw .unavailable(retryable: false, cause: error)
        }
    }
}
