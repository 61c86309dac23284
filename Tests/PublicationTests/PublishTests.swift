import DeliveryTypes
import NIOCore
import ObjectStorage
import Publication
import Synchronization
import Testing
import VitrineTesting

@Suite("Publishing")
struct PublishTests {
    @Test("the first publish is number 1, makes both keys and tells them once", arguments: Place.allCases)
    func first(_ place: Place) async throws {
        let fixture = try await PublisherFixture(place)
        let outcome = try await fixture.publisher.publish(
            PublisherFixture.features(["a": "1", "b": "2"]),
            fixture.request(comment: "the first")
        )
        #expect(outcome.isFirst)
        #expect(outcome.entry.number == 1)
        #expect(outcome.entry.author == "ada")
        #expect(outcome.entry.comment == "the first")
        #expect(outcome.entry.published == fixture.time.milliseconds)
        #expect(outcome.entry.summary.addedNames == ["a", "b"])
        #expect(outcome.newKeys.map(\.kind) == [.client, .server])
        #expect(try await fixture.publisher.archive.latest(of: fixture.app) == outcome.entry)
        #expect(fixture.changes.all == [fixture.app, fixture.app], "the number, then the keys")

        let stored = try #require(try await fixture.publisher.archive.keys(of: fixture.app))
        for (key, new) in zip(stored.keys, outcome.newKeys) {
            #expect(key.kind == new.kind)
            #expect(key.sha256 == ContentDigest(of: Array(new.text.utf8)))
            #expect(new.text.utf8.count == 35)
            #expect(new.text.hasPrefix(new.kind.prefix) && new.text.hasPrefix(key.hint))
        }
        let second = try await fixture.publish(2)
        #expect(second.entry.number == 2)
        #expect(second.newKeys.isEmpty)
        #expect(try await fixture.publisher.archive.apps() == [fixture.app])
    }

    @Test("every record is stored under the hash of its bytes, and the source is what was sent")
    func records() async throws {
        let fixture = try await PublisherFixture(.folder)
        let features = PublisherFixture.features(["a": "1.0"])
        _ = try await fixture.publisher.publish(features, fixture.request())
        #expect(try await fixture.publisher.source(1, of: fixture.app) == features)
        let keys = try await fixture.keys(SettingsKeys.records)
        #expect(keys.count == 3)
        for text in keys {
            let digest = try #require(SettingsKeys.digest(ofRecord: ObjectKey(text)))
            let bytes = try #require(try await fixture.publisher.archive.record(digest))
            #expect(ContentDigest(of: bytes) == digest)
        }
    }

    @Test("what has errors changes nothing, and the error names feature and rule first")
    func invalid() async throws {
        let fixture = try await PublisherFixture()
        try await fixture.publish(1)
        let before = try await fixture.keys()
        let error = try await publicationError {
            _ = try await fixture.publisher.publish(Array("nonsense".utf8), fixture.request())
        }
        guard case .invalidDocument(let issues) = error else { throw error }
        #expect(issues.count == 2)
        #expect(issues[1].text == "error: feature \"checkout\", rule 3, weights: bad")
        #expect(error.description.contains("feature \"checkout\", rule 3, weights"))
        #expect(try await fixture.keys() == before)
        #expect(fixture.changes.all.count == 2)
    }

    @Test("a dry run says what would be and stores nothing", arguments: Place.allCases)
    func dryRun(_ place: Place) async throws {
        let fixture = try await PublisherFixture(place)
        let first = try await fixture.publisher.publish(
            PublisherFixture.features(["a": "1"]),
            fixture.request(isDryRun: true)
        )
        #expect(first.isDryRun && first.entry.number == 1 && first.newKeys.isEmpty)
        #expect(try await fixture.keys() == [])
        try await fixture.publish(1)
        let before = try await fixture.keys()
        let second = try await fixture.publisher.publish(
            PublisherFixture.features(["a": "2"]),
            fixture.request(isDryRun: true)
        )
        #expect(second.entry.number == 2)
        #expect(second.diff?.changed.map(\.name) == ["a"])
        #expect(try await fixture.keys() == before)
    }

