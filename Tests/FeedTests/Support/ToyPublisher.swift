import DeliveryTypes
import NIOCore
import ObjectStorage
import Publication
import Settings
import Testing

/// Publishes toy releases in the order and the form in which the publisher does: records first, then the number.
struct ToyPublisher: Sendable {
    let store: any ObjectStore

    func publish(_ app: String, _ number: Int, _ records: [SettingsRecord], at published: Int64 = 1_000) async throws {
        for record in records {
            _ = try await store.putIfAbsent(
                .bytes(ByteBuffer(bytes: record.bytes)),
                at: SettingsKeys.record(record.digest)
            )
        }
        let entry = PublishedEntry(
            number: number,
            manifest: records[records.count - 1].digest,
            author: "test",
            published: published,
            comment: nil,
            rollbackOf: nil,
            summary: DiffSummary(),
            nonce: "\(app)-\(number)"
        )
        let log = SettingsKeys.log(of: try #require(AppName(app)), in: store)
        #expect(try await log.append(ByteBuffer(bytes: try entry.encoded()), as: number) == .appended)
    }

    func publish(_ app: String, _ number: Int, _ text: String, at published: Int64 = 1_000) async throws {
        try await publish(app, number, ToyRelease.compile([Array(text.utf8)]), at: published)
    }

    func setKeys(_ app: String, _ number: Int, _ keys: [AppKey]) async throws {
        let entry = KeysEntry(number: number, keys: keys, author: "test", changed: 1_000, nonce: "\(app)-\(number)")
        let log = SettingsKeys.keys(of: try #require(AppName(app)), in: store)
        #expect(try await log.append(ByteBuffer(bytes: try entry.encoded()), as: number) == .appended)
    }
}
