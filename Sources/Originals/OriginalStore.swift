package import DeliveryTypes
package import FoundationEssentials
package import NIOCore
package import ObjectStorage

/// The pictures as they were uploaded, each kept once under the SHA-256 of its bytes.
///
/// **Promises.** An original exists when its record does, and then its bytes do: the bytes are stored first and the
/// record last, by put-if-absent; deletion goes the other way round. An upload that fails, is cancelled or is cut off
/// by a crash is not there, and doing it again completes it. The same bytes sent again are the same original; the
/// first record stands, and the outcome tells what the later sender said otherwise.
///
/// **Costs.** An upload is written once to a staged file, hashed on the way, with at most about two megabytes in
/// memory; in a folder on the same file system it is then linked, not copied. A record is read from the store unless
/// it is among those used last.
///
/// **May fail** with `OriginalsError`. Between processes, deleting an original while another process is storing the
/// same bytes may leave a record without bytes; it reads as `damaged`, and storing the bytes again repairs it.
package final class OriginalStore: Sendable {
    let store: any ObjectStore
    let threads: FileThreads
    let cache: RecordCache
    let gate = DigestGate()
    let now: @Sendable () -> Date
    package let limits: OriginalStoreLimits
    private let staging: StagingFolder

    /// Pieces are gathered up to so many bytes, then hashed and written together.
    private static let batchBytes = 1 << 20
    /// No record is longer, in bytes.
    private static let recordBytesMax = 64 << 10

    /// Opens the originals in `store`.
    ///
    /// Uploads are staged in the folder `stagingPath`, best in the file system of a store that is a folder; what a
    /// crash left there is removed. `now` tells when an original was created and how old a record in memory is.
    ///
    /// - Throws: `storage` if the staging folder cannot be used.
    package static func open(
        store: any ObjectStore,
        stagingPath: String,
        limits: OriginalStoreLimits = OriginalStoreLimits(),
        threads: FileThreads = FileThreads(),
        now: @escaping @Sendable () -> Date
    ) async throws(OriginalsError) -> OriginalStore {
        let staging: StagingFolder
        do throws(ObjectStoreError) {
            staging = try await threads.run { () throws(ObjectStoreError) in
                let folder = try StagingFolder(path: stagingPath)
                try folder.sweep(olderThan: limits.staleAfter)
                return folder
            }
        } catch {
            throw OriginalsError(error)
        }
        return OriginalStore(store: store, staging: staging, limits: limits, threads: threads, now: now)
    }

    private init(
        store: any ObjectStore,
        staging: StagingFolder,
        limits: OriginalStoreLimits,
        threads: FileThreads,
        now: @escaping @Sendable () -> Date
    ) {
        self.store = store
        self.staging = staging
        self.limits = limits
        self.threads = threads
        self.now = now
        cache = RecordCache(countMax: limits.recordsMax, lifetime: limits.recordLifetime)
    }

    /// Stores the picture that `bytes` are, unless it is stored already.
    ///
    /// `declaredLength`, in bytes, is checked if given. `inspect` is asked what the picture is, after all bytes have
    /// come and only if they are new; if it throws, nothing is stored.
    ///
    /// - Throws: Any `OriginalsError` but `notFound`.
    package func ingest<Bytes: AsyncSequence>(
        _ bytes: Bytes,
        declaredLength: Int? = nil,
        attributes: IngestAttributes = IngestAttributes(),
        inspect: (StagedPicture) async throws -> PictureFacts
    ) async throws(OriginalsError) -> IngestOutcome where Bytes.Element == ByteBuffer {
        try attributes.check()
        if let declaredLength, declaredLength > limits.bytesMax { throw .tooLarge(limit: limits.bytesMax) }
        let intake = try await onThread { [staging] () throws(ObjectStoreError) in try Intake(in: staging) }
        let outcome: IngestOutcome
        do throws(OriginalsError) {
            let size = try await receive(bytes, into: intake, declaredLength: declaredLength)
            // Hashing has happened on the way; this only ends it.
            let id = intake.digest()
            await gate.enter(id)
            defer { gate.leave(id) }
            let picture = StagedPicture(path: intake.path, id: id, size: size)
            outcome = try await keep(picture, attributes: attributes, inspect: inspect)
        } catch {
            await discard(intake)
            throw error
        }
        await discard(intake)
        return outcome
    }

    /// The record of an original.
    ///
    /// - Throws: `notFound` if there is none; `damaged`, `storage` or `cancelled`.
    package func find(_ id: ContentDigest) async throws(OriginalsError) -> Original {
        if let original = cache.find(id, at: now()) { return original }
        let ticket = cache.ticket
        let original = try await load(id)
        cache.insert(original, loadedWith: ticket, at: now())
        return original
    }

    // MARK: Ingest

    /// Writes all of `bytes` into `intake`; how many there were.
    private func receive<Bytes: AsyncSequence>(
        _ bytes: Bytes,
        into intake: Intake,
        declaredLength: Int?
    ) async throws(OriginalsError) -> Int where Bytes.Element == ByteBuffer {
        var total = 0
        var batch: [ByteBuffer] = []
        var batched = 0
        var pieces = bytes.makeAsyncIterator()
        while let piece = try await next(&pieces) {
            total += piece.readableBytes
            if total > limits.bytesMax { throw .tooLarge(limit: limits.bytesMax) }
            if let declaredLength, total > declaredLength {
                throw .lengthMismatch(declared: declaredLength, received: total)
            }
            batch.append(piece)
            batched += piece.readableBytes
            if batched >= Self.batchBytes {
                let full = batch
                batch = []
                batched = 0
                try await onThread { () throws(ObjectStoreError) in try intake.append(full) }
            }
        }
        if let declaredLength, total != declaredLength {
            throw .lengthMismatch(declared: declaredLength, received: total)
        }
        guard total > 0 else { throw .empty }
        let rest = batch
        try await onThread { () throws(ObjectStoreError) in try intake.append(rest) }
        return total
    }

    private func next<Pieces: AsyncIteratorProtocol>(
        _ pieces: inout Pieces
    ) async throws(OriginalsError) -> Pieces.Element? {
        if Task.isCancelled { throw .cancelled }
        do {
            return try await pieces.next(isolation: #isolation)
        } catch {
            if error is CancellationError || Task.isCancelled { throw .cancelled }
            throw .interrupted(cause: error)
        }
    }

    /// Makes the staged picture an original; called by one task at a time for one id.
    private func keep(
        _ picture: StagedPicture,
        attributes: IngestAttributes,
        inspect: (StagedPicture) async throws -> PictureFacts
    ) async throws(OriginalsError) -> IngestOutcome {
        if let standing = try await record(picture.id) {
            // It may be there without its bytes, if somebody removed them by hand; these are the same ones.
            try await putBytes(of: standing, from: picture)
            return IngestOutcome(original: standing, existed: true, attributes: attributes)
        }
        let original = Original(
            id: picture.id,
            facts: try await facts(of: picture, inspect),
            created: now(),
            owner: attributes.owner,
            visibility: attributes.visibility,
            filename: attributes.filename
        )
        try await putBytes(of: original, from: picture)
        let body = ObjectBody.bytes(ByteBuffer(bytes: try encoded(original)))
        let outcome = try await stored { () throws(ObjectStoreError) in
            try await store.putIfAbsent(body, at: original.id.recordKey)
        }
        if outcome == .existed {
            // Another process was first.
            let standing = try await load(original.id)
            return IngestOutcome(original: standing, existed: true, attributes: attributes)
        }
        cache.change(original.id, to: original, at: now())
        return IngestOutcome(original: original, existed: false, attributes: attributes)
    }

    private func facts(
        of picture: StagedPicture,
        _ inspect: (StagedPicture) async throws -> PictureFacts
    ) async throws(OriginalsError) -> PictureFacts {
        if Task.isCancelled { throw .cancelled }
        do {
            var facts = try await inspect(picture)
            facts.bytes = picture.size
            return facts
        } catch {
            if error is CancellationError || Task.isCancelled { throw .cancelled }
            throw .inspection(cause: error)
        }
    }

    /// Has the store keep the picture's bytes, unless it has as many of them under that key.
    private func putBytes(of original: Original, from picture: StagedPicture) async throws(OriginalsError) {
        let key = original.id.objectKey(original.facts.format)
        let body = ObjectBody.file(path: picture.path, size: picture.size)
        try await stored { () throws(ObjectStoreError) in
            guard try await store.putIfAbsent(body, at: key) == .existed else { return }
            if try await store.head(key).size != picture.size { try await store.put(body, at: key) }
        }
    }

    private func discard(_ intake: Intake) async {
        // If the threads have been shut down, the file goes with `intake`.
        try? await threads.run { intake.discard() }
    }

    // MARK: Records

    /// The record as the store has it; `nil` if there is none.
    func record(_ id: ContentDigest) async throws(OriginalsError) -> Original? {
        do throws(OriginalsError) {
            return try await load(id)
        } catch .notFound {
            return nil
        }
    }

    /// The record as the store has it.
    func load(_ id: ContentDigest) async throws(OriginalsError) -> Original {
        let bytes: ByteBuffer
        do throws(ObjectStoreError) {
            bytes = try await store.get(id.recordKey).body.collect(upTo: Self.recordBytesMax)
        } catch .notFound {
            throw .notFound(id)
        } catch .tooLarge {
            throw .damaged(id, reason: "its record is longer than any record")
        } catch {
            throw OriginalsError(error)
        }
        do {
            let original = try Original(recordBytes: Array(bytes.readableBytesView))
            guard original.id == id else {
                throw OriginalsError.damaged(id, reason: "its record is that of \(original.id)")
            }
            return original
        } catch let error as OriginalsError {
            throw error
        } catch {
            throw .damaged(id, reason: "its record cannot be read: \(error)")
        }
    }

    func encoded(_ original: Original) throws(OriginalsError) -> [UInt8] {
        do {
            return try original.recordBytes()
        } catch {
            throw .damaged(original.id, reason: "its record cannot be written: \(error)")
        }
    }

    /// Runs `work`, whose error becomes ours.
    func stored<Value>(
        _ work: () async throws(ObjectStoreError) -> Value
    ) async throws(OriginalsError) -> Value {
        do throws(ObjectStoreError) {
            return try await work()
        } catch {
            throw OriginalsError(error)
        }
    }

    private func onThread<Value: Sendable>(
        _ work: @escaping @Sendable () throws(ObjectStoreError) -> Value
    ) async throws(OriginalsError) -> Value {
        do throws(ObjectStoreError) {
            return try await threads.run(work)
        } catch {
            throw OriginalsError(error)
        }
    }
}
