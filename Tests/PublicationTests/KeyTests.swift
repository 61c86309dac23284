import DeliveryTypes
import NIOCore
import ObjectStorage
import Publication
import Testing
import VitrineTesting

@Suite("Keys of apps")
struct KeyTests {
    private func keys(_ fixture: PublisherFixture) async throws -> [AppKey] {
        try #require(try await fixture.publisher.archive.keys(of: fixture.app)).keys
    }

    private func digest(_ key: FreshKey) -> ContentDigest { ContentDigest(of: Array(key.text.utf8)) }

    @Test("a rotated key is in force at once, and the old one for the grace time only", arguments: Place.allCases)
    func rotation(_ place: Place) async throws {
        let fixture = try await PublisherFixture(place)
        let first = try await fixture.publish(1).newKeys
        let start = fixture.time.milliseconds
        let fresh = try await fixture.publisher.rotate(
            fixture.app,
            .client,
            graceMilliseconds: 5000,
            author: "ada"
        )
        let stored = try await keys(fixture)
        #expect(stored.map(\.kind) == [.client, .client, .server])
        #expect(stored.map(\.sha256) == [digest(fresh), digest(first[0]), digest(first[1])])
        #expect(stored.map(\.expires) == [nil, start + 5000, nil])
        #expect(stored[1].isValid(at: start + 4999))
        #expect(!stored[1].isValid(at: start + 5000))
        #expect(fixture.changes.all.count == 3)
    }

    @Test("no grace time revokes; a second rotation never prolongs what expires earlier")
    func revocation() async throws {
        let fixture = try await PublisherFixture()
        try await fixture.publish(1)
        let start = fixture.time.milliseconds
        _ = try await fixture.publisher.rotate(fixture.app, .server, graceMilliseconds: 1000, author: "ada")
        _ = try await fixture.publisher.rotate(fixture.app, .server, graceMilliseconds: 9000, author: "ada")
        #expect(try await keys(fixture).compactMap(\.expires) == [start + 9000, start + 1000])
        let last = try await fixture.publisher.rotate(fixture.app, .server, graceMilliseconds: 0, author: "ada")
        let stored = try await keys(fixture)
        #expect(stored.filter { $0.kind == .server }.map(\.sha256) == [digest(last)])
    }

    @Test("rotations at the same time all hold", arguments: Place.allCases)
    func race(_ place: Place) async throws {
        let first = try await PublisherFixture(place)
        try await first.publish(1)
        let fresh = try await withThrowingTaskGroup(of: FreshKey.self) { group in
            for index in 0..<4 {
                let fixture = try await PublisherFixture(place, seed: UInt64(50 + index), sharing: first)
                group.addTask {
                    try await fixture.publisher.rotate(fixture.app, .client, graceMilliseconds: 60_000, author: "x")
                }
            }
            var all: [FreshKey] = []
            for try await key in group { all.append(key) }
            return all
        }
        let stored = try await keys(first)
        #expect(Set(fresh.map(digest)).isSubset(of: Set(stored.map(\.sha256))))
        #expect(stored.filter { $0.kind == .client && $0.expires == nil }.count == 1)
        #expect(stored.count == 6)
    }

    @Test("what is stored holds no key's text")
    func secrecy() async throws {
        let fixture = try await PublisherFixture()
        var fresh = try await fixture.publish(1).newKeys
        fresh.append(try await fixture.publisher.rotate(fixture.app, .client, graceMilliseconds: 9, author: "a"))
        for key in try await fixture.keys() {
            let text = String(buffer: try await fixture.inner.get(ObjectKey(key)).body.collect(upTo: 1 << 20))
            for new in fresh { #expect(!text.contains(new.text.dropFirst(AppKey.hintLength))) }
        }
    }

    @Test("keys of no app, endless grace times and too many keys are refused")
    func refused() async throws {
        let fixture = try await PublisherFixture()
        let unknown = try await publicationError {
            _ = try await fixture.publisher.rotate(fixture.app, .client, graceMilliseconds: 0, author: "a")
        }
        guard case .unknownApp = unknown else { throw unknown }
        try await fixture.publish(1)
        for grace in [-1, SettingsPublisher.graceMillisecondsMax + 1] {
            let error = try await publicationError {
                _ = try await fixture.publisher.rotate(fixture.app, .client, graceMilliseconds: grace, author: "a")
            }
            guard case .invalidRequest = error else { throw error }
        }
        for _ in 0..<30 {
            _ = try await fixture.publisher.rotate(fixture.app, .client, graceMilliseconds: 1000, author: "a")
        }
        let full = try await publicationError {
            _ = try await fixture.publisher.rotate(fixture.app, .client, graceMilliseconds: 1000, author: "a")
        }
        guard case .invalidRequest = full else { throw full }
        fixture.time.advance(milliseconds: 1000)
        _ = try await fixture.publisher.rotate(fixture.app, .client, graceMilliseconds: 1000, author: "a")
        #expect(try await keys(fixture).count == 3)
    }
}
