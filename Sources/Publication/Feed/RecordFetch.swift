import DeliveryTypes
import Settings

/// Gets records from this node's disk, else from the source, and checks each against its hash.
struct RecordFetch: Sendable {
    /// Records of one release that are fetched at once.
    static let atOnce = 8
    static let manifestBytesMax = 4 << 20

    let shelf: RecordShelf?
    /// `nil` to ask the disk only.
    let source: (any SettingsSource)?
    let figures: FeedCounters

    /// The manifest with the digest.
    func manifest(_ digest: ContentDigest) async throws(PublicationError) -> SettingsRecord {
        if let bytes = await shelf?.bytes(digest, bytesMax: Self.manifestBytesMax) {
            let record = await Self.verify(bytes, .manifest)
            if record.digest == digest { return record }
            await shelf?.discard(digest)
        }
        let bytes = try await ask(digest, bytesMax: Self.manifestBytesMax)
        let record = await Self.verify(bytes, .manifest)
        guard record.digest == digest else { throw damaged(digest) }
        return record
    }

    /// The records, in any order.
    func records(_ references: [RecordReference]) async throws(PublicationError) -> [SettingsRecord] {
        let result = await withTaskGroup(of: Result<SettingsRecord, PublicationError>.self) { tasks in
            var waiting = references[...]
            func beginNext() {
                guard let reference = waiting.popFirst() else { return }
                tasks.addTask { await outcome(reference) }
            }
            for _ in 0..<Self.atOnce { beginNext() }
            var records: [SettingsRecord] = []
            for await result in tasks {
                switch result {
                case .success(let record): records.append(record)
                case .failure(let error):
                    tasks.cancelAll()
                    return Result<[SettingsRecord], PublicationError>.failure(error)
                }
                beginNext()
            }
            return .success(records)
        }
        return try result.get()
    }

    private func outcome(_ reference: RecordReference) async -> Result<SettingsRecord, PublicationError> {
        do throws(PublicationError) {
            return .success(try await record(reference))
        } catch {
            return .failure(error)
        }
    }

    func record(_ reference: RecordReference) async throws(PublicationError) -> SettingsRecord {
        if let bytes = await shelf?.bytes(reference.digest, bytesMax: reference.byteCount) {
            if let record = await Self.verify(bytes, reference) { return record }
            await shelf?.discard(reference.digest)
        }
        let bytes = try await ask(reference.digest, bytesMax: reference.byteCount)
        guard let record = await Self.verify(bytes, reference) else { throw damaged(reference.digest) }
        return record
    }

    private func ask(_ digest: ContentDigest, bytesMax: Int) async throws(PublicationError) -> [UInt8] {
        guard let source else { throw .damaged("record \(digest.hex)", reason: "it is not on this node's disk") }
        guard let bytes = try await source.record(digest, bytesMax: bytesMax) else {
            throw .damaged("record \(digest.hex)", reason: "\(source.name) does not have it")
        }
        figures.fetched(bytes.count)
        return bytes
    }

    private func damaged(_ digest: ContentDigest) -> PublicationError {
        figures.foundDamaged()
        return .damaged("record \(digest.hex)", reason: "its bytes are not what its name says")
    }

    @concurrent
    private static func verify(_ bytes: [UInt8], _ kind: SettingsRecord.Kind) async -> SettingsRecord {
        SettingsRecord(kind, bytes: bytes)
    }

    @concurrent
    private static func verify(_ bytes: [UInt8], _ reference: RecordReference) async -> SettingsRecord? {
        SettingsRecord(reference, bytes: bytes)
    }
}
