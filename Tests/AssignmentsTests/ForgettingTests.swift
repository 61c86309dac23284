import Assignments
import DeliveryTypes
import JSON
import ObjectStorage
import Testing

@Suite("A user that is forgotten")
struct ForgettingTests {
    private let store = ScriptedStore()
    private let states: UserStates

    init() {
        var settings = UserStatesSettings()
        settings.deadline = .seconds(600)
        settings.writeDelay = .zero
        states = UserStates(store: store, settings: settings, now: { 1_000 })
    }

    @Test("is gone from the store, from memory, and for the next look-up")
    func gone() async throws {
        async let ended: Void = states.run()
        states.record(UserStateChange(["colour__0": "red"]), for: .id("u"))
        states.record(UserStateChange(["colour__0": "red"]), for: .id("v"))
        await until { states.statistics.writes == 2 }
        try await states.forget(.id("u"))
        #expect(await states.states(of: [.id("u")]) == UserStateLookup(states: [nil], isComplete: true))
        states.close()
        await ended
        #expect(try await store.texts().keys.map { $0.contains(UserKey.id("v").digest.hex) } == [true])
    }

    @Test("is not written by changes that waited")
    func queued() async throws {
        // Nobody writes yet.
        states.record(UserStateChange(["colour__0": "red"]), for: .id("u"))
        try await states.forget(.id("u"))
        async let ended: Void = states.run()
        states.close()
        await ended
        #expect(try await store.texts().isEmpty)
        #expect(store.puts == 0)
    }

    @Test("is gone although its state was being written")
    func underWay() async throws {
        store.shut()
        async let ended: Void = states.run()
        states.record(UserStateChange(["colour__0": "red"]), for: .id("u"))
        await until { store.waiting == 1 }
        async let forgotten: Void = states.forget(.id("u"))
        await until { !states.record(UserStateChange(["size__0": "l"]), for: .id("u")) }
        store.open()
        try await forgotten
        #expect(await states.states(of: [.id("u")]).states == [nil])
        states.close()
        await ended
        #expect(try await store.texts().isEmpty)
    }

    @Test("does not come back with a reading that had begun before")
    func reading() async throws {
        let other = UserStates(store: store, now: { 1_000 })
        other.record(UserStateChange(["colour__0": "red"]), for: .id("u"))
        async let otherEnded: Void = other.run()
        other.close()
        await otherEnded
        store.shut()
        async let ended: Void = states.run()
        async let lookup = states.states(of: [.id("u")])
        await until { store.waiting == 1 }
        async let forgotten: Void = states.forget(.id("u"))
        await until { store.waiting == 2 }
        store.open()
        try await forgotten
        #expect(await lookup.states == [nil])
        #expect(await states.states(of: [.id("u")]).states == [nil])
        states.close()
        await ended
    }

    @Test("may still be there when the store says that it failed")
    func failing() async throws {
        struct Outage: Error {}
        store.fail(with: .unavailable(retryable: true, cause: Outage()))
        await #expect(throws: AssignmentsError.self) { try await states.forget(.id("u")) }
        store.fail(with: nil)
        try await states.forget(.id("u"))
        #expect(states.record(UserStateChange(["colour__0": "red"]), for: .id("u")))
    }
}
