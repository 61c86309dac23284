import DeliveryTypes
import NIOCore
import ObjectStorage
import Publication
import Synchronization
import Testing
import VitrineTesting

@Suite("Sweeping records")
struct SweepTests {
    private static let hour: Int64 = 3_600_000

    private func plan(hours: Int64, keep: Int = 1, isDryRun: Bool = false) -> SweepPlan {
        SweepPlan(graceMilliseconds: hours * Self.hour, keep: keep, isDryRun: isDryRun)
    }

    /// Three numbers an hour apart; the last is in force.
    private func published() async throws -> PublisherFixture {
        let fixture = try await PublisherFixture()
        for value in [10, 200, 3000] {
            try await fixture.publish(value)
            fixture.time.advance(milliseconds: Self.hour)
        }
        return fixture
    }

    @Test("what no kept number names goes, and the number in force stays whole")
    func sweeps() async throws {
        let fixture = try await published()
        fixture.time.advance(milliseconds: 100 * Self.hour)
        let dry = try await fixture.publisher.sweep(plan(hours: 24, isDryRun: true))
        #expect(dry.records == 9 && dry.swept == 6 && dry.inUse == 3 && dry.apps == 1)
        #expect(try await fixture.keys(SettingsKeys.records).count == 9)
        var report = try await fixture.publisher.sweep(plan(hours: 24))
        #expect(!report.isDryRun)
        report.isDryRun = true
        #expect(report == dry, "the dry run told what happened")
        #expect(try await fixture.keys(SettingsKeys.records).count == 3)
        #expect(try await fixture.publisher.source(3, of: fixture.app) == PublisherFixture.features(["a": "3000"]))
        let gone = try await publicationError { _ = try await fixture.publisher.source(1, of: fixture.app) }
        guard case .gone = gone else { throw gone }
        // The audit trail stays.
        #expect(try await fixture.publisher.archive.entry(1, of: fixture.app).author == "ada")
        #expect(try await fixture.publish(4).entry.number == 4)
        #expect(try await fixture.publisher.sweep(plan(hours: 24)).swept == 0, "young, or in force")
    }

    @Test("the latest numbers, and those in force within the grace time, are kept")
    func kept() async throws {
        let fixture = try await published()
        fixture.time.advance(milliseconds: 20 * Self.hour)
        // Number 2 was in force until 21 hours ago, number 1 until 22.
        #expect(try await fixture.publisher.sweep(plan(hours: 22, isDryRun: true)).swept == 3)
        #expect(try await fixture.publisher.sweep(plan(hours: 21, isDryRun: true)).swept == 6)
        #expect(try await fixture.publisher.sweep(plan(hours: 0, keep: 2, isDryRun: true)).swept == 3)
        #expect(try await fixture.publisher.sweep(plan(hours: 0, keep: 3, isDryRun: true)).swept == 0)
    }

    @Test("records that other apps use stay, and those of a publish that was cut off go when they are old")
    func sharing() async throws {
        let fixture = try await published()
        let name = try #require(AppName("other"))
        let other = PublishRequest(app: name, author: "eve")
        _ = try await fixture.publisher.publish(PublisherFixture.features(["a": "10"]), other)
        let orphan = CompiledRelease.Record(Array("nobody names me".utf8))
        try await fixture.inner.put(
            .bytes(ByteBuffer(bytes: orphan.bytes)),
            at: SettingsKeys.record(orphan.digest)
        )
        fixture.time.advance(milliseconds: 23 * Self.hour)
        #expect(try await fixture.publisher.sweep(plan(hours: 24, isDryRun: true)).young == 1)
        fixture.time.advance(milliseconds: 100 * Self.hour)
        let report = try await fixture.publisher.sweep(plan(hours: 24))
        #expect(report.apps == 2 && report.inUse == 6 && report.swept == 4)
        _ = try await fixture.publisher.source(1, of: name)
    }

    @Test("a publish that comes to name an old record in the middle of a sweep keeps it", arguments: [true, false])
    func interleaved(_ isBeforeLook: Bool) async throws {
        let first = try await published()
        first.time.advance(milliseconds: 100 * Self.hour)
        let neighbour = try await PublisherFixture(seed: 9, sharing: first)
        let isDone = Mutex(false)
        let sweeper = try await PublisherFixture(seed: 10, sharing: first) { inner in
            HookedObjectStore(inner) { call throws(ObjectStoreError) in
                // Another process publishes number 1's file again: before the sweep looks at a record for the last
                // time, or between that and its removal.
                guard call.verb == (isBeforeLook ? .head : .delete), !isDone.withLock({ $0 }) else { return }
                isDone.withLock { $0 = true }
                do {
                    try await neighbour.publish(10)
                } catch {
                    throw .unavailable(retryable: false, cause: error)
                }
            }
        }
        _ = try await sweeper.publisher.sweep(plan(hours: 24))
        #expect(isDone.withLock { $0 })
        if isBeforeLook {
            #expect(try await first.publisher.source(4, of: first.app) == PublisherFixture.features(["a": "10"]))
        } else {
            // One record may have gone between the last look and its removal; publishing again heals.
            try await neighbour.publish(10)
            #expect(try await first.publisher.source(5, of: first.app) == PublisherFixture.features(["a": "10"]))
        }
    }

    @Test("a manifest that cannot be read stops the sweep before anything is gone")
    func damaged() async throws {
        let fixture = try await published()
        fixture.time.advance(milliseconds: 100 * Self.hour)
        let latest = try #require(try await fixture.publisher.archive.latest(of: fixture.app))
        try await fixture.inner.put(
            .bytes(ByteBuffer(string: "rubbish")),
            at: SettingsKeys.record(latest.manifest)
        )
        let error = try await publicationError { _ = try await fixture.publisher.sweep(plan(hours: 24)) }
        guard case .damaged = error else { throw error }
        #expect(try await fixture.keys(SettingsKeys.records).count == 9)
    }

    @Test("a sweep that would keep nothing is refused")
    func refused() async throws {
        let fixture = try await PublisherFixture()
        for plan in [plan(hours: 1, keep: 0), SweepPlan(graceMilliseconds: -1)] {
            let error = try await publicationError { _ = try await fixture.publisher.sweep(plan) }
            guard case .invalidRequest = error else { throw error }
        }
    }
}
