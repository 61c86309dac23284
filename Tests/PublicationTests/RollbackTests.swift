import NIOCore
import ObjectStorage
import Publication
import Testing
import VitrineTesting

@Suite("Rolling back")
struct RollbackTests {
    @Test("a roll-back is a new number that names the old release", arguments: Place.allCases)
    func rollback(_ place: Place) async throws {
        let fixture = try await PublisherFixture(place)
        let first = try await fixture.publish(1)
        try await fixture.publish(2)
        try await fixture.publish(3)
        let records = try await fixture.keys(SettingsKeys.records)
        let outcome = try await fixture.publisher.rollBack(fixture.request(comment: "broken"), to: 1)
        #expect(outcome.entry.number == 4)
        #expect(outcome.entry.rollbackOf == 1)
        #expect(outcome.entry.manifest == first.entry.manifest)
        #expect(outcome.entry.comment == "broken")
        #expect(outcome.diff?.changed.first?.oldDefault == "3")
        #expect(outcome.diff?.changed.first?.newDefault == "1")
        #expect(try await fixture.publisher.archive.latest(of: fixture.app) == outcome.entry)
        #expect(try await fixture.keys(SettingsKeys.records) == records, "no record is written")
        #expect(fixture.changes.all.count == 5, "four numbers, and the first keys")
    }

    @Test("without a number it is the latest release that differs")
    func previous() async throws {
        let fixture = try await PublisherFixture()
        try await fixture.publish(1)
        try await fixture.publish(2)
        try await fixture.publish(2)
        #expect(try await fixture.publisher.rollBack(fixture.request(), to: nil).entry.rollbackOf == 1)
        #expect(try await fixture.publisher.rollBack(fixture.request(), to: nil).entry.rollbackOf == 3)
    }

    @Test("what cannot be rolled back to is refused, and nothing changes")
    func refused() async throws {
        let fixture = try await PublisherFixture()
        let unknown = try await publicationError {
            _ = try await fixture.publisher.rollBack(fixture.request(), to: 1)
        }
        guard case .unknownApp = unknown else { throw unknown }
        try await fixture.publish(1)
        for number in [0, 2, -1, Int.max] {
            let error = try await publicationError {
                _ = try await fixture.publisher.rollBack(fixture.request(), to: number)
            }
            guard case .unknownNumber(fixture.app, number) = error else { throw error }
        }
        for number in [1, nil] {
            let error = try await publicationError {
                _ = try await fixture.publisher.rollBack(fixture.request(), to: number)
            }
            guard case .invalidRequest = error else { throw error }
        }
        try await fixture.publish(2)
        let stale = try await publicationError {
            _ = try await fixture.publisher.rollBack(fixture.request(expected: 1), to: 1)
        }
        guard case .conflict = stale else { throw stale }
        #expect(try await fixture.publisher.archive.latestNumber(of: fixture.app) == 2)
    }

    @Test("a dry run changes nothing")
    func dryRun() async throws {
        let fixture = try await PublisherFixture()
        try await fixture.publish(1)
        try await fixture.publish(2)
        let before = try await fixture.keys()
        let outcome = try await fixture.publisher.rollBack(fixture.request(isDryRun: true), to: 1)
        #expect(outcome.entry.number == 3 && outcome.isDryRun)
        #expect(try await fixture.keys() == before)
    }

    @Test("a number whose records were swept is gone, even if that happens meanwhile")
    func gone() async throws {
        let fixture = try await PublisherFixture()
        try await fixture.publish(1)
        try await fixture.publish(2)
        for text in try await fixture.keys(SettingsKeys.records) {
            let bytes = try await fixture.inner.get(.init(text)).body.collect(upTo: 1 << 20)
            if String(buffer: bytes).contains("\"defaultValue\":1}") { try await fixture.inner.delete(.init(text)) }
        }
        let error = try await publicationError {
            _ = try await fixture.publisher.rollBack(fixture.request(), to: 1)
        }
        guard case .gone(fixture.app, 1) = error else { throw error }
        #expect(try await fixture.publisher.archive.latestNumber(of: fixture.app) == 2)
    }
}