    @Test("an expected number that is not in force is a conflict that names what is")
    func expected() async throws {
        let fixture = try await PublisherFixture()
        try await fixture.publish(1, expected: 0)
        try await fixture.publish(2, expected: 1)
        for expected in [0, 1, 3] {
            let error = try await publicationError { try await fixture.publish(3, expected: expected) }
            guard case .conflict(fixture.app, expected, let latest) = error else { throw error }
            #expect(latest?.number == 2)
        }
        let stranger = try await publicationError {
            let request = PublishRequest(app: try #require(AppName("other")), author: "eve", expected: 4)
            _ = try await fixture.publisher.publish(PublisherFixture.features(["a": "1"]), request)
        }
        guard case .conflict(_, 4, nil) = stranger else { throw stranger }
        #expect(try await fixture.publisher.archive.latestNumber(of: fixture.app) == 2)
    }

    @Test(
        "of publishers that began with the same number one wins, and the others are told who",
        arguments: Place.allCases
    )
    func race(_ place: Place) async throws {
        let count = 6
        let barrier = Barrier(count)
        let first = try await PublisherFixture(place)
        var fixtures: [PublisherFixture] = []
        for index in 0..<count {
            fixtures.append(
                try await PublisherFixture(place, seed: UInt64(100 + index), sharing: first) { inner in
                    // Nobody appends before everybody has seen the same latest number.
                    HookedObjectStore(inner) { call throws(ObjectStoreError) in
                        if call.verb == .putIfAbsent, call.key.contains("/log/") { await barrier.wait() }
                    }
                }
            )
        }
        let results = await withTaskGroup(of: (Int, Result<PublishOutcome, any Error>).self) { group in
            for (index, fixture) in fixtures.enumerated() {
                group.addTask {
                    do { return (index, .success(try await fixture.publish(index))) } catch {
                        return (index, .failure(error))
                    }
                }
            }
            var results: [(Int, Result<PublishOutcome, any Error>)] = []
            for await result in group { results.append(result) }
            return results
        }
        let outcomes = results.compactMap { try? $0.1.get() }
        #expect(outcomes.count == 1)
        let winner = try #require(outcomes.first)
        for (_, result) in results {
            guard case .failure(let error) = result else { continue }
            guard case PublicationError.conflict(first.app, 0, let latest) = error else { throw error }
            #expect(latest == winner.entry)
        }
        #expect(winner.newKeys.count == 2, "the winner is told the keys")
        #expect(try await first.publisher.archive.latest(of: first.app) == winner.entry)
        let index = try #require(results.first { (try? $0.1.get()) != nil }?.0)
        let features = PublisherFixture.features(["a": "\(index)"])
        #expect(try await first.publisher.source(1, of: first.app) == features)
    }

    @Test("publishers that go on publishing leave no gap, and every entry is whole", arguments: Place.allCases)
    func manyRounds(_ place: Place) async throws {
        let first = try await PublisherFixture(place)
        let won = try await withThrowingTaskGroup(of: [Int].self) { group in
            for writer in 0..<4 {
                let fixture = try await PublisherFixture(place, seed: UInt64(writer + 7), sharing: first)
                group.addTask {
                    var won: [Int] = []
                    for round in 0..<8 {
                        do {
                            won.append(try await fixture.publish(writer * 100 + round).entry.number)
                        } catch PublicationError.conflict {
                            continue
                        }
                    }
                    return won
                }
            }
            var all: [Int] = []
            for try await numbers in group { all += numbers }
            return all.sorted()
        }
        #expect(won == Array(1...won.count), "each number was won once")
        #expect(try await first.publisher.archive.latestNumber(of: first.app) == won.count)
        for number in won {
            #expect(try await first.publisher.archive.entry(number, of: first.app).number == number)
            _ = try await first.publisher.source(number, of: first.app)
        }
    }

    @Test("a lost answer at any step of the store makes an error or a whole release")
    func lostAnswers() async throws {
        var successes = 0
        for isAfter in [false, true] {
            for step in 1...40 {
                let steps = Mutex(0)
                let hook: HookedObjectStore.Hook = { _ throws(ObjectStoreError) in
                    let now = steps.withLock { steps in
                        steps += 1
                        return steps
                    }
                    if now == step { throw .unavailable(retryable: true, cause: TestFailure()) }
                }
                let first = try await PublisherFixture()
                try await first.publish(1)
                let fixture = try await PublisherFixture(seed: 2, sharing: first) { inner in
                    isAfter ? HookedObjectStore(inner, after: hook) : HookedObjectStore(inner, before: hook)
                }
                var outcome: PublishOutcome?
                do { outcome = try await fixture.publish(2) } catch let error as PublicationError {
                    guard case .storage = error else { throw error }
                }
                let latest = try await first.publisher.archive.latestNumber(of: first.app)
                if let outcome {
                    successes += 1
                    #expect(outcome.entry.number == 2 && latest == 2)
                }
                let source = try await first.publisher.source(latest, of: first.app)
                #expect(source == PublisherFixture.features(["a": "\(latest)"]), "step \(step)")
            }
        }
        #expect(successes > 2, "an append is settled by reading back")
    }

    @Test("keys that could not be made are a warning, and the next publish makes them")
    func keysLater() async throws {
        let first = try await PublisherFixture()
        let fixture = try await PublisherFixture(seed: 2, sharing: first) { inner in
            HookedObjectStore(inner) { call throws(ObjectStoreError) in
                if call.key.contains("/keys/") { throw .unavailable(retryable: false, cause: TestFailure()) }
            }
        }
        let outcome = try await fixture.publish(1)
        #expect(outcome.newKeys.isEmpty)
        #expect(outcome.warnings.map(\.severity) == [.warning])
        #expect(try await first.publish(2).newKeys.count == 2)
    }

    @Test("authors, comments and files out of bounds are refused")
    func bounds() async throws {
        let fixture = try await PublisherFixture()
        let features = PublisherFixture.features(["a": "1"])
        for request in [
            PublishRequest(app: fixture.app, author: ""),
            PublishRequest(app: fixture.app, author: "a\nb"),
            PublishRequest(app: fixture.app, author: String(repeating: "a", count: 257)),
            PublishRequest(app: fixture.app, author: "a", comment: String(repeating: "a", count: 2049)),
            PublishRequest(app: fixture.app, author: "a", comment: "\u{0}"),
            PublishRequest(app: fixture.app, author: "a", expected: -1),
        ] {
            let error = try await publicationError { _ = try await fixture.publisher.publish(features, request) }
            guard case .invalidRequest = error else { throw error }
        }
        #expect(try await fixture.keys() == [])
    }
}
