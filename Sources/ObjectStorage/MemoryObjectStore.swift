package import FoundationEssentials
import NIOCore
import Synchronization

/// Objects in memory, for tests and for runs that shall leave nothing behind.
///
/// **Promises** all that `ObjectStore` does, but for surviving the process. **Costs** the objects' bytes; a listing
/// sorts all keys. **May fail** with `full` when the objects' bytes would exceed `bytesMax`.
package final class MemoryObjectStore: ObjectStore {
    private struct Entry {
        var bytes: ByteBuffer
        var metadata: ObjectMetadata
    }

    private struct Contents {
        var entries: [ObjectKey: Entry] = [:]
        var bytes = 0
        var puts = 0
    }

    private let contents = Mutex(Contents())
    private let bytesMax: Int
    private let now: @Sendable () -> Date
    private let threads: FileThreads

    /// `now` tells the objects' times; all of 1970-01-01 if nobody cares.
    package init(
        bytesMax: Int = 256 << 20,
        threads: FileThreads = FileThreads(),
        now: @escaping @Sendable () -> Date = { Date(timeIntervalSince1970: 0) }
    ) {
        self.bytesMax = bytesMax
        self.threads = threads
        self.now = now
    }

    package func head(_ key: ObjectKey) async throws(ObjectStoreError) -> ObjectMetadata {
        try entry(key).metadata
    }

    package func get(_ key: ObjectKey, range: Range<Int>?) async throws(ObjectStoreError) -> StoredObject {
        let entry = try entry(key)
        let covered = try entry.metadata.covering(range)
        var bytes = entry.bytes
        bytes.moveReaderIndex(forwardBy: covered.lowerBound)
        let slice = bytes.readSlice(length: covered.count) ?? ByteBuffer()
        return StoredObject(metadata: entry.metadata, range: covered, body: ObjectBytes(slice))
    }

    package func put(_ body: ObjectBody, at key: ObjectKey, mediaType: String?) async throws(ObjectStoreError) {
        let bytes = try await bytes(of: body)
        _ = try store(bytes, at: key, mediaType: mediaType, onlyIfAbsent: false)
    }

    package func putIfAbsent(
        _ body: ObjectBody,
        at key: ObjectKey,
        mediaType: String?
    ) async throws(ObjectStoreError) -> PutOutcome {
        let bytes = try await bytes(of: body)
        return try store(bytes, at: key, mediaType: mediaType, onlyIfAbsent: true)
    }

    package func list(
        prefix: ObjectPrefix,
        after: ObjectKey?,
        limit: Int
    ) async throws(ObjectStoreError) -> ObjectPage {
        let limit = min(max(limit, 1), 1000)
        let matching = contents.withLock { contents in
            contents.entries.values.map(\.metadata).filter { metadata in
                prefix.matches(metadata.key) && after.map { $0 < metadata.key } ?? true
            }
        }
        let objects = Array(matching.sorted { $0.key < $1.key }.prefix(limit))
        return ObjectPage(objects: objects, next: objects.count == limit ? objects.last?.key : nil)
    }

    package func delete(_ key: ObjectKey) async throws(ObjectStoreError) {
        contents.withLock { contents in
            if let old = contents.entries.removeValue(forKey: key) { contents.bytes -= old.metadata.size }
        }
    }

    private func entry(_ key: ObjectKey) throws(ObjectStoreError) -> Entry {
        guard let entry = contents.withLock({ $0.entries[key] }) else { throw .notFound(key) }
        return entry
    }

    private func store(
        _ bytes: ByteBuffer,
        at key: ObjectKey,
        mediaType: String?,
        onlyIfAbsent: Bool
    ) throws(ObjectStoreError) -> PutOutcome {
        let modified = now()
        let limit = bytesMax
        let result = contents.withLock { contents -> Result<PutOutcome, ObjectStoreError> in
            let old = contents.entries[key]
            if old != nil, onlyIfAbsent { return .success(.existed) }
            let total = contents.bytes - (old?.metadata.size ?? 0) + bytes.readableBytes
            guard total <= limit else { return .failure(.full(cause: MemoryIsFull(bytesMax: limit))) }
            contents.bytes = total
            contents.puts += 1
            let metadata = ObjectMetadata(
                key: key,
                size: bytes.readableBytes,
                mediaType: mediaType ?? key.mediaType,
                modified: modified,
                entityTag: String(contents.puts, radix: 16)
            )
            contents.entries[key] = Entry(bytes: bytes, metadata: metadata)
            return .success(.created)
        }
        return try result.get()
    }

    private func bytes(of body: ObjectBody) async throws(ObjectStoreError) -> ByteBuffer {
        switch body {
        case .bytes(let bytes):
            return bytes
        case .file(let path, let size):
            return try await threads.runUnlessCancelled { () throws(ObjectStoreError) in
                let calls = FileCalls()
                let bytes = try storeErrors { () throws(SystemCallFailure) in
                    // One byte more than was said shows a longer file.
                    try calls.read(size + 1, at: 0, from: try calls.openForReading(path: path))
                }
                guard bytes.readableBytes == size else {
                    throw .sizeMismatch(expected: size, actual: bytes.readableBytes)
                }
                return bytes
            }
        }
    }

    private struct MemoryIsFull: Error, CustomStringConvertible {
        var bytesMax: Int
        var description: String { "the store may hold \(bytesMax) bytes" }
    }
}
